// planar fuzz: random scenes, and what must hold in every step.

import ArgumentParser
import PlanarEvaluation
import PlanarCore
import PlanarPolicyInterface
import PlanarExperiments
import PlanarVerification

struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Step random scenes by the million and look for what physics must never do.",
    discussion: """
      Bodies of very unequal mass, fast and spinning, arms with odd motors,
      grippers, walls, kinematic bodies. After every step: all numbers are finite,
      nothing is behind a wall, nothing gains energy without a motor, what rests
      overlaps by less than a millimetre; and copies and forks of the world go
      where the world goes.

      Each failure is one line with the command that shows it again. The exit code
      is 1 if there was one.

      Examples:
        planar fuzz
        planar fuzz --steps 100000 --seed 7
        planar fuzz --seed 7 --scene 12 --steps 345
      """)

  @Option(within: FuzzConfiguration.stepCounts, help: "Steps in all scenes together.")
  var steps = 10_000_000

  @Option(
    within: SeedRanges.all, help: "Seed of all scenes. Default: a fresh one, which is printed; with --scene, 1.")
  var seed: UInt64?

  @Option(
    within: FuzzConfiguration.sceneCounts,
    help:
      "How many scenes the steps are spread over. Default: one per \(FuzzConfiguration.usualSceneLength) steps.")
  var scenes: Int?

  @Option(within: 0...FuzzConfiguration.sceneCounts.upperBound, help: "Only this scene, for all of the steps.")
  var scene: Int?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the report as one JSON object.")
  var json = false

  func run() throws {
    let signals = StopSignals()
    // Short enough to be typed again.
    let seed = seed ?? (scene == nil ? UInt64.random(in: 1..<1_000_000_000) : 1)
    if self.seed == nil { json ? warn("the seed is \(seed)", as: "Note") : print("Seed \(seed)") }
    let report = try fuzzPhysics(
      FuzzConfiguration(seed: seed, steps: steps, scenes: scenes, scene: scene),
      threads: threads.threads, progress: ConsoleProgress(), stop: signals.flag)
    if json { try printJSON(report) } else { printText(report) }
    try signals.exitIfStopped()
    if !report.failures.isEmpty { throw ExitCode(1) }
  }

  private func printText(_ report: FuzzReport) {
    for failure in report.failures { print(failure) }
    let counts = report.counts
    print(
      "\(counts.steps) steps in \(counts.scenes) scenes\(report.isStopped ? ", stopped early" : ""): "
        + (report.failures.isEmpty ? "nothing failed" : "\(report.failures.count) failed"))
    var table = TextTable(header: ["looked at", "times", "worst met", "bound"])
    let worst = report.extremes
    table.rows = [
      ["numbers", "\(counts.steps)", "", "finite"],
      [
        "energy without motors", "\(counts.energyChecks)", fixed(worst.energyGain * 100, 2) + " %",
        fixed(FuzzReport.energyBound * 100, 0) + " %",
      ],
      [
        "centre behind a wall", "\(counts.steps)", fixed(worst.centerBehindWall * 1000, 2) + " mm",
        fixed(FuzzReport.wallBound * 1000, 0) + " mm",
      ],
      [
        "overlap at rest", "\(counts.restChecks)", fixed(worst.restingOverlap * 1000, 2) + " mm",
        fixed(FuzzReport.restBound * 1000, 0) + " mm",
      ],
      ["copies and forks", "\(counts.forkChecks)", "", "same hash"],
    ]
    print(table.text)
  }
}

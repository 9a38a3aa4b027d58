// planar eval: success of one policy, with an interval.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarExperiments
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how often a policy obeys, with Wilson 95 % intervals.",
    discussion: """
      Every policy meets the same episodes: episode i has seed --seed + i, so that
      two evaluations are paired. Seeds 0 to 99999 are reserved for evaluation and
      never trained on.

      A real policy needs time to think. --delay 4 lets every answer arrive four
      control steps late, and --switching says what happens meanwhile; boundary
      jumps and changes of action in the summary tell how smoothly the arm then
      moves.

      Examples:
        planar eval --policy expert
        planar eval --policy Assets/checkpoints/push-flow --randomization wide --episodes 1000
        planar eval --policy Assets/checkpoints/push-flow --command swapped
        planar eval --policy Assets/checkpoints/push-flow --weights int8
        planar eval --policy Assets/checkpoints/push-flow --delay 4 --switching naive
        planar eval --policy Assets/checkpoints/push-flow --temporal-ensembling 0.01
        planar eval --policy planner --environment pusht --randomization none
        planar eval --policy expert --set friction=0.3 --set tilt=0.02
        planar eval --policy Assets/checkpoints/push-flow --sweep friction=0.25:2:8
        planar eval --policy Assets/checkpoints/push-flow --wordings my-wordings.txt
      """)

  /// Which command each episode gets.
  enum Command: String, ExpressibleByArgument, CaseIterable { case drawn, swapped }

  @Option(help: "A checkpoint folder, 'expert', 'planner' or 'random'. Where no expert is scripted, the planner is it.")
  var policy: String

  @OptionGroup var environment: EnvironmentOptions

  @Option(within: SeedRanges.counts, help: "How many episodes.")
  var episodes = 500

  @Option(within: SeedRanges.all, help: "Seed of the first episode.")
  var seed: UInt64 = 1000

  @Option(
    help:
      "'drawn': the scene's own command. 'swapped': another valid one of the same scene, to see whether the policy reads the text."
  )
  var command = Command.drawn

  @Option(
    help:
      "A file of your own wordings, one a line, with slots such as {color} {shape} {zone}: each episode's drawn goal is worded by one of them."
  )
  var wordings: String?

  @Option(
    help: ArgumentHelp(
      "Evaluate at several values of one item of domain randomization, evenly from least to most, and plot success against it.",
      valueName: "item=least:most:count"))
  var sweep: String?

  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var planner: PlannerOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for episodes.jsonl and summary.json. Default: runs/<time>-eval-<policy>.")
  var output: String?

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  func validate() throws {
    try SeedRanges.requireMeasuring(firstSeed: seed, count: episodes)
    guard wordings == nil || command == .drawn else {
      throw ValidationError("--wordings words the drawn goal; it does not go with --command swapped.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    if let sweep {
      try evaluate(SweepRange(sweep), stop: interrupt.flag)
    } else {
      try evaluate(environment.load(for: [policy]), stop: interrupt.flag)
    }
  }

  private func evaluate<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws {
    let driver = try driver(in: world)
    let (outcomes, summary) = try measure(driver, in: world, stop: stop)
    let folder = try runFolder(output, name: "eval-\(driver.name)")
    try writeEpisodes(outcomes, to: folder.appendingPathComponent("episodes.jsonl"))
    try writeSummary(summary, to: folder.appendingPathComponent("summary.json"))
    if json {
      try printJSON(summary)
    } else {
      print(summary.text)
      print("\nEpisodes and summary: \(folder.relativePath)")
    }
  }

  private func driver<World: LibraryEnvironment>(in world: World) throws -> Driver<World> {
    var driver = try Driver(
      named: policy, in: world, planner: planner.configuration, sampling: sampling)
    // Where the planner stands in for an expert, results bear the name that was asked for.
    if driver.policy == nil { driver.name = policy }
    return driver
  }

  private func measure<World: LibraryEnvironment>(
    _ driver: Driver<World>, in world: World, stop: StopFlag
  ) throws -> ([EpisodeOutcome], EvaluationSummary) {
    var choice: CommandChoice = command == .swapped ? .swapped : .drawn
    if let wordings {
      choice = .wordings(
        try UserWordings(contentsOf: URL(fileURLWithPath: wordings), for: world.grammar).lines)
    }
    let plan = RolloutPlan(
      world: world, seeds: Array(seed..<seed + UInt64(episodes)), command: choice,
      driver: driver, execution: execution.execution, threads: threads.threads)
    let outcomes = try rollOut(plan, progress: ConsoleProgress(), stop: stop).map(\.outcome)
    guard !outcomes.isEmpty else { throw UserError("stopped before any episode was finished") }
    var summary = EvaluationSummary(
      of: outcomes, environment: world.name, randomization: world.randomization, policy: driver.name,
      command: choice, variation: world.variation, execution: plan.executionInForce)
    summary.wordings = wordings.map(EvaluationSummary.wordingsName)
    summary.samplingSteps = sampling.samplingSteps
    summary.timestepSpacing = sampling.timestepSpacing?.rawValue
    if driver.policy != nil {
      summary.checkpoint = policy
      let folder = Checkpoint.folder(of: policy) ?? URL(fileURLWithPath: policy, isDirectory: true)
      summary.weights = try Checksum.text(ofFile: folder.appendingPathComponent(Checkpoint.weightsFile))
    }
    noteUnread(outcomes.map(\.info.command), by: driver.policy)
    return (outcomes, summary)
  }

  /// The same episodes at each value of one item, as a table, `sweep.json` and `sweep.svg`.
  private func evaluate(_ sweep: SweepRange, stop: StopFlag) throws {
    var points: [SweepPoint] = []
    var (name, environmentName, randomization) = (policy, "", "")
    for value in sweep.values {
      guard !stop.isRaised else { break }
      var options = environment
      options.pins.append("\(sweep.item)=\(value)")
      func point<World: LibraryEnvironment>(_ world: World) throws -> EvaluationSummary {
        let driver = try driver(in: world)
        (name, environmentName, randomization) = (driver.name, world.name, world.randomization)
        return try measure(driver, in: world, stop: stop).1
      }
      let isFirst = value == sweep.values.first
      let summary = try point(options.load(for: [policy]) { if isFirst { warn($0, as: "Note") } })
      guard summary.episodes == episodes else { break }
      points.append(SweepPoint(value: value, summary: summary))
    }
    guard !points.isEmpty else { throw UserError("stopped before any value was finished") }
    let result = SweepResult(
      item: sweep.item, environment: environmentName, randomization: randomization,
      policy: name, points: points)
    let folder = try runFolder(output, name: "sweep-\(sweep.item)-\(name)")
    try result.write(to: folder)
    if json {
      try printJSON(result)
    } else {
      print(result.text)
      print("\nTable and plot: \(folder.relativePath)/sweep.json, sweep.svg")
    }
  }
}

// planar bench: how fast this machine simulates, trains and infers.

import ArgumentParser
import PlanarEvaluation
import PlanarCore
import PlanarExperiments
import PlanarVerification

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure simulation, training and inference speed on this machine.",
    discussion: """
      Without a subcommand, everything is measured.

      Examples:
        planar bench --seconds 5 --threads 1
        planar bench physics --json
        planar bench learning
        planar bench camera --json
        planar bench environment --only push
        planar bench nn --threads 1 2
        planar bench policies Assets/checkpoints/push-flow
        planar bench skill
        planar bench window
      """,
    subcommands: [
      BenchAllCommand.self, BenchPhysicsCommand.self, BenchCameraCommand.self, BenchLearningCommand.self,
      BenchEnvironmentCommand.self, BenchNeuralCommand.self, BenchPoliciesCommand.self,
      BenchSkillCommand.self, BenchWindowCommand.self,
    ],
    defaultSubcommand: BenchAllCommand.self)
}

// A command of its own, because options of a command are taken from its subcommands' arguments too.
struct BenchAllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Measure everything (the default).",
    discussion: """
      Example:
        planar bench all --seconds 5 --threads 1
      """)

  @OptionGroup var options: BenchOptions

  func run() throws {
    try options.show {
      try benchmarkPhysics(seconds: $0, threads: $1, progress: $2)
        + benchmarkCamera(seconds: $0, threads: Set([1, $1]).sorted(), progress: $2)
        + benchmarkLearning(seconds: $0, threads: $1, progress: $2)
        + benchmarkNeuralNetworks(seconds: $0, threads: Set([1, $1]).sorted(), progress: $2)
    }
  }
}

struct BenchPhysicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics",
    abstract: "Measure physics: steps, forks, allocation, scaling with threads.",
    discussion: """
      planar_scene is the scene that MuJoCo, Box2D and Chipmunk are timed on: an
      arm of three links that knocks four boxes about between walls. Its mean
      number of pairs in contact and mean displacement of the boxes show that the
      work is the same.

      --scaling measures instead how the cost grows with the number of bodies, in
      four scenes of 4 to 1,035 boxes: stirred by a disc, on a shaken table, in a
      pyramid, and dropped in a pile; first with everything awake, then with sleep.
      The peer's part is Assets/physics-scaling-peer.py.

      Examples:
        planar bench physics --seconds 5 --threads 2
        planar bench physics --scaling --json
      """)

  @OptionGroup var options: BenchOptions

  @Flag(help: "Measure how the cost of a step grows with the number of bodies.")
  var scaling = false

  func run() throws {
    guard !scaling else { return try showScaling() }
    try options.show { try benchmarkPhysics(seconds: $0, threads: $1, progress: $2) }
  }

  private func showScaling() throws {
    let results = benchmarkScaling(seconds: options.seconds, progress: ConsoleProgress())
    if options.json { return try printJSON(ScalingReport(steps: scalingSteps, results: results)) }
    var table = TextTable(header: ["scene", "boxes", "sleep", "steps/s", "exponent", "deepest overlap at rest, mm"])
    table.rows = results.map {
      [
        $0.scene.rawValue, "\($0.count)", $0.sleeps ? "yes" : "no", fixed($0.stepsPerSecond, 0),
        $0.exponent.map { fixed($0, 2) } ?? "", fixed($0.restingOverlap * 1000, 3),
      ]
    }
    print(table.text)
  }
}

struct BenchCameraCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "camera",
    abstract: "Measure the pictures that pixel policies see: frames per second, allocation.",
    discussion: """
      Every picture holds six objects, four zones and an arm. flat: plain colours.
      shaded: outlines, a wooden table, light across it, light on the objects and
      soft shadows. shaded_new_table draws the table again for every picture, as
      the first of an episode does; shaded_noise adds a sensor's noise. Measured
      on 1 thread and on --threads.

      Example:
        planar bench camera --seconds 1 --threads 2 --json
      """)

  @OptionGroup var options: BenchOptions

  func run() throws {
    try options.show { benchmarkCamera(seconds: $0, threads: Set([1, $1]).sorted(), progress: $2) }
  }
}

struct BenchLearningCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learning",
    abstract: "Measure environment steps, training and inference.",
    discussion: """
      Example:
        planar bench learning --seconds 5 --threads 1
      """)

  @OptionGroup var options: BenchOptions

  func run() throws {
    try options.show { try benchmarkLearning(seconds: $0, threads: $1, progress: $2) }
  }
}

/// What `--scaling --json` prints.
struct ScalingReport: Encodable {
  /// Steps that each scene is timed over.
  var steps: Int
  var results: [ScalingResult]
}

/// What `--json` prints.
struct BenchReport: Encodable {
  var results: [BenchmarkResult]

  /// Prints a table, or one JSON object.
  func show(json: Bool) throws {
    if json { return try printJSON(self) }
    var table = TextTable(header: ["figure", "value", "unit", "threads"])
    table.rows = results.map { [$0.name, figure($0.value), $0.unit, "\($0.threads)"] }
    print(table.text)
  }

  /// Three figures or more.
  private func figure(_ value: Double) -> String {
    fixed(value, value == 0 || value >= 100 ? 0 : (value >= 1 ? 2 : 4))
  }
}

struct BenchOptions: ParsableArguments {
  /// Seconds that a figure may take.
  static let durations = 0.01...3_600.0

  @Option(within: BenchOptions.durations, help: "Seconds per figure.")
  var seconds = 2.0

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Measures and prints.
  func show(
    _ measure: (Double, Int, any ProgressReporter) throws -> [BenchmarkResult]
  ) throws {
    try BenchReport(results: try measure(seconds, threads.threads, ConsoleProgress())).show(json: json)
  }
}

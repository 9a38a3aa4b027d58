// planar record: expert demonstrations as a dataset.

import ArgumentParser
import ArmEnvironments
import Datasets
import Foundation
import Learning
import PlanarCore
import PolicyInterface
import Rollouts

/// How demonstrations are made, for `record`, and for `train` and `dagger` where they record themselves.
struct DemonstrationOptions: ParsableArguments {
  @Option(help: "Standard deviation of noise on executed actions (1 = full speed), so that recovery is seen; labels stay clean.")
  var actionNoise = 0.3

  @Option(help: "Chance per step that the arm is pushed off course for a few steps.")
  var pushProbability = 0.03

  @Option(help: "Control steps between labelled states.")
  var labelStride = 2

  var noise: ActionNoise? {
    actionNoise == 0 && pushProbability == 0
      ? nil
      : ActionNoise(
        deviation: actionNoise, pushProbability: pushProbability, pushDeviation: 0.6)
  }

  func validate() throws {
    guard actionNoise >= 0, (0...1).contains(pushProbability) else {
      throw ValidationError("--action-noise must not be negative and --push-probability must lie between 0 and 1.")
    }
    guard labelStride > 0 else { throw ValidationError("--label-stride must be at least 1.") }
  }

  /// The plan that these options describe.
  func plan(
    _ world: ArmEnvironment, firstSeed: UInt64, horizons: Horizons, threads: Int
  ) -> CollectionPlan<ArmEnvironment> {
    CollectionPlan(
      world: world, expert: PushExpert(), firstSeed: firstSeed, actionNoise: noise,
      labels: .everyFrames(labelStride), labelHorizon: horizons.prediction, threads: threads)
  }

  /// What to write beside the data.
  func provenance(firstSeed: UInt64) -> [String: String] {
    [
      "source": "expert", "first_seed": "\(firstSeed)", "action_noise": "\(actionNoise)",
      "push_probability": "\(pushProbability)", "label_stride": "\(labelStride)",
    ]
  }
}

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record expert demonstrations.",
    discussion: """
      The expert drives, with noise on its actions unless --action-noise 0 --push-probability 0, and labels
      the states it comes through with the chunk it would execute from there. Training seeds begin at 1000000.

      Example:
        planar record --episodes 2000 --output runs/demos
        planar train flow --data runs/demos --output runs/my-flow
      """)

  @OptionGroup var environment: EnvironmentOptions

  @Option(help: "How many episodes.")
  var episodes = 2000

  @Option(help: "Seed of the first episode.")
  var seed = SeedRanges.firstTraining

  @OptionGroup var demonstrations: DemonstrationOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder of the dataset; must not hold one yet.")
  var output: String

  @Flag(help: "Print the dataset's info as one JSON object.")
  var json = false

  func validate() throws { try validateEpisodes(episodes, firstSeed: seed) }

  func run() throws {
    let interrupt = Interrupt()
    let world = try environment.loadPush()
    let horizons = Horizons()
    let plan = demonstrations.plan(
      world, firstSeed: seed, horizons: horizons, threads: threads.threads)
    try SeedRanges.requireTraining(firstSeed: seed)
    var writer = try EpisodeStoreWriter(
      creating: URL(fileURLWithPath: output, isDirectory: true),
      info: DatasetInfo(
        environment: world.name, randomization: world.randomization,
        controlPeriod: world.controlPeriod, features: world.features, horizons: horizons,
        provenance: demonstrations.provenance(firstSeed: seed)))
    let progress = ConsoleProgress()
    var done = 0
    var successes = 0
    while done < episodes, !interrupt.flag.isRaised {
      let count = min(EpisodeStoreWriter.shardSize, episodes - done)
      let fresh = try plan.episodes(count, offset: done, stop: interrupt.flag)
      try writer.append(fresh)
      done += fresh.count
      successes += fresh.count { $0.success }
      progress.report(stage: "recording", done: done, total: episodes, note: "")
    }
    try writer.finish()
    if json {
      try printJSON(writer.info)
    } else {
      print(
        "\(done) episodes, \(writer.info.frameCount) frames, \(writer.info.labelCount) labels in \(output); the expert succeeded in \(successes)"
      )
    }
  }
}

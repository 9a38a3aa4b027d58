// planar train: one head on demonstrations.

import ArgumentParser
import ArmEnvironments
import Datasets
import Foundation
import Learning
import PlanarCore
import Planning
import Policies
import PolicyInterface

/// How a policy is trained, for `train` and `dagger`.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Gradient steps.")
  var steps = 8_000

  @Option(help: "Labelled windows per step.")
  var batchSize = 256

  @Option(help: "Peak learning rate; it rises over a warm-up and falls along a cosine.")
  var learningRate: Float = 2e-3

  @Option(help: "Size of the network: small or regular.")
  var size = PolicySize.small

  @Option(help: "Seed of weights, batches and noise.")
  var trainingSeed: UInt64 = 1

  func configuration(threads: Int) throws -> TrainingConfiguration {
    let configuration = TrainingConfiguration(
      steps: steps, batchSize: batchSize, learningRate: learningRate, seed: trainingSeed,
      threads: threads)
    try configuration.validate()
    return configuration
  }
}

extension PolicySize: ExpressibleByArgument {}

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a policy on demonstrations.",
    discussion: """
      Heads: regression (behaviour cloning by mean squared error), diffusion (DDPM training, DDIM sampling),
      flow (flow matching, Euler sampling). All share one trunk and one data set.

      Without --data, demonstrations are recorded first, and kept in memory only.
      Ctrl-C keeps the state; the same command with --resume goes on bit-identically.

      Example:
        planar train flow --output runs/my-flow
        planar eval --policy runs/my-flow
      """)

  @Argument(help: "regression, diffusion or flow.")
  var head: String

  @Option(help: "A dataset folder made by 'planar record'.")
  var data: String?

  @Flag(help: "Refuse a dataset with damaged shards. By default they are left out, with a warning.")
  var strict = false

  @OptionGroup var environment: EnvironmentOptions

  @Option(help: "Without --data: how many episodes to record.")
  var episodes = 2000

  @OptionGroup var demonstrations: DemonstrationOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for the checkpoint, log.jsonl and the training state. Default: runs/<time>-train-<head>.")
  var output: String?

  @Flag(help: "Go on with the unfinished run in --output.")
  var resume = false

  func validate() throws {
    try validateEpisodes(episodes, firstSeed: SeedRanges.firstTraining)
  }

  func run() throws {
    let interrupt = Interrupt()
    let progress = ConsoleProgress()
    let head = try HeadChoice(named: head)
    let configuration = try training.configuration(threads: threads.threads)
    if resume {
      guard let output else { throw UserError("--resume needs --output, the folder of the run") }
      try TrainingRun(folder: URL(fileURLWithPath: output, isDirectory: true), resume: true).validate()
    }
    let (labels, environmentName, provenance) = try loadLabels(progress, interrupt.flag)
    if interrupt.flag.isRaised { return }
    let policy = try makePolicy(
      head: head, size: training.size, for: labels, environment: environmentName,
      seed: configuration.seed)
    print(
      "\(head.name), \(policy.parameters.layout.parameterCount) parameters, \(labels.count) labels of \(labels.episodeCount) episodes"
    )
    let folder = try runFolder(output, name: "train-\(head.name)")
    let started = Date()
    let (_, isComplete) = try TrainingRun(folder: folder, resume: resume).train(
      policy, on: labels, configuration: configuration, provenance: provenance,
      progress: progress, stop: interrupt.flag)
    if isComplete {
      print(
        "Checkpoint: \(folder.relativePath) (trained in \(Int(Date().timeIntervalSince(started))) s)")
      print("Next: planar eval --policy \(folder.relativePath)")
    } else {
      print("Stopped; go on with the same command and --output \(folder.relativePath) --resume")
    }
  }

  private func loadLabels(
    _ progress: ConsoleProgress, _ stop: StopFlag
  ) throws -> (LabelSet, String, [String: String]) {
    if let data {
      return try loadDataset(data)
    }
    return try recordLabels(in: environment.loadForTraining(), progress, stop)
  }

  /// Demonstrations of the scripted expert, in memory.
  private func recordLabels<World: LibraryEnvironment>(
    in world: World, _ progress: ConsoleProgress, _ stop: StopFlag
  ) throws -> (LabelSet, String, [String: String]) {
    let horizons = Horizons()
    let firstSeed = SeedRanges.firstTraining
    let settings = demonstrations.resolved(for: .expert)
    let plan = try settings.plan(
      in: world, planner: PlannerConfiguration(), firstSeed: firstSeed, horizons: horizons,
      threads: threads.threads)
    var labels = LabelSet(features: Self.seen(of: world.features), horizons: horizons)
    try labels.append(try plan.episodes(episodes, progress: progress, stop: stop))
    var provenance = settings.provenance(firstSeed: firstSeed)
    provenance["randomization"] = world.randomization
    return (labels, world.name, provenance)
  }

  /// No head looks at pictures or touch yet.
  private static func seen(of features: FeatureSet) -> FeatureSet {
    FeatureSet(
      proprioception: features.proprioception, objects: features.objects, action: features.action)
  }

  /// The labels of a dataset. Shards that are damaged are left out, and nobody trains on less without being told:
  /// by a warning, and in the provenance of the checkpoint.
  private func loadDataset(_ path: String) throws -> (LabelSet, String, [String: String]) {
    var store = try EpisodeStore(reading: URL(fileURLWithPath: path, isDirectory: true))
    store.readsImages = false
    var labels = LabelSet(features: Self.seen(of: store.info.features), horizons: store.info.horizons)
    let damaged = try store.forEachShard(strict ? .strict : .usable) { _, episodes in
      try labels.append(episodes)
    }
    var provenance = store.info.provenance
    provenance["randomization"] = store.info.randomization
    if !damaged.isEmpty {
      provenance["damaged_shards"] = damaged.map(\.file).joined(separator: " ")
      for shard in damaged { warn("left out \(shard.labels) labels of \(path): \(shard.problem)") }
      let all = store.info.labelCount
      warn(
        "training on \(labels.count) of \(all) labels; give --strict to refuse, or look with 'planar dataset check \(path)'"
      )
    }
    return (labels, store.info.environment, provenance)
  }
}

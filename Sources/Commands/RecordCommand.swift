// planar record: demonstrations as a dataset.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarLearning
import PlanarCore
import PlanarExperiments
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts
import PlanarStudio

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record demonstrations.",
    discussion: """
      The scripted expert drives, with noise on its actions unless --action-noise 0
      --push-probability 0, and labels the states it comes through with the chunk it
      would execute from there. So even an episode that fails shows how it should
      have gone on, and all are kept.

      --from planner tries plans out on copies of the world instead: for tasks
      without a script, such as pusht-arm, and slower. Its episodes are labelled
      with what was executed, and those that fail are dropped.

      \(TeleopRecording.help)

      Training seeds begin at 1000000. Ctrl-C keeps what is done, as SIGTERM and a
      lost terminal do; --append goes on in the same folder, with seeds that it does
      not have yet.

      Examples:
        planar record --episodes 2000 --output runs/demos
        planar record --environment pusht-arm --from planner --episodes 20 --output runs/pusht-arm
        planar record --from teleop --output runs/by-hand
        planar record --episodes 500 --append --output runs/demos
        planar dataset show runs/demos
        planar train flow --data runs/demos --output runs/my-flow
      """)

  enum Keep: String, CaseIterable, ExpressibleByArgument { case all, successes }

  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help: "Who drives: expert (scripted), planner, or teleop: you, in a window.",
    transform: { try DriverName($0, among: DriverName.demonstrators + [.person]) })
  var from = DriverName.expert

  @Option(
    within: SeedRanges.counts, name: .customLong("episodes"),
    help: "How many episodes to drive. Default: 2000; by teleop, as many as you keep before you quit.")
  var wantedEpisodes: Int?

  @Option(
    help:
      "By teleop: the command of every episode; scenes without the named object are passed over. Default: each scene's own."
  )
  var command: String?

  @Option(help: "By teleop: the window's looks, light or dark; Ctrl-J changes them.")
  var theme: SessionWindow.Theme?

  @Option(
    help: "Which episodes to keep: all or successes. Default: all of a scripted expert, successes of the planner.")
  var keep: Keep?

  @Option(
    within: SeedRanges.all,
    help: "Seed of the first episode. Default: \(SeedRanges.firstTraining), or with --append the one after the last.")
  var seed: UInt64?

  @OptionGroup var demonstrations: DemonstrationOptions
  @OptionGroup var planner: PlannerOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder of the dataset; must be empty, unless with --append or --overwrite.")
  var output: String

  @Flag(help: "Add to the dataset in --output; environment, randomization and features must be the same.")
  var append = false

  @Flag(help: "Replace the dataset in --output; other files stay.")
  var overwrite = false

  @Flag(help: "Print counts and the dataset's info as one JSON object.")
  var json = false

  private var episodes: Int { wantedEpisodes ?? 2000 }

  func validate() throws {
    guard from == .person || command == nil else {
      throw ValidationError("--command goes with --from teleop only.")
    }
    guard from == .person || theme == nil else {
      throw ValidationError("--theme goes with --from teleop only.")
    }
    guard !(append && overwrite) else { throw ValidationError("--append and --overwrite exclude each other.") }
  }

  private var folder: URL { URL(fileURLWithPath: output, isDirectory: true) }

  func run() throws {
    let signals = StopSignals()
    if from == .person {
      try TeleopRecording(
        episodes: wantedEpisodes, firstSeed: seed ?? SeedRanges.firstTraining, command: command,
        labelStride: demonstrations.labelStride ?? 2, output: output, overwrites: overwrite,
        environment: environment.environment, theme: theme ?? .light
      ).run(in: environment.loadForTraining(), stop: signals.flag)
    } else {
      try record(environment.loadForTraining(), stop: signals.flag)
    }
    try signals.exitIfStopped()
  }

  private func record<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws {
    let settings = demonstrations.resolved(for: from)
    let horizons = Horizons()
    var plan = try settings.plan(
      in: world, planner: planner.configuration, firstSeed: seed ?? SeedRanges.firstTraining, horizons: horizons,
      threads: threads.threads)
    try SeedRanges.requireTraining(firstSeed: plan.firstSeed)
    let claim = try FolderClaim(of: folder, as: .dataset, to: append ? .goOn : overwrite ? .overwrite : .begin)
    defer { claim.release() }
    func info() -> DatasetInfo {
      DatasetInfo(
        of: world, horizons: horizons, provenance: settings.provenance(firstSeed: plan.firstSeed))
    }
    var writer: EpisodeStoreWriter
    if append {
      if seed == nil, let last = try EpisodeStore(reading: folder).lastSeed() { plan.firstSeed = last + 1 }
      writer = try EpisodeStoreWriter(
        appendingTo: folder, episodesOf: info(), sameProvenance: ["shove_probability"])
      try requireNewSeeds(from: plan.firstSeed, in: writer)
    } else {
      writer = try EpisodeStoreWriter(creating: folder, info: info())
    }
    let result = try drive(plan, settings, into: &writer, stop: stop)
    if json {
      try printJSON(result)
    } else {
      print(result.text(output: output))
      if result.driven < episodes {
        let rest = ["--episodes": "\(episodes - result.driven)"] as KeyValuePairs
        suggest(
          [NextCommand.fromTheBeginning.again(setting: rest, dropping: ["--seed"], flag: "--append")],
          saying: "Stopped; go on with:")
      }
      if result.kept > 0 { suggest([.training(on: output, in: environment.environment)]) }
    }
  }

  /// Refuses to record an episode a second time.
  private func requireNewSeeds(from first: UInt64, in writer: EpisodeStoreWriter) throws {
    let repeated = writer.seeds.filter { $0 >= first && $0 - first < UInt64(episodes) }
    guard let least = repeated.min(), let last = writer.lastSeed else { return }
    throw UserError(
      "\(output) has \(repeated.count) of these episodes already, such as that of seed \(least); give a --seed above \(last), or omit it to continue there"
    )
  }

  /// Drives all episodes, a shard's worth at a time, and writes those that are to be kept.
  private func drive<World: LibraryEnvironment>(
    _ plan: CollectionPlan<World>, _ settings: Demonstrations, into writer: inout EpisodeStoreWriter,
    stop: StopFlag
  ) throws -> RecordingResult {
    let keep = keep ?? (settings.source == .expert ? .all : .successes)
    // A planner's episodes take long: they are on the disk soon.
    let group = settings.source == .expert ? EpisodeStoreWriter.shardSize : 32
    let progress = ConsoleProgress()
    var result = RecordingResult(driven: 0, successes: 0, kept: 0, dataset: writer.info)
    while result.driven < episodes, !stop.isRaised {
      var fresh = try plan.episodes(
        min(group, episodes - result.driven), offset: result.driven,
        progress: PartOfProgress(
          whole: progress, stage: "recording", offset: result.driven, total: episodes),
        stop: stop)
      result.driven += fresh.count
      result.successes += fresh.count { $0.success }
      if keep == .successes { fresh.removeAll { !$0.success } }
      fresh = settings.labelled(fresh, horizon: plan.labelHorizon)
      result.kept += fresh.count
      try writer.append(fresh)
      if settings.source == .planner { try writer.finish() }
    }
    try writer.finish()
    result.dataset = writer.info
    return result
  }
}

/// What was recorded.
private struct RecordingResult: Encodable {
  var driven: Int
  var successes: Int
  var kept: Int
  var dataset: DatasetInfo

  func text(output: String) -> String {
    let share = driven > 0 ? " (\(wholePercent(successes, of: driven)))" : ""
    return
      "\(driven) episode\(driven == 1 ? "" : "s") driven, \(successes) of them successful\(share), \(kept) kept; \(output) holds \(dataset.episodeCount) episodes, \(dataset.frameCount) frames, \(dataset.labelCount) labels"
  }
}

// planar dataset: look at demonstrations before learning from them.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts
import PlanarSceneDrawing
import PlanarStudio

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Look at recorded demonstrations: what they hold, how they look, whether they are whole.",
    discussion: """
      A dataset is a folder that 'planar record' makes: info.json (what it is),
      stats.json (mean, spread and range of every number) and shards of episodes,
      episodes-00000.safetensors and on.

      Examples:
        planar dataset info runs/demos
        planar dataset show runs/demos --episode 3 --episode 12
        planar dataset check runs/demos
      """,
    subcommands: [DatasetInfoCommand.self, DatasetShowCommand.self, DatasetCheckCommand.self])
}

/// The dataset that a subcommand is about.
struct DatasetOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var folder: String

  @Flag(help: "Print one JSON object.")
  var json = false

  var url: URL { URL(fileURLWithPath: folder, isDirectory: true) }
}

/// Where the environment of a dataset is.
struct DatasetEnvironmentOptions: ParsableArguments {
  @Option(help: "The path of the dataset's environment, where it is not under Environments/.")
  var environment: String?
}

struct DatasetInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "What a dataset holds: features, counts, commands, goals, statistics.",
    discussion: """
      Success, frames and labels are counted by language, by command split and by
      what the commands ask for, so that a goal that is rare, or never reached, is
      seen before it is trained on. What domain randomization drew and the
      statistics of every observed number follow. Damaged shards are named and left
      out of all counts.

      Example:
        planar dataset info runs/demos
        planar dataset info runs/demos --json
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var place: DatasetEnvironmentOptions

  func run() throws {
    let store = try EpisodeStore(reading: dataset.url)
    var splits = try CommandSplits(of: store.info.environment, at: place.environment)
    let summary = try DatasetSummary(
      of: store, split: { splits.name(of: $0.command) }, progress: ConsoleProgress())
    if dataset.json {
      try printJSON(summary)
    } else {
      print(summary.text(named: dataset.folder), terminator: "")
    }
  }
}

/// Which split a command belongs to, by the environment's own grammar.
private struct CommandSplits {
  private let grammar: CommandGrammar?
  private var known: [String: String] = [:]

  /// Where the environment is not here any more, no split is known.
  ///
  /// - Throws: `UserError` where it is not in the place that is given.
  init(of environment: String, at place: String?) throws {
    if let place {
      grammar = try EnvironmentLibrary.grammar(of: place)
    } else {
      grammar = try? EnvironmentLibrary.grammar(of: environment)
    }
  }

  /// `train`, `paraphrase`, `compositional` or `distractor`; `other` for a user's own words; nil without a grammar.
  mutating func name(of command: String) -> String? {
    guard let grammar else { return nil }
    if let name = known[command] { return name }
    let name = Self.name(of: command, grammar)
    known[command] = name
    return name
  }

  private static func name(of command: String, _ grammar: CommandGrammar) -> String {
    guard let recognized = try? grammar.recognize(command), let wording = recognized.wordedBy else {
      return "other"
    }
    let isHeldOut = !grammar.admits(recognized.instruction, in: .train)
    return (wording == .train && isHeldOut ? CommandSplit.compositional : wording).rawValue
  }
}

struct DatasetCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Is a dataset whole, and fit to train on?",
    discussion: """
      Reads every shard and names those that are missing, truncated or damaged (each
      has a checksum, so flipped bits are found); compares stats.json with the data;
      looks for numbers that are not finite, actions and labels outside of [-1, 1],
      observations outside of their bounds, seeds reserved for evaluation, and seeds
      that come twice.

      Ends with exit code 1 if anything is wrong. Shards that are whole stay usable:
      'planar train' leaves the others out and says so.

      Example:
        planar dataset check runs/demos
      """)

  @OptionGroup var dataset: DatasetOptions

  func run() throws {
    let check = try DatasetCheck(of: dataset.url, progress: ConsoleProgress())
    if dataset.json {
      try printJSON(check)
    } else {
      print(check.text(named: dataset.folder), terminator: "")
    }
    if !check.problems.isEmpty { throw ExitCode(1) }
  }
}

struct DatasetShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw the beginning, middle and end of episodes, with their commands, on one sheet.",
    discussion: """
      Episodes hold numbers, not pictures: each scene is built again from its seed,
      and the recorded actions are executed again. That gives the same episode, bit
      by bit, as long as environment and program are those of the recording; where
      it does not, the line of the episode says from which frame on. Pictures of a
      camera that was on are shown as they were recorded.

      Examples:
        planar dataset show runs/demos
        planar dataset show runs/demos --episode 3 --episode 12 --output sheet.png
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var place: DatasetEnvironmentOptions

  @Option(
    help: ArgumentHelp(
      "Number of an episode, from 0; may be given several times. Default: some from all over the dataset.",
      valueName: "number"))
  var episode: [Int] = []

  @Option(within: 1...200, help: "Without --episode: how many episodes.")
  var count = 8

  @Option(help: "The picture to write. Default: sheet.png in the dataset's folder.")
  var output: String?

  func run() throws {
    let store = try EpisodeStore(reading: dataset.url)
    let numbers = try episodeNumbers(in: store)
    let world = try EnvironmentLibrary.environment(
      named: place.environment ?? store.info.environment, settings: store.info.settings)
    let strips = try strips(of: numbers, in: store, world: world)
    let path = output ?? dataset.url.appendingPathComponent("sheet.png").path
    let sheet = ContactSheet(
      title: dataset.folder, subtitle: "the first, the middle and the last moment of \(strips.count) episodes",
      sections: [.init("\(world.name), \(world.randomization)", cells: strips.map(\.cell))],
      columns: min(2, strips.count), pictureWidth: 620
    ).render()
    try sheet.writePNG(to: path)
    if dataset.json {
      try printJSON(ShownEpisodes(episodes: strips.map(\.report), output: path))
    } else {
      for strip in strips { print(strip.report.text) }
      print("Sheet: \(path) (\(sheet.width)×\(sheet.height))")
    }
  }

  private struct ShownEpisodes: Encodable {
    var episodes: [EpisodeStrip.Report]
    var output: String
  }

  private func episodeNumbers(in store: EpisodeStore) throws -> [Int] {
    let total = store.info.episodeCount
    guard total > 0 else { throw UserError("\(dataset.folder) holds no episode") }
    if episode.isEmpty {
      let count = min(count, total)
      return (0..<count).map { $0 * total / count }
    }
    for number in episode where !(0..<total ~= number) {
      throw UserError(
        "there is no episode \(number) in \(dataset.folder); its episodes are 0 to \(total - 1)")
    }
    return episode
  }

  private func strips<World: LibraryEnvironment>(
    of numbers: [Int], in store: EpisodeStore, world: World
  ) throws -> [EpisodeStrip] {
    var world = world
    let shoves = ObjectShoves(provenance: store.info.provenance)
    let perturbation: Perturbation<World>? = shoves?.perturbation()
    var shards: [Int: [Episode]] = [:]
    return try numbers.map { number in
      let shard = store.shard(ofEpisode: number)
      if shards[shard] == nil { shards = [shard: try store.episodes(inShard: shard)] }
      let episode = shards[shard]![number - store.firstEpisode(ofShard: shard)]
      return try EpisodeStrip(
        of: episode, number: number, imageShape: store.info.features.image?.shape, perturbation: perturbation,
        in: &world)
    }
  }
}

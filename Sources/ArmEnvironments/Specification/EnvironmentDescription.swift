// What an environment's folder holds, for people and machines to read.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// An environment's settings and features, loaded and checked.
public struct EnvironmentDescription: Encodable, Sendable {
  /// One item of a level of domain randomization.
  public struct Item: Encodable, Sendable {
    /// The factor's name.
    public var name: String
    /// A shorter name on the command line; nil where there is none.
    public var alias: String?
    /// The least value that is drawn.
    public var least: Double
    /// The greatest value that is drawn.
    public var greatest: Double
    /// Empty for shares and factors.
    public var unit: String
    /// What it changes, in one sentence.
    public var meaning: String
  }

  /// A level of domain randomization.
  public struct Level: Encodable, Sendable {
    /// Its name in files, commands and reports.
    public var name: String
    /// Those that are not nominal.
    public var items: [Item]
  }

  /// The commands of one language.
  public struct Language: Encodable, Sendable {
    /// A split of the wordings, and how much there is in it.
    public struct Split: Encodable, Sendable {
      /// Its name in files, commands and reports.
      public var name: String
      /// Templates.
      public var templates: Int
      /// Templates filled in all ways, summed over `instructions`.
      public var commands: Int
      /// What can be asked for by colour, shape and zone.
      public var instructions: Int
    }

    /// The language.
    public var language: CommandLanguage
    /// One command for each of some episodes.
    public var examples: [String]
    /// Examples by split.
    public var splits: [Split]
  }

  /// Its name in files, commands and reports.
  public var name: String
  /// One line; empty where the file has none.
  public var description: String
  /// What can be learnt from it, in a line; empty where the file does not say.
  public var purpose: String
  /// How many rungs it has.
  public var rungs: Int
  /// What changes from rung to rung, such as `zones.radius 0.07, 0.05`; empty where there is one.
  public var rungValues: String
  /// The task's name.
  public var task: String
  /// A model of `Environments/robots`, `own`, or `none`.
  public var robot: String
  /// Actions per second.
  public var controlRate: Double
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  /// What can lie on the table, such as `3 of red, green, … × disc, square, …`; empty without objects.
  public var objects: String
  /// The names of the zones.
  public var zones: [String]
  /// What is observed.
  public var features: [FeatureSpec]
  /// The levels of domain randomization.
  public var levels: [Level]
  /// The commands, by language.
  public var commands: [Language]

  /// Loads a folder with `environment.yaml` and `commands.yaml`, wherever it is.
  ///
  /// - Throws: `UserError` where a file is wrong.
  public init(folder: URL, robot model: String? = nil) throws {
    try self.init(TaskKind.Files(folder: folder), robot: model)
  }

  /// Loads an environment's files at their first level of domain randomization.
  ///
  /// - Throws: `UserError` where a file is wrong.
  init(_ files: TaskKind.Files, robot model: String? = nil) throws {
    let file = try SpecReader.open(files.environment)
    let kind = try taskRegistry.kind(of: file)
    let top = try file.read(as: kind.section(of: file))
    try top.allowKnown()
    var settings = EnvironmentSettings(randomization: try RandomizationLevel.readAll(top)[0].name)
    settings.robot = model
    self = try Self.of(kind.load(files, settings: settings), task: kind.name)
    let rungs = try EnvironmentRungs(file)
    purpose = file.has("purpose") ? try file.string("purpose") : ""
    (self.rungs, rungValues) = (rungs.count, rungs.text(file))
  }

  private static func of(_ world: some LibraryEnvironment, task: String) throws -> Self {
    try EnvironmentDescription(world, task: task)
  }

  private init<World: LibraryEnvironment>(_ world: World, task: String) throws {
    let facts = world.facts
    name = world.name
    description = facts.summary
    (purpose, rungs, rungValues) = ("", 1, "")
    self.task = task
    (robot, objects, zones) = (facts.robot, facts.objects, facts.zones)
    (controlRate, maximumSteps) = (1 / world.controlPeriod, world.maximumSteps)
    features = world.features.observations + [world.features.action]
    levels = facts.levels.map { Level($0, positionUnit: facts.positionUnit) }
    commands = try Self.commands(of: world)
  }

  /// Examples from the scenes of the first seeds; counts over all instructions that those scenes allow.
  private static func commands<World: LibraryEnvironment>(of environment: World) throws -> [Language] {
    let grammar = environment.grammar
    var instructions: [Instruction] = []
    var seen: Set<Instruction> = []
    var world = environment
    for seed in 0..<100 as Range<UInt64> {
      _ = try world.reset(seed: seed, command: .drawn)
      for instruction in world.possibleInstructions where seen.insert(instruction).inserted {
        instructions.append(instruction)
      }
    }
    return try grammar.languages.map { language in
      let splits = CommandSplit.allCases.filter { $0 != .any }.compactMap { split -> Language.Split? in
        let templates = grammar.templates[split.templates]!.filter { $0.language == language }.count
        let counts = instructions.map { grammar.wordingCount(of: $0, language: language, split: split) }
        guard counts.contains(where: { $0 > 0 }) else { return nil }
        return Language.Split(
          name: split.rawValue, templates: templates, commands: counts.reduce(0, +),
          instructions: counts.filter { $0 > 0 }.count)
      }
      var examples: [String] = []
      for seed in 0..<4 as Range<UInt64> {
        _ = try world.reset(seed: seed, command: .drawn)
        var random = RandomStream(seed: seed, purpose: "example")
        let example = try grammar.sample(world.instruction, language: language, split: .any, using: &random)
        if !examples.contains(example) { examples.append(example) }
      }
      return Language(language: language, examples: examples, splits: splits)
    }
  }
}

extension EnvironmentDescription.Level {
  init(_ level: RandomizationLevel, positionUnit: String) {
    name = level.name
    items = level.varied.map { item in
      let range = level[item.name]
      return EnvironmentDescription.Item(
        name: item.name, alias: item.alias, least: range.lowerBound, greatest: range.upperBound,
        unit: item.unit == "m" ? positionUnit : item.unit, meaning: item.meaning)
    }
  }
}

/// What a list of environments says of one; read without loading it.
public struct EnvironmentSummary: Sendable {
  /// As the file has it.
  public var name: String
  /// The task's name.
  public var task: String
  /// Whether it is an `ArmEnvironment`.
  public var isOnTable: Bool
  /// A model of `Environments/robots`, `own`, or `none`.
  public var robot: String
  /// One line; empty where the file has none.
  public var description: String
  /// What can be learnt from it, in a line; empty where the file does not say.
  public var purpose: String
  /// How many rungs it has.
  public var rungs: Int

  /// - Throws: `UserError` where the file is no mapping or these keys are no texts.
  public init(folder: URL) throws {
    let top = try SpecReader.open(folder.appendingPathComponent("environment.yaml"))
    name = try top.string("name")
    let kind = try taskRegistry.kind(of: top)
    (task, isOnTable) = (kind.name, kind.isOnTable)
    description = top.has("description") ? try top.string("description") : ""
    purpose = top.has("purpose") ? try top.string("purpose") : ""
    rungs = try EnvironmentRungs(top).count
    robot = "none"
    if top.has("robot") {
      let section = try top.section("robot")
      robot = section.has("model") ? try section.string("model") : "own"
    }
  }
}

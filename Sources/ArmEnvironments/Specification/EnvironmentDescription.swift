// What an environment's folder holds, for people and machines to read.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// An environment's settings and features, loaded and checked.
public struct EnvironmentDescription: Encodable, Sendable {
  /// One item of a level of domain randomization.
  public struct Item: Encodable, Sendable {
    public var name: String
    public var least: Double
    public var greatest: Double
    /// Empty for shares and factors.
    public var unit: String
    public var meaning: String
  }

  /// A level of domain randomization.
  public struct Level: Encodable, Sendable {
    public var name: String
    /// Those that are not nominal.
    public var items: [Item]
  }

  /// The commands of one language.
  public struct Language: Encodable, Sendable {
    /// A split of the wordings, and how much there is in it.
    public struct Split: Encodable, Sendable {
      public var name: String
      /// Templates.
      public var templates: Int
      /// Templates filled in all ways, summed over `instructions`.
      public var commands: Int
      /// What can be asked for by colour, shape and zone.
      public var instructions: Int
    }

    public var language: CommandLanguage
    /// One command for each of some episodes.
    public var examples: [String]
    public var splits: [Split]
  }

  public var name: String
  /// One line; empty where the file has none.
  public var description: String
  public var task: String
  /// A model of `Environments/robots`, `own`, or `none`.
  public var robot: String
  /// Actions per second.
  public var controlRate: Double
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  /// What can lie on the table, such as `3 of red, green, … × disc, square, …`; empty without objects.
  public var objects: String
  public var zones: [String]
  public var features: [FeatureSpec]
  public var levels: [Level]
  public var commands: [Language]

  /// Loads a folder with `environment.yaml` and `commands.yaml`, wherever it is.
  ///
  /// - Throws: `UserError` where a file is wrong.
  public init(folder: URL, robot model: String? = nil) throws {
    let file = folder.appendingPathComponent("environment.yaml")
    let words = folder.appendingPathComponent("commands.yaml")
    let top = try SpecReader.open(file)
    task = top.has("task") ? try top.string("task") : "push"
    objects = ""
    zones = []
    guard task == "pusht" else {
      let specification = try EnvironmentSpecification(contentsOf: file, robot: model)
      var settings = EnvironmentSettings(randomization: specification.levels[0].name)
      settings.robot = model
      let environment = try ArmEnvironment(folder: folder, settings: settings)
      name = specification.name
      description = specification.summary
      robot = specification.robot.model
      let count = specification.objects.count
      if count.upperBound > 0 {
        objects =
          "\(count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)") of \(specification.objects.colors.map(\.name).joined(separator: ", ")) × \(specification.objects.shapes.map(\.shape.rawValue).joined(separator: ", "))"
      }
      zones = specification.zones.map(\.name)
      (controlRate, maximumSteps) = (1 / environment.controlPeriod, environment.maximumSteps)
      features = Self.list(environment.features)
      levels = specification.levels.map { Level($0, inPixels: false) }
      commands = try Self.commands(of: environment)
      return
    }
    let grammar = try CommandGrammar(contentsOf: words)
    controlRate = 1 / PushTConstants.controlPeriod
    switch try PushTPusher(top.read(as: .pusht)) {
    case .point:
      let specification = try PushTSpecification(contentsOf: file)
      (name, description, robot) = (specification.name, specification.summary, "none")
      maximumSteps = specification.maximumSteps
      levels = specification.levels.map { Level($0, inPixels: true) }
    case .arm:
      let specification = try PushTArmSpecification(contentsOf: file)
      (name, description, robot) = (specification.name, specification.summary, "own")
      maximumSteps = specification.maximumSteps
      levels = specification.levels.map { Level($0, inPixels: false) }
    }
    features =
      (try? EnvironmentLibrary.environment(named: name, randomization: levels[0].name).features)
      .map(Self.list) ?? []
    commands = grammar.languages.map { language in
      let wordings = grammar.wordings(of: .onlyGoal, language: language, split: .train)
      let split = Language.Split(name: "train", templates: wordings.count, commands: wordings.count, instructions: 1)
      return Language(language: language, examples: Array(wordings.prefix(3)), splits: [split])
    }
  }

  private static func list(_ features: FeatureSet) -> [FeatureSpec] {
    [features.proprioception, features.objects, features.image, features.touch, features.action].compactMap { $0 }
  }

  /// Examples from the scenes of the first seeds; counts over all instructions that those scenes allow.
  private static func commands(of environment: ArmEnvironment) throws -> [Language] {
    let grammar = environment.grammar
    var instructions: [Instruction] = []
    var seen: Set<Instruction> = []
    var world = environment
    for seed in 0..<100 as Range<UInt64> {
      _ = try world.reset(seed: seed, command: .drawn)
      for instruction in world.specification.task.instructions(in: world.scene, of: world.specification)
      where seen.insert(instruction).inserted { instructions.append(instruction) }
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
      let examples = try (0..<4 as Range<UInt64>).map { seed in
        _ = try world.reset(seed: seed, command: .drawn)
        var random = RandomStream(seed: seed, purpose: "example")
        return grammar.sample(world.goal.instruction, language: language, split: .any, using: &random)
      }
      return Language(language: language, examples: examples, splits: splits)
    }
  }
}

extension EnvironmentDescription.Level {
  init(_ level: RandomizationLevel, inPixels: Bool) {
    name = level.name
    items = level.items.map { item in
      let range = level[item]
      return EnvironmentDescription.Item(
        name: item.rawValue, least: range.lowerBound, greatest: range.upperBound,
        unit: inPixels && item.unit == "m" ? "px" : item.unit, meaning: item.meaning)
    }
  }
}

extension RandomizationItem {
  /// How a range of the item reads: `0.7 to 1.3 ×`, `± 0.1 m`, `σ 0.001 m`.
  public func text(_ range: ClosedRange<Double>, unit: String? = nil) -> String {
    let unit = unit ?? self.unit
    let tail = unit.isEmpty ? "" : " \(unit)"
    switch kind {
    case .factor:
      return range.lowerBound == range.upperBound
        ? "× \(range.lowerBound.plain)" : "× \(range.lowerBound.plain) to \(range.upperBound.plain)"
    case .value:
      return
        (range.lowerBound == range.upperBound
        ? range.lowerBound.plain : "\(range.lowerBound.plain) to \(range.upperBound.plain)") + tail
    case .spread: return "± \(range.upperBound.plain)\(tail)"
    case .deviation: return "σ \(range.upperBound.plain)\(tail)"
    }
  }
}

/// What a list of environments says of one; read without loading it.
public struct EnvironmentSummary: Sendable {
  /// As the file has it.
  public var name: String
  public var task: String
  /// A model of `Environments/robots`, `own`, or `none`.
  public var robot: String
  /// One line; empty where the file has none.
  public var description: String

  /// - Throws: `UserError` where the file is no mapping or these keys are no texts.
  public init(folder: URL) throws {
    let top = try SpecReader.open(folder.appendingPathComponent("environment.yaml"))
    name = try top.string("name")
    task = top.has("task") ? try top.string("task") : "push"
    description = top.has("description") ? try top.string("description") : ""
    robot = "none"
    if top.has("robot") {
      let section = try top.section("robot")
      robot = section.has("model") ? try section.string("model") : "own"
    }
  }
}

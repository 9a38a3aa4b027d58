// The environments of the folder `Environments` behind one protocol, so that commands need not list them.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// An environment that is found by its name, that can be watched, and that a planner can look ahead in.
public protocol LibraryEnvironment: PlannableEnvironment, DrawableEnvironment {
  /// Who solves it by a script; nil where there is none.
  var scriptedExpert: (any Expert<Self>)? { get }
  /// An episode as a mirror shows it, where the task is the same there; nil where it is not.
  func mirrored(_ episode: Episode) -> Episode?
  /// The wordings of its commands.
  var grammar: CommandGrammar { get }
  /// What its file says, for people.
  var facts: EnvironmentFacts { get }
  /// The level of domain randomization in force.
  var level: RandomizationLevel { get }
  /// What the present command asks for; privileged.
  var instruction: Instruction { get }
  /// Every instruction that makes sense in the present episode's scene.
  var possibleInstructions: [Instruction] { get }
  /// The scene as a camera above sees it, `width` px wide.
  func picture(width: Int) -> Image
  /// How many things a hand may shove now; 0, as by default, where there are none.
  var shovableObjects: Int { get }
  /// What a hand does to a thing from outside of the episode. Does nothing by default.
  mutating func receive(_ shove: Shove)
}

/// What an environment's file says, for lists and pages.
public struct EnvironmentFacts: Sendable {
  /// One line; empty where the file has none.
  public var summary: String
  /// A model of `Environments/robots`, `own`, or `none`.
  public var robot: String
  /// What can lie on the table, such as `3 of red, green × disc, square`; empty without objects.
  public var objects: String
  /// The names of the zones; empty without zones.
  public var zones: [String]
  /// The levels of domain randomization.
  public var levels: [RandomizationLevel]
  /// What positions are measured in.
  public var positionUnit: String

  /// Facts, most of which may be left out.
  public init(
    summary: String, robot: String, objects: String = "", zones: [String] = [], levels: [RandomizationLevel],
    positionUnit: String = "m"
  ) {
    (self.summary, self.robot, self.objects, self.zones) = (summary, robot, objects, zones)
    (self.levels, self.positionUnit) = (levels, positionUnit)
  }
}

extension LibraryEnvironment {
  /// No episode can be mirrored.
  public func mirrored(_ episode: Episode) -> Episode? { nil }
  /// None.
  public var shovableObjects: Int { 0 }
  /// Does nothing.
  public mutating func receive(_ shove: Shove) {}
  /// In the wordings that policies learn from.
  public func commands(beginningWith text: String) -> [String] {
    let isKorean = text.contains(where: \.isLetter) ? CommandLanguage(of: text) == .korean : commandLanguage == .korean
    let beginning = text.lowercased()
    return possibleInstructions.flatMap { instruction in
      grammar.wordings(of: instruction, language: isKorean ? .korean : .english, split: .train)
        .filter { $0.lowercased().hasPrefix(beginning) }
    }
  }
  /// The names of its levels of domain randomization.
  public var randomizationLevels: [String] { facts.levels.map(\.name) }

  /// The drawing, fitted into the picture.
  public func picture(width: Int) -> Image {
    let list = drawList
    return Camera(bounds: list.bounds, width: width, height: list.bounds.pictureHeight(width: width)).render(list)
  }

  /// Checks that a command's text is understood, whatever the scene.
  ///
  /// - Throws: `UserError` that says why it is not.
  public func check(command text: String) throws { _ = try grammar.parse(text) }
}

extension WorldRectangle {
  /// The height of a picture that shows it, px.
  func pictureHeight(width: Int) -> Int {
    Swift.max(1, Int((Double(width) * height / self.width).rounded()))
  }
}

extension EnvironmentLibrary {
  /// Loads `Environments/<name>` as what its `task` says.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public static func environment(
    named name: String, settings: EnvironmentSettings
  ) throws -> any LibraryEnvironment {
    try environment(folder: folder(of: name), settings: settings)
  }

  /// The same, all but the randomization level as it is by default.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public static func environment(
    named name: String, randomization: String
  ) throws -> any LibraryEnvironment {
    try environment(named: name, settings: EnvironmentSettings(randomization: randomization))
  }

  /// Loads an environment's folder, wherever it is, as what its `task` says.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public static func environment(
    folder: URL, settings: EnvironmentSettings
  ) throws -> any LibraryEnvironment {
    let files = TaskKind.Files(folder: folder)
    return try taskRegistry.kind(of: SpecReader.open(files.environment)).load(files, settings: settings)
  }
}

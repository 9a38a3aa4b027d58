// Which environment a command runs in, and what of it differs from its file.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarPolicyInterface
import PlanarRecipes

struct EnvironmentOptions: ParsableArguments {
  @Option(
    name: .customLong("environment"),
    help: ArgumentHelp(
      "The environment: a name of 'planar environment list', or the path of a folder of yours. Default: that of a checkpoint where one is named, else push.",
      valueName: "environment"))
  var givenEnvironment: String?

  @Option(
    name: .customLong("randomization"),
    help: ArgumentHelp(
      "How far each episode's world may differ from the nominal one: none, train, wide, or real, which stands for a real robot and is never trained on. Default: as a checkpoint was trained where one is named, else train.",
      valueName: "randomization"))
  var givenRandomization: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set one item of domain randomization for every episode, such as friction=0.3, tilt=0.02 or object0.mass=2; may be given again. 'planar environment show' lists the items.",
      valueName: "item=value"))
  var pins: [String] = []

  @Option(
    help:
      "Another robot in the same task: arm2, arm3, arm3-gripper, gantry or a file of yours under Environments/robots.")
  var robot: String?

  @Option(
    name: .customLong("language"),
    help: ArgumentHelp(
      "The language of drawn commands: en, ko or any. Default: ko where a checkpoint is named that knows Korean only, else en.",
      valueName: "language"))
  var givenLanguage: CommandLanguage?

  @Option(
    name: .customLong("split"),
    help: ArgumentHelp(
      "Which commands are drawn: 'train'; 'paraphrase', in wordings never trained on; 'compositional', combinations never trained on; 'distractor', naming an object to leave alone; or 'any', train wordings over all combinations. Default: any.",
      valueName: "split"))
  var givenSplit: CommandSplit?

  @Option(within: PictureSize.sides, help: "Switch on the top camera: side of its square picture, px.")
  var image: Int?

  @Flag(help: "Observe contact forces at the tip.")
  var touch = false

  @Option(name: .customLong("task-option"), help: ArgumentHelp("\(TaskOptionFlags.help)", valueName: "option=value"))
  var taskOptions: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the numbers of an action mean: tip_move, how far the commanded tip moves, or tip_target, where it goes. Default: as a checkpoint was trained where one is named, else the environment's own.",
      valueName: "space"))
  var actionSpace: String?

  @Option(
    within: EnvironmentSettings.rungs,
    help:
      "How hard the task is: 1 as its file stands, 2 and up by the file's 'rungs'; 'planar environment list' says how many there are. Default: as a checkpoint was trained where one is named, else 1."
  )
  var rung: Int?

  /// The environment where nobody names another.
  static let usualEnvironment = "push"

  var environment: String { givenEnvironment ?? Self.usualEnvironment }

  /// The options that are given besides --environment.
  var givenSettings: [String] {
    [
      ("--randomization", givenRandomization != nil), ("--set", !pins.isEmpty), ("--robot", robot != nil),
      ("--language", givenLanguage != nil), ("--split", givenSplit != nil), ("--image", image != nil),
      ("--touch", touch),
      ("--task-option", !taskOptions.isEmpty), ("--action-space", actionSpace != nil), ("--rung", rung != nil),
    ].filter(\.1).map(\.0)
  }

  /// What is given, over other settings.
  ///
  /// - Throws: `UserError` where an item or a value is not understood.
  func settings(over base: EnvironmentSettings = EnvironmentSettings()) throws -> EnvironmentSettings {
    var result = base
    result.randomization = givenRandomization ?? base.randomization
    var given: Set<String> = []
    func requireFirst(_ name: String) throws {
      guard given.insert(name).inserted else { throw UserError("\(name) is given twice; give it once") }
    }
    for text in pins {
      let (item, value) = try Self.assignment(text, of: "--set", example: "friction=0.3")
      try requireFirst("--set \(item)")
      result.pins[item] = value
    }
    for text in taskOptions {
      let (option, value) = try Self.assignment(text, of: "--task-option", example: "segments=8")
      try requireFirst("the task's option '\(option)'")
      result.options[option] = value
    }
    result.robot = robot ?? base.robot
    result.language = givenLanguage ?? base.language
    result.split = givenSplit ?? base.split
    if let image { result.image = PictureSize(side: image) }
    if touch { result.touch = true }
    result.actionSpace = actionSpace ?? base.actionSpace
    result.rung = rung ?? base.rung
    return result
  }

  /// Puts what is given into a recipe.
  ///
  /// - Throws: `UserError` where an item or a value is not understood.
  func apply(to recipe: inout Recipe) throws {
    if let givenEnvironment { recipe.environment = givenEnvironment }
    recipe.data.settings = try settings(over: recipe.data.settings)
    recipe.data.settings.robot = nil
    if let robot { recipe.robots = [robot] }
  }

  /// The two sides of `item=value`.
  private static func assignment(_ text: String, of option: String, example: String) throws -> (String, Double) {
    let parts = text.split(separator: "=", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
      throw UserError("\(option) takes a name and a number, such as \(example); it is '\(text)'")
    }
    return (parts[0], value)
  }

  func load() throws -> any LibraryEnvironment {
    tellReplacement(of: environment)
    return try EnvironmentLibrary.environment(named: environment, settings: settings())
  }

  /// Loads it for recording and training.
  ///
  /// - Throws: `UserError` for the level that stands for the real robot.
  func loadForTraining() throws -> any LibraryEnvironment {
    try DemonstrationRecipe.requireTrainable(randomization: settings().randomization)
    return try load()
  }
}

extension CommandLanguage: ExpressibleByArgument {}
extension CommandSplit: ExpressibleByArgument {}

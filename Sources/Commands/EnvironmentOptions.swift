// Which environment a command runs in, and what of it differs from its file.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarRecipes

struct EnvironmentOptions: ParsableArguments {
  @Option(
    name: .customLong("environment"),
    help: ArgumentHelp(
      "The environment, a folder under Environments/; 'planar environment list' names them. Default: push.",
      valueName: "environment"))
  var givenEnvironment: String?

  @Option(
    name: .customLong("randomization"),
    help: ArgumentHelp(
      "How far each episode's world may differ from the nominal one: none, train, wide, or real, which stands for a real robot and is never trained on. Default: train.",
      valueName: "randomization"))
  var givenRandomization: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set one item of domain randomization for every episode, such as friction=0.3, tilt=0.02 or object0.mass=2; may be given again. 'planar environment show' lists the items.",
      valueName: "item=value"))
  var settings: [String] = []

  @Option(
    help:
      "Another robot in the same task: arm2, arm3, arm3-gripper, gantry or a file of yours under Environments/robots.")
  var robot: String?

  @Option(
    name: .customLong("language"),
    help: ArgumentHelp("The language of drawn commands: en, ko or any. Default: en.", valueName: "language"))
  var givenLanguage: CommandLanguage?

  @Option(
    name: .customLong("split"),
    help: ArgumentHelp(
      "Which commands are drawn: 'train'; 'paraphrase', in wordings never trained on; 'compositional', combinations never trained on; 'distractor', naming an object to leave alone; or 'any', train wordings over all combinations. Default: any.",
      valueName: "split"))
  var givenSplit: CommandSplit?

  @Option(help: "Switch on the top camera: side of its square picture, px.")
  var image: Int?

  @Flag(help: "Observe contact forces at the tip.")
  var touch = false

  @Option(
    help: ArgumentHelp(
      "What the numbers of an action mean: tip_move, how far the commanded tip moves, or tip_target, where it goes. Default: the environment's own, or the policy's.",
      valueName: "space"))
  var actionSpace: ActionSpace.Kind?

  @Option(help: "With trace: how many segments the corridor has, and with them how long an episode is.")
  var segments: Int?

  var environment: String { givenEnvironment ?? "push" }
  var randomization: String { givenRandomization ?? "train" }

  /// Puts what is given into a recipe.
  ///
  /// - Throws: `UserError` where an item or a value is not understood.
  func apply(to recipe: inout Recipe) throws {
    if let givenEnvironment { recipe.environment = givenEnvironment }
    if let givenRandomization { recipe.data.randomization = givenRandomization }
    if let givenLanguage { recipe.data.language = givenLanguage }
    if let givenSplit { recipe.data.split = givenSplit }
    if let robot { recipe.robots = [robot] }
    for text in settings {
      let (item, value) = try Self.assignment(text)
      recipe.data.set[item] = value
    }
    if let image { recipe.data.image = image }
    if touch { recipe.data.touch = true }
    if let actionSpace { recipe.data.actionSpace = actionSpace }
    if let segments { recipe.data.segments = segments }
  }

  /// - Throws: `UserError` where an item or a value is not understood.
  func environmentSettings() throws -> EnvironmentSettings {
    var result = EnvironmentSettings(randomization: randomization)
    for text in settings {
      let (item, value) = try Self.assignment(text)
      result.pins[item] = value
    }
    result.robot = robot
    if let givenLanguage { result.language = givenLanguage }
    if let givenSplit { result.split = givenSplit }
    if let image {
      guard (16...512).contains(image) else {
        throw UserError("--image must be a side from 16 to 512 pixels; it is \(image)")
      }
      result.image = (image, image)
    }
    if touch { result.touch = true }
    result.actionSpace = actionSpace
    if let segments { result.options["segments"] = Double(segments) }
    return result
  }

  /// The two sides of `item=value`.
  static func assignment(_ text: String) throws -> (String, Double) {
    let parts = text.split(separator: "=", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
      throw UserError("--set takes an item and a number, such as friction=0.3; it is '\(text)'")
    }
    return (parts[0], value)
  }

  func load() throws -> any LibraryEnvironment {
    tellReplacement(of: environment)
    return try EnvironmentLibrary.environment(named: environment, settings: environmentSettings())
  }

  /// Loads it for recording and training.
  ///
  /// - Throws: `UserError` for the level that stands for the real robot.
  func loadForTraining() throws -> any LibraryEnvironment {
    try DemonstrationRecipe.requireTrainable(randomization: randomization)
    return try load()
  }
}

extension ActionSpace.Kind: ExpressibleByArgument {}
extension CommandLanguage: ExpressibleByArgument {}
extension CommandSplit: ExpressibleByArgument {}

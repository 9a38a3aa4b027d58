// Which environment a command runs in, and what of it differs from its file.

import ArgumentParser
import ArmEnvironments
import Foundation
import PlanarCore

struct EnvironmentOptions: ParsableArguments {
  @Option(help: "The environment, a folder under Environments/; 'planar environment list' names them.")
  var environment = "push"

  @Option(
    help: "How far each episode's world may differ from the nominal one: none, train, wide, or real, which stands for a real robot and is never trained on.")
  var randomization = "train"

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set one item of domain randomization for every episode, such as friction=0.3, tilt=0.02 or object0.mass=2; may be given again. 'planar environment show' lists the items.",
      valueName: "item=value"))
  var settings: [String] = []

  @Option(help: "Another robot in the same task: arm2, arm3, arm3-gripper, gantry or a file of yours under Environments/robots.")
  var robot: String?

  @Option(help: "The language of drawn commands: en, ko or any.")
  var language = CommandLanguage.english

  @Option(
    help: "Which commands are drawn: 'train'; 'paraphrase', in wordings never trained on; 'compositional', combinations never trained on; 'distractor', naming an object to leave alone; or 'any', train wordings over all combinations.")
  var split = CommandSplit.any

  @Option(help: "Switch on the top camera: side of its square picture, px.")
  var image: Int?

  @Flag(help: "Observe contact forces at the tip.")
  var touch = false

  @Option(help: "With trace: how many segments the corridor has, and with them how long an episode is.")
  var segments: Int?

  /// - Throws: `UserError` where an item or a value is not understood.
  func environmentSettings() throws -> EnvironmentSettings {
    var result = EnvironmentSettings(randomization: randomization)
    for text in settings {
      let (item, value) = try Self.assignment(text)
      result.pins[item] = value
    }
    result.robot = robot
    result.language = language
    result.split = split
    if let image {
      guard (16...512).contains(image) else {
        throw UserError("--image must be a side from 16 to 512 pixels; it is \(image)")
      }
      result.image = (image, image)
    }
    if touch { result.touch = true }
    result.segments = segments
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
    try EnvironmentLibrary.environment(named: environment, settings: environmentSettings())
  }

  /// Loads it for recording and training.
  ///
  /// - Throws: `UserError` for the level that stands for the real robot.
  func loadForTraining() throws -> any LibraryEnvironment {
    guard randomization != "real" else {
      throw UserError(
        "'real' stands for a robot that nobody has trained on: measure on it with 'planar eval', and record or train with --randomization train or wide"
      )
    }
    return try load()
  }

  /// For commands that work with the experiments of `push`.
  ///
  /// - Throws: `UserError` where another task is named.
  func loadPush() throws -> ArmEnvironment {
    let world = try loadForTraining()
    guard let push = world as? ArmEnvironment, push.scriptedExpert != nil else {
      throw UserError(
        "environment '\(world.name)' has no scripted expert, which this command needs; use --environment push, or 'planar eval' for '\(world.name)'"
      )
    }
    return push
  }
}

extension CommandLanguage: ExpressibleByArgument {}
extension CommandSplit: ExpressibleByArgument {}

// The environments of the folder `Environments` behind one protocol, so that commands need not list them.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// An environment that is found by its name, and that a planner can look ahead in.
public protocol LibraryEnvironment: PlannableEnvironment {
  /// Who solves it by a script; nil where there is none.
  var scriptedExpert: (any Expert<Self>)? { get }
  /// An episode as a mirror shows it, where the task is the same there; nil where it is not.
  func mirrored(_ episode: Episode) -> Episode?
  /// The wordings of its commands.
  var grammar: CommandGrammar { get }
  /// A few numbers that say where the robot and what it works on are: how the states that two policies come through are
  /// compared. As many in every state; none by default.
  var visitedState: [Float] { get }
}

extension LibraryEnvironment {
  public func mirrored(_ episode: Episode) -> Episode? { nil }
  public var visitedState: [Float] { [] }

  /// Checks that a command's text is understood, whatever the scene.
  ///
  /// - Throws: `UserError` that says why it is not.
  public func check(command text: String) throws { _ = try grammar.parse(text) }
}

extension ArmEnvironment: LibraryEnvironment {
  public var scriptedExpert: (any Expert<ArmEnvironment>)? { specification.task.expert }

  /// The tip from the object that the command names and that object from its zone, x and y each, m; what there is none
  /// of counts as lying in the middle of the table.
  public var visitedState: [Float] {
    let zone = goalZone?.center ?? .zero
    let position = goalObject.map { world.states[$0].position } ?? zone
    let (tip, way) = (self.tip - position, position - zone)
    return [Float(tip.x), Float(tip.y), Float(way.x), Float(way.y)]
  }
}

extension PushTEnvironment: LibraryEnvironment {
  public var scriptedExpert: (any Expert<PushTEnvironment>)? { PushTExpert() }

  /// The pusher and the T's origin, px, and the T's direction.
  public var visitedState: [Float] {
    [
      pusher.x, pusher.y, blockPose.position.x, blockPose.position.y, blockPose.rotation.cosine,
      blockPose.rotation.sine,
    ]
    .map { Float($0) }
  }
  public var grammar: CommandGrammar { commands.grammar }
}

extension PushTArmEnvironment: LibraryEnvironment {
  public var scriptedExpert: (any Expert<PushTArmEnvironment>)? { nil }
  public var grammar: CommandGrammar { commands.grammar }
}

extension EnvironmentLibrary {
  /// Loads `Environments/<name>` as what its `task`, and with pusht its `pusher`, says.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public static func environment(
    named name: String, settings: EnvironmentSettings
  ) throws -> any LibraryEnvironment {
    let top = try SpecReader.open(folder(of: name).appendingPathComponent("environment.yaml"))
    guard top.has("task"), try top.string("task") == "pusht" else {
      return try ArmEnvironment(named: name, settings: settings)
    }
    guard settings.pins.isEmpty, settings.robot == nil, settings.image == nil, settings.touch != true
    else {
      throw UserError(
        "'\(name)' is PushT as others have it: it takes a randomization level, but no pinned items, robot, picture or touch"
      )
    }
    switch try PushTPusher(top) {
    case .point: return try PushTEnvironment(named: name, randomization: settings.randomization)
    case .arm: return try PushTArmEnvironment(named: name, randomization: settings.randomization)
    }
  }

  /// The same, all but the randomization level as it is by default.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public static func environment(
    named name: String, randomization: String
  ) throws -> any LibraryEnvironment {
    try environment(named: name, settings: EnvironmentSettings(randomization: randomization))
  }
}

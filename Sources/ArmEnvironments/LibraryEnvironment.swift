// The environments of the folder `Environments` behind one protocol, so that commands need not list them.

import Foundation
import PlanarCore
import PolicyInterface

/// An environment that is found by its name.
public protocol LibraryEnvironment: Environment {
  /// Who solves it by a script; nil where nobody can yet.
  static var expert: (any Expert<Self>)? { get }
  /// Checks that a command's text is understood, whatever the scene.
  ///
  /// - Throws: `UserError` that says why it is not.
  func check(command text: String) throws
}

extension PushEnvironment: LibraryEnvironment {
  public static var expert: (any Expert<PushEnvironment>)? { PushExpert() }
  public func check(command text: String) throws { _ = try grammar.parse(text) }
}

extension PushTEnvironment: LibraryEnvironment {
  public static var expert: (any Expert<PushTEnvironment>)? { nil }
  public func check(command text: String) throws { try commands.check(text) }
}

extension PushTArmEnvironment: LibraryEnvironment {
  public static var expert: (any Expert<PushTArmEnvironment>)? { nil }
  public func check(command text: String) throws { try commands.check(text) }
}

extension EnvironmentLibrary {
  /// Loads `Environments/<name>` as what its `task`, and with pusht its `pusher`, says; a file without `task` is
  /// read as `push`.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public static func environment(
    named name: String, randomization: String
  ) throws -> any LibraryEnvironment {
    let top = try SpecReader.open(folder(of: name).appendingPathComponent("environment.yaml"))
    let task = top.has("task") ? try top.string("task") : "push"
    switch task {
    case "push": return try PushEnvironment(named: name, randomization: randomization)
    case "pusht":
      switch try PushTPusher(top) {
      case .point: return try PushTEnvironment(named: name, randomization: randomization)
      case .arm: return try PushTArmEnvironment(named: name, randomization: randomization)
      }
    default:
      throw UserError("\(top.file): 'task' is '\(task)', but must be one of: push, pusht")
    }
  }
}

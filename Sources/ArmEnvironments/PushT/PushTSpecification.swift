// What `Environments/pusht/environment.yaml` says, checked.

import Foundation
import PlanarCore

/// The settings of PushT that are not part of the task's definition.
public struct PushTSpecification: Sendable {
  /// What pushes the T.
  public enum Pusher: String, CaseIterable, Sendable {
    /// gym-pusht's kinematic disc, told where to go.
    case point
  }

  public var name: String
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  public var pusher: Pusher
  public var levels: [RandomizationLevel]

  /// Reads and checks the file.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: ["name", "time_limit", "pusher", "randomization"])
    name = try top.string("name")
    maximumSteps = Int(
      (try top.number("time_limit", in: 0.1...600) / PushTConstants.controlPeriod).rounded())
    let kind = try top.string("pusher")
    guard let pusher = Pusher(rawValue: kind) else {
      let kinds = Pusher.allCases.map(\.rawValue).joined(separator: ", ")
      throw UserError("\(url.path): 'pusher' is '\(kind)', but must be one of: \(kinds)")
    }
    self.pusher = pusher
    let randomization = try top.section("randomization")
    levels = try randomization.keys.map { name in
      try randomization.section(name).allow(only: ["position_noise", "angle_noise"])
      return try RandomizationLevel.read(name, from: randomization)
    }
  }

  /// - Throws: `UserError` that lists the levels there are.
  public func level(named name: String) throws -> RandomizationLevel {
    guard let level = levels.first(where: { $0.name == name }) else {
      throw UserError(
        "environment '\(self.name)' has no randomization level '\(name)'; choose one of \(levels.map(\.name).joined(separator: ", "))"
      )
    }
    return level
  }
}

// What `Environments/pusht/environment.yaml` says, checked.

import Foundation
import PlanarCore

/// The settings of PushT that are not part of the task's definition.
public struct PushTSpecification: Sendable {
  public var name: String
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  public var levels: [RandomizationLevel]

  /// Reads and checks the file.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: ["name", "task", "time_limit", "pusher", "randomization"])
    name = try top.string("name")
    maximumSteps = try PushTConstants.maximumSteps(top)
    try PushTPusher.point.require(in: top)
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

// What `Environments/pusht/environment.yaml` says, checked.

import Foundation
import PlanarCore

/// The settings of PushT that are not part of the task's definition.
public struct PushTSpecification: Sendable {
  /// Its name in files, commands and reports.
  public var name: String
  /// One line for lists; empty where the file has none.
  public var summary: String
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  /// The levels of domain randomization.
  public var levels: [RandomizationLevel]

  /// Reads and checks the file.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url, as: .pusht)
    try top.allowKnown()
    name = try top.string("name")
    summary = top.has("description") ? try top.string("description") : ""
    maximumSteps = try PushTConstants.maximumSteps(top)
    try PushTPusher.point.require(in: top)
    levels = try RandomizationLevel.readAll(top)
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

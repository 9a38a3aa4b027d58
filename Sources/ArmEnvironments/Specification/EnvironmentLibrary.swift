// Where environments are found: the folder `Environments` of the project.

import Foundation
import PlanarCore

/// Finds environment folders by name.
public enum EnvironmentLibrary {
  /// The project's folder.
  ///
  /// - Throws: `UserError` where there is none.
  public static func home() throws -> URL { try ProjectFolder.home() }

  /// The names of all environments, sorted.
  public static func names() throws -> [String] {
    let folder = try home().appendingPathComponent("Environments")
    let entries = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (entries ?? []).filter {
      FileManager.default.fileExists(
        atPath: folder.appendingPathComponent($0).appendingPathComponent("environment.yaml").path)
    }.sorted()
  }

  /// The folder of an environment.
  ///
  /// - Throws: `UserError` with the nearest name where there is no such environment.
  public static func folder(of name: String) throws -> URL {
    let all = try names()
    guard all.contains(name) else {
      let hint =
        nearestName(to: name, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", "))"
      throw UserError("there is no environment '\(name)'; \(hint)")
    }
    return try home().appendingPathComponent("Environments").appendingPathComponent(name)
  }
}

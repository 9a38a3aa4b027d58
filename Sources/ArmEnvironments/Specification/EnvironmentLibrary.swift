// Where environments are found: folders of `Environments`, the user's before those that come with Planar.

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
    ProjectFolder.names(in: "Environments").filter { ProjectFolder.find(file(of: $0)) != nil }
  }

  /// The folder of an environment: the user's where there is one of that name, else the one that comes with Planar.
  ///
  /// - Throws: `UserError` with the nearest name where there is no such environment.
  public static func folder(of name: String) throws -> URL {
    let all = try names()
    guard all.contains(name), let file = ProjectFolder.find(file(of: name)) else {
      let hint =
        nearestName(to: name, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", "))"
      throw UserError("there is no environment '\(name)'; \(hint)")
    }
    return file.deletingLastPathComponent()
  }

  /// The user's folder of an environment that comes with Planar too, and reads otherwise there; nil where there is
  /// none.
  public static func replacement(of name: String) -> URL? {
    ProjectFolder.replacement(of: "Environments/\(name)", files: ["environment.yaml", "commands.yaml"])
  }

  private static func file(of name: String) -> String { "Environments/\(name)/environment.yaml" }
}

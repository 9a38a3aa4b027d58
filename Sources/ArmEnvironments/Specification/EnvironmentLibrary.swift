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

  /// Whether an environment is given by the path of its folder or of its `environment.yaml`, not by its name.
  public static func isPath(_ environment: String) -> Bool {
    if let names = try? names(), names.contains(environment) { return false }
    return environment.contains("/") || environment.hasPrefix(".") || environment.hasSuffix(".yaml")
  }

  /// The folder of an environment.
  ///
  /// - Parameter environment: a name under `Environments`, or a path.
  /// - Throws: `UserError` with the nearest name where there is no such environment.
  public static func folder(of environment: String) throws -> URL {
    if isPath(environment) { return try folder(at: environment) }
    let all = try names()
    guard all.contains(environment) else {
      let hint =
        nearestName(to: environment, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", ")); give the path of another's folder, such as ./\(environment)"
      throw UserError("there is no environment '\(environment)'; \(hint)")
    }
    return try home().appendingPathComponent("Environments").appendingPathComponent(environment)
  }

  private static func folder(at path: String) throws -> URL {
    var url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
    if url.lastPathComponent == "environment.yaml" { url.deleteLastPathComponent() }
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent("environment.yaml").path) else {
      throw UserError("the folder \(url.path) holds no environment.yaml")
    }
    return url
  }
}

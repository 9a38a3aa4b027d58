// Where environments are found: the folder `Environments` of the project.

import Foundation
import PlanarCore

/// Finds environment folders by name.
public enum EnvironmentLibrary {
  /// The project's folder: `PLANAR_HOME` where it is set, else the nearest folder above the working folder or
  /// the running program that holds `Environments`.
  ///
  /// - Throws: `UserError` where there is none.
  public static func home() throws -> URL {
    if let path = ProcessInfo.processInfo.environment["PLANAR_HOME"] {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for start in [working, program.deletingLastPathComponent()] {
      var folder = start.standardizedFileURL
      while true {
        if FileManager.default.fileExists(
          atPath: folder.appendingPathComponent("Environments").path)
        {
          return folder
        }
        let parent = folder.deletingLastPathComponent()
        if parent.path == folder.path { break }
        folder = parent
      }
    }
    throw UserError(
      "found no folder 'Environments' here or above; run planar inside its project, or set PLANAR_HOME to the project's folder"
    )
  }

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
      let hint = nearestName(to: name, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", "))"
      throw UserError("there is no environment '\(name)'; \(hint)")
    }
    return try home().appendingPathComponent("Environments").appendingPathComponent(name)
  }
}

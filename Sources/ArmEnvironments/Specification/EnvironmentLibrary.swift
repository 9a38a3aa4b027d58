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

  /// Whether an environment is given by the path of its folder or of its `environment.yaml`, not by its name.
  public static func isPath(_ environment: String) -> Bool {
    if let names = try? names(), names.contains(environment) { return false }
    return environment.contains("/") || environment.hasPrefix(".") || environment.hasSuffix(".yaml")
  }

  /// The folder of an environment: the user's where there is one of that name, else the one that comes with Planar.
  ///
  /// - Parameter environment: a name under `Environments`, or a path.
  /// - Throws: `UserError` with the nearest name where there is no such environment.
  public static func folder(of environment: String) throws -> URL {
    if isPath(environment) { return try folder(at: environment) }
    let all = try names()
    guard all.contains(environment), let file = ProjectFolder.find(file(of: environment)) else {
      let hint =
        nearestName(to: environment, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", ")); give the path of another's folder, such as ./\(environment)"
      throw UserError("there is no environment '\(environment)'; \(hint)")
    }
    return file.deletingLastPathComponent()
  }

  /// The wordings of an environment's commands, with the slots and relations of its task.
  ///
  /// - Parameter environment: a name under `Environments`, or a path.
  /// - Throws: `UserError` where there is no such environment, or one of its files is wrong.
  public static func grammar(of environment: String) throws -> CommandGrammar {
    let files = TaskKind.Files(folder: try folder(of: environment))
    let kind = try taskRegistry.kind(of: SpecReader.open(files.environment))
    return try CommandGrammar(contentsOf: files.commands, vocabulary: kind.vocabulary)
  }

  private static func folder(at path: String) throws -> URL {
    var url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
    if url.lastPathComponent == "environment.yaml" { url.deleteLastPathComponent() }
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent("environment.yaml").path) else {
      throw UserError("the folder \(url.path) holds no environment.yaml")
    }
    return url
  }

  /// The user's folder of an environment that comes with Planar too, and reads otherwise there; nil where there is
  /// none.
  public static func replacement(of name: String) -> URL? {
    ProjectFolder.replacement(of: "Environments/\(name)", files: ["environment.yaml", "commands.yaml"])
  }

  private static func file(of name: String) -> String { "Environments/\(name)/environment.yaml" }
}

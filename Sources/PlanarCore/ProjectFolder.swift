// Where the project's files are: environments, assets, checkpoints.

import Foundation

/// The folder of a Planar project.
public enum ProjectFolder {
  /// `PLANAR_HOME` where it is set, else the nearest folder above the working folder or the running program that
  /// holds `Environments`.
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
        if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Environments").path) {
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
}

// Where files are found by a name: the user's own come before those of the package.

import Foundation
import PlanarResources

/// The user's project: a folder that holds `Environments`, and what the package adds to it.
///
/// A file of the project comes before the package's of the same path; each is looked up by itself, so that a project
/// of one environment has all the others too.
public enum ProjectFolder {
  /// The user's folder: `PLANAR_HOME` where it is set, else the nearest folder that holds `Environments`, from the
  /// working folder upwards; nil where there is none.
  public static var own: URL? {
    if let path = ProcessInfo.processInfo.environment["PLANAR_HOME"] {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true).standardizedFileURL
    while true {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Environments").path) { return folder }
      let parent = folder.deletingLastPathComponent()
      if parent.path == folder.path { return nil }
      folder = parent
    }
  }

  /// The user's folder where it is not the working folder but one above it; nil where it is not, or was named.
  public static var above: URL? {
    guard ProcessInfo.processInfo.environment["PLANAR_HOME"] == nil, let own else { return nil }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true).standardizedFileURL
    return own.standardizedFileURL.path == here.path ? nil : own
  }

  /// A file of the user's folder, else of the package; nil where neither has it.
  ///
  /// - Parameter path: such as `Environments/push` or `Assets/checkpoints/push-flow`.
  public static func find(_ path: String) -> URL? { ownFile(path) ?? PackageResources.url(path) }

  /// The same where the file must be there.
  ///
  /// - Throws: `UserError` that says where it was looked for.
  public static func require(_ path: String) throws -> URL {
    if let url = find(path) { return url }
    let places = own.map { "in \($0.path) nor" } ?? "in a project here or above nor"
    throw UserError(
      "found '\(path)' neither \(places) among the files that come with Planar; run inside the project, or set PLANAR_HOME to its folder"
    )
  }

  /// The names in a folder, such as `Environments`, of the user's and of the package's files, sorted.
  public static func names(in folder: String) -> [String] {
    let mine = own.flatMap {
      try? FileManager.default.contentsOfDirectory(atPath: $0.appendingPathComponent(folder).path)
    }
    return Set((mine ?? []) + PackageResources.names(in: folder)).sorted()
  }

  /// The user's file where it stands in for one of the package that has other contents; nil where it does not.
  ///
  /// - Parameters:
  ///   - folder: such as `Environments/push`.
  ///   - files: those whose contents are compared.
  public static func replacement(of folder: String, files: [String]) -> URL? {
    guard let mine = ownFile(folder), let shipped = PackageResources.url(folder) else { return nil }
    func contents(_ url: URL) -> [Data?] { files.map { try? Data(contentsOf: url.appendingPathComponent($0)) } }
    return contents(mine) == contents(shipped) ? nil : mine
  }

  /// The user's folder, else the checkout or installation that the program belongs to.
  ///
  /// - Throws: `UserError` where there is neither.
  public static func home() throws -> URL {
    if let own { return own }
    return try require("Environments").deletingLastPathComponent()
  }

  private static func ownFile(_ path: String) -> URL? {
    own.map { $0.appendingPathComponent(path) }.flatMap {
      FileManager.default.fileExists(atPath: $0.path) ? $0 : nil
    }
  }
}

// Checkpoints by a folder or by the name of one that comes with Planar.

import Foundation
import PlanarCore

extension Checkpoint {
  /// The folder of a checkpoint: a path, or the name of a shipped one, such as `push-flow`; nil where there is none.
  ///
  /// A path such as `Assets/checkpoints/push-flow` names the shipped one from anywhere.
  public static func folder(of name: String) -> URL? {
    let given = URL(fileURLWithPath: name, isDirectory: true)
    if isCheckpoint(given) { return given }
    guard !name.hasPrefix("/") else { return nil }
    return [name, "Assets/checkpoints/\(name)"].lazy.compactMap(ProjectFolder.find).first(where: isCheckpoint)
  }

  /// The names of the checkpoints that come with Planar or lie in the project's `Assets/checkpoints`, sorted.
  public static var shippedNames: [String] { ProjectFolder.names(in: "Assets/checkpoints") }

  private static func isCheckpoint(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(configurationFile).path)
  }
}

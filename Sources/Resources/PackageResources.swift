// The files that come with the package, environments and shipped policies, wherever its programs have been put.

import Foundation

/// The package's own files: what a project has under `Environments` and `Assets`.
///
/// ```
///   beside the program            Planar_PlanarResources.resources/   Environments checkpoints recipes wordings
///   beside its folder             share/planar/                       Environments Assets/…      (make install)
///   above it                      a checkout of the project           Environments Assets/…
/// ```
public enum PackageResources {
  /// The folder that a build puts beside its programs.
  static let bundle = "Planar_PlanarResources.resources"

  /// A file of the package; nil where it has none of that path.
  ///
  /// - Parameter path: as in a project, such as `Environments/push` or `Assets/checkpoints/push-flow`.
  public static func url(_ path: String) -> URL? {
    candidates(path).first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The names in a folder of the package, such as `Environments`, sorted.
  public static func names(in folder: String) -> [String] {
    guard let url = url(folder) else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }

  private static func candidates(_ path: String) -> [URL] {
    guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return [] }
    let folder = program.deletingLastPathComponent()
    let assets = "Assets/"
    // A build copies folders by their last name.
    let short = path.hasPrefix(assets) ? String(path.dropFirst(assets.count)) : path
    var found = [
      folder.appendingPathComponent(bundle).appendingPathComponent(short),
      folder.deletingLastPathComponent().appendingPathComponent("share/planar").appendingPathComponent(path),
    ]
    var above = folder
    while above.path != "/" {
      if FileManager.default.fileExists(atPath: above.appendingPathComponent("Environments").path) {
        found.append(above.appendingPathComponent(path))
        break
      }
      above = above.deletingLastPathComponent()
    }
    return found
  }
}

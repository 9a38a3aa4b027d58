// By which command a run was begun, so that it can be gone on with by whoever finds its folder.

import Foundation

/// `command.json` of a run's folder.
package struct RunBeginning: Codable, Equatable, Sendable {
  /// The command's words, without the program and without what only says what to do with the folder.
  package var arguments: [String]
  /// The program's version.
  package var version: String

  /// The file within a run's folder.
  package static let file = "command.json"

  /// A command of this version.
  package init(arguments: [String]) { (self.arguments, version) = (arguments, planarVersion) }

  /// Reads what a folder notes; nil where it notes nothing.
  ///
  /// - Throws: `UserError` where its file is damaged.
  package init?(reading folder: URL) throws {
    let url = folder.appendingPathComponent(Self.file)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    guard let text = try? settingsText(url, largest: 1 << 20),
      let beginning = try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
    else {
      throw UserError("\(url.relativePath) must hold the words of a command, and does not; remove it")
    }
    self = beginning
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try PartialFile.write(encoder.encode(self) + Data("\n".utf8), to: folder.appendingPathComponent(Self.file))
  }
}

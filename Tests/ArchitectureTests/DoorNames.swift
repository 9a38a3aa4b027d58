// What belongs behind one door: the types and names of one folder, and who else names them.

import Foundation

/// The folder of the sources.
let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")

func swiftFiles(under folder: URL) -> [URL] {
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
}

/// A source without its comments.
func code(of text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? String(line)
  }.joined(separator: "\n")
}

/// A source's path below `Sources`.
func path(of file: URL) -> String { String(file.path.dropFirst(sources.path.count + 1)) }

/// What belongs to one folder: the types that it declares for others, and the names that it is registered by.
struct DoorNames {
  var types: Set<String> = []
  var keys: Set<String> = []

  /// The names of everything behind one door, by folder.
  ///
  /// - Parameter key: finds the registered name in a source.
  static func all(under folder: URL, key: Regex<(Substring, Substring)>) throws -> [String: DoorNames] {
    var all: [String: DoorNames] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasSuffix(".swift") {
      for file in swiftFiles(under: folder.appendingPathComponent(name)) {
        all[name, default: DoorNames()].read(code(of: try String(contentsOf: file, encoding: .utf8)), key: key)
      }
    }
    return all
  }

  mutating func read(_ code: String, key: Regex<(Substring, Substring)>) {
    let declaration = /^(?:public |final |indirect )*(?:struct|enum|class|protocol|actor) (\w+)/
      .anchorsMatchLineEndings()
    types.formUnion(code.matches(of: declaration).map { String($0.output.1) })
    keys.formUnion(code.matches(of: key).map { String($0.output.1) })
  }

  /// Which of them a source names.
  ///
  /// - Parameter keys: names that count; nil for all.
  func found(in code: String, keys: Set<String>? = nil) -> Set<String> {
    let words = Set(code.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    return types.intersection(words).union((keys ?? self.keys).filter { code.contains("\"\($0)\"") })
  }
}

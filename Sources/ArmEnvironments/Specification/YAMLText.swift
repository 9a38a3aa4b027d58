// YAML's errors as a person words them, for every kind of file that is written in it.

import PlanarCore
import Yams

/// What a text in YAML holds; nil where it is empty.
///
/// - Parameter file: what errors call the text.
/// - Throws: `UserError` with file and line where it is not valid YAML.
public func yamlNode(_ text: String, file: String) throws -> Node? {
  try refuseListsAsKeys(text, file: file)
  do {
    let node = try Yams.compose(yaml: text)
    if let node { try refuseExpansion(of: node, text: text, file: file) }
    return node
  } catch let error as YamlError {
    throw UserError("\(file)\(error.sentence)")
  }
}

/// Refuses texts whose aliases stand for more than was written: a few lines of aliases to aliases are gigabytes.
///
/// The parser shares what an alias stands for, so that nothing is large before it is walked through.
private func refuseExpansion(of node: Node, text: String, file: String) throws {
  // Without aliases there are fewer nodes than bytes.
  var left = text.utf8.count + 1_000
  func walk(_ node: Node) throws {
    left -= 1
    guard left > 0 else {
      throw UserError(
        "\(file):\(node.mark?.line ?? 1): its aliases (*name) stand for far more than the file holds; write out what is meant"
      )
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        try walk(key)
        try walk(value)
      }
    case .sequence(let sequence): for value in sequence { try walk(value) }
    case .scalar, .alias: break
    }
  }
  try walk(node)
}

/// Refuses keys that are aliases, lists or mappings where there are aliases at all: comparing such keys, which the parser
/// does by itself, takes for ever where aliases stand for aliases.
private func refuseListsAsKeys(_ text: String, file: String) throws {
  guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
  guard hasWord(Array(text.unicodeScalars), after: "&"), hasWord(Array(text.unicodeScalars), after: "*") else { return }
  for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
  where mayHaveOddKey(Array(line.unicodeScalars)) {
    throw UserError("\(file):\(index + 1): a key must be a text, no alias, list or mapping")
  }
}

private func endsWord(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || "[]{},".unicodeScalars.contains(scalar)
}

/// Whether a word begins at a place.
private func beginsWord(_ text: [Unicode.Scalar], at index: Int) -> Bool {
  index == 0 || (endsWord(text[index - 1]) && text[index - 1] != "]" && text[index - 1] != "}")
}

/// Whether a mark stands at the beginning of a word and is not all of it.
private func hasWord(_ text: [Unicode.Scalar], after mark: Unicode.Scalar) -> Bool {
  text.indices.dropLast().contains { index in
    text[index] == mark && beginsWord(text, at: index) && !endsWord(text[index + 1])
  }
}

/// Whether a line has a key that is an alias, or the end of a list or mapping, or is marked by `?`. Each character is
/// looked at a few times, however long the line is.
private func mayHaveOddKey(_ line: [Unicode.Scalar]) -> Bool {
  /// Where the word that is being read has its first `*`.
  var star: Int?
  /// The last character that is no space.
  var last: (index: Int, isAlias: Bool)?
  for (index, scalar) in line.enumerated() {
    let isFollowed = index + 1 < line.count && !line[index + 1].properties.isWhitespace
    if scalar == ":", !isFollowed, let last {
      if last.isAlias || line[last.index] == "]" || line[last.index] == "}" { return true }
    }
    if scalar == "?", !isFollowed, beginsWord(line, at: index) { return true }
    if scalar.properties.isWhitespace {
      star = nil
      continue
    }
    if endsWord(scalar) {
      star = nil
    } else if scalar == "*", star == nil {
      star = index
    }
    last = (index, star.map { $0 < index } ?? false)
  }
  return false
}

extension YamlError {
  /// ":line: what is wrong" in one line.
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ":\(mark.line): is not valid YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      return ":\(context.mark.line): the key \(keys) stands twice in one mapping"
    default:
      return " is not valid YAML: \(description.split(separator: "\n").first ?? "")"
    }
  }
}

extension Node.Scalar {
  /// Whether it is written as people of today write numbers: YAML 1.1 takes `1:20` for 80 and `010` for 8.
  public var isPlainNumber: Bool {
    let digits = string.drop { $0 == "+" || $0 == "-" }
    return !string.contains(":")
      && !(digits.count > 1 && digits.first == "0" && digits.allSatisfy(\.isNumber))
  }
}

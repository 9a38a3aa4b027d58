// A recipe's YAML, laid over defaults, with the line of everything, so that errors have a place.

import Foundation
import PlanarCore
import Yams

/// One value of a recipe: a mapping, a list, or a plain value. A reference, because it remembers which of its keys
/// were asked for: those that nobody asks for are unknown.
final class RecipeNode {
  enum Content {
    case mapping([(key: String, value: RecipeNode)])
    case list([RecipeNode])
    case scalar(Node.Scalar, tag: String)
  }

  let file: String
  /// Such as `training.steps`; empty for the whole file.
  let path: String
  let line: Int
  /// Whether the file says it; otherwise it is a default.
  let isGiven: Bool
  let content: Content
  private var asked: Set<String> = []

  private init(file: String, path: String, line: Int, isGiven: Bool, content: Content) {
    (self.file, self.path, self.line, self.isGiven, self.content) = (file, path, line, isGiven, content)
  }

  /// Reads a file over the defaults `standard`, an encoded value.
  ///
  /// - Parameter node: the file's content.
  convenience init(file: String, node: Node, over standard: Node?) throws {
    let given = try RecipeNode(file: file, path: "", line: 1, node: node, isGiven: true)
    guard case .mapping = given.content else {
      throw UserError("\(file):1: the file must be a mapping of keys to values, such as 'environment: push'")
    }
    let merged = try standard.map {
      given.over(try RecipeNode(file: file, path: "", line: 1, node: $0, isGiven: false))
    }
    self.init(file: file, path: "", line: 1, isGiven: true, content: (merged ?? given).content)
  }

  private convenience init(file: String, path: String, line: Int, node: Node, isGiven: Bool) throws {
    let line = isGiven ? node.mark?.line ?? line : line
    let content: Content
    switch node {
    case .mapping(let mapping):
      content = .mapping(
        try mapping.map { key, value in
          guard let name = key.string else {
            throw UserError("\(file):\(key.mark?.line ?? line): a key of the file is no text")
          }
          let key = isGiven ? name : snakeCase(name)
          return (
            key,
            try RecipeNode(
              file: file, path: path.isEmpty ? key : "\(path).\(key)", line: mapping.lineOfKey(name) ?? line,
              node: value, isGiven: isGiven)
          )
        })
    case .sequence(let sequence):
      content = .list(
        try sequence.enumerated().map {
          try RecipeNode(file: file, path: "\(path)[\($0)]", line: line, node: $1, isGiven: isGiven)
        })
    case .scalar(let scalar): content = .scalar(scalar, tag: node.tag.description)
    case .alias: throw UserError("\(file):\(line): '\(path)' is an alias, which recipes do not know")
    }
    self.init(file: file, path: path, line: line, isGiven: isGiven, content: content)
  }

  /// The node laid over a default: mappings key by key, everything else as a whole.
  private func over(_ standard: RecipeNode) -> RecipeNode {
    guard case .mapping(let entries) = content, case .mapping(let defaults) = standard.content else { return self }
    var merged = defaults.map { key, value in
      (key: key, value: entries.first { $0.key == key }?.value.over(value) ?? value)
    }
    merged += entries.filter { entry in !defaults.contains { $0.key == entry.key } }
    return RecipeNode(file: file, path: path, line: line, isGiven: isGiven, content: .mapping(merged))
  }

  // MARK: Keys

  /// The value of a mapping's key; nil where it is missing or null.
  func value(_ key: String) -> RecipeNode? {
    asked.insert(key)
    guard case .mapping(let entries) = content, let value = entries.first(where: { $0.key == key })?.value,
      !value.isNull
    else { return nil }
    return value
  }

  var keys: [String] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.map(\.key)
  }

  private var isNull: Bool {
    if case .scalar(_, let tag) = content { return tag == "tag:yaml.org,2002:null" }
    return false
  }

  /// Refuses what the file says and nobody has asked for.
  ///
  /// - Throws: `UserError` with the line, and the nearest key that there is.
  func refuseUnknownKeys() throws {
    switch content {
    case .mapping(let entries):
      for (key, value) in entries {
        guard asked.contains(key) else {
          guard value.isGiven else { continue }
          let known = asked.sorted()
          let hint =
            nearestName(to: key, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known keys are \(known.joined(separator: ", "))"
          throw UserError("\(file):\(value.line): unknown key '\(value.path)'\(hint)")
        }
        try value.refuseUnknownKeys()
      }
    case .list(let values): for value in values { try value.refuseUnknownKeys() }
    case .scalar: break
    }
  }

  // MARK: Errors

  /// An error here: file, line, the key, then `message`.
  func error(_ message: String) -> UserError {
    UserError("\(file):\(line): '\(path)' \(message)")
  }

  /// The error of somebody who read the value, with its place.
  func place(_ error: UserError) -> UserError {
    error.message.hasPrefix(file) ? error : UserError("\(file):\(line): '\(path)': \(error.message)")
  }

  /// ", not 'abc'", for the end of a message.
  var quoted: String {
    switch content {
    case .scalar(let scalar, let tag):
      tag == "tag:yaml.org,2002:null" ? ", but nothing stands there" : ", not '\(scalar.string)'"
    case .list(let values): ", not a list of \(values.count)"
    case .mapping: ", not a mapping"
    }
  }
}

extension Node.Mapping {
  fileprivate func lineOfKey(_ name: String) -> Int? {
    first { $0.key.string == name }?.key.mark?.line
  }
}

/// `batchSize` as YAML files write it: `batch_size`.
func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { result, letter in
    if letter.isUppercase, !result.isEmpty { result.append("_") }
    result += letter.lowercased()
  }
}

/// `batch_size` as Swift writes it: `batchSize`.
func camelCase(_ name: String) -> String {
  let words = name.split(separator: "_")
  return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

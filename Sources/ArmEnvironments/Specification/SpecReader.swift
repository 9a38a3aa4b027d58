// Reads one level of a YAML file and complains like a person: file, line, what was expected, nearest name.

import Foundation
import PlanarCore
import Yams

/// A mapping of a YAML file whose keys are taken one by one; what is left over at the end is an error.
struct SpecReader {
  let file: String
  let path: String
  private let node: Node
  private let mapping: Node.Mapping

  /// Opens a file whose top is a mapping.
  static func open(_ url: URL) throws -> SpecReader {
    let text: String
    do { text = try String(contentsOf: url, encoding: .utf8) } catch {
      throw UserError("cannot read \(url.path): \(error.localizedDescription)")
    }
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw UserError("\(url.path) is empty; it must hold an environment's settings")
      }
      return try SpecReader(file: url.path, path: "", node: node)
    } catch let error as YamlError {
      throw UserError("\(url.path) is not valid YAML: \(error)")
    }
  }

  private init(file: String, path: String, node: Node) throws {
    self.file = file
    self.path = path
    self.node = node
    guard let mapping = node.mapping else {
      throw UserError(
        "\(file):\(node.mark?.line ?? 0): \(path.isEmpty ? "the file" : "'\(path)'") must be a mapping of keys to values")
    }
    self.mapping = mapping
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func fail(_ node: Node?, _ message: String) -> UserError {
    UserError("\(file):\(node?.mark?.line ?? self.node.mark?.line ?? 0): \(message)")
  }

  /// The keys in the file's order.
  var keys: [String] { mapping.keys.compactMap(\.string) }

  /// Refuses keys that are not among `known`.
  func allow(only known: [String]) throws {
    for (keyNode, _) in mapping {
      let key = keyNode.string ?? "?"
      guard !known.contains(key) else { continue }
      let hint = nearestName(to: key, among: known).map { "; did you mean '\($0)'?" }
        ?? "; known keys are \(known.joined(separator: ", "))"
      throw fail(keyNode, "unknown key '\(name(key))'\(hint)")
    }
  }

  private func value(_ key: String) throws -> Node {
    guard let node = mapping[key] else { throw fail(nil, "'\(name(key))' is missing") }
    return node
  }

  func has(_ key: String) -> Bool { mapping[key] != nil }

  func section(_ key: String) throws -> SpecReader {
    try SpecReader(file: file, path: name(key), node: value(key))
  }

  func string(_ key: String) throws -> String {
    let node = try value(key)
    guard let text = node.string else { throw fail(node, "'\(name(key))' must be a text") }
    return text
  }

  /// A number within `range`.
  func number(_ key: String, in range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude) throws -> Double {
    let node = try value(key)
    guard let number = node.float, number.isFinite else {
      throw fail(node, "'\(name(key))' must be a number")
    }
    guard range.contains(number) else {
      throw fail(
        node,
        "'\(name(key))' is \(number), but must lie between \(range.lowerBound) and \(range.upperBound)")
    }
    return number
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    let node = try value(key)
    guard let number = node.int, range.contains(number) else {
      throw fail(
        node,
        "'\(name(key))' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func numbers(_ key: String, count: Int? = nil) throws -> [Double] {
    let node = try value(key)
    let numbers = node.sequence?.compactMap(\.float) ?? []
    guard let sequence = node.sequence, numbers.count == sequence.count, !numbers.isEmpty,
      count == nil || numbers.count == count
    else {
      throw fail(
        node, "'\(name(key))' must be a list of \(count.map(String.init) ?? "") numbers")
    }
    return numbers
  }

  /// Whether a key's value is `off`, `false` or empty.
  func isOff(_ key: String) -> Bool {
    guard let node = mapping[key] else { return true }
    return node.bool == false || node.null != nil || node.string == "off"
  }

  /// Whether a key's value is one number.
  func isNumber(_ key: String) -> Bool { mapping[key]?.float != nil }

  /// Whether a key's value is a list.
  func isList(_ key: String) -> Bool { mapping[key]?.sequence != nil }

  func bool(_ key: String) throws -> Bool {
    let node = try value(key)
    guard let bool = node.bool else { throw fail(node, "'\(name(key))' must be true or false") }
    return bool
  }

  /// A range written `[least, greatest]`, or one number for a range of one value.
  func rangeOrNumber(_ key: String) throws -> ClosedRange<Double> {
    guard isNumber(key) else { return try range(key) }
    let number = try number(key, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    return number...number
  }

  /// A list of mappings, each with a reader of its own.
  func sections(_ key: String) throws -> [SpecReader] {
    let node = try value(key)
    guard let sequence = node.sequence else {
      throw fail(node, "'\(name(key))' must be a list, each entry begun with '- '")
    }
    return try sequence.enumerated().map { index, entry in
      try SpecReader(file: file, path: "\(name(key))[\(index)]", node: entry)
    }
  }

  /// An error at a key: file, line, the key's name, and then `message`.
  func error(at key: String, _ message: String) -> UserError {
    fail(mapping[key], "'\(name(key))' \(message)")
  }

  /// One of several words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default standard: Choice? = nil
  ) throws -> Choice where Choice.RawValue == String {
    if let standard, !has(key) { return standard }
    let text = try string(key)
    if let choice = Choice(rawValue: text) { return choice }
    let all = Choice.allCases.map(\.rawValue)
    let hint = nearestName(to: text, among: all).map { "; did you mean '\($0)'?" } ?? ""
    throw error(at: key, "is '\(text)', but must be one of: \(all.joined(separator: ", "))\(hint)")
  }

  /// One of several words, or a list of them.
  func choices<Choice: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws -> [Choice] where Choice.RawValue == String {
    guard isList(key) else { return [try choice(key)] }
    let all = Choice.allCases.map(\.rawValue)
    return try strings(key).map { text in
      guard let choice = Choice(rawValue: text) else {
        throw error(at: key, "names '\(text)', but knows only: \(all.joined(separator: ", "))")
      }
      return choice
    }
  }

  /// A range written `[least, greatest]`.
  func range(_ key: String) throws -> ClosedRange<Double> {
    let pair = try numbers(key, count: 2)
    guard pair[0] <= pair[1] else {
      throw fail(try value(key), "'\(name(key))' is [least, greatest], but \(pair[0]) > \(pair[1])")
    }
    return pair[0]...pair[1]
  }

  func point(_ key: String) throws -> Vec2 {
    let pair = try numbers(key, count: 2)
    return Vec2(pair[0], pair[1])
  }

  func strings(_ key: String) throws -> [String] {
    let node = try value(key)
    let texts = node.sequence?.compactMap(\.string) ?? []
    guard let sequence = node.sequence, texts.count == sequence.count, !texts.isEmpty else {
      throw fail(node, "'\(name(key))' must be a list of texts")
    }
    return texts
  }

  /// A list of texts, each with its line, for messages of those who read on in the texts.
  func linedStrings(_ key: String) throws -> [(text: String, line: Int)] {
    let texts = try strings(key)
    let nodes = try value(key).sequence.map(Array.init) ?? []
    return zip(texts, nodes).map { ($0, $1.mark?.line ?? 0) }
  }

  /// The line of a key's value, or of the mapping where the key is missing.
  func line(of key: String) -> Int { mapping[key]?.mark?.line ?? node.mark?.line ?? 0 }

  /// An error at a line of this file.
  func error(line: Int, _ message: String) -> UserError { UserError("\(file):\(line): \(message)") }
}

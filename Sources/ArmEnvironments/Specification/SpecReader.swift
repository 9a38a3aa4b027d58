// Reads one level of a YAML file and complains like a person: file, line, what was expected, nearest name.

import Foundation
import PlanarCore
import Yams

/// A mapping of a YAML file, whose keys are taken one by one.
///
/// Opened with a `SpecificationSection`, it knows units and limits of its keys, and so do its sections. Other files
/// name the keys that they know with `allow(only:)`.
public struct SpecReader {
  /// The file, for messages.
  public let file: String
  let path: String
  let known: SpecificationSection?
  /// Where the mapping begins: the line of its key.
  let line: Int
  let mapping: Node.Mapping
  /// Keys of a mapping at most: each is looked up among all of them.
  private static let mostKeys = 1_000
  /// Entries of a list at most: each is compared with much else.
  private static let mostEntries = 200

  /// Opens a file whose top is a mapping.
  ///
  /// - Throws: `UserError` where it cannot be read or is not valid YAML.
  public static func open(_ url: URL, as known: SpecificationSection? = nil) throws -> SpecReader {
    let text = try settingsText(URL(fileURLWithPath: url.path), largest: 1 << 20)
    guard let node = try yamlNode(text, file: url.path) else {
      throw UserError("\(url.path) is empty; it must hold an environment's settings")
    }
    return try SpecReader(file: url.path, path: "", node: node, line: 1, known: known)
  }

  init(file: String, path: String, node: Node, line: Int, known: SpecificationSection?) throws {
    self.file = file
    self.path = path
    self.line = line
    self.known = known
    guard let mapping = node.mapping else {
      throw UserError(
        "\(file):\(line): \(path.isEmpty ? "the file" : "'\(path)'") must be a mapping of keys to values")
    }
    guard mapping.count <= Self.mostKeys else {
      throw UserError(
        "\(file):\(line): \(path.isEmpty ? "the file" : "'\(path)'") has \(mapping.count) keys, and \(Self.mostKeys) are read at most"
      )
    }
    self.mapping = mapping
    for (key, _) in mapping where key.string == nil {
      throw UserError(
        "\(file):\(key.mark?.line ?? line): a key of \(path.isEmpty ? "the file" : "'\(path)'") is no text")
    }
  }

  /// The same mapping, read as another section.
  public func read(as known: SpecificationSection) throws -> SpecReader {
    try SpecReader(file: file, path: path, node: .mapping(mapping), line: line, known: known)
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  // MARK: Keys

  /// The keys in the file's order.
  public var keys: [String] { mapping.keys.compactMap(\.string) }

  /// Whether the mapping has a key.
  public func has(_ key: String) -> Bool { mapping[key] != nil }

  /// Refuses keys that the section does not have.
  public func allowKnown() throws {
    guard let known, known.entries.isEmpty else { return }
    try allow(only: known.keys)
  }

  /// Refuses keys that are not among `known`.
  public func allow(only known: [String]) throws {
    for (keyNode, _) in mapping {
      let key = keyNode.string ?? "?"
      guard !known.contains(key) else { continue }
      let hint =
        nearestName(to: key, among: known).map { "; did you mean '\($0)'?" }
        ?? "; known keys are \(known.joined(separator: ", "))"
      throw UserError("\(file):\(keyNode.mark?.line ?? line): unknown key '\(name(key))'\(hint)")
    }
  }

  private func value(_ key: String) throws -> Node {
    guard let node = mapping[key] else { throw error(at: key, "is missing") }
    return node
  }

  // MARK: Errors

  /// The line of a key, or of the mapping where the key is missing.
  public func line(of key: String) -> Int {
    mapping.first { $0.key.string == key }?.key.mark?.line ?? line
  }

  /// An error at a key: file, line, the key's name, and then `message`.
  public func error(at key: String, _ message: String) -> UserError {
    error(line: line(of: key), "'\(name(key))' \(message)")
  }

  /// An error at a line of this file.
  public func error(line: Int, _ message: String) -> UserError { UserError("\(file):\(line): \(message)") }

  // MARK: Sections

  /// A mapping under a key.
  public func section(_ key: String) throws -> SpecReader {
    var inner: SpecificationSection?
    if case .section(let section) = known?[key]?.form { inner = section }
    let node = try value(key)
    guard node.mapping != nil else {
      let examples = (inner?.keys ?? []).prefix(3).joined(separator: ", ")
      throw error(
        at: key, "must be a mapping of keys to values\(examples.isEmpty ? "" : ", such as \(examples)")\(node.quoted)")
    }
    return try SpecReader(file: file, path: name(key), node: node, line: line(of: key), known: inner)
  }

  /// A list of mappings, each with a reader of its own.
  public func sections(_ key: String) throws -> [SpecReader] {
    var inner: SpecificationSection?
    if case .list(let section) = known?[key]?.form { inner = section }
    let node = try value(key)
    guard let sequence = node.sequence else {
      throw error(at: key, "must be a list of mappings, each entry begun with '- '\(node.quoted)")
    }
    guard sequence.count <= Self.mostEntries else {
      throw error(at: key, "has \(sequence.count) entries, and \(Self.mostEntries) are read at most")
    }
    return try sequence.enumerated().map { index, entry in
      try SpecReader(
        file: file, path: "\(name(key))[\(index)]", node: entry, line: entry.mark?.line ?? line(of: key),
        known: inner)
    }
  }

  // MARK: Numbers

  /// A node's number in the unit of plain numbers; nil where it is none.
  ///
  /// - Throws: `UserError` where its unit does not fit the key.
  private func quantity(_ node: Node, _ key: String) throws -> Double? {
    guard let scalar = node.scalar else { return nil }
    if node.isNumber { return node.float.flatMap { $0.isFinite ? $0 : nil } }
    do { return try (known?[key]?.dimension ?? .count).value(of: scalar.string) } catch let problem as UserError {
      throw error(at: key, problem.message)
    }
  }

  private func expectation(_ key: String) -> String { (known?[key]?.dimension ?? .count).expectation }

  /// What numbers of a key are called in messages: " m", or nothing.
  private func unit(_ key: String) -> String {
    let unit = known?[key]?.dimension.unit ?? ""
    return unit.isEmpty ? "" : " " + unit
  }

  /// What numbers lie within that have no limits of their own: nothing on a table is larger.
  private static let widest = -1e9...1e9

  private func check(_ number: Double, _ key: String, in range: ClosedRange<Double>?) throws {
    let range = range ?? known?[key]?.limits ?? Self.widest
    guard !range.contains(number) else { return }
    if range.upperBound == .greatestFiniteMagnitude {
      throw error(at: key, "is \(number.plain)\(unit(key)), but must not be below \(range.lowerBound.plain)")
    }
    throw error(
      at: key,
      "is \(number.plain)\(unit(key)), but must lie between \(range.lowerBound.plain) and \(range.upperBound.plain)\(unit(key))"
    )
  }

  /// A number in the unit of plain numbers, within `range`, or else within the section's own limits.
  public func number(_ key: String, in range: ClosedRange<Double>? = nil) throws -> Double {
    let node = try value(key)
    guard let number = try quantity(node, key) else {
      throw error(at: key, "must be \(expectation(key))\(node.quoted)")
    }
    try check(number, key, in: range)
    return number
  }

  /// A whole number within a range.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    let node = try value(key)
    guard let number = node.isNumber ? node.int : nil, range.contains(number) else {
      throw error(
        at: key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)\(node.quoted)")
    }
    return number
  }

  /// A colour written as `0xRRGGBB`.
  public func color(_ key: String) throws -> UInt32 {
    let node = try value(key)
    guard let number = node.isNumber ? node.int : nil, (0...0xffffff).contains(number) else {
      throw error(at: key, "must be a colour such as 0xD93636: red, green and blue, two digits each\(node.quoted)")
    }
    return UInt32(number)
  }

  /// Whether a key's value is one number, with or without a unit.
  public func isNumber(_ key: String) -> Bool { mapping[key].map { $0.sequence == nil } ?? false }

  /// Whether a key's value is a list.
  public func isList(_ key: String) -> Bool { mapping[key]?.sequence != nil }

  /// A list of numbers, `count` of them where that is given.
  public func numbers(_ key: String, count: Int? = nil) throws -> [Double] {
    let node = try value(key)
    let numbers = try node.sequence?.compactMap { try quantity($0, key) } ?? []
    guard let sequence = node.sequence, numbers.count == sequence.count, !numbers.isEmpty,
      count == nil || numbers.count == count
    else {
      let many = count.map { ["one", "two", "three", "four"][safe: $0 - 1] ?? "\($0)" } ?? "some"
      throw error(
        at: key,
        "must be a list of \(many) number\(count == 1 ? "" : "s")\(unit(key).isEmpty ? "" : " in\(unit(key))")\(node.quoted)"
      )
    }
    for number in numbers { try check(number, key, in: Self.widest) }
    return numbers
  }

  /// A range written `[least, greatest]`, both within the section's limits.
  public func range(_ key: String) throws -> ClosedRange<Double> {
    let node = try value(key)
    let pair: [Double]
    if let sequence = node.sequence, sequence.count == 2 {
      pair = try numbers(key, count: 2)
    } else {
      throw error(at: key, "must be a range [least, greatest]\(node.quoted)")
    }
    guard pair[0] <= pair[1] else {
      throw error(
        at: key, "is empty: it is [least, greatest], but \(pair[0].plain) is more than \(pair[1].plain)")
    }
    for bound in pair { try check(bound, key, in: nil) }
    return pair[0]...pair[1]
  }

  /// A range written `[least, greatest]`, or one number for a range of one value.
  public func rangeOrNumber(_ key: String) throws -> ClosedRange<Double> {
    guard isNumber(key) else { return try range(key) }
    let number = try number(key)
    return number...number
  }

  /// A point written `[x, y]`, both within the section's limits.
  public func point(_ key: String) throws -> Vec2 {
    guard try value(key).sequence?.count == 2 else {
      throw error(at: key, "must be a point [x, y]\(try value(key).quoted)")
    }
    let pair = try numbers(key, count: 2)
    for number in pair { try check(number, key, in: nil) }
    return Vec2(pair[0], pair[1])
  }

  // MARK: Words

  /// A text that is not empty.
  public func string(_ key: String) throws -> String {
    let node = try value(key)
    guard let text = node.string, node.null == nil, !text.isEmpty else {
      throw error(at: key, "must be a text\(node.quoted)")
    }
    return text
  }

  /// Whether a key's value is `off`, `false` or empty.
  public func isOff(_ key: String) -> Bool {
    guard let node = mapping[key] else { return true }
    return node.bool == false || node.null != nil || node.string == "off"
  }

  /// `true` or `false`.
  public func bool(_ key: String) throws -> Bool {
    let node = try value(key)
    guard node.tag.description == "tag:yaml.org,2002:bool", let bool = node.bool else {
      throw error(at: key, "must be true or false\(node.quoted)")
    }
    return bool
  }

  /// One of several words.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default standard: Choice? = nil
  ) throws -> Choice where Choice.RawValue == String {
    if let standard, !has(key) { return standard }
    return Choice(rawValue: try word(key, among: Choice.allCases.map(\.rawValue)))!
  }

  /// One of several words.
  public func word(_ key: String, among all: [String]) throws -> String {
    let text = try string(key)
    if all.contains(text) { return text }
    let hint = nearestName(to: text, among: all).map { "; did you mean '\($0)'?" } ?? ""
    throw error(at: key, "is '\(text)', but must be one of: \(all.joined(separator: ", "))\(hint)")
  }

  /// One of several words, or a list of them.
  public func choices<Choice: RawRepresentable & CaseIterable>(
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

  /// A list of texts.
  public func strings(_ key: String) throws -> [String] {
    let node = try value(key)
    let texts = node.sequence?.compactMap(\.string) ?? []
    guard let sequence = node.sequence, texts.count == sequence.count, !texts.isEmpty else {
      throw error(at: key, "must be a list of texts\(node.quoted)")
    }
    return texts
  }

  /// A list of texts, each with its line, for messages of those who read on in the texts.
  public func linedStrings(_ key: String) throws -> [(text: String, line: Int)] {
    let texts = try strings(key)
    let nodes = try value(key).sequence.map(Array.init) ?? []
    return zip(texts, nodes).map { ($0, $1.mark?.line ?? 0) }
  }
}

extension Node {
  /// Whether it is written as a number, without quotes.
  fileprivate var isNumber: Bool {
    guard let scalar, scalar.isPlainNumber else { return false }
    return ["tag:yaml.org,2002:int", "tag:yaml.org,2002:float"].contains(tag.description)
  }

  /// ", not 'abc'", for the end of a message.
  fileprivate var quoted: String {
    if let scalar {
      if null != nil { return ", but nothing stands there" }
      return
        ", not \(scalar.style == .doubleQuoted ? "the text \"\(shortened(scalar.string))\"" : "'\(shortened(scalar.string))'")"
    }
    return mapping == nil ? ", not a list of \(sequence?.count ?? 0)" : ", not a mapping"
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Double {
  /// As a person writes it: whole numbers without ".0".
  public var plain: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(format: "%.6g", self)
  }
}

// Decodes any Codable value from a recipe's node: its keys in snake case, its errors with file and line.

import PlanarCore
import Yams

struct RecipeDecoder: Decoder {
  let node: RecipeNode
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping = node.content else {
      throw node.error("must be a mapping of keys to values\(node.quoted)")
    }
    return KeyedDecodingContainer(KeyedRecipeContainer<Key>(node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let values) = node.content else { throw node.error("must be a list\(node.quoted)") }
    return RecipeListContainer(node: node, values: values)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { RecipeValueContainer(node: node) }
}

extension RecipeNode {
  /// Decodes a value, and gives errors that have no place the node's.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      return try Value(from: RecipeDecoder(node: self))
    } catch let error as UserError {
      throw place(error)
    } catch is DecodingError {
      throw self.error("cannot be that\(quoted)\(Self.choices(of: type))")
    }
  }

  /// "; it must be one of a, b" for types of named cases.
  private static func choices(of type: Any.Type) -> String {
    guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return "" }
    func names<Choice: CaseIterable & RawRepresentable>(_: Choice.Type) -> String {
      Choice.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
    }
    return "; it must be one of \(names(type))"
  }

  fileprivate func scalar<Value>(_ expectation: String, _ read: (Node, String) -> Value?) throws -> Value {
    guard case .scalar(let scalar, let tag) = content, let value = read(.scalar(scalar), tag) else {
      throw error("must be \(expectation)\(quoted)")
    }
    return value
  }

  fileprivate func text() throws -> String {
    try scalar("a text") { node, tag in tag == "tag:yaml.org,2002:null" ? nil : node.scalar?.string }
  }

  fileprivate func flag() throws -> Bool {
    try scalar("true or false") { node, tag in tag == "tag:yaml.org,2002:bool" ? node.bool : nil }
  }

  fileprivate func number() throws -> Double {
    try scalar("a number") { node, tag in
      tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float" ? node.float : nil
    }
  }

  fileprivate func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    try scalar("a whole number") { node, tag in
      guard tag == "tag:yaml.org,2002:int", let text = node.scalar?.string else { return nil }
      return Number(text.replacing("_", with: "")) ?? node.int.flatMap { Number(exactly: $0) }
    }
  }
}

private struct KeyedRecipeContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let node: RecipeNode
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] {
    node.keys.compactMap { Key(stringValue: $0) ?? Key(stringValue: camelCase($0)) }
  }

  private func optional(_ key: Key) -> RecipeNode? { node.value(snakeCase(key.stringValue)) }

  private func required(_ key: Key) throws -> RecipeNode {
    guard let value = optional(key) else {
      let name = snakeCase(key.stringValue)
      throw UserError(
        "\(node.file):\(node.line): the key '\(node.path.isEmpty ? "" : node.path + ".")\(name)' is missing")
    }
    return value
  }

  func contains(_ key: Key) -> Bool { optional(key) != nil }
  func decodeNil(forKey key: Key) -> Bool { optional(key) == nil }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try required(key).decode(type)
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try RecipeDecoder(node: required(key)).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try RecipeDecoder(node: required(key)).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { RecipeDecoder(node: node) }
  func superDecoder(forKey key: Key) throws -> any Decoder { RecipeDecoder(node: try required(key)) }
}

private struct RecipeListContainer: UnkeyedDecodingContainer {
  let node: RecipeNode
  let values: [RecipeNode]
  var codingPath: [any CodingKey] { [] }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }
  var currentIndex = 0

  init(node: RecipeNode, values: [RecipeNode]) { (self.node, self.values) = (node, values) }

  private mutating func next() throws -> RecipeNode {
    guard !isAtEnd else { throw node.error("has too few entries: \(values.count)") }
    currentIndex += 1
    return values[currentIndex - 1]
  }

  mutating func decodeNil() -> Bool { false }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try RecipeDecoder(node: next()).container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try RecipeDecoder(node: next()).unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { RecipeDecoder(node: try next()) }
}

private struct RecipeValueContainer: SingleValueDecodingContainer {
  let node: RecipeNode
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode(_ type: Bool.Type) throws -> Bool { try node.flag() }
  func decode(_ type: String.Type) throws -> String { try node.text() }
  func decode(_ type: Double.Type) throws -> Double { try node.number() }
  func decode(_ type: Float.Type) throws -> Float { Float(try node.number()) }
  func decode(_ type: Int.Type) throws -> Int { try node.whole(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try node.whole(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try node.whole(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try node.whole(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try node.whole(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try node.whole(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try node.whole(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try node.whole(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try node.whole(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try node.whole(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try node.decode(type) }
}

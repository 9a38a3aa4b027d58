// Decodes any Codable value from a settings file: keys as the file writes them, errors with file and line.

/// Decodes from a `SettingsNode`.
struct SettingsDecoder: Decoder {
  let node: SettingsNode
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping = node.content else {
      throw node.error("must be a mapping of keys to values\(node.quoted)")
    }
    return KeyedDecodingContainer(KeyedSettingsContainer<Key>(node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let values) = node.content else { throw node.error("must be a list\(node.quoted)") }
    return SettingsListContainer(node: node, values: values)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SettingsValueContainer(node: node) }
}

extension SettingsNode {
  /// Decodes a value. What the node leaves out of a `Defaulted` type has its default.
  ///
  /// - Throws: `UserError` with file, line and key where something is missing, has the wrong type or is refused by
  ///   the type.
  public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      let node = try laidOverDefaults(of: type)
      let value = try Value(from: SettingsDecoder(node: node))
      if case .mapping = content, let limited = value as? any Limited { try node.requireLimits(of: limited) }
      return value
    } catch let error as UserError {
      throw placed(error)
    } catch is DecodingError {
      throw self.error("cannot be that\(quoted)\(Self.choices(of: type))")
    }
  }

  private func laidOverDefaults(of type: any Decodable.Type) throws -> SettingsNode {
    guard case .mapping = content, let named = type as? any KeyRenaming.Type else { return self }
    let current = renaming(named.renamedKeys)
    guard let defaulted = type as? any Defaulted.Type else { return current }
    return current.over(try current.defaults(of: defaulted))
  }

  /// "; it must be one of a, b" for types of named cases.
  private static func choices(of type: Any.Type) -> String {
    guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return "" }
    func names<Choice: CaseIterable & RawRepresentable>(_: Choice.Type) -> String {
      Choice.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
    }
    return "; it must be one of \(names(type))"
  }

  fileprivate func scalar<Value>(_ expectation: String, _ read: (Scalar, String) -> Value?) throws -> Value {
    guard case .scalar(let kind, let value, _) = content, let result = read(kind, value) else {
      throw error("must be \(expectation)\(quoted)")
    }
    return result
  }

  fileprivate func text() throws -> String { try scalar("a text") { $0 == .null ? nil : $1 } }

  fileprivate func flag() throws -> Bool { try scalar("true or false") { $0 == .flag ? $1 == "true" : nil } }

  fileprivate func number<Number: LosslessStringConvertible & FloatingPoint>(_ type: Number.Type) throws -> Number {
    let number = try scalar("a number") { $0 == .whole || $0 == .number ? Number($1) : nil }
    guard number.isFinite else { throw error("must be a finite number\(quoted)") }
    return number
  }

  fileprivate func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    try scalar("a whole number") { $0 == .whole ? Number($1) : nil }
  }
}

private struct KeyedSettingsContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let node: SettingsNode
  var codingPath: [any CodingKey] { [] }
  /// Whether any text is a key, as in dictionaries; those are written as they are.
  private var isOpen: Bool { Key(stringValue: "·") != nil }
  var allKeys: [Key] {
    node.keys.compactMap { Key(stringValue: $0) ?? Key(stringValue: camelCase($0)) }
  }

  private func name(_ key: Key) -> String {
    isOpen ? key.stringValue : node.style.key(of: key.stringValue)
  }

  private func optional(_ key: Key) -> SettingsNode? { node.value(name(key)) }

  private func required(_ key: Key) throws -> SettingsNode {
    guard let value = optional(key) else {
      if let empty = node.emptyValue(name(key)) { throw empty.error("is empty; give it a value or omit the key") }
      let path = node.path.isEmpty ? name(key) : "\(node.path).\(name(key))"
      throw UserError("\(node.place): the key '\(path)' is missing")
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
    try SettingsDecoder(node: required(key)).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try SettingsDecoder(node: required(key)).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { SettingsDecoder(node: node) }
  func superDecoder(forKey key: Key) throws -> any Decoder { SettingsDecoder(node: try required(key)) }
}

private struct SettingsListContainer: UnkeyedDecodingContainer {
  let node: SettingsNode
  let values: [SettingsNode]
  var codingPath: [any CodingKey] { [] }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }
  var currentIndex = 0

  init(node: SettingsNode, values: [SettingsNode]) { (self.node, self.values) = (node, values) }

  private mutating func next() throws -> SettingsNode {
    guard !isAtEnd else { throw node.error("has too few entries: \(values.count)") }
    currentIndex += 1
    return values[currentIndex - 1]
  }

  mutating func decodeNil() -> Bool { false }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try SettingsDecoder(node: next()).container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try SettingsDecoder(node: next()).unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { SettingsDecoder(node: try next()) }
}

private struct SettingsValueContainer: SingleValueDecodingContainer {
  let node: SettingsNode
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode(_ type: Bool.Type) throws -> Bool { try node.flag() }
  func decode(_ type: String.Type) throws -> String { try node.text() }
  func decode(_ type: Double.Type) throws -> Double { try node.number(type) }
  func decode(_ type: Float.Type) throws -> Float { try node.number(type) }
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

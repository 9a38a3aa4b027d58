// Files may leave out what has a default.

extension KeyedDecodingContainer {
  /// What stands under a key, or the default where the key is left out or null.
  public func decode<Value: Decodable>(_ key: Key, or standard: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? standard
  }
}

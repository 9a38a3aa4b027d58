// A value as words by path, to compare two and to say what differs.

extension SettingsNode {
  /// The node of a value, in snake case, as recipes write it.
  public init(encoding value: some Encodable) throws {
    let whole = SettingsNode(file: "", style: .snakeCase, isGiven: false, content: .list([]))
    try self.init(encoding: value, like: whole)
  }

  /// Every scalar by its path, such as `training.steps`; a list of scalars is one text.
  public var leaves: [String: String] {
    switch content {
    case .mapping(let entries):
      return entries.reduce(into: [:]) { $0.merge($1.value.leaves) { first, _ in first } }
    case .scalar(_, let value, _): return [path: value]
    case .list(let values):
      let words = values.compactMap { node -> String? in
        if case .scalar(_, let value, _) = node.content { return value }
        return nil
      }
      if words.count == values.count { return [path: words.joined(separator: " ")] }
      return values.reduce(into: [:]) { $0.merge($1.leaves) { first, _ in first } }
    }
  }
}

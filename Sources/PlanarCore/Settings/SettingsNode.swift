// What a settings file says, with the line of everything, so that errors have a place.

/// One value of a settings file, YAML or JSON: a mapping, a list or a scalar.
///
/// ```
///   text ─► SettingsNode ─► laid over the defaults of each `Defaulted` type ─► any Decodable value
///             │ remembers which of its keys were asked for
///             └─► refuseUnknownKeys()
/// ```
///
/// Reading YAML is the matter of a module that links a parser for it; JSON is read by `init(json:file:)`.
public struct SettingsNode {
  /// How a file writes the names of properties.
  public enum KeyStyle: Sendable {
    /// `batch_size`, as in YAML.
    case snakeCase
    /// `batchSize`, as in JSON.
    case camelCase

    /// A property's name as the file writes it.
    func key(of property: String) -> String { self == .snakeCase ? PlanarCore.snakeCase(property) : property }
  }

  /// What a scalar was written as.
  public enum Scalar: Sendable { case null, flag, whole, number, text }

  /// What stands there.
  public enum Content {
    /// Keys and what stands behind them, in their order.
    case mapping([(key: String, value: SettingsNode)])
    /// Entries in their order.
    case list([SettingsNode])
    /// `value` as JSON writes it, `written` as the file does.
    case scalar(Scalar, value: String, written: String)

    /// A scalar of a command line or a list of words: a flag or a number where it reads as one, else a text.
    public static func word(_ text: String) -> Content {
      let kind: Scalar =
        ["true", "false"].contains(text) ? .flag : Int(text) != nil ? .whole : Double(text) != nil ? .number : .text
      return .scalar(kind, value: text, written: text)
    }
  }

  /// What is remembered of a mapping while it is decoded: shared by all nodes that are made of it.
  final class Memory {
    var asked: Set<String> = []
    var notes: [String] = []
  }

  /// Where the keys of a mapping stand, worked out when the first is asked for.
  private final class Places {
    let entries: [(key: String, value: SettingsNode)]
    lazy var byKey = Dictionary(zip(entries.map(\.key), entries.indices), uniquingKeysWith: { first, _ in first })

    init(_ entries: [(key: String, value: SettingsNode)]) { self.entries = entries }
  }

  /// What errors call the file.
  public let file: String
  /// Such as `training.steps`; empty for the whole file.
  public let path: String
  /// From 1; 0 where the value stands in no file.
  public let line: Int
  /// How the file writes keys.
  public let style: KeyStyle
  /// Whether the file says it; otherwise it is a default.
  public let isGiven: Bool
  /// What stands there.
  public let content: Content
  let memory: Memory
  /// Of a mapping of many keys.
  private let places: Places?

  /// A value of a file.
  public init(
    file: String, path: String = "", line: Int = 0, style: KeyStyle, isGiven: Bool = true, content: Content
  ) {
    self.init(
      file: file, path: path, line: line, style: style, isGiven: isGiven, content: content, memory: Memory())
  }

  init(
    file: String, path: String, line: Int, style: KeyStyle, isGiven: Bool, content: Content, memory: Memory
  ) {
    (self.file, self.path, self.line, self.style) = (file, path, line, style)
    (self.isGiven, self.content, self.memory) = (isGiven, content, memory)
    if case .mapping(let entries) = content, entries.count > Self.fewKeys {
      places = Places(entries)
    } else {
      places = nil
    }
  }

  /// The same place with other content.
  func with(_ content: Content) -> SettingsNode {
    SettingsNode(
      file: file, path: path, line: line, style: style, isGiven: isGiven, content: content, memory: memory)
  }

  // MARK: Keys

  /// The path of a key's value. Where keys are longer than any that is known, their middle is left out: each of many
  /// values within would hold the whole of it.
  package static func path(of key: String, beneath parent: String) -> String {
    let path = parent.isEmpty ? key : "\(parent).\(key)"
    return path.utf8.count > longestPath ? shortened(path, to: longestPath / 4) : path
  }

  private static let longestPath = 800
  /// So many keys are gone through one by one.
  private static let fewKeys = 16

  /// What stands behind a mapping's key, null included.
  private func entry(_ key: String) -> SettingsNode? {
    guard case .mapping(let entries) = content else { return nil }
    guard let places else { return entries.first { $0.key == key }?.value }
    return places.byKey[key].map { entries[$0].value }
  }

  /// The value of a mapping's key, as the file writes the key; nil where it is missing or null.
  public func value(_ key: String) -> SettingsNode? {
    memory.asked.insert(key)
    guard let value = entry(key), !value.isNull else { return nil }
    return value
  }

  /// The value of a key that the file has, but behind which nothing stands; nil for other keys.
  func emptyValue(_ key: String) -> SettingsNode? {
    guard let value = entry(key) else { return nil }
    return value.isNull ? value : nil
  }

  /// The keys of a mapping, as the file writes them; none of anything else.
  public var keys: [String] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.map(\.key)
  }

  private var isNull: Bool {
    if case .scalar(.null, _, _) = content { return true }
    return false
  }

  /// The node laid over a default: mappings key by key, everything else as a whole.
  func over(_ standard: SettingsNode) -> SettingsNode {
    guard case .mapping(let entries) = content, case .mapping(let defaults) = standard.content else { return self }
    var merged = defaults.map { key, value in
      (key: key, value: entry(key)?.over(value) ?? value)
    }
    merged += entries.filter { standard.entry($0.key) == nil }
    return with(.mapping(merged))
  }

  /// Refuses what the file says and nobody has asked for.
  ///
  /// - Throws: `UserError` with the line, and the nearest key that there is.
  public func refuseUnknownKeys() throws {
    switch content {
    case .mapping(let entries):
      for (key, value) in entries where value.isGiven {
        guard memory.asked.contains(key) else {
          let known = memory.asked.sorted()
          let hint =
            nearestName(to: key, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known keys are \(known.joined(separator: ", "))"
          throw UserError("\(value.place): unknown key '\(value.path)'\(hint)")
        }
        try value.refuseUnknownKeys()
      }
    case .list(let values): for value in values { try value.refuseUnknownKeys() }
    case .scalar: break
    }
  }

  /// What a user should know of a file that could be read, such as keys with new names; one sentence each.
  public var notes: [String] {
    switch content {
    case .mapping(let entries): memory.notes + entries.flatMap(\.value.notes)
    case .list(let values): memory.notes + values.flatMap(\.notes)
    case .scalar: memory.notes
    }
  }

  // MARK: Errors

  /// "file:line".
  var place: String { line > 0 ? "\(file):\(line)" : file }

  /// An error here: file, line, the key, then `message`.
  public func error(_ message: String) -> UserError {
    UserError(path.isEmpty ? "\(place): the file \(message)" : "\(place): '\(path)' \(message)")
  }

  /// The error of somebody who read the value, with its place.
  public func placed(_ error: UserError) -> UserError {
    if error.message.hasPrefix(file) { return error }
    return UserError(path.isEmpty ? "\(place): \(error.message)" : "\(place): '\(path)': \(error.message)")
  }

  /// ", not 'abc'", for the end of a message.
  public var quoted: String {
    switch content {
    case .scalar(.null, _, _): ", but nothing stands there"
    case .scalar(_, _, let written): ", not '\(shortened(written))'"
    case .list(let values): ", not a list of \(values.count)"
    case .mapping: ", not a mapping"
    }
  }
}

/// `batchSize` as YAML files write it: `batch_size`.
public func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { result, letter in
    if letter.isUppercase, !result.isEmpty { result.append("_") }
    result += letter.lowercased()
  }
}

/// `batch_size` as Swift writes it: `batchSize`.
public func camelCase(_ name: String) -> String {
  let words = name.split(separator: "_")
  return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

// Settings whose keys may be left out of a file.

import Foundation

/// A value of settings: what a file leaves out is as in `standard`.
///
/// Coding is synthesized, of all properties; the decoder lays the file over the encoded defaults.
///
/// ```swift
/// struct Sizes: Defaulted {
///   static var standard: Sizes { Sizes() }
///   var width = 64
///   var layers = 2
/// }
/// let sizes = try SettingsNode(json: #"{"width": 32}"#, file: "sizes.json").decode(Sizes.self)  // layers: 2
/// ```
public protocol Defaulted: Codable, KeyRenaming {
  /// The defaults.
  static var standard: Self { get }
  /// The defaults where they depend on what the file says, such as a size that sets others; `standard` by default.
  ///
  /// - Throws: `UserError` where what they depend on cannot be read.
  static func standard(given node: SettingsNode) throws -> Self
}

/// Settings of which some keys have changed their name.
public protocol KeyRenaming: Decodable {
  /// Keys that files may still have under an old name, as the files write them: the old name, and the new path.
  /// Reading one leaves a note. None by default.
  static var renamedKeys: [String: String] { get }
}

extension KeyRenaming {
  /// No key has a new name.
  public static var renamedKeys: [String: String] { [:] }
}

extension Defaulted {
  /// The same, whatever the file says.
  public static func standard(given node: SettingsNode) throws -> Self { standard }
}

extension SettingsNode {
  /// The node laid over the encoding of a value: what it leaves out is as there.
  public func over(_ standard: some Encodable) throws -> SettingsNode {
    over(try SettingsNode(encoding: standard, like: self))
  }

  /// The defaults of a type, as a node beneath which this one's values go.
  func defaults<Value: Defaulted>(of type: Value.Type) throws -> SettingsNode {
    try SettingsNode(encoding: Value.standard(given: self), like: self)
  }

  /// A value as a node in the style of another, not given by any file.
  init(encoding value: some Encodable, like node: SettingsNode) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let json = String(decoding: try encoder.encode(value), as: UTF8.self)
    self = try SettingsNode(json: json, file: node.file).asDefault(beneath: node)
  }

  private func asDefault(beneath node: SettingsNode) -> SettingsNode {
    let content: Content
    switch self.content {
    case .mapping(let entries):
      content = .mapping(
        entries.map { key, value in
          let key = node.style.key(of: key)
          return (key, value.asDefault(beneath: node.at(node.path.isEmpty ? key : "\(node.path).\(key)")))
        })
    case .list(let values):
      content = .list(values.enumerated().map { $1.asDefault(beneath: node.at("\(node.path)[\($0)]")) })
    case .scalar: content = self.content
    }
    return SettingsNode(
      file: node.file, path: node.path, line: node.line, style: node.style, isGiven: false, content: content)
  }

  private func at(_ path: String) -> SettingsNode {
    SettingsNode(file: file, path: path, line: line, style: style, isGiven: false, content: .list([]))
  }

  /// The node with its keys under their new names; says so in `notes`.
  func renaming(_ renamed: [String: String]) -> SettingsNode {
    guard case .mapping(var entries) = content else { return self }
    for (old, new) in renamed {
      guard let index = entries.firstIndex(where: { $0.key == old }) else { continue }
      let value = entries.remove(at: index).value
      memory.asked.insert(old)
      let words = new.split(separator: ".").map(String.init)
      let parent = path.isEmpty ? "" : path + "."
      memory.notes.append("\(value.place): '\(parent)\(old)' is now called '\(parent)\(new)'")
      let moved = words.dropFirst().reversed().reduce(value) { inner, key in
        SettingsNode(
          file: file, path: parent + new, line: value.line, style: style, content: .mapping([(key, inner)]))
      }
      if let other = entries.firstIndex(where: { $0.key == words[0] }) {
        // What the file says under the new name counts; a default gives way.
        let value = entries[other].value
        entries[other].value = value.isGiven ? value.over(moved) : moved.over(value)
      } else {
        entries.append((words[0], moved))
      }
    }
    return with(.mapping(entries))
  }
}

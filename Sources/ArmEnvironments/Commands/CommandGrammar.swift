// Commands: a grammar that can make them, understand them, and say why it does not understand.

import Foundation
import PlanarCore

/// What a pushing command asks for.
public struct PushGoal: Hashable, Codable, Sendable {
  public var color: String
  public var shape: String
  public var zone: String

  public init(color: String, shape: String, zone: String) {
    self.color = color
    self.shape = shape
    self.zone = zone
  }
}

/// The wordings of an environment: templates with slots, and the names that fill them.
public struct CommandGrammar: Sendable {
  /// One slot, such as colour: each value with every name that means it, the one used in messages first.
  struct Slot: Sendable {
    var name: String
    var plural: String
    var values: [(value: String, names: [String])]

    func value(of word: String) -> String? { values.first { $0.names.contains(word) }?.value }
    /// `red, green or blue`.
    var listing: String {
      let names = values.map(\.value)
      return names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "")
        + (names.last ?? "")
    }
  }

  public let templates: [String]
  let slots: [Slot]
  /// Words of the templates that are no slot.
  private let plainWords: Set<String>

  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: ["templates", "slots"])
    templates = try top.strings("templates")
    let section = try top.section("slots")
    try section.allow(only: ["color", "shape", "zone"])
    slots = try [("color", "colors"), ("shape", "shapes"), ("zone", "zones")].map { name, plural in
      let slot = try section.section(name)
      return Slot(
        name: name, plural: plural, values: try slot.keys.map { ($0, try slot.strings($0)) })
    }
    var words: Set<String> = []
    for template in templates {
      for slot in slots where !template.contains("{\(slot.name)}") {
        throw UserError("\(url.path): template '\(template)' lacks {\(slot.name)}")
      }
      words.formUnion(CommandGrammar.words(of: template).filter { !$0.hasPrefix("{") })
    }
    plainWords = words
  }

  static func words(of text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "{" || $0 == "}") }.map(
      String.init)
  }

  /// How many different commands there are for one goal, counting every name of every slot.
  public func wordingCount(of goal: PushGoal) -> Int {
    zip(slots, [goal.color, goal.shape, goal.zone]).reduce(templates.count) { count, pair in
      count * (pair.0.values.first { $0.value == pair.1 }?.names.count ?? 0)
    }
  }

  /// A random wording of a goal.
  public func sample(_ goal: PushGoal, using random: inout RandomStream) -> String {
    var text = templates[random.integer(below: templates.count)]
    for (slot, value) in zip(slots, [goal.color, goal.shape, goal.zone]) {
      let names = slot.values.first { $0.value == value }?.names ?? [value]
      text = text.replacingOccurrences(
        of: "{\(slot.name)}", with: names[random.integer(below: names.count)])
    }
    return text
  }

  /// What a text asks for.
  ///
  /// - Throws: `UserError` that says why it is not understood, and what would work.
  public func parse(_ text: String) throws -> PushGoal {
    let words = CommandGrammar.words(of: text)
    let example = "try '\(exampleCommand)'"
    guard !words.isEmpty else { throw UserError("the command is empty; \(example)") }
    var found: [String: String] = [:]
    for word in words {
      if let (slot, value) = slots.lazy.compactMap({ slot in slot.value(of: word).map { (slot, $0) } }).first {
        if let earlier = found[slot.name], earlier != value {
          throw UserError(
            "the command names two \(slot.plural), '\(earlier)' and '\(value)'; name one \(slot.name): \(example)")
        }
        found[slot.name] = value
      } else if !plainWords.contains(word) {
        throw UserError("cannot understand '\(word)'\(hint(for: word)); \(example)")
      }
    }
    for slot in slots where found[slot.name] == nil {
      throw UserError("the command names no \(slot.name); say \(slot.listing): \(example)")
    }
    return PushGoal(color: found["color"]!, shape: found["shape"]!, zone: found["zone"]!)
  }

  private var exampleCommand: String {
    slots.reduce(templates[0]) {
      $0.replacingOccurrences(of: "{\($1.name)}", with: $1.values.first?.names.first ?? "")
    }
  }

  private func hint(for word: String) -> String {
    let names = slots.flatMap { $0.values.flatMap(\.names) } + plainWords
    if let near = nearestName(to: word, among: names) { return " (did you mean '\(near)'?)" }
    let choices = slots.map { "\($0.plural) are \($0.listing)" }.joined(separator: ", ")
    return ": \(choices)"
  }
}

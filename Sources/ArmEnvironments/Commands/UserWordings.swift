// A user's own wordings, to see how a policy takes words that nobody trained it on.

import Foundation
import PlanarCore

/// Wordings with slots, one a line:
///
/// ```
/// # comments and empty lines are left out
/// shove the {color} {shape} over to the {zone} corner
/// {color} {shape}을/를 {zone} 구석으로 보내
/// ```
///
/// A line with Hangul is Korean: its slots are filled with Korean names, and the particles after them (을/를,
/// 이/가, 은/는, 으로/로, 과/와, or either form) agree with the filled word. The words need not be any that the
/// grammar understands: the goal is known. A line without any slot is said as it stands, whatever the goal.
public struct UserWordings: Hashable, Sendable {
  /// For `CommandChoice.wordings` and `CommandGrammar.fill`.
  public let lines: [String]

  /// Reads a file of wordings for the tasks of a grammar.
  ///
  /// - Throws: `UserError` naming file and line where a slot is unknown or missing, or the file holds no
  ///   wording.
  public init(contentsOf url: URL, for grammar: CommandGrammar) throws {
    let text = try settingsText(URL(fileURLWithPath: url.path), largest: 1 << 20)
    try self.init(text, file: url.path, for: grammar)
  }

  /// Reads wordings from a text.
  ///
  /// - Parameter file: what errors call the text.
  /// - Throws: as `init(contentsOf:for:)`.
  public init(_ text: String, file: String, for grammar: CommandGrammar) throws {
    var lines: [String] = []
    let content = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let wording = line.trimmingCharacters(in: .whitespaces)
      guard !wording.isEmpty, !wording.hasPrefix("#") else { continue }
      do { try grammar.check(wording: wording) } catch let error as UserError {
        throw UserError("\(file):\(index + 1): \(error.message)")
      }
      lines.append(wording)
    }
    guard !lines.isEmpty else {
      throw UserError(
        "\(file) holds no wording; write one a line, such as '\(grammar.exampleTemplate(.english).text)'")
    }
    self.lines = lines
  }
}

extension CommandGrammar {
  /// The slots that a wording of a user must have: those that all train wordings share, such as `color`,
  /// `shape`, `zone`.
  private var required: [SlotReference] {
    vocabulary.slots.filter { slot in templates[.train]!.allSatisfy { $0.slots.contains(slot) } }
  }

  /// Checks a wording that is to be filled by `fill`.
  ///
  /// - Throws: `UserError` where a slot is unknown or missing, or has no names in the wording's language.
  public func check(wording: String) throws {
    let language = CommandLanguage(of: wording)
    let template = try CommandTemplate(wording, language: language, vocabulary: vocabulary)
    let known = vocabulary.slots.filter { slot in templates[.train]!.contains { $0.slots.contains(slot) } }
    func list(_ slots: [SlotReference]) -> String { slots.map { "{\($0.name)}" }.joined(separator: " ") }
    if let strange = vocabulary.slots.first(where: { template.slots.contains($0) && !known.contains($0) }) {
      throw UserError(
        "'\(wording)' has {\(strange.name)}, which means nothing here; "
          + (known.isEmpty ? "commands here have no slots" : "slots are \(list(known))"))
    }
    if template.slots.isEmpty { return }
    let missing = required.filter { !template.slots.contains($0) }
    guard missing.isEmpty else {
      throw UserError("'\(wording)' lacks \(list(missing)); a wording here names \(list(required))")
    }
    for slot in vocabulary.slots where template.slots.contains(slot) {
      guard let nameless = slots[slot.kind]?.values.first(where: { $0.names[language].isEmpty }) else {
        continue
      }
      throw UserError(
        "'\(wording)' is \(language == .korean ? "Korean" : "English"), but \(file) has no such name for '\(nameless.value)'"
      )
    }
  }

  /// Refuses a file that does not name what an environment has.
  ///
  /// - Throws: `UserError` naming the file and the value without names.
  public func check(colors: [String] = [], shapes: [String] = [], zones: [String] = []) throws {
    for (kind, values) in [(SlotKind.color, colors), (.shape, shapes), (.zone, zones)] {
      guard let slot = slots[kind] else { continue }
      for value in values where !slot.values.contains(where: { $0.value == value }) {
        let hint = nearestName(to: value, among: slot.values.map(\.value)).map { " (it has '\($0)')" } ?? ""
        throw UserError(
          "\(file): 'slots.\(kind.name)' lacks '\(value)', which the environment has\(hint); add its names, or take it out of the environment"
        )
      }
    }
  }
}

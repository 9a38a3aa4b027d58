// What one can say to PushT: there is one goal, so a command is one of its wordings or it is refused.

import Foundation
import PlanarCore
import PolicyInterface

/// The wordings of PushT's only goal, in English and Korean.
public struct PushTCommands: Sendable {
  public let templates: [String]

  /// Reads `commands.yaml`.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: ["templates"])
    templates = try top.strings("templates")
  }

  /// A random wording.
  public func sample(using random: inout RandomStream) -> String {
    templates[random.integer(below: templates.count)]
  }

  /// The wording of an episode, and the one drawn with its scene. There is one goal, so `.swapped` is another
  /// wording of it.
  ///
  /// - Throws: `UserError` where a text is not understood.
  func choose(_ command: CommandChoice, seed: UInt64) throws -> (text: String, drawn: String) {
    var words = RandomStream(seed: seed, purpose: "words")
    let drawn = sample(using: &words)
    switch command {
    case .drawn: return (drawn, drawn)
    case .swapped: return (sample(using: &words), drawn)
    case .text(let own):
      try check(own)
      return (own, drawn)
    case .wordings(let lines):
      return (lines[words.integer(below: lines.count)], drawn)
    }
  }

  /// The only goal, by attribute.
  static let goal = ["object": "T", "zone": "target"]

  /// Accepts a text that is one of the wordings, whatever its capitals and punctuation.
  ///
  /// - Throws: `UserError` that says what would be understood.
  public func check(_ text: String) throws {
    if templates.contains(text) { return }
    let words = CommandGrammar.words(of: text)
    guard !words.isEmpty else { throw UserError("the command is empty; try '\(templates[0])'") }
    guard !templates.contains(where: { CommandGrammar.words(of: $0) == words }) else { return }
    let said = words.joined(separator: " ")
    if let near = nearestName(to: said, among: templates) {
      throw UserError("cannot understand '\(text)'; did you mean '\(near)'?")
    }
    throw UserError(
      "cannot understand '\(text)'; there is one T and one target here: try '\(templates[0])'")
  }
}

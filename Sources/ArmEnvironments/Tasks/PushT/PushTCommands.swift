// What one can say to PushT: there is one goal, so a command is one of its wordings or it is refused.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// The wordings of PushT's only goal, in English and Korean.
public struct PushTCommands: Sendable {
  /// The commands that are understood, and their wordings.
  public let grammar: CommandGrammar
  private let language: CommandLanguage
  private let split: CommandSplit

  /// Reads `commands.yaml`.
  ///
  /// - Parameters:
  ///   - language: of drawn commands.
  ///   - split: which wordings are drawn.
  /// - Throws: `UserError` naming file, line and key, or the language or split that the file has no wordings of.
  public init(contentsOf url: URL, language: CommandLanguage = .english, split: CommandSplit = .any) throws {
    grammar = try CommandGrammar(contentsOf: url)
    (self.language, self.split) = (language, split)
    try grammar.requireSplit(split, language: language)
    try grammar.requireWordings(of: .onlyGoal, language: language, split: split)
  }

  /// Every wording that is drawn.
  public var templates: [String] { grammar.wordings(of: .onlyGoal, language: language, split: split) }

  /// A random wording.
  ///
  /// - Throws: `UserError` where the file has none.
  public func sample(using random: inout RandomStream) throws -> String {
    try grammar.sample(.onlyGoal, language: language, split: split, using: &random)
  }

  /// The wording of an episode, and the one drawn with its scene. There is one goal, so `.swapped` is another
  /// wording of it.
  ///
  /// - Throws: `UserError` where a text is not understood.
  func choose(_ command: CommandChoice, seed: UInt64) throws -> (text: String, drawn: String) {
    var words = RandomStream(seed: seed, purpose: "words")
    let drawn = try sample(using: &words)
    switch command {
    case .drawn: return (drawn, drawn)
    case .swapped: return (try sample(using: &words), drawn)
    case .unsaid(let kind): return (kind.text(for: drawn, seed: seed), drawn)
    case .text(let own):
      try check(own)
      return (own, drawn)
    case .wordings(let lines):
      let line = lines[words.integer(below: lines.count)]
      return (try grammar.fill(line, with: .onlyGoal, using: &words), drawn)
    }
  }

  /// The only goal, by attribute.
  static let goal = ["object": "T", "zone": "target"]

  /// Accepts a text that is one of the wordings, whatever its capitals and punctuation.
  ///
  /// - Throws: `UserError` that says what would be understood.
  public func check(_ text: String) throws { _ = try grammar.parse(text) }
}

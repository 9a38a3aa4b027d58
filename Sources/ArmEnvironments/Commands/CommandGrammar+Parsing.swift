// Understanding commands.

import PlanarCore

/// A command that was understood.
public struct RecognizedCommand: Hashable, Sendable {
  /// What is to be done.
  public var instruction: Instruction
  /// The language it was given in.
  public var language: CommandLanguage
  /// Whose templates it is worded by: `train`, `paraphrase` or `distractor`; nil for free words.
  public var wordedBy: CommandSplit?
  /// The object that it says to leave alone.
  public var bystander: NounPhrase?
}

extension CommandGrammar {
  /// What a text asks for.
  ///
  /// Capitals, punctuation, missing or wrong Korean particles, Korean spacing and politeness do not matter.
  /// A text that is no wording of the file is still understood if it holds nothing but the file's words and
  /// names what is needed, once.
  ///
  /// - Throws: `UserError` that says, in the command's language, why it is not understood and what would
  ///   work.
  public func parse(_ text: String) throws -> Instruction { try recognize(text).instruction }

  /// Bytes of a command at most, in UTF-8: nobody says more in a breath, and reading takes its time.
  static let longestCommand = 32_768

  /// What a text asks for, and how it is worded.
  ///
  /// - Throws: as `parse`.
  public func recognize(_ text: String) throws -> RecognizedCommand {
    let language = CommandLanguage(of: text)
    guard text.utf8.count <= Self.longestCommand else {
      throw CommandProblem.tooLong(text.utf8.count).error(in: language, self)
    }
    let command = CommandText(text, language: language)
    let units = language == .korean ? Korean.withoutPoliteness(command.units) : command.units
    let matcher = CommandMatcher(language: compiled[language], units: units)
    for candidate in compiled[language].templates {
      let readings = matcher.match(candidate.pieces[...], at: 0, CommandParts())
      guard let found = readings.first(where: { $0.end == units.count })?.meaning else { continue }
      return RecognizedCommand(
        instruction: found.instruction(candidate.template.quantifier), language: language,
        wordedBy: candidate.split, bystander: found.nouns[.bystander])
    }
    let scan = CommandScan(self, command, matcher, language)
    return RecognizedCommand(
      instruction: try scan.instruction(), language: language, wordedBy: nil, bystander: nil)
  }
}

// Free words: what a text names, whatever the sentence around it, or why that is not enough.

import PlanarCore

/// Reads a text word by word, when no template fits it.
struct CommandScan {
  private let grammar: CommandGrammar
  private let command: CommandText
  private let matcher: CommandMatcher
  private let language: CommandLanguage

  init(
    _ grammar: CommandGrammar, _ command: CommandText, _ matcher: CommandMatcher,
    _ language: CommandLanguage
  ) {
    self.grammar = grammar
    self.command = command
    self.matcher = matcher
    self.language = language
  }

  /// - Throws: `UserError` that says why it is not understood.
  func instruction() throws -> Instruction {
    let example = "try '\(grammar.exampleCommand(language))'"
    guard !command.units.isEmpty else { throw UserError("the command is empty; \(example)") }
    let kinds = grammar.requiredSlots
    guard !kinds.isEmpty else { throw oneGoal() }
    var found: [SlotKind: String] = [:]
    var place = 0
    while place < matcher.units.count {
      if let (kind, value, end) = named(at: place) {
        if let earlier = found[kind], earlier != value {
          throw UserError(
            "the command names two \(kind.plural), '\(earlier)' and '\(value)'; name one \(kind.rawValue): \(example)")
        }
        found[kind] = value
        place = end
      } else if let end = plainWords(at: place) {
        place = end
      } else {
        let word = command.words[command.wordOfUnit[place]]
        throw UserError("cannot understand '\(word)'\(hint(for: word)); \(example)")
      }
    }
    for kind in kinds where found[kind] == nil {
      throw UserError("the command names no \(kind.rawValue); say \(grammar.listing(kind, language)): \(example)")
    }
    let subject =
      found[.color] == nil && found[.shape] == nil
      ? nil : NounPhrase(color: found[.color], shape: found[.shape])
    return Instruction(requests: [Request(subject: subject, target: found[.zone].map { .zone($0) })])
  }

  private func named(at place: Int) -> (SlotKind, String, Int)? {
    for kind in SlotKind.allCases {
      let readings = matcher.names(kind, at: place).filter { $0.meaning != nil }
      if let longest = readings.max(by: { $0.end < $1.end }) { return (kind, longest.meaning!, longest.end) }
    }
    return nil
  }

  private func plainWords(at place: Int) -> Int? {
    grammar.plainWords(language).filter { matcher.has($0, at: place) }.map { place + $0.count }.max()
  }

  private func oneGoal() -> UserError {
    let said = command.words.joined(separator: " ")
    let all = grammar.wordings(of: .onlyGoal, language: language, split: .train)
    if let near = nearestName(to: said, among: all) {
      return UserError("cannot understand '\(said)'; did you mean '\(near)'?")
    }
    return UserError(
      "cannot understand '\(said)'; \(grammar.about[language].first ?? "there is one goal here"): try '\(grammar.exampleCommand(language))'")
  }

  private func hint(for word: String) -> String {
    let names = SlotKind.allCases.flatMap { grammar.slots[$0]?.values.flatMap { $0.names[language] } ?? [] }
    let plain = grammar.plainWords(language).map { $0.joined() }
    if let near = nearestName(to: word, among: names + plain) { return " (did you mean '\(near)'?)" }
    let choices = grammar.requiredSlots.map { "\($0.plural) are \(grammar.listing($0, language))" }
    return ": \(choices.joined(separator: ", "))"
  }
}

extension CommandGrammar {
  /// The slots that every command names.
  var requiredSlots: [SlotKind] {
    SlotKind.allCases.filter { kind in templates[.train]!.allSatisfy { $0.has(kind, .first) } }
  }

  /// A command that is understood, for messages.
  func exampleCommand(_ language: CommandLanguage) -> String {
    let train = templates[.train]!
    let template = train.first { $0.language == language } ?? train[0]
    func noun(_ role: SlotRole, _ index: Int) -> NounPhrase? {
      guard template.hasNoun(role) else { return nil }
      return NounPhrase(
        template.quantifier, color: template.has(.color, role) ? value(.color, index) : nil,
        shape: template.has(.shape, role) ? value(.shape, index) : nil)
    }
    var parts = CommandParts()
    parts.nouns[.first] = noun(.first, 0)
    parts.nouns[.second] = noun(.second, 1)
    if template.has(.zone, .first) { parts.zones[.first] = value(.zone, 0) }
    if template.has(.zone, .second) { parts.zones[.second] = value(.zone, 1) }
    return WordingFilling(template, parts, self)?.first ?? template.text
  }

  private func value(_ kind: SlotKind, _ index: Int) -> String? {
    guard let values = slots[kind]?.values, !values.isEmpty else { return nil }
    return values[index % values.count].value
  }

  /// `red, green or blue`.
  func listing(_ kind: SlotKind, _ language: CommandLanguage) -> String {
    let names = slots[kind]?.values.compactMap { $0.names[language].first } ?? []
    let or = language == .korean ? ", " : " or "
    return names.dropLast().joined(separator: ", ") + (names.count > 1 ? or : "") + (names.last ?? "")
  }

  /// The words of the templates that are no slot, as units.
  func plainWords(_ language: CommandLanguage) -> [[String]] {
    let texts = [CommandSplit.train, .paraphrase].flatMap { templates[$0]! }
      .filter { $0.language == language }.flatMap(\.pieces)
    let words = texts.flatMap { piece in
      if case .text(let text) = piece { return CommandText.words(of: text) } else { return [] }
    }
    return Set(words).sorted().map { CommandText($0, language: language).units }
  }
}

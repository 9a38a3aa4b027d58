// Free words: what a text names, whatever the sentence around it, or why that is not enough.

import PlanarCore

/// Reads a text word by word, when no template fits it.
struct CommandScan {
  private let grammar: CommandGrammar
  private let command: CommandText
  private let matcher: CommandMatcher
  private let language: CommandLanguage

  /// Units of a name at most.
  private static let longestName = 24

  /// Something the text names.
  private enum Mention {
    /// `complete` where a shape or a word for "thing" was said.
    case noun(NounPhrase, complete: Bool)
    case zone(String)
    /// The value of a slot of the task's own.
    case word(SlotKind, String)
  }

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
    do throws(Failure) {
      return try understand()
    } catch {
      throw error.problem.error(in: language, grammar)
    }
  }

  private struct Failure: Error {
    var problem: CommandProblem
    init(_ problem: CommandProblem) { self.problem = problem }
  }

  private func understand() throws(Failure) -> Instruction {
    guard !command.units.isEmpty else { throw Failure(.empty) }
    let known = grammar.compiled[language]
    guard !known.templates.isEmpty else { throw Failure(.otherLanguage) }
    guard !grammar.slotKinds.isEmpty else {
      let said = shortened(command.words.joined(separator: " "), to: 160)
      let all = grammar.wordings(of: .onlyGoal, language: language, split: .train)
      throw Failure(.onlyGoal(said: said, near: nearest(to: said, among: all)))
    }
    let (mentions, unknown) = read(known)
    if let index = unknown.first {
      let word = word(at: index)
      if let near = nearest(to: word, among: knownWords(known)) {
        throw Failure(.unknownWord(word, near: near))
      }
      if let (kind, value) = noSuch(unknown, known) { throw Failure(.noSuch(kind, value)) }
      throw Failure(.unknownWord(word, near: nil))
    }
    if let instruction = inOrder(mentions, known) { return instruction }
    return try merged(mentions)
  }

  // MARK: Reading

  /// What is named, in order, and the indices of words that mean nothing here.
  private func read(_ known: CompiledLanguage) -> (mentions: [Mention], unknown: [Int]) {
    var mentions: [Mention] = []
    var unknown: [Int] = []
    var index = 0
    while index < matcher.units.count {
      let zone = matcher.names(.zone, at: index).max { $0.end < $1.end }
      let color = matcher.names(.color, at: index).max { $0.end < $1.end }
      let noun = matcher.nouns(at: index).max { $0.end < $1.end }
      let own = grammar.vocabulary.ownKinds.flatMap { kind in
        matcher.names(kind, at: index).compactMap { name in name.meaning.map { (kind: kind, value: $0, end: name.end) }
        }
      }.max { $0.end < $1.end }
      let plain = plainEnd(at: index, known)
      let longest = max(zone?.end ?? 0, color?.end ?? 0, noun?.end ?? 0, own?.end ?? 0, plain ?? 0)
      guard longest > index else {
        unknown.append(index)
        let word = command.wordOfUnit[index]
        index += 1
        while index < matcher.units.count, command.wordOfUnit[index] == word { index += 1 }
        continue
      }
      if let noun, noun.end == longest {
        mentions.append(.noun(noun.meaning, complete: true))
      } else if let color, color.end == longest {
        mentions.append(.noun(NounPhrase(color: color.meaning), complete: false))
      } else if let zone, zone.end == longest, let name = zone.meaning {
        mentions.append(.zone(name))
      } else if let own, own.end == longest {
        mentions.append(.word(own.kind, own.value))
      }
      index = longest
    }
    return (mentions, unknown)
  }

  /// The end of one of the templates' own words, or of a particle glued to the word before.
  private func plainEnd(at index: Int, _ known: CompiledLanguage) -> Int? {
    let glued = index > 0 && command.wordOfUnit[index] == command.wordOfUnit[index - 1]
    let unit = matcher.units[index]
    let words = known.plainWordsByUnit[unit] + (glued ? known.particlesByUnit[unit] : [])
    return words.filter { matcher.has($0, at: index) }.map { index + $0.count }.max()
  }

  private func knownWords(_ known: CompiledLanguage) -> [String] {
    let names = grammar.vocabulary.kinds.flatMap { known.names[$0] ?? [] }.map { name in
      name.units.joined(separator: language == .korean ? "" : " ")
    }
    return names + known.plainWords.map { $0.joined() }
  }

  private func nearest(to word: String, among names: [String]) -> String? {
    language == .korean ? Korean.nearestName(to: word, among: names) : nearestName(to: word, among: names)
  }

  /// Which slot the first unknown word would fill: because a template fits with the unknown words as names,
  /// or because of the words beside it.
  private func noSuch(_ unknown: [Int], _ known: CompiledLanguage) -> (SlotKind, String)? {
    var ends: [Int: [Int]] = [:]
    for index in unknown {
      let word = command.wordOfUnit[index]
      // No name is longer; trying every end of an endless word would take the square of its length.
      let rest = (index..<matcher.units.count).prefix(Self.longestName)
      ends[index] = rest.prefix { command.wordOfUnit[$0] == word }.map { $0 + 1 }
    }
    let open = CommandMatcher(language: known, units: matcher.units, unknown: ends)
    for candidate in known.templates {
      let found = open.match(candidate.pieces[...], at: 0, CommandParts())
      guard let parts = found.first(where: { $0.end == matcher.units.count })?.meaning else { continue }
      for role in SlotRole.allCases {
        let own = grammar.vocabulary.ownKinds.map { ($0, parts.words[role]?[$0.name]) }
        for (kind, value) in [
          (SlotKind.color, parts.nouns[role]?.color), (.shape, parts.nouns[role]?.shape),
          (.zone, parts.zones[role]),
        ] + own {
          guard let value, grammar.slots[kind]?.values.contains(where: { $0.value == value }) != true
          else { continue }
          return (kind, value)
        }
      }
    }
    return unknown.first.flatMap { beside($0) }
  }

  /// A word before a shape stands for a colour, one after a colour for a shape.
  private func beside(_ index: Int) -> (SlotKind, String)? {
    let word = word(at: index)
    let end = (index..<matcher.units.count).first { command.wordOfUnit[$0] != command.wordOfUnit[index] }
    if let end, !matcher.names(.shape, at: end).isEmpty, grammar.slots[.color] != nil {
      return (.color, word)
    }
    let afterColor = (0..<index).contains { start in
      matcher.names(.color, at: start).contains { $0.end == index }
    }
    guard afterColor, grammar.slots[.shape] != nil else { return nil }
    return (.shape, word)
  }

  /// The word of a unit; in Korean without a particle.
  private func word(at index: Int) -> String {
    let word = command.words[command.wordOfUnit[index]]
    return shortened(language == .korean ? Korean.withoutParticle(word) : word, to: 40)
  }

  // MARK: Understanding

  /// The instruction of a template that names as many things in the same order.
  private func inOrder(_ mentions: [Mention], _ known: CompiledLanguage) -> Instruction? {
    for candidate in known.templates where candidate.split != .distractor {
      let template = candidate.template
      guard let parts = assign(mentions, to: template), parts.fit(template), quantifierAgrees(template)
      else { continue }
      return parts.instruction(template.quantifier)
    }
    return nil
  }

  /// Nil where a template has other blanks.
  private func assign(_ mentions: [Mention], to template: CommandTemplate) -> CommandParts? {
    let blanks = template.blanks
    guard blanks.count == mentions.count else { return nil }
    var parts = CommandParts()
    for (blank, mention) in zip(blanks, mentions) {
      switch (blank, mention) {
      case (.noun(let role, let needsShape), .noun(let noun, let complete)) where complete || !needsShape:
        parts.nouns[role] = noun
        parts.nouns[role]?.quantifier = template.quantifier
      case (.zone(let role), .zone(let name)): parts.zones[role] = name
      case (.word(let slot), .word(let kind, let value)) where slot.kind == kind:
        parts.words[slot.role, default: [:]][kind.name] = value
      default: return nil
      }
    }
    return parts
  }

  private func quantifierAgrees(_ template: CommandTemplate) -> Bool {
    let says = grammar.every[language].contains { command.words.contains($0) }
    return says == (template.quantifier == .every)
  }

  /// One thing and one zone, from whatever order the words have.
  private func merged(_ mentions: [Mention]) throws(Failure) -> Instruction {
    var found: [SlotKind: String] = [:]
    var complete = false
    for mention in mentions {
      let values: [(SlotKind, String?)]
      switch mention {
      case .zone(let name): values = [(.zone, name)]
      case .word(let kind, let value): values = [(kind, value)]
      case .noun(let noun, let isComplete):
        guard noun.relation == nil else { throw Failure(.unclear) }
        values = [(.color, noun.color), (.shape, noun.shape)]
        complete = complete || isComplete
      }
      for case (let kind, let value?) in values {
        if let earlier = found[kind], earlier != value, isSingle { throw Failure(.two(kind, earlier, value)) }
        found[kind] = value
      }
    }
    let template = grammar.exampleTemplate(language)
    for kind in grammar.vocabulary.kinds where template.has(kind, .first) && found[kind] == nil {
      if kind == .color, complete, template.isFlexible(.first) { continue }
      throw Failure(.missing(kind))
    }
    guard isSingle, template.quantifier == .the else { throw Failure(.unclear) }
    let subject = template.hasNoun(.first) ? NounPhrase(color: found[.color], shape: found[.shape]) : nil
    let words = Dictionary(
      uniqueKeysWithValues: grammar.vocabulary.ownKinds.compactMap { kind in
        found[kind].map { (kind.name, $0) }
      })
    return Instruction(requests: [
      Request(subject: subject, target: found[.zone].map { .zone($0) }, words: words)
    ])
  }

  /// Whether commands here name one object and one zone at most.
  private var isSingle: Bool {
    grammar.templates[.train]!.allSatisfy { template in !template.slots.contains { $0.role == .second } }
  }
}

extension CommandTemplate {
  /// Where something is named.
  enum Blank {
    case noun(SlotRole, needsShape: Bool)
    case zone(SlotRole)
    case word(SlotReference)
  }

  /// The blanks of the template, in the order of its words.
  var blanks: [Blank] {
    var blanks: [Blank] = []
    var named: Set<SlotRole> = []
    for piece in pieces {
      switch piece {
      case .noun(let role): blanks.append(.noun(role, needsShape: true))
      case .slot(let slot) where slot.kind == .zone: blanks.append(.zone(slot.role))
      case .slot(let slot) where !slot.kind.isStandard: blanks.append(.word(slot))
      case .slot(let slot) where named.insert(slot.role).inserted:
        blanks.append(.noun(slot.role, needsShape: has(.shape, slot.role)))
      default: break
      }
    }
    return blanks
  }
}

// A template with all that may fill it: counted, listed or drawn from.

import PlanarCore

/// One template, the parts it is to say, and every choice of names there is.
struct WordingFilling {
  /// Something with several names.
  struct Choice {
    /// What is chosen.
    enum Subject: Hashable {
      case slot(SlotReference)
      case relation(SlotRole)
      case landmark(SlotRole, SlotKind)
    }
    var subject: Subject
    var names: [String]
  }

  private let template: CommandTemplate
  private let parts: CommandParts
  /// In the order of drawing.
  private let choices: [Choice]
  /// Relation phrases of each role that has one.
  private let relations: [SlotRole: [CommandTemplate]]

  /// A template, what it is to say, and the names that there are for it.
  ///
  /// - Precondition: `canFill` holds.
  init(_ template: CommandTemplate, _ parts: CommandParts, _ grammar: CommandGrammar) {
    self.template = template
    self.parts = parts
    var choices: [Choice] = []
    var relations: [SlotRole: [CommandTemplate]] = [:]
    _ = Self.visit(template, parts, grammar) { subject, names in
      choices.append(Choice(subject: subject, names: names))
      return true
    } onRelation: { role, phrases in
      relations[role] = phrases
    }
    self.choices = choices
    self.relations = relations
  }

  /// Whether every value that a template says has a name in its language; the parts fit the template.
  static func canFill(_ template: CommandTemplate, _ parts: CommandParts, _ grammar: CommandGrammar) -> Bool {
    visit(template, parts, grammar) { _, names in
      !names.isEmpty
    } onRelation: { _, _ in
    }
  }

  /// Goes through all that is to be chosen, in the order of drawing.
  ///
  /// - Parameter body: is given what is chosen and its names, and says whether to go on.
  /// - Returns: whether it went to the end.
  private static func visit(
    _ template: CommandTemplate, _ parts: CommandParts, _ grammar: CommandGrammar,
    _ body: (Choice.Subject, [String]) -> Bool, onRelation: (SlotRole, [CommandTemplate]) -> Void
  ) -> Bool {
    let language = template.language
    func names(_ kind: SlotKind, _ value: String?) -> [String] {
      guard let value else { return kind == .shape ? grammar.thing[language] : [] }
      return grammar.slots[kind]?.names(of: value, in: language) ?? []
    }
    for role in SlotRole.allCases {
      func slot(_ kind: SlotKind) -> Choice.Subject { .slot(SlotReference(kind: kind, role: role)) }
      let noun = parts.nouns[role]
      if let color = noun?.color, !body(slot(.color), names(.color, color)) { return false }
      if let noun, template.has(.shape, role), !body(slot(.shape), names(.shape, noun.shape)) { return false }
      if let zone = parts.zones[role], template.has(.zone, role), !body(slot(.zone), names(.zone, zone)) {
        return false
      }
      for kind in grammar.vocabulary.ownKinds {
        guard let value = parts.words[role]?[kind.name] else { continue }
        if !body(slot(kind), names(kind, value)) { return false }
      }
      guard let relation = noun?.relation else { continue }
      let phrases = (grammar.relations[relation.kind] ?? []).filter {
        $0.language == language && $0.describes(relation.landmark)
      }
      onRelation(role, phrases)
      if !body(.relation(role), phrases.map(\.text)) { return false }
      switch relation.landmark {
      case .object(let color, let shape):
        if let color, !body(.landmark(role, .color), names(.color, color)) { return false }
        if !body(.landmark(role, .shape), names(.shape, shape)) { return false }
      case .zone(let zone):
        if !body(.landmark(role, .zone), names(.zone, zone)) { return false }
      }
    }
    return true
  }

  var count: Int { choices.reduce(1) { $0 * $1.names.count } }

  /// The wording with the first name of everything.
  var first: String { text(choices.map { _ in 0 }) }

  func sample(using random: inout RandomStream) -> String {
    text(choices.map { random.integer(below: $0.names.count) })
  }

  func all() -> [String] {
    (0..<count).map { number in
      var rest = number
      return text(
        choices.map { choice in
          defer { rest /= choice.names.count }
          return rest % choice.names.count
        })
    }
  }

  // MARK: Writing

  private func text(_ picks: [Int]) -> String {
    var picked: [Choice.Subject: Int] = [:]
    for (choice, pick) in zip(choices, picks) { picked[choice.subject] = pick }
    func name(_ subject: Choice.Subject) -> String? {
      guard let choice = choices.first(where: { $0.subject == subject }) else { return nil }
      return choice.names[picked[subject]!]
    }
    func joined(_ color: Choice.Subject, _ shape: Choice.Subject) -> String {
      [name(color), name(shape)].compactMap { $0 }.joined(separator: " ")
    }
    func plain(_ role: SlotRole) -> String {
      joined(
        .slot(SlotReference(kind: .color, role: role)), .slot(SlotReference(kind: .shape, role: role)))
    }
    func noun(_ role: SlotRole) -> String {
      guard let phrases = relations[role] else { return plain(role) }
      let phrase = phrases[picked[.relation(role)]!]
      return write(phrase.pieces) { piece in
        switch piece {
        case .describedNoun: return plain(role)
        case .noun: return joined(.landmark(role, .color), .landmark(role, .shape))
        case .slot(let slot): return name(.landmark(role, slot.kind)) ?? ""
        case .text, .particle: return ""
        }
      }
    }
    return write(template.pieces) { piece in
      switch piece {
      case .noun(let role): return noun(role)
      case .slot(let slot): return name(.slot(slot)) ?? ""
      case .text, .particle, .describedNoun: return ""
      }
    }
  }

  /// Writes pieces one after another, particles agreeing with what is written so far.
  private func write(_ pieces: [TemplatePiece], filler: (TemplatePiece) -> String) -> String {
    pieces.reduce(into: "") { text, piece in
      switch piece {
      case .text(let words): text += words
      case .particle(let particle): text += particle.form(after: text)
      case .noun, .slot, .describedNoun: text += filler(piece)
      }
    }
  }
}

extension CommandTemplate {
  /// Whether a relation phrase can name a landmark.
  func describes(_ landmark: Relation.Landmark) -> Bool {
    switch landmark {
    case .zone: return has(.zone, .first)
    case .object: return isFlexible(.first)
    }
  }
}

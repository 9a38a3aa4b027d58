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

  /// Nil where a value has no name in the template's language.
  ///
  /// - Precondition: the parts fit the template.
  init?(_ template: CommandTemplate, _ parts: CommandParts, _ grammar: CommandGrammar) {
    self.template = template
    self.parts = parts
    let language = template.language
    func names(_ kind: SlotKind, _ value: String?) -> [String] {
      guard let value else { return kind == .shape ? grammar.thing[language] : [] }
      return grammar.slots[kind]?.names(of: value, in: language) ?? []
    }
    var choices: [Choice] = []
    var relations: [SlotRole: [CommandTemplate]] = [:]
    for role in SlotRole.allCases {
      func slot(_ kind: SlotKind) -> Choice.Subject { .slot(SlotReference(kind: kind, role: role)) }
      let noun = parts.nouns[role]
      if let color = noun?.color {
        choices.append(Choice(subject: slot(.color), names: names(.color, color)))
      }
      if let noun, template.has(.shape, role) {
        choices.append(Choice(subject: slot(.shape), names: names(.shape, noun.shape)))
      }
      if let zone = parts.zones[role], template.has(.zone, role) {
        choices.append(Choice(subject: slot(.zone), names: names(.zone, zone)))
      }
      for kind in grammar.vocabulary.ownKinds {
        guard let value = parts.words[role]?[kind.name] else { continue }
        choices.append(Choice(subject: slot(kind), names: names(kind, value)))
      }
      guard let relation = noun?.relation else { continue }
      let phrases = (grammar.relations[relation.kind] ?? []).filter {
        $0.language == language && $0.describes(relation.landmark)
      }
      relations[role] = phrases
      choices.append(Choice(subject: .relation(role), names: phrases.map(\.text)))
      switch relation.landmark {
      case .object(let color, let shape):
        if let color {
          choices.append(Choice(subject: .landmark(role, .color), names: names(.color, color)))
        }
        choices.append(Choice(subject: .landmark(role, .shape), names: names(.shape, shape)))
      case .zone(let zone):
        choices.append(Choice(subject: .landmark(role, .zone), names: names(.zone, zone)))
      }
    }
    guard choices.allSatisfy({ !$0.names.isEmpty }) else { return nil }
    self.choices = choices
    self.relations = relations
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

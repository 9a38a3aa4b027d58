// Why a command is not understood, told in the command's own language.

import PlanarCore

/// One reason, and what would be understood instead.
enum CommandProblem {
  case empty
  /// No command has so many bytes.
  case tooLong(Int)
  /// The file has no wordings in the command's language.
  case otherLanguage
  /// Not a wording of the only goal.
  case onlyGoal(said: String, near: String?)
  case unknownWord(String, near: String?)
  /// A word stands where a colour, shape or zone should, and is none of them.
  case noSuch(SlotKind, String)
  /// Two different values where one is wanted.
  case two(SlotKind, String, String)
  case missing(SlotKind)
  /// All words are known, but the sentence cannot be taken apart.
  case unclear

  /// The explanation.
  func error(in language: CommandLanguage, _ grammar: CommandGrammar) -> UserError {
    let example = grammar.exampleCommand(language)
    return UserError(
      language == .korean ? korean(grammar, example) : english(grammar, example))
  }

  private func english(_ grammar: CommandGrammar, _ example: String) -> String {
    func listing(_ kind: SlotKind) -> String { grammar.listing(kind, .english) }
    func name(_ kind: SlotKind, _ value: String) -> String { grammar.name(kind, value, .english) }
    let choices = grammar.slotKinds.map { "\($0.plural) are \(listing($0))" }.joined(separator: ", ")
    switch self {
    case .empty: return "the command is empty; try '\(example)'"
    case .tooLong(let count):
      return "the command has \(count) bytes, and \(CommandGrammar.longestCommand) are read at most; try '\(example)'"
    case .otherLanguage: return "there are no English wordings here; try '\(example)'"
    case .onlyGoal(let said, let near?): return "cannot understand '\(said)'; did you mean '\(near)'?"
    case .onlyGoal(let said, nil):
      let about = grammar.about[.english].first ?? "there is one goal here"
      return "cannot understand '\(said)'; \(about): try '\(example)'"
    case .unknownWord(let word, let near?):
      return "cannot understand '\(word)' (did you mean '\(near)'?); try '\(example)'"
    case .unknownWord(let word, nil): return "cannot understand '\(word)': \(choices); try '\(example)'"
    case .noSuch(.color, let word):
      return "no object is \(word) here; colors are \(listing(.color)): try '\(example)'"
    case .noSuch(.shape, let word):
      return "no object is called '\(word)' here; shapes are \(listing(.shape)): try '\(example)'"
    case .noSuch(.zone, let word):
      return "no zone is called '\(word)' here; zones are \(listing(.zone)): try '\(example)'"
    case .noSuch(let kind, let word):
      return "no \(kind.name) is called '\(word)' here; \(kind.plural) are \(listing(kind)): try '\(example)'"
    case .two(let kind, let a, let b):
      return
        "the command names two \(kind.plural), '\(name(kind, a))' and '\(name(kind, b))'; name one \(kind.name): try '\(example)'"
    case .missing(let kind):
      return "the command names no \(kind.name); say \(listing(kind)): try '\(example)'"
    case .unclear:
      return "the words are known, but not what they ask for; try '\(example)'"
    }
  }

  private func korean(_ grammar: CommandGrammar, _ example: String) -> String {
    let hint = "'\(example)'처럼 말해 보세요"
    func listing(_ kind: SlotKind) -> String { grammar.listing(kind, .korean) }
    func name(_ kind: SlotKind, _ value: String) -> String { grammar.name(kind, value, .korean) }
    func quoted(_ word: String, _ particle: KoreanParticle) -> String {
      "'\(word)'\(particle.form(after: word))"
    }
    let choices = grammar.slotKinds.map {
      "\($0.korean)\(KoreanParticle.topic.form(after: $0.korean)) \(listing($0))"
    }.joined(separator: ", ")
    switch self {
    case .empty: return "명령이 비어 있습니다. \(hint)"
    case .tooLong(let count):
      return "명령이 너무 깁니다(\(count)바이트, 최대 \(CommandGrammar.longestCommand)바이트). \(hint)"
    case .otherLanguage: return "여기에는 한국어 명령이 없습니다 (there are no Korean wordings here). \(hint)"
    case .onlyGoal(let said, let near?):
      return "\(quoted(said, .object)) 이해하지 못했습니다. 혹시 '\(near)'입니까?"
    case .onlyGoal(let said, nil):
      let about = grammar.about[.korean].first ?? "여기에는 목표가 하나뿐입니다"
      return "\(quoted(said, .object)) 이해하지 못했습니다. \(about). \(hint)"
    case .unknownWord(let word, let near?):
      return "\(quoted(word, .object)) 이해하지 못했습니다. 혹시 '\(near)'입니까? \(hint)"
    case .unknownWord(let word, nil):
      return "\(quoted(word, .object)) 이해하지 못했습니다. \(choices) 중에서 고르세요. \(hint)"
    case .noSuch(.color, let word):
      return "여기에 \(word) 물체는 없습니다. 색은 \(listing(.color)) 중 하나입니다. \(hint)"
    case .noSuch(.shape, let word):
      return "여기에 \(quoted(word, .subject)) 없습니다. 모양은 \(listing(.shape)) 중 하나입니다. \(hint)"
    case .noSuch(.zone, let word):
      return "여기에 '\(word)' 구역은 없습니다. 구역은 \(listing(.zone)) 중 하나입니다. \(hint)"
    case .noSuch(let kind, let word):
      let topic = "\(kind.korean)\(KoreanParticle.topic.form(after: kind.korean))"
      return "여기에 \(quoted(word, .subject)) 없습니다. \(topic) \(listing(kind)) 중 하나입니다. \(hint)"
    case .two(let kind, let a, let b):
      let first = name(kind, a)
      return
        "\(kind.korean)\(KoreanParticle.subject.form(after: kind.korean)) 둘입니다: \(quoted(first, .with)) '\(name(kind, b))'. 하나만 말해 주세요. \(hint)"
    case .missing(let kind):
      return
        "\(kind.korean)\(KoreanParticle.subject.form(after: kind.korean)) 빠졌습니다. \(listing(kind)) 중 하나를 말해 주세요. \(hint)"
    case .unclear:
      return "아는 낱말들이지만 무엇을 하라는지 알 수 없습니다. \(hint)"
    }
  }
}

extension CommandGrammar {
  /// The kinds of slots that train wordings have.
  var slotKinds: [SlotKind] {
    vocabulary.kinds.filter { kind in
      templates[.train]!.contains { template in SlotRole.allCases.contains { template.has(kind, $0) } }
    }
  }

  /// What messages call a value.
  func name(_ kind: SlotKind, _ value: String, _ language: CommandLanguage) -> String {
    slots[kind]?.names(of: value, in: language).first ?? value
  }

  /// `red, green or blue`.
  func listing(_ kind: SlotKind, _ language: CommandLanguage) -> String {
    let names = slots[kind]?.values.compactMap { $0.names[language].first } ?? []
    guard language != .korean else { return names.joined(separator: ", ") }
    return names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "") + (names.last ?? "")
  }

  /// A train wording with its slots, for messages.
  func exampleTemplate(_ language: CommandLanguage) -> CommandTemplate {
    let train = templates[.train]!
    return train.first { $0.language == language } ?? train[0]
  }

  /// A command that is understood, for messages.
  func exampleCommand(_ language: CommandLanguage) -> String {
    let template = exampleTemplate(language)
    guard let instruction = instructions(for: template).first,
      let parts = CommandParts(instruction, mentioning: nil)
    else { return template.text }
    return WordingFilling.canFill(template, parts, self)
      ? WordingFilling(template, parts, self).first : template.text
  }
}

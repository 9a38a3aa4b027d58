// Templates and names cut into units, once, so that texts can be matched against them.

import PlanarCore

/// A piece of a template as a text is compared with it.
enum MatchPiece: Sendable {
  case units([String])
  case noun(SlotRole)
  case slot(SlotReference)
  case describedNoun
  /// The units of either form.
  case particle(forms: [[String]], mayBeMissing: Bool)
}

/// A template ready to be matched.
struct CompiledTemplate: Sendable {
  let template: CommandTemplate
  let split: CommandSplit
  let pieces: [MatchPiece]

  init(_ template: CommandTemplate, split: CommandSplit) {
    self.template = template
    self.split = split
    let language = template.language
    var pieces: [MatchPiece] = template.pieces.map { piece in
      switch piece {
      case .text(let text): return .units(CommandText(text, language: language).units)
      case .noun(let role): return .noun(role)
      case .slot(let slot): return .slot(slot)
      case .describedNoun: return .describedNoun
      case .particle(let particle):
        let forms = [particle.forms.consonant, particle.forms.vowel]
        return .particle(
          forms: forms.map { $0.map(String.init) },
          mayBeMissing: particle != .with && particle != .direction)
      }
    }
    if language == .korean, case .units(let units) = pieces.last {
      pieces[pieces.count - 1] = .units(Korean.withoutPoliteness(units))
    }
    self.pieces = pieces
  }
}

/// A name's units and what it means; nil is an object of any shape.
struct CompiledName: Sendable {
  let units: [String]
  let value: String?
}

/// Runs of units by their first, so that a place of a text is compared only with what can stand there.
struct UnitRuns<Entry: Sendable>: Sendable {
  private var entries: [String: [Entry]] = [:]

  init(_ all: [Entry] = [], units: (Entry) -> [String]) {
    for entry in all { entries[units(entry).first ?? "", default: []].append(entry) }
  }

  /// What begins with a unit, in order.
  subscript(unit: String) -> [Entry] { entries[unit] ?? [] }
}

/// Everything of one language.
struct CompiledLanguage: Sendable {
  var templates: [CompiledTemplate] = []
  var relations: [(kind: Relation.Kind, phrase: CompiledTemplate)] = []
  var names: [SlotKind: [CompiledName]] = [:]
  /// Words of train and paraphrase templates that are no slot.
  var plainWords: [[String]] = []
  /// What may be glued to a word.
  var particles: [[String]] = []
  /// `names`, `plainWords` and `particles` by their first units.
  private(set) var namesByUnit: [SlotKind: UnitRuns<CompiledName>] = [:]
  private(set) var plainWordsByUnit = UnitRuns<[String]> { $0 }
  private(set) var particlesByUnit = UnitRuns<[String]> { $0 }

  /// Sorts by first units what has been added.
  mutating func sortByUnit() {
    namesByUnit = names.mapValues { UnitRuns($0, units: \.units) }
    plainWordsByUnit = UnitRuns(plainWords) { $0 }
    particlesByUnit = UnitRuns(particles) { $0 }
  }
}

/// Everything of both languages.
struct CompiledGrammar: Sendable {
  private var english = CompiledLanguage()
  private var korean = CompiledLanguage()

  init(
    templates: [CommandSplit: [CommandTemplate]], slots: [SlotKind: CommandSlot], thing: CommandNames,
    relations: [Relation.Kind: [CommandTemplate]], vocabulary: CommandVocabulary
  ) {
    func compile(_ language: CommandLanguage) -> CompiledLanguage {
      func units(_ text: String) -> [String] { CommandText(text, language: language).units }
      var all = CompiledLanguage()
      for split in CommandSplit.written {
        all.templates += templates[split]!.filter { $0.language == language }.map {
          CompiledTemplate($0, split: split)
        }
      }
      for kind in vocabulary.relations {
        for phrase in relations[kind] ?? [] where phrase.language == language {
          all.relations.append((kind, CompiledTemplate(phrase, split: .train)))
        }
      }
      for (kind, slot) in slots {
        all.names[kind] = slot.values.flatMap { value, names in
          names[language].map { CompiledName(units: units($0), value: value) }
        }
      }
      all.names[.shape, default: []] += thing[language].map {
        CompiledName(units: units($0), value: nil)
      }
      let texts = all.templates.filter { $0.split != .distractor }.flatMap(\.template.pieces)
      let words = texts.flatMap { piece in
        if case .text(let text) = piece { return CommandText.words(of: text) } else { return [] }
      }
      all.plainWords = Set(words).sorted().map(units)
      if language == .korean {
        all.plainWords += all.plainWords.map(Korean.withoutPoliteness)
        all.particles = KoreanParticle.allCases.flatMap { [$0.forms.consonant, $0.forms.vowel] }.map(units)
      }
      all.sortByUnit()
      return all
    }
    english = compile(.english)
    korean = compile(.korean)
  }

  subscript(language: CommandLanguage) -> CompiledLanguage { language == .korean ? korean : english }
}

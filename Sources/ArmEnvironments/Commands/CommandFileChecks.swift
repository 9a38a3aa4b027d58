// What a grammar's file may get wrong beyond its keys, told at the line where it stands.

import PlanarCore

/// Checks of commands.yaml that look at several entries at once.
struct CommandFileChecks {
  let top: SpecReader
  let vocabulary: CommandVocabulary
  let slots: [SlotKind: CommandSlot]
  let templates: [CommandSplit: [CommandTemplate]]
  let thing: CommandNames
  let relations: [Relation.Kind: [CommandTemplate]]

  /// - Throws: `UserError` naming file and line.
  func run() throws {
    for language in CommandLanguage.spoken {
      let own = CommandSplit.written.flatMap { templates[$0]! }.filter { $0.language == language }
      guard let first = own.first else { continue }
      guard templates[.train]!.contains(where: { $0.language == language }) else {
        throw fail(
          first, "'templates.\(language.rawValue)' has no 'train' wordings; every language needs some")
      }
      try checkNames(language, usedBy: own)
    }
    guard let first = templates[.train]!.first else {
      throw top.error(
        line: top.line(of: "templates"),
        "'templates' has no wordings; give some under 'en: {train: [...]}' or 'ko: {train: [...]}'")
    }
    let hasSlots = !first.slots.isEmpty
    for split in CommandSplit.written {
      for template in templates[split]! {
        try check(template, split)
        guard template.slots.isEmpty != hasSlots else {
          throw fail(
            template, "'\(template.text)' \(hasSlots ? "has no slots" : "has slots"), unlike '\(first.text)'")
        }
      }
    }
    for template in relations.values.joined() { try checkRelation(template) }
    try checkRepeats()
  }

  private func fail(_ template: CommandTemplate, _ message: String) -> UserError {
    top.error(line: template.line, message)
  }

  private func check(_ template: CommandTemplate, _ split: CommandSplit) throws {
    let text = template.text
    if template.language == .english, text.contains(where: Korean.isHangul) {
      throw fail(template, "'\(text)' stands under 'en', but is Korean; move it to 'ko'")
    }
    try checkKnown(template)
    guard split != .distractor || template.hasNoun(.bystander) else {
      throw fail(
        template,
        "'\(text)' names no object to be left alone; add {other_color} {other_shape}, or move it to 'train' or 'paraphrase'"
      )
    }
    if template.hasNoun(.second), !template.hasNoun(.first) {
      throw fail(template, "'\(text)' has a second object without a first; use {color} {shape}")
    }
    if template.has(.zone, .second) {
      guard template.has(.zone, .first) else {
        throw fail(template, "'\(text)' has {zone2} without {zone}; use {zone}")
      }
      guard template.hasNoun(.first) == template.hasNoun(.second) else {
        throw fail(template, "'\(text)' has {zone2}, but does not say what goes there; add {color2} {shape2}")
      }
    }
  }

  /// Each slot has values.
  private func checkKnown(_ template: CommandTemplate) throws {
    for slot in vocabulary.slots where template.slots.contains(slot) && slots[slot.kind] == nil {
      throw fail(
        template,
        "'\(template.text)' has {\(slot.name)}, but 'slots.\(slot.kind.name)' is missing; list its values and their names"
      )
    }
  }

  private func checkRelation(_ phrase: CommandTemplate) throws {
    try checkKnown(phrase)
    let landmark = phrase.isFlexible(.first) ? phrase.slots.count == 2 : phrase.slots.map(\.kind) == [.zone]
    guard phrase.pieces.contains(.describedNoun), landmark else {
      throw fail(
        phrase, "'\(phrase.text)' must hold {noun}, and {color} {shape} or {zone} for what it is near to")
    }
  }

  /// Every value has names in a language, none of which means two things.
  private func checkNames(_ language: CommandLanguage, usedBy templates: [CommandTemplate]) throws {
    for kind in vocabulary.kinds where templates.contains(where: { $0.slots.contains { $0.kind == kind } }) {
      guard let slot = slots[kind] else { continue }
      let section = try top.section("slots").section(kind.name)
      var owners: [[String]: String] = [:]
      for (value, names) in slot.values {
        let line = section.line(of: value)
        guard !names[language].isEmpty else {
          throw top.error(
            line: line,
            "'slots.\(kind.name).\(value)' has no names in '\(language.rawValue)', which templates need; add \(language.rawValue): [...]"
          )
        }
        for name in names[language] {
          let units = CommandText(name, language: language).units
          guard !units.isEmpty else {
            throw top.error(line: line, "'slots.\(kind.name).\(value)' has an empty name")
          }
          guard let owner = owners.updateValue(value, forKey: units) else { continue }
          throw top.error(
            line: line,
            owner == value
              ? "'slots.\(kind.name).\(value)' has the name '\(name)' twice"
              : "'\(name)' means both '\(owner)' and '\(value)' in 'slots.\(kind.name)'; leave it to one of them")
        }
      }
    }
  }

  /// No wording stands twice, not even with other capitals, punctuation or politeness.
  private func checkRepeats() throws {
    var seen: [String: (template: CommandTemplate, split: CommandSplit)] = [:]
    for split in CommandSplit.written {
      for template in templates[split]! {
        let shape = CompiledTemplate(template, split: split).shape
        if let (earlier, owner) = seen.updateValue((template, split), forKey: shape) {
          throw fail(
            template,
            "'\(template.text)' is the same as '\(earlier.text)' of '\(owner.rawValue)' (line \(earlier.line)); remove one of them"
          )
        }
      }
    }
  }
}

extension CompiledTemplate {
  /// Equal for wordings that accept the same texts.
  fileprivate var shape: String {
    pieces.map { piece in
      switch piece {
      case .units(let units): return units.joined(separator: " ")
      case .noun(let role): return "{noun \(role)}"
      case .slot(let slot): return "{\(slot.name)}"
      case .describedNoun: return "{noun}"
      case .particle(let forms, _): return "{\(forms)}"
      }
    }.joined(separator: " ")
  }
}

// Reading commands.yaml. Every mistake is one sentence with file, line and the nearest valid name.

import Foundation
import PlanarCore

extension CommandGrammar {
  /// Reads a grammar.
  ///
  /// ```yaml
  /// templates:              # by language (en, ko) and split (train, paraphrase, distractor)
  ///   en: {train: ["push the {color} {shape} to the {zone} zone"]}
  ///   ko: {train: ["{color} {shape}을/를 {zone} 구역으로 밀어"]}
  /// slots:                  # color, shape, zone, a task's own: values and their names, the first used in messages
  ///   color: {red: {en: [red], ko: [빨간]}}
  ///   shape: {square: {en: [square, box], ko: [사각형]}}
  ///   zone: {left: {en: [left], ko: [왼쪽]}}
  /// thing: {en: [thing], ko: [물체]}       # an object whose shape is not named
  /// every: {en: [every], ko: [모든]}       # a template with one of these words asks for all that fit
  /// about: {en: [there is one T here]}     # for explanations, where there is one goal
  /// relations:              # nearest, farthest, left_of, right_of, above, below
  ///   nearest: {en: ["{noun} nearest to the {color} {shape}", "{noun} nearest to the {zone} zone"]}
  /// held_out:               # combinations for the split `compositional`
  ///   - {color: red, shape: square, zone: left}
  ///   - {relation: nearest, zone: top}
  /// ```
  ///
  /// Slots are `{color} {shape} {zone}` of the (first) thing to be done; `{color2} {shape2} {zone2}` of the
  /// second: with a zone of its own it is a second request, without any zone in the template it is the
  /// object beside which the first one belongs; `{other_color} {other_shape}` of the object that a
  /// `distractor` wording leaves alone. `{color} {shape}` side by side may be filled by any noun phrase
  /// ("square", "red thing", "square nearest to the blue disc"). Only `templates` is required, and no slot:
  /// a task with one goal has none. A slot of the task's own, say `{edge}`, is told like a zone; `{edge2}` is
  /// of a second request.
  ///
  /// - Parameter vocabulary: the slots and relations that the file may use.
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL, vocabulary: CommandVocabulary = .standard) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: ["templates", "slots", "thing", "every", "about", "relations", "held_out"])
    file = url.path
    self.vocabulary = vocabulary
    thing = try CommandGrammar.names("thing", in: top)
    every = try CommandGrammar.names("every", in: top)
    about = try CommandGrammar.names("about", in: top)
    slots = try CommandGrammar.readSlots(top, vocabulary)
    let templates = try CommandGrammar.readTemplates(top, every, vocabulary)
    self.templates = templates
    splitsWithBystanders = Set(
      CommandSplit.written.filter { templates[$0]!.contains { $0.hasNoun(.bystander) } })
    relations = try CommandGrammar.readRelations(top, vocabulary)
    try CommandFileChecks(
      top: top, vocabulary: vocabulary, slots: slots, templates: templates, thing: thing, relations: relations
    ).run()
    heldOut = try CommandGrammar.readHeldOut(top, slots, vocabulary)
    compiled = CompiledGrammar(
      templates: templates, slots: slots, thing: thing, relations: relations, vocabulary: vocabulary)
  }

  /// Texts by language under a key; none where the key is missing.
  private static func names(_ key: String, in section: SpecReader) throws -> CommandNames {
    guard section.has(key) else { return CommandNames(english: [], korean: []) }
    let languages = try section.section(key)
    try languages.allow(only: ["en", "ko"])
    func names(_ language: String) throws -> [String] {
      guard languages.has(language) else { return [] }
      let names = try languages.strings(language)
      // Nothing would be left of it to be recognised.
      if let mark = names.first(where: { CommandText.words(of: $0).isEmpty }) {
        throw languages.error(at: language, "has '\(shortened(mark))', where there is no letter and no number")
      }
      return names
    }
    return CommandNames(english: try names("en"), korean: try names("ko"))
  }

  private static func readSlots(
    _ top: SpecReader, _ vocabulary: CommandVocabulary
  ) throws -> [SlotKind: CommandSlot] {
    guard top.has("slots") else { return [:] }
    let section = try top.section("slots")
    try section.allow(only: vocabulary.kinds.map(\.name))
    var slots: [SlotKind: CommandSlot] = [:]
    for kind in vocabulary.kinds where section.has(kind.name) {
      let values = try section.section(kind.name)
      slots[kind] = CommandSlot(
        kind: kind, values: try values.keys.map { ($0, try names($0, in: values)) })
    }
    return slots
  }

  private static func readTemplates(
    _ top: SpecReader, _ every: CommandNames, _ vocabulary: CommandVocabulary
  ) throws -> [CommandSplit: [CommandTemplate]] {
    let section = try top.section("templates")
    try section.allow(only: CommandLanguage.spoken.map(\.rawValue))
    var templates: [CommandSplit: [CommandTemplate]] = [.train: [], .paraphrase: [], .distractor: []]
    for language in CommandLanguage.spoken where section.has(language.rawValue) {
      let splits = try section.section(language.rawValue)
      try splits.allow(only: CommandSplit.written.map(\.rawValue))
      for split in CommandSplit.written where splits.has(split.rawValue) {
        for (text, line) in try splits.linedStrings(split.rawValue) {
          do {
            var template = try CommandTemplate(text, language: language, vocabulary: vocabulary)
            template.line = line
            let words = CommandText.words(of: text)
            if every[language].contains(where: { words.contains($0) }) { template.quantifier = .every }
            templates[split]!.append(template)
          } catch let error as UserError {
            throw top.error(line: line, error.message)
          }
        }
      }
    }
    return templates
  }

  private static func readRelations(
    _ top: SpecReader, _ vocabulary: CommandVocabulary
  ) throws -> [Relation.Kind: [CommandTemplate]] {
    guard top.has("relations") else { return [:] }
    let section = try top.section("relations")
    try section.allow(only: vocabulary.relations.map(\.key))
    var relations: [Relation.Kind: [CommandTemplate]] = [:]
    for kind in vocabulary.relations where section.has(kind.key) {
      let languages = try section.section(kind.key)
      try languages.allow(only: CommandLanguage.spoken.map(\.rawValue))
      for language in CommandLanguage.spoken where languages.has(language.rawValue) {
        for (text, line) in try languages.linedStrings(language.rawValue) {
          do {
            var phrase = try CommandTemplate(
              text, language: language, vocabulary: vocabulary, describes: true)
            phrase.line = line
            relations[kind, default: []].append(phrase)
          } catch let error as UserError {
            throw top.error(line: line, error.message)
          }
        }
      }
    }
    return relations
  }

  private static func readHeldOut(
    _ top: SpecReader, _ slots: [SlotKind: CommandSlot], _ vocabulary: CommandVocabulary
  ) throws -> [HeldOutCombination] {
    guard top.has("held_out") else { return [] }
    return try top.sections("held_out").map { entry in
      try entry.allow(only: vocabulary.slots.filter { $0.role != .bystander }.map(\.name) + ["relation"])
      var values: [SlotReference: String] = [:]
      var relation: Relation.Kind?
      if entry.has("relation") {
        let key = try entry.word("relation", among: vocabulary.relations.map(\.key))
        relation = vocabulary.relations.first { $0.key == key }
      }
      for key in entry.keys where key != "relation" {
        let slot = vocabulary.slot(named: key)!
        let value = try entry.string(key)
        let known = slots[slot.kind]?.values.map(\.value) ?? []
        guard known.contains(value) else {
          let hint = nearestName(to: value, among: known).map { "did you mean '\($0)'?" }
          throw top.error(
            line: entry.line(of: key),
            "'held_out' names the \(slot.kind.name) '\(value)'; \(hint ?? "\(slot.kind.plural) are \(known.joined(separator: ", "))")"
          )
        }
        values[slot] = value
      }
      return HeldOutCombination(values: values, relation: relation)
    }
  }
}

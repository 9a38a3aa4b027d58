// Making commands: how many wordings an instruction has, all of them, one at random, one of a user's.

import PlanarCore

extension CommandGrammar {
  /// A random wording of an instruction.
  ///
  /// Draws in this order: the template, then a name for each slot: color, shape, zone, the task's own, the
  /// relation's phrase and its landmark's names; then the same for the second noun phrase; then for the bystander.
  ///
  /// - Parameters:
  ///   - split: says which templates; whether it admits the instruction is the caller's choice.
  ///   - bystander: the object that a wording says to leave alone, where the split has such wordings; without one, an
  ///     object that the instruction does not name is drawn first.
  /// - Throws: `UserError` naming file and what it lacks where there is no wording.
  public func sample(
    _ instruction: Instruction, language: CommandLanguage, split: CommandSplit,
    mentioning bystander: NounPhrase? = nil, using random: inout RandomStream
  ) throws -> String {
    var bystander = mentionsBystanders(split) ? bystander : nil
    if mentionsBystanders(split), bystander == nil {
      let all = bystanders(of: instruction)
      if !all.isEmpty { bystander = all[random.integer(below: all.count)] }
    }
    guard let alone = CommandParts(instruction, mentioning: nil),
      let beside = CommandParts(instruction, mentioning: bystander)
    else { preconditionFailure("an instruction has one or two requests") }
    let all = templates[split.templates]!
    func parts(_ template: CommandTemplate) -> CommandParts { template.hasNoun(.bystander) ? beside : alone }
    let fitting = all.indices.filter { canSay(parts(all[$0]), all[$0], language) }
    guard !fitting.isEmpty else { throw withoutWording(instruction, language: language, split: split) }
    let template = all[fitting[random.integer(below: fitting.count)]]
    return WordingFilling(template, parts(template), self).sample(using: &random)
  }

  /// Whether some wordings of a split name an object to be left alone.
  func mentionsBystanders(_ split: CommandSplit) -> Bool {
    splitsWithBystanders.contains(split.templates)
  }

  /// Refuses an instruction that has no wording.
  ///
  /// - Throws: `UserError` naming file, language and split.
  public func requireWordings(
    of instruction: Instruction, language: CommandLanguage, split: CommandSplit
  ) throws {
    guard wordingCount(of: instruction, language: language, split: split) == 0 else { return }
    throw withoutWording(instruction, language: language, split: split)
  }

  /// What to add so that an instruction has a wording.
  private func withoutWording(
    _ instruction: Instruction, language: CommandLanguage, split: CommandSplit
  ) -> UserError {
    let tongue = language == .any ? "" : language == .korean ? " Korean" : " English"
    let nouns = instruction.requests.flatMap { request -> [NounPhrase] in
      if case .object(let other) = request.target { return [request.subject, other].compactMap(\.self) }
      return [request.subject].compactMap(\.self)
    }
    var missing: String?
    if nouns.contains(where: { $0.quantifier == .every }), every[language].isEmpty {
      missing = "the task asks for all things of a kind, and no word says so; add 'every: {en: [every, all]}'"
    } else if nouns.contains(where: { $0.shape == nil }), thing[language].isEmpty {
      missing = "the task asks for things of any shape, and no word means them; add 'thing: {en: [thing, object]}'"
    } else if let kind = nouns.lazy.compactMap(\.relation?.kind).first, relations[kind] == nil {
      missing =
        "objects of a kind are told apart by their places, and 'relations.\(kind.key)' is missing; add its phrases"
    }
    let hint = missing.map { ": \($0)" } ?? "; add one that has its slots"
    return UserError(
      "\(file) has no\(tongue) wording of this instruction among the '\(split.templates.rawValue)' templates\(hint)"
    )
  }

  /// Refuses a split that the file has no templates or no held-out combinations for, before anything is
  /// drawn.
  ///
  /// - Throws: `UserError` naming file, language and split.
  public func requireSplit(_ split: CommandSplit, language: CommandLanguage) throws {
    guard
      templates[split.templates]!.contains(where: { language == .any || $0.language == language })
    else {
      throw UserError(
        "\(file) has no '\(split.templates.rawValue)' templates\(language == .any ? "" : " in '\(language.rawValue)'"); add some, or choose another split or language"
      )
    }
    guard split != .compositional || !heldOut.isEmpty else {
      throw UserError("\(file) holds no combination out; list some under 'held_out', or choose another split")
    }
  }

  /// Every wording of an instruction that a split may use, each once; none where the split does not admit it.
  ///
  /// - Parameter bystander: the object that `distractor` wordings leave alone; without one, each in turn.
  public func wordings(
    of instruction: Instruction, language: CommandLanguage, split: CommandSplit,
    mentioning bystander: NounPhrase? = nil
  ) -> [String] {
    allFillings(of: instruction, language, split, bystander).flatMap { $0.all() }
  }

  /// How many wordings `wordings` lists.
  public func wordingCount(
    of instruction: Instruction, language: CommandLanguage, split: CommandSplit,
    mentioning bystander: NounPhrase? = nil
  ) -> Int {
    allFillings(of: instruction, language, split, bystander).reduce(0) { $0 + $1.count }
  }

  /// A user's wording with `{slots}`, filled with names of the wording's language (Hangul means Korean);
  /// Korean particles agree with the filled word. The wording need not be one that the grammar understands.
  ///
  /// - Throws: `UserError` where a slot is unknown or the wording cannot say the instruction.
  public func fill(
    _ wording: String, with instruction: Instruction, using random: inout RandomStream
  ) throws -> String {
    let language = CommandLanguage(of: wording)
    var template = try CommandTemplate(wording, language: language, vocabulary: vocabulary)
    if template.slots.isEmpty { return wording }
    template.quantifier = instruction.requests.first?.subject?.quantifier ?? .the
    guard let parts = CommandParts(instruction, mentioning: nil), parts.fit(template),
      WordingFilling.canFill(template, parts, self)
    else {
      throw UserError(
        "the wording '\(wording)' cannot say this command; its slots must be those of the environment's own wordings, such as '\(exampleTemplate(language).text)'"
      )
    }
    return WordingFilling(template, parts, self).sample(using: &random)
  }

  private func allFillings(
    of instruction: Instruction, _ language: CommandLanguage, _ split: CommandSplit,
    _ bystander: NounPhrase?
  ) -> [WordingFilling] {
    guard admits(instruction, in: split) else { return [] }
    let mentioned: [NounPhrase?] =
      split == .distractor ? bystander.map { [$0] } ?? bystanders(of: instruction) : [nil]
    return mentioned.flatMap { other in
      CommandParts(instruction, mentioning: other).map {
        fillings(of: $0, language: language, split: split)
      } ?? []
    }
  }

  /// The templates of a split that can say these parts, ready to be filled.
  private func fillings(
    of parts: CommandParts, language: CommandLanguage, split: CommandSplit
  ) -> [WordingFilling] {
    templates[split.templates]!.compactMap { template in
      canSay(parts, template, language) ? WordingFilling(template, parts, self) : nil
    }
  }

  /// Whether a template of a language can say these parts.
  private func canSay(_ parts: CommandParts, _ template: CommandTemplate, _ language: CommandLanguage) -> Bool {
    (language == .any || template.language == language) && parts.fit(template)
      && WordingFilling.canFill(template, parts, self)
  }

  /// Every object that the instruction's own nouns cannot mean; where they could mean any, as "the thing
  /// nearest to" does, every object.
  func bystanders(of instruction: Instruction) -> [NounPhrase] {
    let named = instruction.requests.flatMap { request -> [NounPhrase] in
      if case .object(let other) = request.target { return [request.subject, other].compactMap { $0 } }
      return [request.subject].compactMap { $0 }
    }
    let all = values(of: "color").flatMap { color in
      values(of: "shape").map { NounPhrase(color: color, shape: $0) }
    }
    let others = all.filter { other in
      !named.contains { ($0.color ?? other.color) == other.color && ($0.shape ?? other.shape) == other.shape }
    }
    return others.isEmpty ? all : others
  }
}

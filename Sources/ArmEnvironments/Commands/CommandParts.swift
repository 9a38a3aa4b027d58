// What fills a template's slots: an instruction laid out by roles, and back.

/// The noun phrases and zones of an instruction, by role, and the words of the task's own slots.
struct CommandParts: Hashable, Sendable {
  var nouns: [SlotRole: NounPhrase] = [:]
  var zones: [SlotRole: String] = [:]
  /// By the name of the kind.
  var words: [SlotRole: [String: String]] = [:]

  init() {}

  /// Nil where an instruction has more to say than two roles can.
  init?(_ instruction: Instruction, mentioning bystander: NounPhrase?) {
    guard (1...2).contains(instruction.requests.count) else { return nil }
    for (request, role) in zip(instruction.requests, [SlotRole.first, .second]) {
      nouns[role] = request.subject
      if !request.words.isEmpty { words[role] = request.words }
      switch request.target {
      case .zone(let name): zones[role] = name
      case .object(let other):
        guard instruction.requests.count == 1, request.subject != nil else { return nil }
        nouns[.second] = other
      case nil: break
      }
    }
    nouns[.bystander] = bystander
  }

  /// The instruction, when these parts were found in a template with quantifier `quantifier`.
  func instruction(_ quantifier: NounPhrase.Quantifier) -> Instruction {
    func noun(_ role: SlotRole) -> NounPhrase? {
      var noun = nouns[role]
      noun?.quantifier = quantifier
      return noun
    }
    let zone = zones[.first].map { Target.zone($0) }
    let first = words[.first] ?? [:]
    let shared = nouns[.second] == nil ? nil : zones[.first]
    let second = zones[.second] ?? shared
    if second != nil || words[.second] != nil {
      return Instruction(requests: [
        Request(subject: noun(.first), target: zone, words: first),
        Request(subject: noun(.second), target: second.map { .zone($0) }, words: words[.second] ?? [:]),
      ])
    }
    return Instruction(requests: [
      Request(subject: noun(.first), target: zone ?? noun(.second).map { .object($0) }, words: first)
    ])
  }

  /// Whether a template has a place for each part and a part for each place. One zone may stand for two.
  func fit(_ template: CommandTemplate) -> Bool {
    let sharesZone = nouns[.second] != nil && zones[.first] == zones[.second]
    for role in SlotRole.allCases {
      guard
        (zones[role] != nil) == template.has(.zone, role)
          || (role == .second && sharesZone && template.has(.zone, .first))
      else { return false }
      let own = template.ownSlots(role), said = words[role] ?? [:]
      guard said.count == own.count, said.keys.allSatisfy(own.contains) else { return false }
      guard let noun = nouns[role] else {
        guard !template.hasNoun(role) else { return false }
        continue
      }
      guard role == .bystander || noun.quantifier == template.quantifier else { return false }
      if template.isFlexible(role) { continue }
      guard noun.relation == nil, (noun.color != nil) == template.has(.color, role),
        (noun.shape != nil) == template.has(.shape, role)
      else { return false }
    }
    return true
  }
}

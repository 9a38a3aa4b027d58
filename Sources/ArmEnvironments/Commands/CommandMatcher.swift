// Finds what a text says by laying templates over it.

/// The units of one command, and every reading of a place in it.
struct CommandMatcher {
  let language: CompiledLanguage
  let units: [String]
  /// Places where words that nobody knows may stand for names, with the places where they may end.
  private let unknown: [Int: [Int]]
  private let known: Known

  /// The readings of `plainNouns(at:)` and `nouns(at:)`, by place, of the places that were looked at.
  private final class Known {
    var plainNouns: [Int: [Reading<NounPhrase>]] = [:]
    var nouns: [Int: [Reading<NounPhrase>]] = [:]
  }

  init(language: CompiledLanguage, units: [String], unknown: [Int: [Int]] = [:]) {
    self.language = language
    self.units = units
    self.unknown = unknown
    known = Known()
  }

  /// A reading: what it says, and the index of the unit after it.
  typealias Reading<Meaning> = (meaning: Meaning, end: Int)

  func has(_ expected: [String], at start: Int) -> Bool {
    guard start + expected.count <= units.count else { return false }
    for (offset, unit) in expected.enumerated() where units[start + offset] != unit { return false }
    return true
  }

  /// Names of a kind that stand at a place; for shapes, nil means a "thing".
  func names(_ kind: SlotKind, at start: Int) -> [Reading<String?>] {
    var readings: [Reading<String?>] = (unknown[start] ?? []).map { (units[start..<$0].joined(), $0) }
    guard start < units.count, let known = language.namesByUnit[kind]?[units[start]] else { return readings }
    for name in known where has(name.units, at: start) {
      readings.append((name.value, start + name.units.count))
    }
    return readings
  }

  /// "red square", "square", "red thing".
  func plainNouns(at start: Int) -> [Reading<NounPhrase>] {
    guard start < units.count else { return [] }
    if let readings = known.plainNouns[start] { return readings }
    let readings = readPlainNouns(at: start)
    known.plainNouns[start] = readings
    return readings
  }

  private func readPlainNouns(at start: Int) -> [Reading<NounPhrase>] {
    var readings: [Reading<NounPhrase>] = []
    for (color, middle) in [(String?.none, start)] + names(.color, at: start).map({ ($0.meaning, $0.end) }) {
      for (shape, end) in names(.shape, at: middle) {
        readings.append((NounPhrase(color: color, shape: shape), end))
      }
    }
    return readings
  }

  /// Plain nouns, and nouns with a relation.
  func nouns(at start: Int) -> [Reading<NounPhrase>] {
    guard start < units.count else { return [] }
    if let readings = known.nouns[start] { return readings }
    let readings = readNouns(at: start)
    known.nouns[start] = readings
    return readings
  }

  private func readNouns(at start: Int) -> [Reading<NounPhrase>] {
    var readings = plainNouns(at: start)
    for (kind, phrase) in language.relations where mayBegin(phrase.pieces.first, at: start) {
      for (found, end) in match(phrase.pieces[...], at: start, CommandParts(), inRelation: true) {
        guard var noun = found.nouns[.second] else { continue }
        let landmark: Relation.Landmark
        if let zone = found.zones[.first] {
          landmark = .zone(zone)
        } else if let object = found.nouns[.first] {
          landmark = .object(color: object.color, shape: object.shape)
        } else {
          continue
        }
        noun.relation = Relation(kind, landmark)
        readings.append((noun, end))
      }
    }
    return readings
  }

  /// Whether a piece can stand at a place: most places of a text begin nothing.
  private func mayBegin(_ piece: MatchPiece?, at start: Int) -> Bool {
    switch piece {
    case .units(let expected): has(expected, at: start)
    case .noun, .describedNoun: !plainNouns(at: start).isEmpty
    case .slot(let slot): !names(slot.kind, at: start).isEmpty
    case .particle, nil: true
    }
  }

  /// Every way in which pieces can be laid over the units from a place on.
  ///
  /// - Parameter inRelation: the pieces are those of a relation phrase: the noun it describes is returned in
  ///   the second role, its landmark in the first.
  func match(
    _ pieces: ArraySlice<MatchPiece>, at start: Int, _ parts: CommandParts, inRelation: Bool = false
  ) -> [Reading<CommandParts>] {
    guard let piece = pieces.first else { return [(parts, start)] }
    let rest = pieces.dropFirst()
    func go(on end: Int, _ parts: CommandParts) -> [Reading<CommandParts>] {
      match(rest, at: end, parts, inRelation: inRelation)
    }
    switch piece {
    case .units(let expected):
      return has(expected, at: start) ? go(on: start + expected.count, parts) : []
    case .particle(let forms, let mayBeMissing):
      let present = forms.filter { has($0, at: start) }.flatMap { go(on: start + $0.count, parts) }
      return present + (mayBeMissing ? go(on: start, parts) : [])
    case .noun(let role):
      return (inRelation ? plainNouns(at: start) : nouns(at: start)).flatMap { noun, end in
        var parts = parts
        parts.nouns[role] = noun
        return go(on: end, parts)
      }
    case .describedNoun:
      return plainNouns(at: start).flatMap { noun, end in
        var parts = parts
        parts.nouns[.second] = noun
        return go(on: end, parts)
      }
    case .slot(let slot):
      return names(slot.kind, at: start).flatMap { value, end in
        var parts = parts
        switch slot.kind {
        case .zone: parts.zones[slot.role] = value
        case .color: parts.nouns[slot.role, default: NounPhrase()].color = value
        case .shape: parts.nouns[slot.role, default: NounPhrase()].shape = value
        default: parts.words[slot.role, default: [:]][slot.kind.name] = value
        }
        return go(on: end, parts)
      }
    }
  }
}

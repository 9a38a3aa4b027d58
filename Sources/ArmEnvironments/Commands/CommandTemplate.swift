// A wording with slots, cut into pieces that can be written out or recognised.

import PlanarCore

/// A piece of a template.
enum TemplatePiece: Hashable, Sendable {
  case text(String)
  /// `{color} {shape}` side by side: a noun phrase, which may lack either and may have a relation.
  case noun(SlotRole)
  /// A slot that stands alone.
  case slot(SlotReference)
  /// The noun a relation phrase describes.
  case describedNoun
  /// A Korean particle that agrees with what stands before it.
  case particle(KoreanParticle)
}

/// One wording of the file.
struct CommandTemplate: Sendable {
  /// What a wording says of one role: worked out once, since every drawn command asks every template.
  private struct RoleSlots {
    var kinds: [SlotKind]
    /// The names of the task's own kinds.
    var own: Set<String>
    var hasNoun: Bool
    /// Colour and shape stand side by side.
    var isFlexible: Bool
  }

  let text: String
  let language: CommandLanguage
  let pieces: [TemplatePiece]
  let slots: Set<SlotReference>
  /// What it says of each role, in the order of `SlotRole.allCases`.
  private let roles: [RoleSlots]
  /// `every` where the template holds one of the file's words for it.
  var quantifier = NounPhrase.Quantifier.the
  /// Where it stands in its file.
  var line = 0

  /// Cuts a text at its braces.
  ///
  /// - Parameters:
  ///   - vocabulary: the slots that it may have.
  ///   - describes: it is a relation phrase, whose `{noun}` is what it describes.
  /// - Throws: `UserError` without a place, about a brace or a slot.
  init(
    _ text: String, language: CommandLanguage, vocabulary: CommandVocabulary, describes: Bool = false
  ) throws {
    self.text = text
    self.language = language
    var pieces: [TemplatePiece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw UserError("'\(text)' has a '{' without a '}'")
      }
      let name = String(rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
      if describes, name == "noun" {
        pieces.append(.describedNoun)
      } else if let slot = vocabulary.slot(named: name),
        !describes || slot.role == .first && slot.kind.isStandard
      {
        pieces.append(.slot(slot))
      } else {
        let names = describes ? ["noun", "color", "shape", "zone"] : vocabulary.slots.map(\.name)
        let hint = nearestName(to: name, among: names).map { "did you mean {\($0)}?" }
        throw UserError(
          "'\(text)' has an unknown slot {\(name)}; "
            + (hint ?? "slots are \(names.map { "{\($0)}" }.joined(separator: " "))"))
      }
      if language == .korean, let (particle, length) = KoreanParticle.prefix(of: rest) {
        pieces.append(.particle(particle))
        rest = rest.dropFirst(length)
      }
    }
    guard !rest.contains("}") else { throw UserError("'\(text)' has a '}' without a '{'") }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    let used = pieces.compactMap { piece in
      if case .slot(let slot) = piece { return slot } else { return nil }
    }
    slots = Set(used)
    if let twice = used.first(where: { slot in used.count { $0 == slot } > 1 }) {
      throw UserError("'\(text)' has {\(twice.name)} twice")
    }
    let joined = CommandTemplate.joined(pieces)
    self.pieces = joined
    roles = SlotRole.allCases.map { role in
      let kinds = used.filter { $0.role == role }.map(\.kind)
      return RoleSlots(
        kinds: kinds, own: Set(kinds.filter { !$0.isStandard }.map(\.name)),
        hasNoun: kinds.contains { [.color, .shape].contains($0) }, isFlexible: joined.contains(.noun(role)))
    }
  }

  /// The pieces with each `{color} {shape}` as one noun.
  private static func joined(_ pieces: [TemplatePiece]) -> [TemplatePiece] {
    var joined: [TemplatePiece] = []
    for piece in pieces {
      joined.append(piece)
      guard joined.count >= 3, case .slot(let shape) = piece, shape.kind == .shape,
        case .text(let space) = joined[joined.count - 2], space.allSatisfy(\.isWhitespace),
        case .slot(let color) = joined[joined.count - 3], color.kind == .color, color.role == shape.role
      else { continue }
      joined.replaceSubrange((joined.count - 3)..., with: [.noun(shape.role)])
    }
    return joined
  }

  func has(_ kind: SlotKind, _ role: SlotRole) -> Bool { roles[role.rawValue].kinds.contains(kind) }

  /// The names of the task's own kinds that it has in a role.
  func ownSlots(_ role: SlotRole) -> Set<String> { roles[role.rawValue].own }

  /// Whether it names an object in a role.
  func hasNoun(_ role: SlotRole) -> Bool { roles[role.rawValue].hasNoun }

  /// Whether colour and shape of a role stand side by side, so that either may be left out.
  func isFlexible(_ role: SlotRole) -> Bool { roles[role.rawValue].isFlexible }
}

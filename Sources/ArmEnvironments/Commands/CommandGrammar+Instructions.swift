// Everything that can be asked for with the values of a file.

import PlanarCore

extension CommandGrammar {
  /// Every instruction that a split admits, each once, in the file's order: objects by their full names,
  /// without relations; two objects, or the things of two requests, differ.
  public func instructions(in split: CommandSplit) -> [Instruction] {
    var seen: Set<Instruction> = []
    return templates[split.templates]!.flatMap { instructions(for: $0) }.filter {
      admits($0, in: split) && seen.insert($0).inserted
    }
  }

  /// Every instruction that a template can say without relations.
  func instructions(for template: CommandTemplate) -> [Instruction] {
    var all = [CommandParts()]
    for role in [SlotRole.first, .second] {
      if template.hasNoun(role) {
        let nouns = plainNouns(template, role)
        all = all.flatMap { parts in
          nouns.filter { role == .first || $0 != parts.nouns[.first] }.map { noun in
            var parts = parts
            parts.nouns[role] = noun
            return parts
          }
        }
      }
      if template.has(.zone, role) {
        all = all.flatMap { parts in
          values(of: "zone").filter { role == .first || $0 != parts.zones[.first] }.map { zone in
            var parts = parts
            parts.zones[role] = zone
            return parts
          }
        }
      }
      for kind in vocabulary.ownKinds where template.has(kind, role) {
        all = all.flatMap { parts in
          values(of: kind.name).filter { role == .first || $0 != parts.words[.first]?[kind.name] }.map { value in
            var parts = parts
            parts.words[role, default: [:]][kind.name] = value
            return parts
          }
        }
      }
    }
    return all.map { $0.instruction(template.quantifier) }
  }

  private func plainNouns(_ template: CommandTemplate, _ role: SlotRole) -> [NounPhrase] {
    let colors = template.has(.color, role) ? values(of: "color").map(Optional.some) : [nil]
    // "every red thing": such a command sorts by colour.
    let byColor =
      template.quantifier == .every && template.isFlexible(role) && !thing[template.language].isEmpty
    let shapes =
      template.has(.shape, role) && !byColor ? values(of: "shape").map(Optional.some) : [nil]
    return colors.flatMap { color in
      shapes.map { NounPhrase(template.quantifier, color: color, shape: $0) }
    }
  }
}

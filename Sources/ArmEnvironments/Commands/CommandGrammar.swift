// Commands: a grammar that can make them, count them, understand them, and say why it does not understand.

import Foundation
import PlanarCore

/// The wordings of an environment, in English and Korean: templates with slots, and the names that fill them.
public struct CommandGrammar: Sendable {
  /// The file it was read from, for messages.
  let file: String
  /// Templates by split, `train` first, in the file's order.
  let templates: [CommandSplit: [CommandTemplate]]
  /// The slots and relations that the file may use.
  let vocabulary: CommandVocabulary
  let slots: [SlotKind: CommandSlot]
  /// What an object without a named shape is called.
  let thing: CommandNames
  /// Words that ask for every object that fits.
  let every: CommandNames
  /// What there is to be told about, for explanations: "there is one T and one target here".
  let about: CommandNames
  let relations: [Relation.Kind: [CommandTemplate]]
  let heldOut: [HeldOutCombination]
  /// The splits with wordings that name an object to be left alone.
  let splitsWithBystanders: Set<CommandSplit>
  /// Templates, relations and names cut into units, for matching.
  let compiled: CompiledGrammar

  /// The languages that it has train wordings in.
  public var languages: [CommandLanguage] {
    CommandLanguage.spoken.filter { language in templates[.train]!.contains { $0.language == language } }
  }

  /// The values of `color`, `shape`, `zone` or a slot of the task's own, in the file's order; empty for any other name.
  public func values(of slot: String) -> [String] {
    vocabulary.kind(named: slot).flatMap { slots[$0] }?.values.map(\.value) ?? []
  }

  /// What a value such as `red` may be called, the name used in messages first.
  public func names(of value: String, slot: String, in language: CommandLanguage) -> [String] {
    vocabulary.kind(named: slot).flatMap { slots[$0] }?.names(of: value, in: language) ?? []
  }

  /// Whether an instruction belongs to a split: `compositional` is the held-out combinations, the others but
  /// `any` are all the rest.
  public func admits(_ instruction: Instruction, in split: CommandSplit) -> Bool {
    guard split != .any else { return true }
    return heldOut.contains { $0.covers(instruction) } == (split == .compositional)
  }

  /// An instruction by attribute, for tables by condition: `color`, `shape` and `zone`; of a second noun phrase
  /// or zone `color2`, `shape2`, `zone2`; of a relation `relation` and `landmark`; of a task's own slots their
  /// names. Empty where there is one goal.
  ///
  /// ```
  /// ["color": "red", "shape": "square", "zone": "left"]
  /// ```
  public func attributes(of instruction: Instruction) -> [String: String] {
    var attributes: [String: String] = [:]
    guard let parts = CommandParts(instruction, mentioning: nil) else { return attributes }
    for (role, noun) in parts.nouns {
      let suffix = role == .first ? "" : "2"
      attributes["color" + suffix] = noun.color
      attributes["shape" + suffix] = noun.shape
      attributes["relation" + suffix] = noun.relation?.kind.name
      switch noun.relation?.landmark {
      case .object(let color, let shape):
        attributes["landmark" + suffix] = [color, shape].compactMap { $0 }.joined(separator: " ")
      case .zone(let zone): attributes["landmark" + suffix] = zone
      case nil: break
      }
    }
    for (role, zone) in parts.zones { attributes[role == .first ? "zone" : "zone2"] = zone }
    for (role, words) in parts.words {
      for (name, value) in words { attributes[role == .first ? name : name + "2"] = value }
    }
    return attributes
  }
}

/// One entry of `held_out`: a combination never trained on.
struct HeldOutCombination: Sendable {
  var values: [SlotReference: String]
  /// How the thing is told apart; nil where that does not matter.
  var relation: Relation.Kind?

  /// Whether an instruction, or one of its requests, has all of these values. The order of two objects that
  /// belong together, or of two requests, does not matter.
  func covers(_ instruction: Instruction) -> Bool {
    guard let parts = CommandParts(instruction, mentioning: nil) else { return false }
    var turned = CommandParts()
    turned.nouns[.first] = parts.nouns[.second]
    turned.nouns[.second] = parts.nouns[.first]
    turned.zones[.first] = parts.zones[.second]
    turned.zones[.second] = parts.zones[.first]
    turned.words[.first] = parts.words[.second]
    turned.words[.second] = parts.words[.first]
    return [parts, turned].contains { parts in
      guard relation == nil || parts.nouns[.first]?.relation?.kind == relation else { return false }
      return values.allSatisfy { slot, value in
        switch slot.kind {
        case .color: return parts.nouns[slot.role]?.color == value
        case .shape: return parts.nouns[slot.role]?.shape == value
        case .zone: return parts.zones[slot.role] == value
        default: return parts.words[slot.role]?[slot.kind.name] == value
        }
      }
    }
  }
}

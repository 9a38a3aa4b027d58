// Which slots and relations the commands of a task may have.

import PlanarCore

/// The kinds of slots and the relations that a file of commands may use: those of objects and zones, and a task's own.
public struct CommandVocabulary: Sendable {
  /// In the order in which names are drawn: colour, shape and zone, then the task's own.
  let kinds: [SlotKind]
  /// The task's own kinds.
  let ownKinds: [SlotKind]
  /// In the order in which phrases are looked for: the standard ones, then the task's own.
  let relations: [Relation.Kind]
  /// Every slot that a template may have, in the order in which names are drawn.
  let slots: [SlotReference]

  /// The common words and a task's own.
  ///
  /// - Parameters:
  ///   - slots: kinds of words that only the task needs.
  ///   - relations: relations that only the task needs.
  /// - Precondition: no name stands twice.
  public init(slots: [SlotKind] = [], relations: [Relation.Kind] = []) {
    kinds = SlotKind.standard + slots
    ownKinds = slots
    self.relations = Relation.Kind.standard + relations
    self.slots = SlotRole.allCases.flatMap { role in
      (SlotKind.standard + slots).filter { role != .bystander || [.color, .shape].contains($0) }.map {
        SlotReference(kind: $0, role: role)
      }
    }
    let names = self.slots.map(\.name) + ["noun"]
    precondition(Set(names).count == names.count, "a slot's name stands twice")
    precondition(Set(self.relations.map(\.name)).count == self.relations.count, "a relation stands twice")
  }

  /// The words of objects and zones.
  public static let standard = CommandVocabulary()

  func slot(named name: String) -> SlotReference? { slots.first { $0.name == name } }
  func kind(named name: String) -> SlotKind? { kinds.first { $0.name == name } }
}

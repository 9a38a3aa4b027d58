// What a template's braces stand for, and the names that fill them.

import PlanarCore

/// The three kinds of words that vary.
enum SlotKind: String, CaseIterable, Hashable, Sendable {
  case color, shape, zone
  var plural: String { rawValue + "s" }
}

/// Which part of an instruction a slot speaks of.
enum SlotRole: CaseIterable, Hashable, Sendable {
  /// The first request: `{color}`, `{shape}`, `{zone}`.
  case first
  /// The second request, or the object beside which the first one belongs: `{color2}`, `{shape2}`, `{zone2}`.
  case second
  /// The object to be left alone: `{other_color}`, `{other_shape}`.
  case bystander
}

/// One slot of a template, such as `{color2}`.
struct SlotReference: Hashable, Sendable {
  var kind: SlotKind
  var role: SlotRole

  /// As it is written between braces.
  var name: String {
    switch role {
    case .first: return kind.rawValue
    case .second: return kind.rawValue + "2"
    case .bystander: return "other_" + kind.rawValue
    }
  }

  /// Every slot, in the order in which names are drawn.
  static let all: [SlotReference] = SlotRole.allCases.flatMap { role in
    SlotKind.allCases.filter { role != .bystander || $0 != .zone }.map {
      SlotReference(kind: $0, role: role)
    }
  }

  static func named(_ name: String) -> SlotReference? { all.first { $0.name == name } }
}

/// Names by language, the one used in messages first.
struct CommandNames: Sendable {
  private var english: [String]
  private var korean: [String]

  init(english: [String], korean: [String]) {
    self.english = english
    self.korean = korean
  }

  subscript(language: CommandLanguage) -> [String] {
    switch language {
    case .english: return english
    case .korean: return korean
    case .any: return english + korean
    }
  }
}

/// The values of one kind, in the file's order, and what they are called.
struct CommandSlot: Sendable {
  var kind: SlotKind
  var values: [(value: String, names: CommandNames)]

  func names(of value: String, in language: CommandLanguage) -> [String] {
    values.first { $0.value == value }?.names[language] ?? []
  }
}

// What a template's braces stand for, and the names that fill them.

import PlanarCore

/// A kind of words that vary in commands: `{color}`, `{shape}` and `{zone}`, which every environment's file may use, or one
/// that a task declares (`TaskKind`), such as `{edge}`.
public struct SlotKind: Sendable {
  /// As it stands between braces and under `slots` in `commands.yaml`.
  public let name: String
  /// Several of its values, in English explanations.
  public let plural: String
  /// What Korean explanations call it.
  public let korean: String

  /// A kind of a task's own: an instruction holds its value in `Request.words`.
  ///
  /// - Parameters:
  ///   - name: lower-case letters, such as `edge`.
  ///   - plural: `edges`, by default the name with an s.
  ///   - korean: such as `가장자리`.
  public init(_ name: String, plural: String? = nil, korean: String) {
    self.name = name
    self.plural = plural ?? name + "s"
    self.korean = korean
  }

  /// The colour of an object.
  public static let color = SlotKind("color", korean: "색")
  /// The shape of an object.
  public static let shape = SlotKind("shape", korean: "모양")
  /// The zone where something belongs.
  public static let zone = SlotKind("zone", korean: "구역")
  /// The kinds that say objects and zones.
  static let standard = [color, shape, zone]
  var isStandard: Bool { SlotKind.standard.contains(self) }
}

extension SlotKind: Hashable {
  /// Kinds are the same by name.
  public static func == (a: SlotKind, b: SlotKind) -> Bool { a.name == b.name }
  /// By name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Which part of an instruction a slot speaks of.
enum SlotRole: Int, CaseIterable, Hashable, Sendable {
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
    case .first: return kind.name
    case .second: return kind.name + "2"
    case .bystander: return "other_" + kind.name
    }
  }
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

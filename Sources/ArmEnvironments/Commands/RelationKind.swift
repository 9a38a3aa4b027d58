// How one thing can lie to another, as commands say it.

import PlanarCore

extension Relation {
  /// How a thing lies to its landmark: which of several it singles out, and what it is called.
  ///
  /// Directions are those of the table seen from above: left is −x, above is +y (away from the arm's base).
  public struct Kind: Sendable {
    /// Which of several candidates are meant: their indices in ascending order, by their centres relative to the
    /// landmark's, m.
    public typealias Choice = @Sendable (_ offsets: [Vec2]) -> [Int]
    /// Whether a person would agree that the first is meant and none of the others, by centres relative to the landmark's,
    /// m.
    public typealias Clearness = @Sendable (_ own: Vec2, _ others: [Vec2]) -> Bool

    /// As data names it, such as `leftOf`.
    public let name: String
    /// As `commands.yaml` names it, such as `left_of`.
    public let key: String
    /// Before the landmark in English explanations: `left of` the blue disc.
    public let english: String
    /// After the landmark in Korean explanations: 파란 원`의 왼쪽에 있는`.
    public let korean: String
    let choose: Choice
    let isClear: Clearness

    /// A relation; a task's own stands in its `TaskKind`.
    ///
    /// - Parameters:
    ///   - name: as data names it.
    ///   - key: as `commands.yaml` names it, by default the name.
    ///   - english: what stands before the landmark.
    ///   - korean: what stands after the landmark.
    ///   - isClear: whether a command would say it; always, by default.
    ///   - choose: which candidates are meant.
    public init(
      _ name: String, key: String? = nil, english: String, korean: String,
      isClear: @escaping Clearness = { _, _ in true }, choose: @escaping Choice
    ) {
      self.name = name
      self.key = key ?? name
      self.english = english
      self.korean = korean
      self.isClear = isClear
      self.choose = choose
    }
  }
}

extension Relation.Kind {
  /// The least distance between centres.
  public static let nearest = Relation.Kind(
    "nearest", english: "nearest to", korean: "에서 가장 가까운",
    isClear: { own, others in others.allSatisfy { $0.length - own.length >= CommandGrammar.clearlyNearer } },
    choose: { offsets in offsets.indices.min { offsets[$0].length < offsets[$1].length }.map { [$0] } ?? [] })
  /// The greatest distance between centres.
  public static let farthest = Relation.Kind(
    "farthest", english: "farthest from", korean: "에서 가장 먼",
    isClear: { own, others in others.allSatisfy { $0.length - own.length <= -CommandGrammar.clearlyNearer } },
    choose: { offsets in offsets.indices.max { offsets[$0].length < offsets[$1].length }.map { [$0] } ?? [] })
  /// At least `NounPhrase.clearlyAside` to the left.
  public static let leftOf = Relation.Kind("leftOf", key: "left_of", english: "left of", korean: "의 왼쪽에 있는") {
    offsets in offsets.indices.filter { offsets[$0].x <= -NounPhrase.clearlyAside }
  }
  /// At least `NounPhrase.clearlyAside` to the right.
  public static let rightOf = Relation.Kind(
    "rightOf", key: "right_of", english: "right of", korean: "의 오른쪽에 있는"
  ) { offsets in offsets.indices.filter { offsets[$0].x >= NounPhrase.clearlyAside } }
  /// At least `NounPhrase.clearlyAside` farther from the arm's base.
  public static let above = Relation.Kind("above", english: "above", korean: "의 위쪽에 있는") { offsets in
    offsets.indices.filter { offsets[$0].y >= NounPhrase.clearlyAside }
  }
  /// At least `NounPhrase.clearlyAside` nearer to the arm's base.
  public static let below = Relation.Kind("below", english: "below", korean: "의 아래쪽에 있는") { offsets in
    offsets.indices.filter { offsets[$0].y <= -NounPhrase.clearlyAside }
  }
  /// The relations that every file of commands may use.
  public static let standard = [nearest, farthest, leftOf, rightOf, above, below]
}

extension Relation.Kind: Hashable {
  /// Relations are the same by name.
  public static func == (a: Relation.Kind, b: Relation.Kind) -> Bool { a.name == b.name }
  /// By name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Relation.Kind: Codable {
  /// Reads a name: of the standard relations, or of a registered task's own.
  ///
  /// - Throws: `DecodingError` where no relation has the name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    let own = taskRegistry.entries.lazy.flatMap(\.vocabulary.relations)
    guard let kind = Relation.Kind.standard.first(where: { $0.name == name }) ?? own.first(where: { $0.name == name })
    else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no relation is called '\(name)'")
    }
    self = kind
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

// What a command asks for, apart from its wording and its language: the meeting point of grammar and tasks.

/// What a command asks for in its own words; nothing of the table is known yet.
///
/// A task turns it into conditions of its scene, finding the objects by `NounPhrase.resolve`.
public struct Instruction: Hashable, Codable, Sendable {
  /// What is to be done, part by part.
  public var requests: [Request]

  /// An instruction of these parts.
  public init(requests: [Request]) { self.requests = requests }

  /// The common case: one object into one zone.
  public init(color: String, shape: String, zone: String) {
    requests = [Request(subject: NounPhrase(color: color, shape: shape), target: .zone(zone))]
  }

  /// What a command of a task with one goal asks for: the goal.
  public static let onlyGoal = Instruction(requests: [Request()])
}

/// One thing to be done.
public struct Request: Hashable, Codable, Sendable {
  /// Nil where the tip itself, or the only thing there is, is meant.
  public var subject: NounPhrase?
  /// Nil where there is one goal only.
  public var target: Target?
  /// What fills the slots that the task declares, by their names, such as `["edge": "left"]`.
  public var words: [String: String]

  /// One part of an instruction.
  public init(subject: NounPhrase? = nil, target: Target? = nil, words: [String: String] = [:]) {
    self.subject = subject
    self.target = target
    self.words = words
  }
}

extension Request {
  private enum CodingKeys: CodingKey { case subject, target, words }

  /// Reads a request; without `words` it has none.
  ///
  /// - Throws: `DecodingError` where a key has another form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    subject = try container.decodeIfPresent(NounPhrase.self, forKey: .subject)
    target = try container.decodeIfPresent(Target.self, forKey: .target)
    words = try container.decodeIfPresent([String: String].self, forKey: .words) ?? [:]
  }

  /// Writes a request; `words` only where there are some.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(subject, forKey: .subject)
    try container.encodeIfPresent(target, forKey: .target)
    if !words.isEmpty { try container.encode(words, forKey: .words) }
  }
}

/// Where a request's subject belongs.
public enum Target: Hashable, Codable, Sendable {
  /// In the zone of this name.
  case zone(String)
  /// Another object: beside it, unless the task means something else by it.
  case object(NounPhrase)
}

/// Words for objects: "the red square", "every blue thing", "the square nearest to the blue disc".
public struct NounPhrase: Hashable, Codable, Sendable {
  /// How many things a phrase means.
  public enum Quantifier: String, Codable, Sendable {
    /// Exactly one object.
    case the
    /// All objects that fit.
    case every
  }

  /// How many things it means.
  public var quantifier: Quantifier
  /// A value as in environment.yaml, such as `red`; nil where no colour is named.
  public var color: String?
  /// A value such as `square`; nil where the words say "thing" or "object".
  public var shape: String?
  /// Where the thing is; nil where the phrase does not say.
  public var relation: Relation?

  /// A phrase; colour and shape may be left open.
  public init(
    _ quantifier: Quantifier = .the, color: String? = nil, shape: String? = nil,
    relation: Relation? = nil
  ) {
    self.quantifier = quantifier
    self.color = color
    self.shape = shape
    self.relation = relation
  }
}

/// Which one, by its place relative to something else.
public struct Relation: Hashable, Codable, Sendable {
  /// What a position is told by.
  public enum Landmark: Hashable, Codable, Sendable {
    /// An object, told by its colour, its shape or both.
    case object(color: String?, shape: String?)
    /// The centre of a zone.
    case zone(String)
  }

  /// How the thing lies to its landmark.
  public var kind: Kind
  /// What the position is told by.
  public var landmark: Landmark

  /// A position relative to a landmark.
  public init(_ kind: Kind, _ landmark: Landmark) {
    self.kind = kind
    self.landmark = landmark
  }
}

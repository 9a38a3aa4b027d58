// What pages and results repeat of an experiment's own words.

/// What an experiment says of itself.
public struct ExperimentWords: Encodable, Sendable {
  /// What the command line calls it.
  public var name: String
  /// One line on what it compares.
  public var summary: String
  /// What is held to be true.
  public var hypothesis: String
  /// What must be seen if it holds.
  public var prediction: String
  /// Paragraphs for somebody new to the matter.
  public var explanation: [String]
  /// Where the claim is from.
  public var references: [String]
}

// Behaviour cloning: learn what the demonstrations show.

import PlanarDatasets

/// Learns the demonstrations' labels as they are: the method of recipes that name none.
public struct BehaviourCloning: LearningMethod {
  /// What recipes call it.
  public static let name = "behaviour-cloning"
  /// One line on what it does.
  public static let summary = "learns what the demonstrations show"

  /// It has no options.
  public init() {}

  /// The demonstrations as they are.
  public func labels(in context: any LearningContext) throws -> LabelSet { try context.demonstrations() }
}

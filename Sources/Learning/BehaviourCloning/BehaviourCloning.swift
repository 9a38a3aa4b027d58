// Behaviour cloning: learn what the demonstrations show.

import PlanarDatasets

/// Learns the demonstrations' labels as they are: the method of recipes that name none.
public struct BehaviourCloning: LearningMethod {
  public static let name = "behaviour-cloning"
  public static let summary = "learns what the demonstrations show"

  public init() {}

  public func labels(in context: any LearningContext) throws -> LabelSet { try context.demonstrations() }
}

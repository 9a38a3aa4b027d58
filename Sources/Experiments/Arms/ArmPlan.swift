// What an experiment on policies runs: who, under which conditions, how often, and what is predicted.

import PlanarCore

/// The arms of an experiment and their predictions: fixed before it runs, saved beside its results.
public struct ArmPlan: Encodable, Sendable {
  /// The policies by name, in the order in which they are loaded or trained.
  public var policies: [NamedSource]
  /// The rows.
  public var arms: [ExperimentArm]
  /// What is predicted.
  public var contrasts: [Contrast]
  /// What else is predicted.
  public var figures: [FigurePrediction]
  /// Of policies that are trained; each seed is a training of its own.
  public var trainingSeeds: [UInt64]
  /// Evaluation episodes per arm and training seed.
  public var episodes: Int
  /// The seed of the first evaluation episode.
  public var firstSeed: UInt64 = 20_000
  /// What the horizontal axis of the plot is, where arms are points of curves.
  public var axis: String
  /// Whether that axis is logarithmic.
  public var isLogarithmic: Bool

  /// A policy's name and where it comes from.
  public struct NamedSource: Encodable, Sendable {
    /// As arms call it.
    public var name: String
    /// Where it comes from.
    public var source: PolicySource
  }

  /// - Parameters:
  ///   - policies: name and source, in order.
  ///   - axis: the label of the horizontal axis; empty where arms are bars.
  public init(
    policies: [(name: String, source: PolicySource)], arms: [ExperimentArm], contrasts: [Contrast],
    figures: [FigurePrediction] = [], trainingSeeds: Int = 3, episodes: Int, axis: String = "",
    isLogarithmic: Bool = false
  ) {
    self.policies = policies.map { NamedSource(name: $0.name, source: $0.source) }
    self.arms = arms
    self.contrasts = contrasts
    self.figures = figures
    self.trainingSeeds = (1...UInt64(trainingSeeds)).map { $0 }
    self.episodes = episodes
    self.axis = axis
    self.isLogarithmic = isLogarithmic
    precondition(Set(arms.map(\.name)).count == arms.count, "two arms have one name")
    precondition(
      arms.allSatisfy { arm in policies.contains { $0.name == arm.policy } }, "an arm's policy is one of the plan's")
    precondition(
      contrasts.allSatisfy { contrast in
        [contrast.first, contrast.second].allSatisfy { name in arms.contains { $0.name == name } }
      }, "a contrast is between two arms of the plan")
  }

  /// The training seeds that stand behind an arm: one for a checkpoint, none for an expert.
  func seeds(of arm: ExperimentArm) -> [UInt64] {
    switch source(of: arm) {
    case .recipe: trainingSeeds
    case .checkpoint, .expert: [0]
    }
  }

  /// Where an arm's policy comes from.
  func source(of arm: ExperimentArm) -> PolicySource { policies.first { $0.name == arm.policy }!.source }
}

// One row of an experiment: who drives, where, told what, and how its chunks become actions.

import PlanarArmEnvironments
import PlanarPolicies
import PlanarRecipes
import PlanarRollouts

/// A policy under a condition; all arms of an experiment meet episodes of the same seeds.
public struct ExperimentArm: Encodable, Sendable {
  /// What tables and plots call it, such as `flow, 2 steps`.
  public var name: String
  /// Who drives: one of the plan's policies, by its name.
  public var policy: String
  /// The curve that it is a point of, and where; nil for a bar of its own.
  public var point: Point?
  /// The environment's settings and the command, over those of the policy's training.
  public var condition = EvaluationCondition()
  /// How chunks are executed.
  public var execution = ChunkExecution()
  /// How the policy makes its chunks.
  public var sampling = PolicySampling()

  /// Where an arm stands in the experiment's plot.
  public struct Point: Encodable, Hashable, Sendable {
    /// The curve's entry in the legend.
    public var curve: String
    /// The place along the horizontal axis.
    public var x: Double
  }

  /// An arm in the world of its policy's training, at the level `train`.
  public init(
    _ name: String, policy: String, curve: String? = nil, x: Double = 0,
    execution: ChunkExecution = ChunkExecution(), sampling: PolicySampling = PolicySampling(),
    condition: (inout EvaluationCondition) -> Void = { _ in }
  ) {
    self.name = name
    self.policy = policy
    point = curve.map { Point(curve: $0, x: x) }
    self.execution = execution
    self.sampling = sampling
    condition(&self.condition)
  }
}

/// Where a policy of an experiment comes from.
public enum PolicySource: Encodable, Sendable {
  /// A shipped checkpoint or a folder's: one training seed, whichever its maker took.
  case checkpoint(String)
  /// Trained for the experiment, once for each training seed.
  case recipe(Recipe)
  /// The scripted expert of an environment.
  case expert(environment: String)
}

// What a training step reads: plain arrays, filled anew for every step.

import Language
import PlanarCore
import PolicyInterface

/// A batch of labelled observations, as observed (the policy normalises).
public struct TrainingBatch: Sendable {
  public let rows: Int
  /// `[rows, To, proprioception]`.
  public var proprioception: [Float]
  /// `[rows, To, objects, features]`.
  public var objects: [Float]
  /// `[rows, command input]`: `TrainablePolicy.input(for: command)` of each row.
  public var commands: [Float]
  /// `[rows, Tp, action]`, each number in [−1, 1].
  public var chunks: [Float]

  /// An empty batch of the sizes a policy needs.
  public init(rows: Int, policy: TrainablePolicy) {
    let configuration = policy.configuration
    let (features, horizons) = (configuration.features, configuration.horizons)
    self.rows = rows
    proprioception = .init(
      repeating: 0, count: rows * horizons.observation * features.proprioception.count)
    objects = .init(repeating: 0, count: rows * horizons.observation * features.objects.count)
    commands = .init(repeating: 0, count: rows * policy.commandInputCount)
    chunks = .init(repeating: 0, count: rows * horizons.prediction * features.action.count)
  }
}

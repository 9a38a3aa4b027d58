// What a training step reads: plain arrays, filled anew for every step.

import PlanarLanguage
import PlanarCore
import PlanarPolicyInterface

/// A batch of labelled observations, as observed (the policy normalises).
public struct TrainingBatch: Sendable {
  public var rows: Int { observations.rows }
  /// What was observed.
  public var observations: ObservationArrays
  /// `[rows, To, proprioception]`.
  public var proprioception: [Float] {
    get { observations.proprioception }
    _modify { yield &observations.proprioception }
  }
  /// `[rows, To, objects, features]`.
  public var objects: [Float] {
    get { observations.objects }
    _modify { yield &observations.objects }
  }
  /// `[rows, command input]`: `TrainablePolicy.input(for: command)` of each row.
  public var commands: [Float]
  /// `[rows, Tp, action]`, each number in [−1, 1].
  public var chunks: [Float]

  /// `[rows]`: how many of a chunk's first steps are given, as they will be under an inference delay.
  public var given: [Int32]

  /// An empty batch of the sizes a policy needs.
  public init(rows: Int, policy: TrainablePolicy) {
    let configuration = policy.configuration
    let (features, horizons) = (configuration.features, configuration.horizons)
    observations = ObservationArrays(
      rows: rows, features: features, horizon: horizons.observation,
      frames: configuration.trunk.observation.pixels?.frames ?? 0)
    commands = .init(repeating: 0, count: rows * policy.commandInputCount)
    given = .init(repeating: 0, count: rows)
    chunks = .init(repeating: 0, count: rows * horizons.prediction * features.action.count)
  }
}

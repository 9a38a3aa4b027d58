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
  /// `[rows, maximumWords]`: `configuration.vocabulary.encode(command, length: maximumWords)`.
  public var words: [Int32]
  /// `[rows, Tp, action]`, each number in [−1, 1].
  public var chunks: [Float]

  /// An empty batch of the sizes a policy needs.
  public init(rows: Int, configuration: PolicyConfiguration) {
    let (features, horizons) = (configuration.features, configuration.horizons)
    self.rows = rows
    proprioception = .init(
      repeating: 0, count: rows * horizons.observation * features.proprioception.count)
    objects = .init(repeating: 0, count: rows * horizons.observation * features.objects.count)
    words = .init(repeating: 0, count: rows * configuration.text.maximumWords)
    chunks = .init(repeating: 0, count: rows * horizons.prediction * features.action.count)
  }
}

// What a training step reads: plain arrays, filled again for every step.

import PlanarLanguage
import PlanarCore
import PlanarPolicyInterface

/// A batch of labelled observations, as observed (the policy normalises).
public struct TrainingBatch: Sendable {
  /// What was observed, and what is to be answered.
  public var labels: LabelBatch
  /// `[rows, command input]`: `TrainablePolicy.input(for: command)` of each row.
  public var commands: [Float]

  /// An empty batch of the sizes a policy needs.
  public init(rows: Int, policy: TrainablePolicy) {
    let configuration = policy.configuration
    labels = LabelBatch(
      rows: rows, features: configuration.features, horizons: configuration.horizons,
      pictures: configuration.trunk.observation.pictures)
    commands = .init(repeating: 0, count: rows * policy.commandInputCount)
  }

  /// How many windows.
  public var rows: Int { labels.rows }

  /// The rows' windows of observations.
  public var observations: ObservationBatch {
    get { labels.observations }
    _modify { yield &labels.observations }
  }

  /// `[rows, Tp, action]`, each number in [−1, 1].
  public var chunks: [Float] {
    get { labels.chunks }
    _modify { yield &labels.chunks }
  }

  /// `[rows]`: how many steps of a chunk are its prefix, as they will be under an inference delay.
  public var prefixLengths: [Int32] {
    get { labels.delays }
    _modify { yield &labels.delays }
  }
}

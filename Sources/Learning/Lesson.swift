// What a learning method gives the trainer: data, loss, hooks.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies

/// Where batches come from.
///
/// ```
///   step 0 ─► fill ─► gradient step ─► step 1 ─► fill ─► …        every validation interval: validationBatches
/// ```
public protocol TrainingSource: AnyObject {
  /// Puts the rows of a gradient step into a batch of the configured size, all of it.
  ///
  /// The same step gives the same rows, so that a resumed run goes on with the same bits.
  ///
  /// - Throws: `UserError` where there are none.
  func fill(_ batch: inout TrainingBatch, step: Int) throws
  /// Held-out batches; none for no validation.
  var validationBatches: [TrainingBatch] { get }
  /// How many times all of the data have been seen before a step; 0 where that has no meaning.
  func epochs(before step: Int) -> Double
}

/// Records the loss of some rows of a batch on a tape that was begun with the policy's weights, and returns their part
/// of the mean over the whole batch.
public typealias TrainingLoss =
  @Sendable (
    _ policy: TrainablePolicy, _ batch: TrainingBatch, _ rows: Range<Int>, _ tape: Tape, _ noise: inout RandomStream
  ) -> Float

/// What the trainer does in its steps.
public struct Lesson {
  /// Where batches come from.
  public var source: any TrainingSource
  /// What is minimised; by default the loss of the policy's head.
  public var loss: TrainingLoss = { $0.loss($1, rows: $2, on: $3, noise: &$4) }
  /// Updates the weights; nil for AdamW with the rates of the training configuration.
  public var optimizer: (any Optimizer)?
  /// Called after every gradient step: to collect again with the policy as it stands, to anneal, to look.
  public var afterStep: (Trainer) throws -> Void = { _ in }

  /// The head's loss on some data, without hooks.
  public init(source: any TrainingSource) { self.source = source }
}

// A policy while it learns.

import Language
import NeuralNetworks
import PlanarCore
import PolicyInterface

/// Weights and a loss; the training loop belongs to `Learning`.
///
/// ```swift
/// let policy = try TrainablePolicy(configuration)
/// let optimizer = AdamW(layout: policy.parameters.layout)
/// let average = WeightAverage(of: policy.parameters.values)
/// let sharded = ShardedGradient(count: policy.parameters.layout.bufferCount, threads: 2)
/// for step in 0..<steps {
///   // … fill `batch` …
///   let loss = sharded.compute(
///     batch: batch.rows, weights: policy.parameters.values, noise: seed &+ UInt64(step)
///   ) { rows, tape, noise in policy.loss(batch, rows: rows, on: tape, noise: &noise) }
///   optimizer.step(weights: policy.parameters.values, gradient: sharded.gradient)
///   average.update(with: policy.parameters.values)
/// }
/// let trained = policy.policy(weights: average.values)
/// ```
public final class TrainablePolicy: Sendable {
  /// The present weights.
  public let parameters: ParameterStore
  let network: PolicyNetwork

  public var configuration: PolicyConfiguration { network.configuration }

  /// New weights, drawn from `configuration.seed`.
  ///
  /// - Throws: `UserError` where the configuration is not valid.
  public init(_ configuration: PolicyConfiguration) throws {
    network = try PolicyNetwork(configuration)
    parameters = ParameterStore(layout: network.layout, seed: configuration.seed)
  }

  /// Starts from a trained policy's weights.
  public init(_ policy: TrainedPolicy) {
    network = policy.network
    parameters = ParameterStore(layout: network.layout, values: policy.weights.duplicate())
  }

  /// Records the loss of some rows on a tape that was begun with these weights.
  ///
  /// - Returns: The rows' part of the mean over the whole batch: parts, and gradients, add up.
  public func loss(
    _ batch: TrainingBatch, rows: Range<Int>, on tape: Tape, noise: inout RandomStream
  ) -> Float {
    let perRow = (
      proprioception: batch.proprioception.count / batch.rows,
      objects: batch.objects.count / batch.rows, words: batch.words.count / batch.rows,
      chunk: batch.chunks.count / batch.rows
    )
    precondition(
      perRow.chunk == network.expert.chunkCount && rows.lowerBound >= 0
        && rows.upperBound <= batch.rows, "the batch was made for another configuration")
    let first = rows.lowerBound
    let words = batch.words.withUnsafeBufferPointer { words in
      network.text.encode(
        UnsafeBufferPointer(
          rebasing: words[first * perRow.words..<rows.upperBound * perRow.words]),
        rows: rows.count, on: tape)
    }
    let context = batch.proprioception.withUnsafeBufferPointer { proprioception in
      batch.objects.withUnsafeBufferPointer { objects in
        network.trunk.context(
          proprioception: proprioception.baseAddress! + first * perRow.proprioception,
          objects: objects.baseAddress! + first * perRow.objects, text: words, rows: rows.count,
          on: tape)
      }
    }
    let condition = network.expert.condition(context, on: tape)
    return batch.chunks.withUnsafeBufferPointer { chunks in
      network.head.loss(
        network.expert, condition: condition,
        chunks: UnsafeBufferPointer(
          rebasing: chunks[first * perRow.chunk..<rows.upperBound * perRow.chunk]),
        rows: rows.count, count: batch.chunks.count, on: tape, noise: &noise)
    }
  }

  /// A policy with a copy of the given weights, such as a moving average.
  public func policy(weights: FloatBuffer) -> TrainedPolicy {
    TrainedPolicy(network: network, weights: weights.duplicate())
  }
}

// A head by itself, on contexts made by hand: no trunk, no text.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// A head for contexts of two tokens of eight numbers, with its weights.
struct HeadRig {
  static let contextCount = 2 * 8
  let head: any ActionHead
  let weights: ParameterStore
  let chunkCount: Int

  init(_ options: any HeadOptions, horizon: Int = 4, action: Int = 2, seed: UInt64 = 0) throws {
    try options.validate()
    var layout = ParameterLayout()
    head = try options.makeHead(
      &layout,
      HeadSetting(
        horizon: horizon, action: action, contextTokens: 2, contextWidth: 8, decoder: .mlp(.init())))
    weights = ParameterStore(layout: layout, seed: seed)
    chunkCount = horizon * action
  }

  /// Contexts `[rows, 16]`, uniform in ±1; the last number of a token tells which of the two it is.
  static func contexts(_ rows: Int, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<rows * contextCount).map { i in
      let number = Float(stream.uniform(in: -1...1))
      return i % 8 < 7 ? number : i % 16 < 8 ? 1 : -1
    }
  }

  /// The mean loss of chunks `[rows, horizon·action]` under contexts `[rows, 16]`.
  func loss(_ chunks: [Float], _ contexts: [Float], noise: UInt64 = 0) -> Float {
    let tape = Tape(recording: false)
    tape.begin(weights: weights.values)
    return loss(
      chunks, tape.input(Shape(contexts.count / Self.contextCount, 2, 8), contexts), tape, noise: noise)
  }

  func loss(_ chunks: [Float], _ context: Tensor, _ tape: Tape, noise: UInt64) -> Float {
    var stream = RandomStream(seed: noise)
    return chunks.withUnsafeBufferPointer {
      head.loss(
        HeadExample(context: context, chunks: $0, rows: context.shape[0], count: chunks.count),
        on: tape, noise: &stream)
    }
  }

  /// Chunks `[rows, horizon·action]`, in a batch with `padding` rows more.
  func sample(_ contexts: [Float], padding: Int = 0, noise: UInt64 = 0) -> [Float] {
    let rows = contexts.count / Self.contextCount
    let batch = rows + padding
    let tape = Tape(recording: false)
    tape.begin(weights: weights.values)
    let context = tape.input(
      Shape(batch, 2, 8), contexts + [Float](repeating: 0, count: padding * Self.contextCount))
    var requests = (0..<rows).map { row in
      PolicyRequest(
        history: ObservationHistory([]), noise: RandomStream(seed: noise + UInt64(row)))
    }
    var chunks = [Float](repeating: .nan, count: batch * chunkCount)
    let sampler = head.makeSampler(
      SamplerSetting(batch: batch, tape: tape, weights: weights.values))
    chunks.withUnsafeMutableBufferPointer {
      sampler.sample(context, unconditional: nil, requests: &requests, into: $0)
    }
    return Array(chunks.prefix(rows * chunkCount))
  }

  /// Learns from chunks that `chunk` makes of contexts. Returns the losses.
  @discardableResult
  func train(
    steps: Int, threads: Int = 2, rate: Float = 3e-3,
    chunk: (_ context: ArraySlice<Float>, inout RandomStream) -> [Float]
  ) -> [Float] {
    let values = weights.values
    let optimizer = AdamW(
      layout: weights.layout, configuration: .init(learningRate: rate, weightDecay: 1e-4))
    let schedule = WarmupCosineSchedule(warmupSteps: 20, totalSteps: steps)
    let sharded = ShardedGradient(count: values.count, threads: threads)
    var stream = RandomStream(seed: 11)
    let (rows, count, head) = (128, chunkCount, head)
    return (0..<steps).map { step in
      let contexts = Self.contexts(rows, seed: 1000 + UInt64(step))
      let chunks = (0..<rows).flatMap { row in
        chunk(contexts[row * Self.contextCount..<(row + 1) * Self.contextCount], &stream)
      }
      let loss = sharded.compute(batch: rows, weights: values, noise: UInt64(step)) {
        shard, tape, noise in
        let context = tape.input(
          Shape(shard.count, 2, 8),
          Array(contexts[shard.lowerBound * Self.contextCount..<shard.upperBound * Self.contextCount]))
        return chunks.withUnsafeBufferPointer { chunks in
          head.loss(
            HeadExample(
              context: context,
              chunks: UnsafeBufferPointer(
                rebasing: chunks[shard.lowerBound * count..<shard.upperBound * count]),
              rows: shard.count, count: chunks.count), on: tape, noise: &noise)
        }
      }
      optimizer.step(
        weights: values, gradient: sharded.gradient, rateMultiplier: schedule.multiplier(step: step))
      return loss
    }
  }
}

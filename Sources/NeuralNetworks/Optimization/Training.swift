// All that a training step needs, for networks whose loss is a function of rows of data.

import PlanarCore

/// Weights, their gradient and their optimizer.
///
/// ```swift
/// var layout = ParameterLayout()
/// let network = MLP(&layout, "sine", sizes: [1, 64, 64, 1], activation: .silu)
/// let training = Training(layout) { rows, tape, _ in
///   let prediction = tape.mlp(tape.input(rows, of: x, width: 1), network)
///   return tape.loss(.meanSquaredError, prediction, tape.input(rows, of: y, width: 1), count: y.count)
/// }
/// for _ in 0..<500 { training.step(batch: x.count) }
/// ```
///
/// For a table that is learned as a whole, `Fit` is shorter. The same seed gives bit-identical weights with any
/// number of threads. A step allocates nothing after the first, where the loss allocates nothing.
public final class Training {
  /// Records the network and its loss for some rows of the batch.
  public typealias Loss = ShardedGradient.Loss

  /// The weights, in the layout's order.
  public let parameters: ParameterStore
  /// Updates the weights from their gradient.
  public let optimizer: any Optimizer
  /// Steps done; restore it together with the weights and the optimizer.
  public var stepCount = 0
  private let gradient: ShardedGradient
  private let seed: UInt64
  private let loss: Loss

  /// - Parameters:
  ///   - optimizer: of the same layout; AdamW by default.
  ///   - rowsPerShard: rows that are differentiated together, on one thread. The weights depend on it in
  ///     their last bits.
  ///   - seed: of the initial weights and of the noise.
  public init(
    _ layout: ParameterLayout, optimizer: (any Optimizer)? = nil, threads: Int = 1,
    rowsPerShard: Int = 64, seed: UInt64 = 0, loss: @escaping Loss
  ) {
    parameters = ParameterStore(layout: layout, seed: seed)
    self.optimizer = optimizer ?? AdamW(layout: layout)
    gradient = ShardedGradient(
      count: layout.bufferCount, threads: threads, rowsPerShard: rowsPerShard)
    self.seed = seed
    self.loss = loss
  }

  /// Differentiates the loss of rows 0 ..< `batch` and updates the weights.
  ///
  /// - Returns: The loss before the update.
  @discardableResult
  public func step(batch: Int, rateMultiplier: Float = 1) -> Float {
    let value = gradient.compute(
      batch: batch, weights: parameters.values, noise: seed &* 0x9e37_79b9 &+ UInt64(stepCount), loss)
    optimizer.step(
      weights: parameters.values, gradient: gradient.gradient, rateMultiplier: rateMultiplier,
      threads: gradient.threads)
    stepCount += 1
    return value
  }
}

extension Tape {
  /// Some rows of a row-major matrix as an input `[rows, width]`.
  public func input(_ rows: Range<Int>, of numbers: [Float], width: Int) -> Tensor {
    require(
      rows.lowerBound >= 0 && rows.upperBound * width <= numbers.count,
      "input: \(numbers.count) numbers have no rows \(rows) of \(width)")
    return input(Shape(rows.count, width)) { target in
      for i in 0..<target.count { target[i] = numbers[rows.lowerBound * width + i] }
    }
  }
}

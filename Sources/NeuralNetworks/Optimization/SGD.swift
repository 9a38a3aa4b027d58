// Stochastic gradient descent with momentum.

import PlanarCore

/// Stochastic gradient descent with momentum (Polyak 1964), in PyTorch's form, with clipping by the norm of
/// the whole gradient.
///
/// ```
///   g ← g · min(1, maximumNorm / (‖g‖ + 1e-6))
///   v ← momentum·v + g          θ ← θ − rate·v
/// ```
public final class SGD: Optimizer {
  /// Hyper-parameters.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Step size, times the schedule's multiplier.
    public var learningRate: Float
    /// How much of the velocity a step keeps.
    public var momentum: Float
    /// The largest gradient norm that passes unshortened; 0 turns clipping off.
    public var maximumGradientNorm: Float

    /// A `maximumGradientNorm` of 0 does not clip.
    public init(learningRate: Float = 1e-2, momentum: Float = 0.9, maximumGradientNorm: Float = 0) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.maximumGradientNorm = maximumGradientNorm
    }
  }

  /// The hyper-parameters.
  public let configuration: Configuration
  /// The parameters that are optimized.
  public let layout: ParameterLayout
  /// v, in the layout of the weights: to be saved with a training state.
  public let velocity: FloatBuffer
  /// Updates done; restore it together with the velocity.
  public var stepCount = 0
  private let blocks: ParameterBlocks
  private let update: ParallelLoop<Update>

  private struct Update: Sendable {
    let momentum: Float
    let gradientScale: Float
    let rate: Float
    let gradient: FloatBuffer
    let weights: FloatBuffer
  }

  /// An optimizer that has not made a step: its velocity is zero.
  public init(layout: ParameterLayout, configuration: Configuration = Configuration()) {
    self.layout = layout
    self.configuration = configuration
    let velocity = FloatBuffer(count: layout.bufferCount)
    self.velocity = velocity
    blocks = ParameterBlocks(of: layout)
    update = ParallelLoop { [blocks = blocks.blocks] update, i in
      let offset = blocks[i].start
      Kernels.momentum(
        update.momentum, gradientScale: update.gradientScale, rate: update.rate,
        update.gradient.pointer + offset, velocity: velocity.pointer + offset,
        weights: update.weights.pointer + offset, count: blocks[i].count)
    }
  }

  /// The velocity, by the name that a training state has it under.
  public var state: [(name: String, buffer: FloatBuffer)] { [("velocity", velocity)] }

  /// Updates the weights; the bits do not depend on `threads`.
  ///
  /// - Parameter rateMultiplier: multiplies the learning rate: a schedule's value.
  /// - Returns: The norm of the gradient before clipping; where it is not finite, nothing was changed.
  @discardableResult
  public func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    require(
      weights.count == layout.bufferCount && gradient.count == layout.bufferCount,
      "SGD: weights \(weights.count) and gradient \(gradient.count) are not \(layout.bufferCount)")
    let norm = blocks.norm(gradient, threads: threads)
    guard norm.isFinite else { return norm }
    stepCount += 1
    update.run(
      Update(
        momentum: configuration.momentum,
        gradientScale: clippingFactor(norm: norm, limit: configuration.maximumGradientNorm),
        rate: configuration.learningRate * rateMultiplier, gradient: gradient, weights: weights),
      count: blocks.blocks.count, threads: threads)
    velocity.markChanged()
    weights.markChanged()
    return norm
  }
}

extension Kernels {
  /// v ← momentum·v + gradientScale·g, θ ← θ − rate·v, for a multiple of sixteen numbers.
  static func momentum(
    _ momentum: Float, gradientScale: Float, rate: Float, _ gradient: UnsafePointer<Float>,
    velocity: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>, count: Int
  ) {
    var i = 0
    while i < count {
      let v = multiplyAdd(momentum, load(velocity + i), gradientScale * load(gradient + i))
      store(v, velocity + i)
      store(multiplyAdd(-rate, v, load(weights + i)), weights + i)
      i += 16
    }
  }
}

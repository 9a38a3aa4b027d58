// Stochastic gradient descent with momentum.

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
    public var learningRate: Float
    public var momentum: Float
    /// The largest gradient norm that passes unshortened; 0 turns clipping off.
    public var maximumGradientNorm: Float

    public init(learningRate: Float = 1e-2, momentum: Float = 0.9, maximumGradientNorm: Float = 0) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.maximumGradientNorm = maximumGradientNorm
    }
  }

  public let configuration: Configuration
  public let layout: ParameterLayout
  /// v, in the layout of the weights: to be saved with a training state.
  public let velocity: FloatBuffer
  public var stepCount = 0
  private let blocks: ParameterBlocks

  public init(layout: ParameterLayout, configuration: Configuration = Configuration()) {
    self.layout = layout
    self.configuration = configuration
    velocity = FloatBuffer(count: layout.bufferCount)
    blocks = ParameterBlocks(of: layout)
  }

  @discardableResult
  public func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    precondition(
      weights.count == layout.bufferCount && gradient.count == layout.bufferCount,
      "SGD: weights \(weights.count) and gradient \(gradient.count) are not \(layout.bufferCount)")
    let norm = blocks.norm(gradient, threads: threads)
    guard norm.isFinite else { return norm }
    stepCount += 1
    let scale = clippingFactor(norm: norm, limit: configuration.maximumGradientNorm)
    let rate = configuration.learningRate * rateMultiplier
    let (momentum, velocity) = (configuration.momentum, velocity)
    blocks.forEach(threads: threads) { block in
      Kernels.momentum(
        momentum, gradientScale: scale, rate: rate, gradient.pointer + block.start,
        velocity: velocity.pointer + block.start, weights: weights.pointer + block.start,
        count: block.count)
    }
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

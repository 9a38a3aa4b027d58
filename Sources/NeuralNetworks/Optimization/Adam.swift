// Adam, and the update that it shares with AdamW.

import Foundation
import PlanarCore

/// Adam (Kingma & Ba 2015) with clipping by the norm of the whole gradient: `AdamW` where nothing decays.
public final class Adam: Optimizer {
  /// Hyper-parameters.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Step size, times the schedule's multiplier.
    public var learningRate: Float
    /// How much of the mean gradient a step keeps.
    public var beta1: Float
    /// How much of the mean squared gradient a step keeps.
    public var beta2: Float
    /// Added to the root of the mean square; above 0.
    public var epsilon: Float
    /// The largest gradient norm that passes unshortened; 0 turns clipping off.
    public var maximumGradientNorm: Float

    public init(
      learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
      maximumGradientNorm: Float = 0
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.maximumGradientNorm = maximumGradientNorm
    }
  }

  public let configuration: Configuration
  public var layout: ParameterLayout { moments.layout }
  /// m and v, in the layout of the weights: to be saved with a training state.
  public var firstMoment: FloatBuffer { moments.first }
  public var secondMoment: FloatBuffer { moments.second }
  public var stepCount = 0
  private let moments: AdamMoments

  public init(layout: ParameterLayout, configuration: Configuration = Configuration()) {
    self.configuration = configuration
    moments = AdamMoments(layout: layout)
  }

  @discardableResult
  public func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    let decoupled = AdamW.Configuration(
      learningRate: configuration.learningRate, beta1: configuration.beta1, beta2: configuration.beta2,
      epsilon: configuration.epsilon, weightDecay: 0,
      maximumGradientNorm: configuration.maximumGradientNorm)
    return moments.step(
      decoupled, &stepCount, weights: weights, gradient: gradient, rateMultiplier: rateMultiplier,
      threads: threads)
  }
}

/// Running means of the gradient and of its square, and the update by them.
final class AdamMoments {
  let layout: ParameterLayout
  let first: FloatBuffer
  let second: FloatBuffer
  private let blocks: ParameterBlocks
  private let update: ParallelLoop<Update>

  private struct Update: Sendable {
    let factors: AdamFactors
    /// What weights that decay are multiplied with.
    let keeping: Float
    let gradient: FloatBuffer
    let weights: FloatBuffer
  }

  init(layout: ParameterLayout, decays: (Parameter) -> Bool = { _ in false }) {
    self.layout = layout
    let first = FloatBuffer(count: layout.bufferCount)
    let second = FloatBuffer(count: layout.bufferCount)
    (self.first, self.second) = (first, second)
    blocks = ParameterBlocks(of: layout, decays: decays)
    update = ParallelLoop { [blocks = blocks.blocks] update, i in
      let (place, block) = (blocks[i].start, blocks[i])
      Kernels.adam(
        update.factors, keeping: block.decays ? update.keeping : 1, update.gradient.pointer + place,
        first: first.pointer + place, second: second.pointer + place,
        weights: update.weights.pointer + place, count: block.count)
    }
  }

  func step(
    _ configuration: AdamW.Configuration, _ stepCount: inout Int, weights: FloatBuffer,
    gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    require(
      weights.count == layout.bufferCount && gradient.count == layout.bufferCount,
      "Adam: weights \(weights.count) and gradient \(gradient.count) are not \(layout.bufferCount)")
    // Where neither gradient nor ε is above 0 an update would be 0/0.
    require(configuration.epsilon > 0, "Adam: epsilon must be positive")
    let norm = blocks.norm(gradient, threads: threads)
    guard norm.isFinite else { return norm }
    stepCount += 1
    let rate = configuration.learningRate * rateMultiplier
    let t = Double(stepCount)
    let factors = AdamFactors(
      gradientScale: clippingFactor(norm: norm, limit: configuration.maximumGradientNorm),
      beta1: configuration.beta1, beta2: configuration.beta2,
      rate: rate / Float(1 - pow(Double(configuration.beta1), t)),
      secondCorrection: Float(1 / (1 - pow(Double(configuration.beta2), t)).squareRoot()),
      epsilon: configuration.epsilon)
    update.run(
      Update(
        factors: factors, keeping: 1 - rate * configuration.weightDecay, gradient: gradient,
        weights: weights), count: blocks.blocks.count, threads: threads)
    first.markChanged()
    second.markChanged()
    weights.markChanged()
    return norm
  }
}

/// What one update multiplies with.
struct AdamFactors: Sendable {
  let gradientScale: Float
  let beta1: Float
  let beta2: Float
  /// The learning rate over 1 − β₁ᵗ.
  let rate: Float
  /// 1 / √(1 − β₂ᵗ).
  let secondCorrection: Float
  let epsilon: Float
}

extension Kernels {
  /// One update of a multiple of sixteen numbers. Each is read and written once: the loop runs at the speed
  /// of the memory that holds them.
  static func adam(
    _ factors: AdamFactors, keeping: Float, _ gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
    weights: UnsafeMutablePointer<Float>, count: Int
  ) {
    let (scale, rate) = (factors.gradientScale, factors.rate)
    let (b1, b2) = (factors.beta1, factors.beta2)
    let (c1, c2) = (1 - b1, 1 - b2)
    let correction = factors.secondCorrection
    let epsilon = Lanes(repeating: factors.epsilon)
    var i = 0
    while i < count {
      let g = scale * load(gradient + i)
      let m = multiplyAdd(b1, load(first + i), c1 * g)
      let v = multiplyAdd(b2, load(second + i), c2 * (g * g))
      store(m, first + i)
      store(v, second + i)
      let denominator = multiplyAdd(correction, squareRoot(v), epsilon)
      let change: Lanes = (rate * m) / denominator
      store(multiplyAdd(keeping, load(weights + i), Lanes(repeating: 0) - change), weights + i)
      i += 16
    }
  }
}

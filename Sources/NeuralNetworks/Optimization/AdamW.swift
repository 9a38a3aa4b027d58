// Adam with decoupled weight decay: the optimizer of all policies here.

import Foundation
import PlanarCore

/// AdamW (Loshchilov & Hutter 2019) with clipping by the norm of the whole gradient.
///
/// ```
///   g ← g · min(1, maximumNorm / (‖g‖ + 1e-6))
///   θ ← θ · (1 − rate·decay)                         where the parameter decays
///   m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²
///   θ ← θ − rate · m/(1−β₁ᵗ) / (√v/√(1−β₂ᵗ) + ε)
/// ```
public final class AdamW: Optimizer {
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
    /// The share of a weight that a step takes away, over the learning rate.
    public var weightDecay: Float
    /// The largest gradient norm that passes unshortened; 0 turns clipping off.
    public var maximumGradientNorm: Float

    /// The defaults are those of PyTorch, with clipping at a norm of 1.
    public init(
      learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
      weightDecay: Float = 1e-2, maximumGradientNorm: Float = 1
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximumGradientNorm = maximumGradientNorm
    }
  }

  /// The hyper-parameters.
  public let configuration: Configuration
  /// The parameters that are optimized.
  public let layout: ParameterLayout
  /// m and v, in the layout of the weights: to be saved with a training state.
  public let firstMoment: FloatBuffer
  /// v, the running mean of squared gradients, in the layout's order.
  public let secondMoment: FloatBuffer
  /// Updates done; restore it together with the moments.
  public var stepCount = 0
  private let blocks: ParameterBlocks
  private let update: ParallelLoop<Update>

  private struct Update: Sendable {
    let factors: AdamFactors
    /// What weights that decay are multiplied with.
    let keeping: Float
    let gradient: FloatBuffer
    let weights: FloatBuffer
  }

  /// - Parameter decays: which parameters weight decay pulls on; what their layers say by default.
  public init(
    layout: ParameterLayout, configuration: Configuration = Configuration(),
    decays: (Parameter) -> Bool = { $0.decays }
  ) {
    self.configuration = configuration
    self.layout = layout
    let first = FloatBuffer(count: layout.bufferCount)
    let second = FloatBuffer(count: layout.bufferCount)
    (firstMoment, secondMoment) = (first, second)
    blocks = ParameterBlocks(of: layout, decays: decays)
    update = ParallelLoop { [blocks = blocks.blocks] update, i in
      let (offset, block) = (blocks[i].start, blocks[i])
      Kernels.adam(
        update.factors, keeping: block.decays ? update.keeping : 1, update.gradient.pointer + offset,
        first: first.pointer + offset, second: second.pointer + offset,
        weights: update.weights.pointer + offset, count: block.count)
    }
  }

  /// The moments, by the names that a training state has them under.
  public var state: [(name: String, buffer: FloatBuffer)] {
    [("first_moment", firstMoment), ("second_moment", secondMoment)]
  }

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
      "AdamW: weights \(weights.count) and gradient \(gradient.count) are not \(layout.bufferCount)")
    // Where neither gradient nor ε is above 0 an update would be 0/0.
    require(configuration.epsilon > 0, "AdamW: epsilon must be positive")
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
    firstMoment.markChanged()
    secondMoment.markChanged()
    weights.markChanged()
    return norm
  }
}

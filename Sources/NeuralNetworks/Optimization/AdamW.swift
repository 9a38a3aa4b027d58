// The optimizer: one pass over the flat buffers.

import Foundation

/// AdamW (Loshchilov & Hutter 2019) with clipping by the norm of the whole gradient.
///
/// ```
///   g ← g · min(1, maximumNorm / (‖g‖ + 1e-6))
///   θ ← θ · (1 − rate·decay)                         only where the parameter decays
///   m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²
///   θ ← θ − rate · m/(1−β₁ᵗ) / (√v/√(1−β₂ᵗ) + ε)
/// ```
public final class AdamW {
  /// Hyper-parameters.
  public struct Configuration: Codable, Hashable, Sendable {
    public var learningRate: Float
    public var beta1: Float
    public var beta2: Float
    public var epsilon: Float
    public var weightDecay: Float
    /// The largest gradient norm that passes unshortened; 0 turns clipping off.
    public var maximumGradientNorm: Float

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

  public let configuration: Configuration
  public let layout: ParameterLayout
  /// m and v, in the layout of the weights: to be saved with a training state.
  public let firstMoment: FloatBuffer
  public let secondMoment: FloatBuffer
  /// Updates done; restore it together with the moments.
  public var stepCount = 0

  public init(layout: ParameterLayout, configuration: Configuration = Configuration()) {
    self.layout = layout
    self.configuration = configuration
    firstMoment = FloatBuffer(count: layout.bufferCount)
    secondMoment = FloatBuffer(count: layout.bufferCount)
  }

  /// Updates the weights.
  ///
  /// - Parameter rateMultiplier: multiplies the learning rate: a schedule's value.
  /// - Returns: The norm of the gradient before clipping; where it is not finite, nothing was changed.
  @discardableResult
  public func step(weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float = 1) -> Float {
    precondition(
      weights.count == layout.bufferCount && gradient.count == layout.bufferCount,
      "AdamW: weights \(weights.count) and gradient \(gradient.count) are not \(layout.bufferCount)")
    let norm = Float(Kernels.squaredNorm(gradient.pointer, count: gradient.count).squareRoot())
    guard norm.isFinite else { return norm }
    stepCount += 1
    let limit = configuration.maximumGradientNorm
    let rate = configuration.learningRate * rateMultiplier
    let t = Double(stepCount)
    let factors = AdamFactors(
      gradientScale: limit > 0 ? min(1, limit / (norm + 1e-6)) : 1, beta1: configuration.beta1,
      beta2: configuration.beta2,
      rate: rate / Float(1 - pow(Double(configuration.beta1), t)),
      secondCorrection: Float(1 / (1 - pow(Double(configuration.beta2), t)).squareRoot()),
      epsilon: configuration.epsilon)
    for parameter in layout.parameters {
      let place = parameter.offset
      Kernels.adam(
        factors, keeping: parameter.decays ? 1 - rate * configuration.weightDecay : 1,
        gradient.pointer + place, first: firstMoment.pointer + place,
        second: secondMoment.pointer + place, weights: weights.pointer + place,
        count: parameter.count)
    }
    weights.markChanged()
    return norm
  }
}

/// What one update multiplies with.
struct AdamFactors {
  let gradientScale: Float
  let beta1: Float
  let beta2: Float
  let rate: Float
  let secondCorrection: Float
  let epsilon: Float
}

extension Kernels {
  /// A plain loop, which the compiler turns into vector code, square root and all.
  static func adam(
    _ factors: AdamFactors, keeping: Float, _ gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
    weights: UnsafeMutablePointer<Float>, count: Int
  ) {
    let (b1, b2) = (factors.beta1, factors.beta2)
    let (c1, c2) = (1 - b1, 1 - b2)
    for i in 0..<count {
      let g = gradient[i] * factors.gradientScale
      let m = b1 * first[i] + c1 * g
      let v = b2 * second[i] + c2 * (g * g)
      first[i] = m
      second[i] = v
      let denominator = v.squareRoot() * factors.secondCorrection + factors.epsilon
      weights[i] = weights[i] * keeping - factors.rate * m / denominator
    }
  }
}

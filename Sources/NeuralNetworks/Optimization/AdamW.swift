// Adam with decoupled weight decay: the optimizer of all policies here.

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
  public var layout: ParameterLayout { moments.layout }
  /// m and v, in the layout of the weights: to be saved with a training state.
  public var firstMoment: FloatBuffer { moments.first }
  public var secondMoment: FloatBuffer { moments.second }
  public var stepCount = 0
  private let moments: AdamMoments

  /// - Parameter decays: which parameters weight decay pulls on; what their layers say by default.
  public init(
    layout: ParameterLayout, configuration: Configuration = Configuration(),
    decays: (Parameter) -> Bool = { $0.decays }
  ) {
    self.configuration = configuration
    moments = AdamMoments(layout: layout, decays: decays)
  }

  @discardableResult
  public func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    moments.step(
      configuration, &stepCount, weights: weights, gradient: gradient, rateMultiplier: rateMultiplier,
      threads: threads)
  }
}

// Adam: AdamW where nothing decays.

/// Adam (Kingma & Ba 2015) with clipping by the norm of the whole gradient.
public final class Adam: Optimizer {
  private let update: AdamW

  /// The parameters that are optimized.
  public var layout: ParameterLayout { update.layout }
  /// m and v, in the layout of the weights: to be saved with a training state.
  public var firstMoment: FloatBuffer { update.firstMoment }
  /// v, the running mean of squared gradients, in the layout's order.
  public var secondMoment: FloatBuffer { update.secondMoment }
  /// Updates done; restore it together with the moments.
  public var stepCount: Int {
    get { update.stepCount }
    set { update.stepCount = newValue }
  }

  /// - Parameters:
  ///   - learningRate: step size, times the schedule's multiplier.
  ///   - beta1: how much of the mean gradient a step keeps.
  ///   - beta2: how much of the mean squared gradient a step keeps.
  ///   - epsilon: added to the root of the mean square; above 0.
  ///   - maximumGradientNorm: the largest gradient norm that passes unshortened; 0 turns clipping off.
  public init(
    layout: ParameterLayout, learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, maximumGradientNorm: Float = 0
  ) {
    update = AdamW(
      layout: layout,
      configuration: AdamW.Configuration(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: 0,
        maximumGradientNorm: maximumGradientNorm)
    ) { _ in false }
  }

  /// The moments, by the names that a training state has them under.
  public var state: [(name: String, buffer: FloatBuffer)] { update.state }

  /// Updates the weights; the bits do not depend on `threads`.
  ///
  /// - Parameter rateMultiplier: multiplies the learning rate: a schedule's value.
  /// - Returns: The norm of the gradient before clipping; where it is not finite, nothing was changed.
  @discardableResult
  public func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float {
    update.step(
      weights: weights, gradient: gradient, rateMultiplier: rateMultiplier, threads: threads)
  }
}

// Disturbances of executed actions: noise injection for demonstrations, shoves for robustness.

import PlanarCore
import PlanarPolicyInterface

/// Gaussian noise on every executed action and, now and then, a push held for some steps.
///
/// With an expert driving and clean labels this is DART (Laskey et al. 2017): the demonstrations then
/// show how to recover from small errors.
public struct ActionNoise: Codable, Hashable, Sendable {
  /// Standard deviation per control step, in normalised action units.
  public var deviation: Double
  /// How strongly each element of the action is disturbed, such as `[1, 1, 0]` to spare a gripper;
  /// elements beyond its end count as 1.
  public var elementScales: [Double]
  /// The probability, per step without one, that a sustained push begins.
  public var pushProbability: Double
  /// Standard deviation of each element of a push, which is constant while it lasts.
  public var pushDeviation: Double
  /// How many steps a push lasts, drawn uniformly.
  public var pushSteps: ClosedRange<Int>

  /// Noise of this standard deviation; 1 is full speed.
  public init(
    deviation: Double, elementScales: [Double] = [], pushProbability: Double = 0,
    pushDeviation: Double = 0.5, pushSteps: ClosedRange<Int> = 3...8
  ) {
    self.deviation = deviation
    self.elementScales = elementScales
    self.pushProbability = pushProbability
    self.pushDeviation = pushDeviation
    self.pushSteps = pushSteps
  }
}

/// One episode's disturbance: the same draws every step, whatever the actions are.
struct ActionDisturbance: Sendable {
  private let noise: ActionNoise
  private var stream: RandomStream
  private var push: [Double] = []
  private var pushStepsLeft = 0

  init(_ noise: ActionNoise, seed: UInt64) {
    self.noise = noise
    stream = RandomStream(seed: seed, purpose: "action noise")
  }

  /// The action that is executed where `action` was meant, clamped to [−1, 1].
  mutating func disturbed(_ action: Action) -> Action {
    if pushStepsLeft == 0, noise.pushProbability > 0, stream.uniform() < noise.pushProbability {
      pushStepsLeft = noise.pushSteps.lowerBound + stream.integer(below: noise.pushSteps.count)
      push = action.map { _ in noise.pushDeviation * stream.normal() }
    }
    var executed = action
    for i in executed.indices {
      var disturbance = noise.deviation * stream.normal()
      if pushStepsLeft > 0 { disturbance += push[i] }
      let scale = i < noise.elementScales.count ? noise.elementScales[i] : 1
      executed[i] = max(-1, min(1, executed[i] + Float(scale * disturbance)))
    }
    pushStepsLeft = max(0, pushStepsLeft - 1)
    return executed
  }
}

// What changes from step to step: the learning rate and the averaging of weights.

import Foundation

/// Linear warm-up, then half a cosine down to `floor`.
public struct WarmupCosineSchedule: Codable, Hashable, Sendable {
  public var warmupSteps: Int
  public var totalSteps: Int
  /// Where the cosine ends, as a fraction of the base rate.
  public var floor: Float

  public init(warmupSteps: Int, totalSteps: Int, floor: Float = 0) {
    precondition(
      warmupSteps >= 0 && totalSteps > 0,
      "a schedule needs steps, not \(warmupSteps) and \(totalSteps)")
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.floor = floor
  }

  /// What the base rate is multiplied with at `step` (0 for the first): 0 at first under warm-up.
  public func multiplier(step: Int) -> Float {
    if step < warmupSteps { return Float(step) / Float(warmupSteps) }
    let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
    let cosine = max(0, 0.5 * (1 + cos(Double.pi * min(1, progress))))
    return floor + (1 - floor) * Float(cosine)
  }
}

/// An exponential moving average of the weights: what is evaluated and saved.
public final class WeightAverage {
  /// The decay reached in the long run.
  public let decay: Float
  public let values: FloatBuffer
  /// Updates done; restore it together with `values`.
  public var updateCount = 0

  /// Starts at the given weights.
  public init(of weights: FloatBuffer, decay: Float = 0.999) {
    self.decay = decay
    values = weights.duplicate()
  }

  /// The decay of update `t` (0 for the first): min(decay, (1 + t) / (10 + t)), so that early averages
  /// forget their start.
  public func decay(atUpdate t: Int) -> Float { min(decay, Float(1 + t) / Float(10 + t)) }

  /// average ← d·average + (1 − d)·weights.
  public func update(with weights: FloatBuffer) {
    precondition(weights.count == values.count, "the average belongs to other weights")
    let rate = 1 - decay(atUpdate: updateCount)
    Kernels.map(values.pointer, weights.pointer, to: values.pointer, count: values.count) {
      $0 + ($1 - $0) * rate
    }
    values.markChanged()
    updateCount += 1
  }
}

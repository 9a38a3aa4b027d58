// What changes from step to step: the learning rate.

import Foundation

/// Linear warm-up, then half a cosine down to `floor`.
public struct WarmupCosineSchedule: Codable, Hashable, Sendable {
  /// Steps in which the rate rises from 0.
  public var warmupSteps: Int
  /// All steps, the warm-up among them.
  public var totalSteps: Int
  /// Where the cosine ends, as a fraction of the base rate.
  public var floor: Float

  /// Programmer error where `warmupSteps` is negative or `totalSteps` is not positive.
  public init(warmupSteps: Int, totalSteps: Int, floor: Float = 0) {
    require(
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

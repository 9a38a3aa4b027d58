// Observations in units a network likes: the one place where they are scaled.

import PlanarCore
import PlanarPolicyInterface

/// (value − mean) / deviation, per number of the proprioception and of an object token; the same for every
/// object and every observation step. Actions need none: they lie in [−1, 1].
public struct Normalization: Codable, Hashable, Sendable {
  /// Deviations below this count as "never varied": the number is only centred.
  public static let constantBelow: Float = 1e-3
  /// Scaled values are clamped to ± this, so that nothing far outside the data can swamp the rest.
  public static let bound: Float = 10

  /// The mean of each number of the proprioception.
  public var proprioceptionMean: [Float]
  /// The standard deviation of each number of the proprioception.
  public var proprioceptionDeviation: [Float]
  /// The mean of each number of an object token.
  public var objectMean: [Float]
  /// The standard deviation of each number of an object token.
  public var objectDeviation: [Float]

  /// From a data set's statistics, `[proprioception]` and `[object features]`.
  public init(
    proprioceptionMean: [Float], proprioceptionDeviation: [Float], objectMean: [Float],
    objectDeviation: [Float]
  ) {
    self.proprioceptionMean = proprioceptionMean
    self.proprioceptionDeviation = proprioceptionDeviation
    self.objectMean = objectMean
    self.objectDeviation = objectDeviation
  }

  /// Leaves everything as it is.
  public static func identity(_ features: FeatureSet) -> Normalization {
    let (p, f) = (features.proprioception.count, features.objectFeatureCount)
    return Normalization(
      proprioceptionMean: .init(repeating: 0, count: p),
      proprioceptionDeviation: .init(repeating: 1, count: p),
      objectMean: .init(repeating: 0, count: f), objectDeviation: .init(repeating: 1, count: f))
  }

  /// Checks counts and numbers.
  ///
  /// - Throws: `UserError` naming the list at fault.
  func validate(_ features: FeatureSet) throws {
    for (name, numbers, count) in [
      ("proprioceptionMean", proprioceptionMean, features.proprioception.count),
      ("proprioceptionDeviation", proprioceptionDeviation, features.proprioception.count),
      ("objectMean", objectMean, features.objectFeatureCount),
      ("objectDeviation", objectDeviation, features.objectFeatureCount),
    ] {
      guard numbers.count == count else {
        throw UserError("normalization.\(name) has \(numbers.count) numbers; the feature has \(count)")
      }
      guard numbers.allSatisfy({ $0.isFinite && (!name.hasSuffix("Deviation") || $0 >= 0) }) else {
        throw UserError("normalization.\(name) holds a number that is not finite or is negative")
      }
    }
  }
}

/// A normalization ready for use: scale and offset per number.
struct Scaling: Sendable {
  private let mean: [Float]
  private let reciprocal: [Float]

  init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    reciprocal = deviation.map { $0 < Normalization.constantBelow ? 1 : 1 / $0 }
  }

  /// Of an object token.
  init(objects normalization: Normalization) {
    self.init(mean: normalization.objectMean, deviation: normalization.objectDeviation)
  }

  /// Scales `mean.count` numbers.
  @inline(__always)
  func apply(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    for i in mean.indices {
      let scaled = (source[i] - mean[i]) * reciprocal[i]
      target[i] = max(-Normalization.bound, min(Normalization.bound, scaled))
    }
  }
}

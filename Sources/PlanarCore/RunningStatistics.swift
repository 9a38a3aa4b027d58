// Mean and variance of a stream of numbers.

/// Count, mean, variance, least and greatest of the values seen, by Welford's update (1962).
public struct RunningStatistics: Codable, Sendable, Equatable {
  /// How many values were added.
  public private(set) var count = 0
  /// Their mean; 0 where there are none.
  public private(set) var mean = 0.0
  /// The least of them; +∞ where there are none.
  public private(set) var minimum = Double.infinity
  /// The greatest of them; −∞ where there are none.
  public private(set) var maximum = -Double.infinity
  private var squares = 0.0

  /// Statistics of no values.
  public init() {}

  /// Adds one value.
  public mutating func add(_ value: Double) {
    count += 1
    let delta = value - mean
    mean += delta / Double(count)
    squares += delta * (value - mean)
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// The variance with divisor `count`; 0 for fewer than two values.
  public var variance: Double { count > 1 ? squares / Double(count) : 0 }
  /// The square root of `variance`.
  public var standardDeviation: Double { variance.squareRoot() }
}

// Graded scores in few numbers that single lucky runs do not move: rliable's definitions.

/// The mean of the middle half: the lowest and the highest quarter of all scores are left out, each rounded down to whole
/// scores (Agarwal et al., Deep Reinforcement Learning at the Edge of the Statistical Precipice, NeurIPS 2021).
///
/// - Parameter scores: of all runs on all tasks together; not empty.
public func interquartileMean(_ scores: [Double]) -> Double {
  precondition(!scores.isEmpty, "a mean needs values")
  let cut = scores.count / 4
  let middle = scores.sorted()[cut..<(scores.count - cut)]
  return middle.reduce(0, +) / Double(middle.count)
}

/// How many runs score above each of some thresholds, with bands: a whole distribution at a look, instead of a mean
/// (Agarwal et al. 2021, run-score distribution).
public struct PerformanceProfile: Codable, Equatable, Sendable {
  /// The thresholds τ, as they were given.
  public var thresholds: [Double]
  /// The share of all scores above each threshold.
  public var shares: [Double]
  /// The lower bounds of the 95 % bands, point by point.
  public var low: [Double]
  /// The upper bounds of them.
  public var high: [Double]

  /// The profile of scores, with bands by the stratified bootstrap.
  ///
  /// - Parameters:
  ///   - strata: `[task][run]`, none empty.
  ///   - thresholds: in any order.
  public init(of strata: [[Double]], thresholds: [Double], resamples: Int = 2000, seed: UInt64) {
    let estimates = thresholds.map { threshold in
      stratifiedBootstrap(of: strata, resamples: resamples, seed: seed) { strata in
        let scores = strata.joined()
        return Double(scores.count { $0 > threshold }) / Double(scores.count)
      }
    }
    self.thresholds = thresholds
    shares = estimates.map(\.mean)
    low = estimates.map(\.low)
    high = estimates.map(\.high)
  }
}

// A mean over training seeds that all met the same episodes, with an interval that few seeds do not make too narrow.

import Foundation

/// A mean over training seeds × episodes with its 95 % interval and the p-value of a mean of 0.
///
/// Both factors vary: another training seed would give another policy, other episodes another luck. The variance of the mean
/// is taken as `s²(seeds) / k + s²(episodes) / n`, from the k means of seeds and the n means of episodes; what is neither's
/// is counted in both, so that the interval is rather too wide. Its width is that of Student's t with Satterthwaite's degrees
/// of freedom (Biometrics Bulletin 2, 110–114, 1946). A bootstrap of two or three seeds, by contrast, draws from two or three
/// values, and leaves out the truth far more often than it says.
public struct CrossedEstimate: Codable, Equatable, Sendable {
  /// The mean of all values.
  public var mean: Double
  /// The bounds of the 95 % interval.
  public var low: Double
  /// The upper bound.
  public var high: Double
  /// Two-sided, of a mean of 0.
  public var p: Double

  /// - Parameter values: `[training seed][episode]`: two seeds or more, the same two episodes or more in each.
  public init(of values: [[Double]]) {
    let (seeds, episodes) = (values.count, values[0].count)
    precondition(
      seeds > 1 && episodes > 1 && values.allSatisfy { $0.count == episodes }, "a crossed mean has two factors")
    let ofSeeds = values.map { $0.reduce(0, +) / Double(episodes) }
    let ofEpisodes = (0..<episodes).map { episode in values.reduce(0) { $0 + $1[episode] } / Double(seeds) }
    let mean = ofSeeds.reduce(0, +) / Double(seeds)
    func variance(_ means: [Double]) -> Double {
      means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1) / Double(means.count)
    }
    let parts = (seeds: variance(ofSeeds), episodes: variance(ofEpisodes))
    let error = (parts.seeds + parts.episodes).squareRoot()
    self.mean = mean
    guard error > 0 else {
      (low, high, p) = (mean, mean, mean == 0 ? 1 : 0)
      return
    }
    let freedom =
      error * error * error * error
      / (parts.seeds * parts.seeds / Double(seeds - 1) + parts.episodes * parts.episodes / Double(episodes - 1))
    let half = studentQuantile975(freedom) * error
    (low, high) = (mean - half, mean + half)
    let t = mean / error
    p = regularizedIncompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
  }

  /// The paired difference in success between two methods: Newcombe's interval and McNemar's exact p with one training seed.
  ///
  /// - Parameters:
  ///   - first: `[training seed][episode]`, the same episodes in every row.
  ///   - second: the same seeds and episodes.
  public init(first: [[Bool]], second: [[Bool]]) {
    precondition(first.count == second.count && !first.isEmpty, "pairs need two outcomes each")
    guard first.count > 1 else {
      let pairs = PairedComparison(first: first[0], second: second[0])
      self.init(pairs.difference, pairs.interval, p: pairs.exactP)
      return
    }
    self.init(of: zip(first, second).map { pair in zip(pair.0, pair.1).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) } })
    (low, high) = (max(-1, low), min(1, high))
  }

  /// A success rate: Clopper and Pearson's interval with one training seed, or where all seeds come to the same.
  ///
  /// - Parameter outcomes: `[training seed][episode]`, the same episodes in every row.
  public init(success outcomes: [[Bool]]) {
    let ofFirst = Proportion(outcomes[0])
    let crossed = outcomes.count > 1 ? CrossedEstimate(of: outcomes.map { $0.map { $0 ? 1 : 0 } }) : nil
    if let crossed, crossed.low < crossed.high {
      self.init(crossed.mean, max(0, crossed.low)...min(1, crossed.high), p: crossed.p)
    } else {
      self.init(ofFirst.rate, ofFirst.interval, p: ofFirst.successes == 0 ? 1 : 0)
    }
  }

  private init(_ mean: Double, _ interval: ClosedRange<Double>, p: Double) {
    self.mean = mean
    (low, high) = (interval.lowerBound, interval.upperBound)
    self.p = p
  }

  /// A mean over training seeds alone, such as of exponents: Student's interval.
  ///
  /// - Parameter values: one a training seed; two or more.
  public init(overSeeds values: [Double]) {
    precondition(values.count > 1, "an interval over seeds needs two of them")
    let count = Double(values.count)
    mean = values.reduce(0, +) / count
    let middle = mean
    let variance = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / (count - 1) / count
    guard variance > 0 else {
      (low, high, p) = (mean, mean, mean == 0 ? 1 : 0)
      return
    }
    let half = studentQuantile975(count - 1) * variance.squareRoot()
    (low, high) = (mean - half, mean + half)
    let t2 = mean * mean / variance
    p = regularizedIncompleteBeta((count - 1) / (count - 1 + t2), (count - 1) / 2, 0.5)
  }
}

/// The 97.5 % quantile of Student's t, by way of the incomplete beta function (Abramowitz & Stegun 26.7.1).
func studentQuantile975(_ freedom: Double) -> Double {
  let x = inverseRegularizedIncompleteBeta(0.05, freedom / 2, 0.5)
  return (freedom * (1 - x) / x).squareRoot()
}

// Intervals by resampling, for figures that have no formula.

import PlanarCore

/// A mean, or another statistic, with its percentile bootstrap interval (Efron 1979).
public struct BootstrapEstimate: Codable, Equatable, Sendable {
  /// The mean, or other statistic, of the values themselves.
  public var mean: Double
  /// The 2.5 % and 97.5 % quantiles of the resampled statistics.
  public var low: Double
  /// The upper bound of the 95 % interval.
  public var high: Double
  /// Twice the smaller share of resamples on either side of 0: small where 0 is implausible.
  public var p: Double

  /// - Parameter means: of the resamples, in any order; not empty.
  init(mean: Double, means: [Double]) {
    self.mean = mean
    let sorted = means.sorted()
    low = quantile(0.025, ofSorted: sorted)
    high = quantile(0.975, ofSorted: sorted)
    let atMost = Double(sorted.count { $0 <= 0 }) / Double(sorted.count)
    let atLeast = Double(sorted.count { $0 >= 0 }) / Double(sorted.count)
    p = min(1, 2 * min(atMost, atLeast))
  }
}

/// The mean of independent values, such as differences between two policies on the same scenes.
///
/// - Parameters:
///   - values: one per episode; not empty.
///   - resamples: how often to draw as many values with replacement.
public func bootstrapMean(
  of values: [Double], resamples: Int = 2000, seed: UInt64
) -> BootstrapEstimate {
  bootstrapMean(ofGroups: [values], resamples: resamples, seed: seed)
}

/// The mean of group means where groups differ too: training seeds, each with its episodes.
///
/// Groups are drawn with replacement, then values within each drawn group (Davison & Hinkley 1997, §3.8).
/// A single group is not resampled itself.
///
/// - Parameter groups: `[training seed][episode]`, none empty.
public func bootstrapMean(
  ofGroups groups: [[Double]], resamples: Int = 2000, seed: UInt64
) -> BootstrapEstimate {
  hierarchicalBootstrap(of: groups, resamples: resamples, seed: seed) { groups in
    groups.reduce(0) { $0 + $1.reduce(0, +) / Double($1.count) } / Double(groups.count)
  }
}

/// Any statistic of values in groups that differ too: training seeds, each with its episodes.
///
/// Groups are drawn with replacement, then values within each drawn group (Davison & Hinkley 1997, §3.8).
/// A single group is not resampled itself.
///
/// - Parameters:
///   - groups: `[training seed][episode]`, none empty.
///   - statistic: of such groups, as they are or resampled.
public func hierarchicalBootstrap(
  of groups: [[Double]], resamples: Int = 2000, seed: UInt64, statistic: ([[Double]]) -> Double
) -> BootstrapEstimate {
  bootstrap(of: groups, resamples, seed, statistic) { groups, stream in
    groups.map { _ in groups[stream.integer(below: groups.count)].resampled(&stream) }
  }
}

/// Any statistic of runs in strata that stay as they are: tasks, each with its runs.
///
/// Values are drawn with replacement within each stratum, so that every task keeps its weight (Agarwal et al. 2021).
///
/// - Parameters:
///   - strata: `[task][run]`, none empty.
///   - statistic: of such strata, as they are or resampled; `interquartileMean` of all values together, for instance.
public func stratifiedBootstrap(
  of strata: [[Double]], resamples: Int = 2000, seed: UInt64, statistic: ([[Double]]) -> Double
) -> BootstrapEstimate {
  bootstrap(of: strata, resamples, seed, statistic) { strata, stream in strata.map { $0.resampled(&stream) } }
}

private func bootstrap(
  of groups: [[Double]], _ resamples: Int, _ seed: UInt64, _ statistic: ([[Double]]) -> Double,
  drawing draw: ([[Double]], inout RandomStream) -> [[Double]]
) -> BootstrapEstimate {
  precondition(!groups.isEmpty && groups.allSatisfy { !$0.isEmpty }, "a statistic needs values")
  precondition(resamples > 0, "a bootstrap needs resamples")
  var stream = RandomStream(seed: seed, purpose: "bootstrap")
  let resampled = (0..<resamples).map { _ in statistic(draw(groups, &stream)) }
  return BootstrapEstimate(mean: statistic(groups), means: resampled)
}

extension [Double] {
  /// As many values, drawn with replacement.
  fileprivate func resampled(_ stream: inout RandomStream) -> [Double] {
    map { _ in self[stream.integer(below: count)] }
  }
}

/// The quantile by linear interpolation between order statistics (Hyndman & Fan's type 7).
func quantile(_ q: Double, ofSorted values: [Double]) -> Double {
  let rank = q * Double(values.count - 1)
  let below = Int(rank)
  let above = min(below + 1, values.count - 1)
  return values[below] + (rank - Double(below)) * (values[above] - values[below])
}

// An interval holds the true rate as often as it says: by enumeration, for every rate and every number of trials.

import PlanarCore
import PlanarEvaluation
import Synchronization
import Testing

/// The probability that an interval of `trials` trials holds the rate `p`, by the rates' outcomes.
private func coverage(_ p: Double, trials: Int, _ interval: (Proportion) -> ClosedRange<Double>) -> Double {
  (0...trials).reduce(0.0) { sum, k in
    guard interval(Proportion(successes: k, trials: trials)).contains(p) else { return sum }
    return sum + binomialCDF(k, trials: trials, p: p) - binomialCDF(k - 1, trials: trials, p: p)
  }
}

@Suite struct CoverageTests {
  /// Between two bounds the same outcomes hold the rate, and the probability of a range of outcomes has no minimum within
  /// such a stretch: it rises and then falls. So the least coverage of all rates is that just beside one of the bounds,
  /// where one outcome has ceased to hold the rate. All are tried.
  @Test func theExactIntervalCoversForEveryRateUpTo2000Trials() {
    let least = Mutex([Double](repeating: 1, count: 2001))
    parallelFor(count: 2000, threads: 2) { unit in
      let n = 2000 - unit
      let bounds = (0...n).map { Proportion(successes: $0, trials: n).interval }
      var worst = 1.0
      // Just above the upper bound of k: outcomes k + 1 … last, with `last` the greatest whose lower bound lies at or below.
      var last = 0
      for k in 0..<n {
        let p = bounds[k].upperBound
        while last < n, bounds[last + 1].lowerBound <= p { last += 1 }
        worst = min(worst, binomialCDF(last, trials: n, p: p) - binomialCDF(k, trials: n, p: p))
      }
      // Just below the lower bound of k: outcomes first … k − 1.
      var first = n
      for k in (1...n).reversed() {
        let p = bounds[k].lowerBound
        while first > 0, bounds[first - 1].upperBound >= p { first -= 1 }
        worst = min(worst, binomialCDF(k - 1, trials: n, p: p) - binomialCDF(first - 1, trials: n, p: p))
      }
      least.withLock { $0[n] = worst }
    }
    least.withLock { least in
      for n in 1...2000 where least[n] < 0.95 - 1e-9 { Issue.record("n = \(n): coverage \(least[n])") }
      // The bound is not far from being reached, so that the interval is no wider than it must be.
      #expect(least[2000] < 0.953)
    }
  }

  /// The same by adding up outcomes, on a grid of rates.
  @Test(arguments: [1, 2, 7, 30, 113])
  func theExactIntervalCoversOnAGrid(trials: Int) {
    for step in 1..<500 {
      #expect(coverage(Double(step) / 500, trials: trials, \.interval) >= 0.95 - 1e-9)
    }
  }

  @Test func wilsonsIntervalDoesNot() {
    let wilson = coverage(0.999, trials: 1000, \.wilsonInterval)
    #expect(near(wilson, 0.920, within: 5e-4))
    #expect(coverage(0.999, trials: 1000, \.interval) > 0.95)
  }

  /// The interval that may be looked at after every trial holds the rate at all of 300 moments in 95 of 100 runs at least.
  @Test(arguments: [0.02, 0.5, 0.9])
  func theAnytimeIntervalCoversAtAllMoments(rate: Double) {
    var stream = RandomStream(seed: 11, purpose: "coverage")
    // Whether it holds depends on the counts alone.
    var holds: [[Bool?]] = (0...300).map { Array(repeating: nil, count: $0 + 1) }
    var misses = 0
    for _ in 0..<4000 {
      var successes = 0
      for trials in 1...300 {
        successes += stream.uniform() < rate ? 1 : 0
        let known = holds[trials][successes]
        let isHeld =
          known
          ?? anytimeInterval(of: Proportion(successes: successes, trials: trials), confidence: 0.95).contains(rate)
        holds[trials][successes] = isHeld
        if !isHeld {
          misses += 1
          break
        }
      }
    }
    #expect(misses < 4000 * 5 / 100)
    #expect(misses > 4000 / 200)
  }
}

// Success rates with the interval that fits them.

/// The standard normal's 97.5 % quantile.
let normalQuantile975 = 1.959963984540054

/// Successes among trials, with Wilson's score interval (1927).
public struct Proportion: Equatable, Sendable {
  /// How many succeeded.
  public var successes: Int
  /// How many there were.
  public var trials: Int

  /// Programmer error where `successes` is negative or above `trials`.
  public init(successes: Int, trials: Int) {
    precondition(0 <= successes && successes <= trials, "successes are at most the trials")
    self.successes = successes
    self.trials = trials
  }

  /// Counts the true ones.
  public init(_ outcomes: some Sequence<Bool>) {
    self.init(successes: 0, trials: 0)
    for outcome in outcomes { add(outcome) }
  }

  /// Counts one trial more.
  public mutating func add(_ success: Bool) {
    trials += 1
    successes += success ? 1 : 0
  }

  /// successes / trials; 0 where there is no trial.
  public var rate: Double { trials > 0 ? Double(successes) / Double(trials) : 0 }

  /// The 95 % score interval `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`; 0 ... 1 without trials.
  ///
  /// It stays inside [0, 1] and has a width at 0 and at n successes, where p ± z·SE has none.
  public var interval: ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let n = Double(trials)
    let z2 = normalQuantile975 * normalQuantile975
    let centre = rate + z2 / (2 * n)
    let half = normalQuantile975 * (rate * (1 - rate) / n + z2 / (4 * n * n)).squareRoot()
    let scale = 1 + z2 / n
    // At the ends the exact bound is 0 or 1; rounding must not miss it.
    let low = successes == 0 ? 0 : max(0, (centre - half) / scale)
    let high = successes == trials ? 1 : min(1, (centre + half) / scale)
    return low...high
  }

  /// The 95 % interval of `self.rate − other.rate` for *independent* samples: Newcombe's hybrid score
  /// interval (1998, method 10).
  public func differenceInterval(from other: Proportion) -> ClosedRange<Double> {
    hybridScoreInterval(self, other, correlation: 0)
  }
}

/// Newcombe's combination of two Wilson intervals, with the outcomes' correlation.
func hybridScoreInterval(
  _ first: Proportion, _ second: Proportion, correlation: Double
) -> ClosedRange<Double> {
  func root(_ a: Double, _ b: Double) -> Double {
    max(0, a * a - 2 * correlation * a * b + b * b).squareRoot()
  }
  let difference = first.rate - second.rate
  let (one, two) = (first.interval, second.interval)
  let below = root(first.rate - one.lowerBound, two.upperBound - second.rate)
  let above = root(one.upperBound - first.rate, second.rate - two.lowerBound)
  return max(-1, difference - below)...min(1, difference + above)
}

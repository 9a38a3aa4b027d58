// Success rates with the intervals that fit them.

/// Successes among trials, with the exact interval of Clopper and Pearson, and Wilson's.
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

  /// The exact 95 % interval; see `interval(confidence:)`.
  public var interval: ClosedRange<Double> { interval(confidence: 0.95) }

  /// The exact interval (Clopper & Pearson 1934): the rates that neither of two one-sided binomial tests rejects, each at
  /// half of 1 − `confidence`; 0 … 1 without trials.
  ///
  /// With α = 1 − confidence and I⁻¹ the inverse of the incomplete beta function, `I⁻¹(α/2; k, n−k+1) …
  /// I⁻¹(1−α/2; k+1, n−k)`. Whatever the true rate, the interval holds it with at least the probability that it claims.
  public func interval(confidence: Double) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(successes), Double(trials))
    let low = successes == 0 ? 0 : inverseRegularizedIncompleteBeta(tail, k, n - k + 1)
    let high = successes == trials ? 1 : inverseRegularizedIncompleteBeta(1 - tail, k + 1, n - k)
    return low...high
  }

  /// Wilson's 95 % interval; see `wilsonInterval(confidence:)`.
  public var wilsonInterval: ClosedRange<Double> { wilsonInterval(confidence: 0.95) }

  /// The score interval (Wilson 1927) `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`; 0 … 1 without trials.
  ///
  /// It stays inside [0, 1] and has a width at 0 and at n successes, where p ± z·SE has none. It is narrower than the
  /// exact interval, and holds the true rate with the probability that it claims on average only: of 1,000 trials at a rate
  /// of 0.999, its 95 % are 92.
  public func wilsonInterval(confidence: Double) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let n = Double(trials)
    let z = normalQuantile(0.5 + confidence / 2)
    let z2 = z * z
    let centre = rate + z2 / (2 * n)
    let half = z * (rate * (1 - rate) / n + z2 / (4 * n * n)).squareRoot()
    let scale = 1 + z2 / n
    // At the ends the exact bound is 0 or 1; rounding must not miss it.
    let low = successes == 0 ? 0 : max(0, (centre - half) / scale)
    let high = successes == trials ? 1 : min(1, (centre + half) / scale)
    return low...high
  }

  /// The 95 % interval of `self.rate − other.rate` for *independent* samples: Newcombe's hybrid score
  /// interval (1998, method 10), from Wilson's of both.
  public func differenceInterval(from other: Proportion) -> ClosedRange<Double> {
    hybridScoreInterval(self, other, correlation: 0, confidence: 0.95)
  }
}

/// Newcombe's combination of two Wilson intervals, with the outcomes' correlation.
func hybridScoreInterval(
  _ first: Proportion, _ second: Proportion, correlation: Double, confidence: Double
) -> ClosedRange<Double> {
  func root(_ a: Double, _ b: Double) -> Double {
    max(0, a * a - 2 * correlation * a * b + b * b).squareRoot()
  }
  let difference = first.rate - second.rate
  let (one, two) = (first.wilsonInterval(confidence: confidence), second.wilsonInterval(confidence: confidence))
  let below = root(first.rate - one.lowerBound, two.upperBound - second.rate)
  let above = root(one.upperBound - first.rate, second.rate - two.lowerBound)
  return max(-1, difference - below)...min(1, difference + above)
}

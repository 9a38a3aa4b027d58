// What is believed of a rate after some trials, for those who ask for probabilities of rates.

/// The posterior of a rate: a Beta distribution.
public struct BetaPosterior: Equatable, Sendable {
  /// The successes, those of the prior included.
  public var successes: Double
  /// The failures, those of the prior included.
  public var failures: Double

  /// The posterior after some trials, from a symmetric prior Beta(`prior`, `prior`).
  ///
  /// - Parameter prior: ½ for Jeffreys' prior, 1 for a uniform one; positive.
  public init(_ proportion: Proportion, prior: Double = 0.5) {
    precondition(prior > 0, "a prior has positive counts")
    successes = Double(proportion.successes) + prior
    failures = Double(proportion.trials - proportion.successes) + prior
  }

  /// The expected rate.
  public var mean: Double { successes / (successes + failures) }

  /// The rates between which the true one lies with this probability, with equal probabilities beyond both.
  public func interval(probability: Double) -> ClosedRange<Double> {
    let tail = (1 - probability) / 2
    return inverseRegularizedIncompleteBeta(
      tail, successes, failures)...inverseRegularizedIncompleteBeta(
        1 - tail, successes, failures)
  }

  /// The probability that the rate is greater than a value.
  public func probability(above value: Double) -> Double {
    1 - regularizedIncompleteBeta(value, successes, failures)
  }
}

extension PairedComparison {
  /// The probability that the first policy is the better one: that of the discordant scenes it wins more than half.
  ///
  /// Under a Dirichlet prior on the four kinds of scenes, the share of discordant scenes that the first wins has a Beta
  /// posterior, whatever the concordant ones say.
  ///
  /// - Parameter prior: of both discordant kinds; ½ for Jeffreys' prior.
  public func probabilityFirstIsBetter(prior: Double = 0.5) -> Double {
    BetaPosterior(Proportion(successes: onlyFirst, trials: onlyFirst + onlySecond), prior: prior).probability(
      above: 0.5)
  }
}

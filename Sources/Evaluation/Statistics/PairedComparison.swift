// Two policies on the same episodes: what differs is the policy, not the luck of the scenes.

import PlanarCore
import PlanarRollouts

/// Paired success of two policies on the same scenes.
public struct PairedComparison: Equatable, Sendable {
  /// Scenes where both succeeded, only the first, only the second, neither.
  public private(set) var both = 0
  /// Scenes where the first policy succeeded and the second did not.
  public private(set) var onlyFirst = 0
  /// Scenes where the second policy succeeded and the first did not.
  public private(set) var onlySecond = 0
  /// Scenes where neither succeeded.
  public private(set) var neither = 0

  /// Counts pairs; element i of both is the same scene.
  public init(first: [Bool], second: [Bool]) {
    precondition(first.count == second.count, "pairs need two outcomes each")
    for pair in zip(first, second) {
      switch pair {
      case (true, true): both += 1
      case (true, false): onlyFirst += 1
      case (false, true): onlySecond += 1
      case (false, false): neither += 1
      }
    }
  }

  /// A table that was counted before.
  ///
  /// - Parameters: scenes where both succeeded, only the first, only the second, neither; none negative.
  public init(both: Int, onlyFirst: Int, onlySecond: Int, neither: Int) {
    precondition(min(both, onlyFirst, onlySecond, neither) >= 0, "counts are not negative")
    (self.both, self.onlyFirst, self.onlySecond, self.neither) = (both, onlyFirst, onlySecond, neither)
  }

  /// Compares two evaluations.
  ///
  /// - Throws: `UserError` where they did not run the same seeds in the same order.
  public init(first: [EpisodeOutcome], second: [EpisodeOutcome]) throws {
    guard first.map(\.info.seed) == second.map(\.info.seed) else {
      throw UserError(
        "the two evaluations did not run the same episode seeds, so they cannot be compared pair by pair; run both with the same seeds"
      )
    }
    self.init(first: first.map(\.success), second: second.map(\.success))
  }

  /// How many scenes were compared.
  public var pairs: Int { both + onlyFirst + onlySecond + neither }
  /// The first policy's success.
  public var first: Proportion { Proportion(successes: both + onlyFirst, trials: pairs) }
  /// The second policy's success.
  public var second: Proportion { Proportion(successes: both + onlySecond, trials: pairs) }
  /// The first's success rate minus the second's.
  public var difference: Double { pairs > 0 ? Double(onlyFirst - onlySecond) / Double(pairs) : 0 }

  /// The 95 % interval of `difference`; see `interval(confidence:)`.
  public var interval: ClosedRange<Double> { interval(confidence: 0.95) }

  /// The interval of `difference`: Newcombe's score interval for paired data (Statistics in Medicine 17, 2635–2650, 1998,
  /// method 10), from Wilson's of both rates.
  public func interval(confidence: Double) -> ClosedRange<Double> {
    hybridScoreInterval(first, second, correlation: correlation, confidence: confidence)
  }

  /// Whether the difference is shown to be smaller than `margin` on either side, by two one-sided tests at level `alpha`
  /// (Schuirmann 1987): Newcombe's interval at confidence 1 − 2α lies between −`margin` and `margin`.
  ///
  /// That no difference was found is no such evidence: few episodes show neither.
  public func isEquivalent(within margin: Double, alpha: Double = 0.05) -> Bool {
    let interval = interval(confidence: 1 - 2 * alpha)
    return -margin < interval.lowerBound && interval.upperBound < margin
  }

  /// φ of the 2×2 table, with Newcombe's continuity correction where it is positive.
  private var correlation: Double {
    let n = Double(pairs)
    let (a, b) = (Double(both), Double(onlyFirst))
    let (c, d) = (Double(onlySecond), Double(neither))
    let margins = (a + b) * (c + d) * (a + c) * (b + d)
    guard margins > 0 else { return 0 }
    let product = a * d - b * c
    return (product > 0 ? max(0, product - n / 2) : product) / margins.squareRoot()
  }

  /// The two-sided exact p-value of McNemar's test: binomial(½) on the discordant pairs.
  public var exactP: Double { min(1, 2 * binomialCDF(min(onlyFirst, onlySecond), trials: discordant, p: 0.5)) }

  /// The two-sided mid-p value of McNemar's test: the exact one less the probability of what was observed, or half of it
  /// where both sides are even (Fagerland, Lydersen & Laake, BMC Medical Research Methodology 13:91, 2013). It is less
  /// cautious than the exact one, which never errs more often than it says.
  public var midP: Double {
    guard discordant > 0 else { return 1 }
    let observed = binomialMass(onlyFirst, trials: discordant, p: 0.5)
    return onlyFirst == onlySecond ? 1 - observed / 2 : exactP - observed
  }

  /// How many scenes exactly one of the two policies has won.
  public var discordant: Int { onlyFirst + onlySecond }
}

// Two policies on the same episodes: what differs is the policy, not the luck of the scenes.

import Foundation
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

  /// The pairs that differ, where nothing else is asked for than a test on them.
  public init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
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
  public var difference: Double { first.rate - second.rate }

  /// The 95 % interval of `difference`: Newcombe's score interval for paired data (Statistics in Medicine
  /// 17, 2635–2650, 1998, method 10).
  public var interval: ClosedRange<Double> {
    hybridScoreInterval(first, second, correlation: correlation)
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
  public var exactP: Double { min(1, 2 * tail) }

  /// P(X ≤ m), X ~ binomial(discordant pairs, ½), m the smaller discordant count.
  private var tail: Double {
    let n = onlyFirst + onlySecond
    let m = min(onlyFirst, onlySecond)
    return (0...m).reduce(0.0) { sum, k in
      let logChoose = lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
      return sum + exp(logChoose - Double(n) * log(2.0))
    }
  }
}

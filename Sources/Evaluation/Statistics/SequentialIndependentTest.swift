// An anytime-valid test for policies that never met the same scenes.

/// An anytime-valid test of whether the first of two policies succeeds more often than the second, in independent trials
/// that come in twos, such as those of a real robot, whose scenes cannot be laid out twice.
///
/// Its capital is the likelihood of what both did under the rates that earlier trials suggest, over that under the nearest
/// pair of equal rates (Turner & Grünwald, Statistics & Probability Letters 198, 109835, 2023, theorem 2). While the first
/// policy does not look better there is no bet. `SequentialPairedTest` sees smaller differences where scenes are shared.
public struct SequentialIndependentTest: Equatable, Sendable {
  /// The capital, a nonnegative martingale where the first policy is no better.
  public private(set) var evidence = 1.0
  /// One over the greatest capital so far: a p-value at every moment.
  public private(set) var p = 1.0
  /// Successes and failures of both, with the prior's: Beta(2, 1) for the first and Beta(1, 2) for the second.
  private var first = (successes: 2.0, failures: 1.0)
  private var second = (successes: 1.0, failures: 2.0)

  /// Nothing seen yet.
  public init() {}

  /// Adds a trial of each policy.
  public mutating func add(first isFirst: Bool, second isSecond: Bool) {
    let one = first.successes / (first.successes + first.failures)
    let two = second.successes / (second.successes + second.failures)
    if one > two {
      let equal = (one + two) / 2
      func odds(_ success: Bool, _ rate: Double) -> Double { success ? rate / equal : (1 - rate) / (1 - equal) }
      evidence = min(1e300, evidence * odds(isFirst, one) * odds(isSecond, two))
      p = min(p, 1 / evidence)
    }
    if isFirst { first.successes += 1 } else { first.failures += 1 }
    if isSecond { second.successes += 1 } else { second.failures += 1 }
  }

  /// Whether both have seen the same.
  public static func == (one: SequentialIndependentTest, other: SequentialIndependentTest) -> Bool {
    one.evidence == other.evidence && one.p == other.p && one.first == other.first && one.second == other.second
  }
}

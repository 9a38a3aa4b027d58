// A paired test that may be looked at after every episode.

import Foundation

/// An anytime-valid test of whether two policies succeed equally often on the same scenes.
///
/// Scenes that both policies win or both lose say nothing about which is better. Of the discordant ones each policy wins
/// half, if they are equally good: a fair coin. The test bets on that coin. Its capital is 1 at first; before each
/// discordant scene it stakes by what was seen so far, giving the first policy the odds `(a + ½) / (a + b + 1)` after a wins
/// of the first and b of the second (Krichevsky & Trofimov 1981), and its capital is multiplied by those odds over ½.
/// All bets together are the likelihood ratio of a Beta(½, ½) mixture over all coins against the fair one,
///
///     E = 2^(a+b) · B(a + ½, b + ½) / B(½, ½).
///
/// Against a fair coin no bet has a profit to expect, whatever came before: the capital is a nonnegative martingale that
/// begins at 1. Ville's inequality (1939) says that such a capital *ever* reaches 1/α with probability at most α, however
/// long it is played. So `p = 1 / max E` is a p-value at every moment, and one may look after each episode, stop as soon as
/// it is small enough, or go on because it nearly is: the probability of ever claiming a difference that is not there stays
/// below α. A p-value of a fixed sample has no such promise: looked at after every episode, it errs several times as often.
///
/// Shafer, Journal of the Royal Statistical Society A 184, 407–431 (2021); Ramdas, Grünwald, Vovk & Shafer, Statistical
/// Science 38, 576–601 (2023).
public struct SequentialPairedTest: Equatable, Sendable {
  /// How many scenes were seen.
  public private(set) var episodes = 0
  /// Scenes that the first policy alone has won.
  public private(set) var onlyFirst = 0
  /// Scenes that the second policy alone has won.
  public private(set) var onlySecond = 0
  /// The capital E; it is not let grow beyond 1e300.
  public private(set) var evidence = 1.0
  /// One over the greatest capital so far: a p-value at every moment.
  public private(set) var p = 1.0

  /// Nothing seen yet.
  public init() {}

  /// Adds a scene.
  ///
  /// - Parameters:
  ///   - first: whether the first policy has won it.
  ///   - second: whether the second has.
  public mutating func add(first: Bool, second: Bool) {
    episodes += 1
    guard first != second else { return }
    let wins = Double(first ? onlyFirst : onlySecond)
    evidence = min(1e300, evidence * 2 * (wins + 0.5) / (Double(onlyFirst + onlySecond) + 1))
    if first { onlyFirst += 1 } else { onlySecond += 1 }
    p = min(p, 1 / evidence)
  }

  /// An interval of the first's success rate minus the second's that may be looked at after every episode, too: with
  /// probability `confidence` it holds the true difference at *all* moments.
  ///
  /// The difference is the share q of discordant scenes times 2θ − 1, θ being the share of these that the first wins; the
  /// bounds of q take a tenth of 1 − `confidence`, those of θ the rest. It is wider than an interval for one look.
  public func interval(confidence: Double) -> ClosedRange<Double> {
    let error = 1 - confidence
    let discordant = onlyFirst + onlySecond
    let share = anytimeInterval(
      of: Proportion(successes: discordant, trials: episodes), confidence: 1 - 0.1 * error)
    let wins = anytimeInterval(of: Proportion(successes: onlyFirst, trials: discordant), confidence: 1 - 0.9 * error)
    let (low, high) = (2 * wins.lowerBound - 1, 2 * wins.upperBound - 1)
    return
      (low < 0 ? share.upperBound * low : share.lowerBound * low)...(high > 0
      ? share.upperBound * high : share.lowerBound * high)
  }
}

/// An interval of a rate that may be looked at after every trial: with probability `confidence` it holds the true rate at
/// all moments. It has the rates against which the capital of a Beta(½, ½) mixture is below 1 / (1 − `confidence`), by
/// Ville's inequality (Robbins, Annals of Mathematical Statistics 41, 1397–1409, 1970).
public func anytimeInterval(of proportion: Proportion, confidence: Double) -> ClosedRange<Double> {
  let successes = Double(proportion.successes)
  let failures = Double(proportion.trials - proportion.successes)
  guard proportion.trials > 0 else { return 0...1 }
  let mixture = logBeta(successes + 0.5, failures + 0.5) - logBeta(0.5, 0.5)
  let most = -log(1 - confidence)
  func isHeld(_ rate: Double) -> Bool {
    let likelihood = (successes > 0 ? successes * log(rate) : 0) + (failures > 0 ? failures * log1p(-rate) : 0)
    return mixture - likelihood < most
  }
  /// The rate between one that is held and one that is not, where that changes; the latter, so that nothing is lost.
  func bound(from held: Double, to end: Double) -> Double {
    if isHeld(end) { return end }
    var (inside, outside) = (held, end)
    while abs(outside - inside) > 1e-13 {
      let middle = 0.5 * (inside + outside)
      if isHeld(middle) { inside = middle } else { outside = middle }
    }
    return outside
  }
  return bound(from: proportion.rate, to: 0)...bound(from: proportion.rate, to: 1)
}

// Intervals and tests against published figures.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing

func near(_ a: Double, _ b: Double, within tolerance: Double) -> Bool { abs(a - b) <= tolerance }

func near(_ a: ClosedRange<Double>, _ low: Double, _ high: Double, within tolerance: Double) -> Bool {
  near(a.lowerBound, low, within: tolerance) && near(a.upperBound, high, within: tolerance)
}

@Suite struct ProportionTests {
  /// Wilson (1927): 81/263 and 15/148 from Newcombe, Statistics in Medicine 17, 857–872 (1998), table I,
  /// method 3; 0/n is z²/(n + z²).
  @Test(arguments: [
    (8, 10, 0.4902, 0.9433), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
    (0, 10, 0, 3.841459 / 13.841459), (10, 10, 1 - 3.841459 / 13.841459, 1),
  ])
  func wilson(successes: Int, trials: Int, low: Double, high: Double) {
    let proportion = Proportion(successes: successes, trials: trials)
    #expect(near(proportion.wilsonInterval, low, high, within: 5e-5))
    #expect(proportion.wilsonInterval.contains(proportion.rate))
  }

  @Test func noTrialsSayNothing() {
    #expect(Proportion(successes: 0, trials: 0).interval == 0...1)
    #expect(Proportion(successes: 0, trials: 0).wilsonInterval == 0...1)
    #expect(Proportion([true, false, true, true]) == Proportion(successes: 3, trials: 4))
  }

  /// Newcombe, Statistics in Medicine 17, 873–890 (1998), table II, method 10.
  @Test(arguments: [
    (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (0, 20, 0, 10, -0.2775, 0.1611),
  ])
  func newcombeForIndependentSamples(a: Int, m: Int, b: Int, n: Int, low: Double, high: Double) {
    let interval = Proportion(successes: a, trials: m)
      .differenceInterval(from: Proportion(successes: b, trials: n))
    #expect(near(interval, low, high, within: 5e-5))
  }
}

@Suite struct PairedComparisonTests {
  private func table(_ both: Int, _ onlyFirst: Int, _ onlySecond: Int, _ neither: Int)
    -> PairedComparison
  {
    func pairs(_ a: Bool, _ b: Bool, _ count: Int) -> [(Bool, Bool)] {
      Array(repeating: (a, b), count: count)
    }
    let all =
      pairs(true, true, both) + pairs(true, false, onlyFirst)
      + pairs(false, true, onlySecond) + pairs(false, false, neither)
    return PairedComparison(first: all.map(\.0), second: all.map(\.1))
  }

  /// Newcombe, Statistics in Medicine 17, 2635–2650 (1998), method 10, by an independent computation of
  /// its formula in Python; the second table has a positive correlation, the third a negative one.
  @Test(arguments: [
    ([36, 12, 2, 0], 0.05693, 0.34043), ([20, 12, 2, 16], 0.05616, 0.32921),
    ([1, 1, 7, 12], -0.50692, -0.02556), ([54, 0, 0, 0], -0.06641, 0.06641),
  ])
  func newcombeForPairs(counts: [Int], low: Double, high: Double) {
    let comparison = table(counts[0], counts[1], counts[2], counts[3])
    #expect(near(comparison.interval, low, high, within: 1e-5))
    #expect(comparison.pairs == counts.reduce(0, +))
  }

  /// Bentur et al. (2009) in Fagerland, Lydersen & Laake (2013): 1 and 7 discordant pairs give the exact
  /// p = 2·9/2⁸ = 0.0703.
  @Test func mcNemar() {
    let comparison = table(1, 1, 7, 12)
    #expect(near(comparison.exactP, 18.0 / 256, within: 1e-12))
    #expect(near(comparison.difference, -6.0 / 21, within: 1e-12))
    let mirrored = table(1, 7, 1, 12)
    #expect(mirrored.exactP == comparison.exactP)
  }

  @Test func noDisagreementIsNoEvidence() {
    #expect(table(5, 0, 0, 5).exactP == 1)
    #expect(near(table(5, 3, 3, 5).exactP, 1, within: 1e-12))
    // 2000 discordant pairs all one way: no overflow, and hardly any doubt.
    #expect(table(0, 2000, 0, 0).exactP < 1e-300)
  }

  @Test func otherSeedsCannotBePaired() {
    func outcome(_ seed: UInt64) -> EpisodeOutcome { sampleOutcome(0, seed: seed, success: true) }
    #expect(throws: UserError.self) {
      try PairedComparison(first: [outcome(1)], second: [outcome(2)])
    }
    #expect(throws: Never.self) { try PairedComparison(first: [outcome(1)], second: [outcome(1)]) }
  }
}

@Suite struct BootstrapTests {
  /// For 400 standard normal values the interval is near mean ± 1.96·s/√n.
  @Test func theIntervalOfAMeanIsThatOfTheCentralLimit() {
    var stream = RandomStream(seed: 3)
    let values = (0..<400).map { _ in stream.normal() }
    let mean = values.reduce(0, +) / 400
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400).squareRoot()
    let estimate = bootstrapMean(of: values, resamples: 4000, seed: 1)
    #expect(near(estimate.mean, mean, within: 1e-12))
    #expect(near(estimate.low, mean - 1.96 * deviation / 20, within: 0.01))
    #expect(near(estimate.high, mean + 1.96 * deviation / 20, within: 0.01))
    #expect(bootstrapMean(of: values, resamples: 4000, seed: 1) == estimate)
    #expect(bootstrapMean(of: values, resamples: 4000, seed: 2) != estimate)
  }

  /// Where training seeds differ, pooling their episodes claims too much: the interval over seeds is that
  /// of three group means, 0.2, 0.5 and 0.8.
  @Test func trainingSeedsWidenTheInterval() {
    let groups = [2, 5, 8].map { rate in (0..<1000).map { $0 % 10 < rate ? 1.0 : 0 } }
    let pooled = bootstrapMean(of: groups.flatMap { $0 }, seed: 1)
    let nested = bootstrapMean(ofGroups: groups, seed: 1)
    #expect(near(pooled.mean, 0.5, within: 1e-12) && near(nested.mean, 0.5, within: 1e-12))
    #expect(pooled.high - pooled.low < 0.05)
    #expect(nested.high - nested.low > 0.4)
  }

  @Test func differencesArePaired() {
    // Episode by episode the first is never worse, and better in a fifth of the scenes.
    let second = [(0..<100).map { $0 % 2 == 0 }, (0..<100).map { $0 % 2 == 0 }]
    let first = second.map { $0.enumerated().map { $1 || $0 % 5 == 1 } }
    let estimate = CrossedEstimate(first: first, second: second)
    #expect(near(estimate.mean, 0.1, within: 1e-12))
    #expect(estimate.low > 0 && estimate.p < 0.01)
    let same = CrossedEstimate(first: second, second: second)
    #expect(same.mean == 0 && same.low == 0 && same.high == 0 && same.p == 1)
  }
}

@Suite struct PowerLawTests {
  @Test func recoversAnExactLaw() throws {
    let law = try #require(PowerLaw(fitting: [1.0, 2, 5, 10].map { ($0, 3 * pow($0, 1.5)) } + [(0, 7)]))
    #expect(near(law.exponent, 1.5, within: 1e-12) && near(law.factor, 3, within: 1e-12))
    #expect(law.standardError < 1e-12)
  }

  /// log y = 0, 1, 1 at log x = 0, 1, 2: slope ½, residuals −1/6, 1/3, −1/6, SE = √((1/6)/1/2).
  @Test func standardErrorOfThreePoints() throws {
    let e = M_E
    let law = try #require(PowerLaw(fitting: [(1, 1), (e, e), (e * e, e)]))
    #expect(near(law.exponent, 0.5, within: 1e-12))
    #expect(near(law.standardError, (1.0 / 12).squareRoot(), within: 1e-12))
  }

  @Test func tooFewPointsHaveNoExponent() {
    #expect(PowerLaw(fitting: [(2, 1), (2, 3)]) == nil)
    #expect(PowerLaw(fitting: [(2, 1), (-1, 3)]) == nil)
  }
}

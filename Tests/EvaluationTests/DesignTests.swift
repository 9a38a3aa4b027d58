// Before and after a comparison: how many episodes it needs, and what "no difference" takes.

import PlanarCore
import PlanarEvaluation
import Testing

@Suite struct DesignTests {
  /// The power that a simulation of the same test finds.
  @Test func powerIsWhatHappens() {
    let design = PairedPower(onlyFirst: 0.08, onlySecond: 0.02)
    var stream = RandomStream(seed: 9, purpose: "power")
    let rejected = (0..<4000).count { _ in
      var (first, second) = (0, 0)
      for _ in 0..<250 {
        let draw = stream.uniform()
        if draw < 0.08 { first += 1 } else if draw < 0.1 { second += 1 }
      }
      return PairedComparison(both: 250 - first - second, onlyFirst: first, onlySecond: second, neither: 0).exactP
        <= 0.05
    }
    #expect(near(Double(rejected) / 4000, design.power(pairs: 250), within: 0.025))
  }

  @Test func theNumberNeededHasThePowerAndOneLessHasNot() throws {
    let design = PairedPower(onlyFirst: 0.013, onlySecond: 0.003)
    let pairs = try #require(design.pairs(forPower: 0.8))
    #expect(design.power(pairs: pairs) >= 0.8 && design.power(pairs: pairs - 1) < 0.8)
    // scipy, by enumeration: 1324.
    #expect(abs(pairs - 1324) <= 3)
    // The level is never exceeded where there is no difference.
    #expect(PairedPower(onlyFirst: 0.05, onlySecond: 0.05).power(pairs: 500) <= 0.05)
    #expect(PairedPower(onlyFirst: 0.05, onlySecond: 0.05).pairs(forPower: 0.8) == nil)
    #expect(PairedPower(onlyFirst: 0, onlySecond: 0).power(pairs: 500) == 0)
  }

  @Test func equivalenceNeedsEpisodes() throws {
    func pair(_ episodes: Int) -> PairedComparison {
      let each = episodes / 100
      return PairedComparison(both: episodes - 2 * each, onlyFirst: each, onlySecond: each, neither: 0)
    }
    #expect(!pair(100).isEquivalent(within: 0.02) && pair(2000).isEquivalent(within: 0.02))
    #expect(!pair(2000).isEquivalent(within: 0.001))
    // A difference beyond the margin is no equivalence, however many there are.
    #expect(
      !PairedComparison(both: 9000, onlyFirst: 1000, onlySecond: 0, neither: 0).isEquivalent(within: 0.02))
    let design = PairedPower(onlyFirst: 0.01, onlySecond: 0.01)
    let needed = try #require(design.pairsForEquivalence(within: 0.02, power: 0.8))
    // (1.6449 + 1.2816)² · 0.02 / 0.02² = 428.2
    #expect(needed >= 429 && needed < 1000)
    #expect(design.pairsForEquivalence(within: 0.01, power: 0.8)! > 4 * 428)
    #expect(PairedPower(onlyFirst: 0.05, onlySecond: 0.01).pairsForEquivalence(within: 0.02, power: 0.8) == nil)
  }

  /// Newcombe's interval at 90 % is that of the two one-sided tests at 5 %.
  @Test func equivalenceIsThatOfTheNinetyPercentInterval() {
    let pair = PairedComparison(both: 480, onlyFirst: 9, onlySecond: 4, neither: 7)
    let interval = pair.interval(confidence: 0.9)
    #expect(interval.lowerBound > pair.interval.lowerBound && interval.upperBound < pair.interval.upperBound)
    #expect(pair.isEquivalent(within: interval.upperBound + 1e-9) && !pair.isEquivalent(within: interval.upperBound))
  }

  @Test func holmKeepsOrderAndNeverPassesOne() {
    #expect(holmAdjusted([]) == [])
    #expect(holmAdjusted([0.04]) == [0.04])
    #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
    let adjusted = holmAdjusted([0.02, 0.01])
    #expect(near(adjusted[0], 0.02, within: 1e-15) && near(adjusted[1], 0.02, within: 1e-15))
  }

  @Test func evenTablesHaveTheMidPOfFagerland() {
    // 1 − ½ · C(6, 3) / 2⁶
    #expect(near(PairedComparison(both: 1, onlyFirst: 3, onlySecond: 3, neither: 1).midP, 1 - 10.0 / 64, within: 1e-12))
    #expect(PairedComparison(both: 4, onlyFirst: 0, onlySecond: 0, neither: 1).midP == 1)
  }
}

@Suite struct AggregateTests {
  @Test func theInterquartileMeanDropsAQuarterOnEitherSide() {
    #expect(interquartileMean([0, 1, 2, 3, 4, 5, 6, 1000]) == 3.5)
    #expect(interquartileMean([7]) == 7)
    #expect(interquartileMean([1, 5, 3]) == 3)
  }

  /// Strata keep their weights: a stratified interval of a mean does not vary with how strata differ.
  @Test func strataAreNotMixed() {
    let strata = [[Double](repeating: 0, count: 40), [Double](repeating: 1, count: 40)]
    let estimate = stratifiedBootstrap(of: strata, seed: 3) { interquartileMean(Array($0.joined())) }
    #expect(estimate.mean == 0.5 && estimate.low == 0.5 && estimate.high == 0.5)
    let seeds = hierarchicalBootstrap(of: strata, seed: 3) { $0.joined().reduce(0, +) / 80 }
    #expect(seeds.mean == 0.5 && seeds.low == 0 && seeds.high == 1)
  }

  @Test func profilesFallFromOneToZero() {
    let strata = [[0.1, 0.4, 0.9], [0.2, 0.6, 0.8]]
    let profile = PerformanceProfile(of: strata, thresholds: [0, 0.4, 0.7, 1], resamples: 400, seed: 2)
    #expect(profile.shares == [1, 0.5, 2.0 / 6, 0])
    #expect(profile.low[0] == 1 && profile.high[3] == 0)
    #expect(profile.low[1] < 0.5 && profile.high[1] > 0.5)
  }
}

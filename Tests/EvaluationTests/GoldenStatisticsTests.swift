// Every statistic against another implementation: Resources/statistics.json holds its numbers, the versions of the
// libraries, and the script that printed it.

import Foundation
import PlanarEvaluation
import Testing

private struct Golden: Decodable {
  struct Holm: Decodable { var given, adjusted: [Double] }
  struct Mean: Decodable {
    var scores: [Double]
    var mean: Double
  }
  struct Evidence: Decodable {
    var first, second: [Int]
    var evidence: [Double]
  }
  var incompleteBeta, inverseIncompleteBeta, normalQuantile, binomialCDF, clopperPearson, clopperPearson90: [[Double]]
  var wilson, newcombe, mcNemar, midP, power, posterior, capital: [[Double]]
  var holm: Holm
  var interquartileMean: Mean
  var independentEvidence: Evidence

  static let shared = Result {
    let url = try #require(
      Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Resources"))
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }
}

/// Six digits: of the number itself where it is large, and of what is left where it is tiny.
private func agrees(_ value: Double, _ golden: Double, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(abs(value - golden) <= 1e-6 * abs(golden) + 1e-300, "\(value), \(golden)", sourceLocation: sourceLocation)
}

private func agrees(
  _ interval: ClosedRange<Double>, _ row: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  agrees(interval.lowerBound, row[row.count - 2], sourceLocation: sourceLocation)
  agrees(interval.upperBound, row[row.count - 1], sourceLocation: sourceLocation)
}

@Suite struct GoldenStatisticsTests {
  private let golden: Golden
  init() throws { golden = try Golden.shared.get() }

  private func proportion(_ row: [Double]) -> Proportion { Proportion(successes: Int(row[0]), trials: Int(row[1])) }
  private func table(_ row: [Double]) -> PairedComparison {
    PairedComparison(both: Int(row[0]), onlyFirst: Int(row[1]), onlySecond: Int(row[2]), neither: Int(row[3]))
  }

  @Test func distributions() {
    for row in golden.incompleteBeta { agrees(regularizedIncompleteBeta(row[0], row[1], row[2]), row[3]) }
    for row in golden.inverseIncompleteBeta { agrees(inverseRegularizedIncompleteBeta(row[0], row[1], row[2]), row[3]) }
    for row in golden.normalQuantile where row[0] != 0.5 { agrees(normalQuantile(row[0]), row[1]) }
    #expect(normalQuantile(0.5) == 0)
    for row in golden.binomialCDF { agrees(binomialCDF(Int(row[0]), trials: Int(row[1]), p: row[2]), row[3]) }
  }

  @Test func intervals() {
    for row in golden.clopperPearson { agrees(proportion(row).interval, row) }
    for row in golden.clopperPearson90 { agrees(proportion(row).interval(confidence: 0.9), row) }
    for row in golden.wilson { agrees(proportion(row).wilsonInterval, row) }
    for row in golden.newcombe {
      agrees(proportion(row).differenceInterval(from: proportion(Array(row.dropFirst(2)))), row)
    }
  }

  @Test func tests() {
    for row in golden.mcNemar { agrees(table(row).exactP, row[4]) }
    for row in golden.midP { agrees(table(row).midP, row[4]) }
    for (one, other) in zip(holmAdjusted(golden.holm.given), golden.holm.adjusted) { agrees(one, other) }
  }

  /// scipy's power by enumeration of every outcome of every number of discordant scenes.
  @Test func power() {
    for row in golden.power {
      agrees(PairedPower(onlyFirst: row[1], onlySecond: row[2]).power(pairs: Int(row[0])), row[3])
    }
  }

  @Test func posteriors() {
    for row in golden.posterior {
      let posterior = BetaPosterior(proportion(row))
      agrees(posterior.mean, row[2])
      agrees(posterior.interval(probability: 0.9), Array(row[3...4]))
      agrees(posterior.probability(above: 0.5), row[5])
      let pair = PairedComparison(both: 7, onlyFirst: Int(row[0]), onlySecond: Int(row[1] - row[0]), neither: 3)
      agrees(pair.probabilityFirstIsBetter(), row[5])
    }
  }

  @Test func aggregates() { agrees(interquartileMean(golden.interquartileMean.scores), golden.interquartileMean.mean) }

  /// The mixture's likelihood ratio by scipy's beta function, whatever the order in which the scenes come.
  @Test func capital() {
    for row in golden.capital {
      var test = SequentialPairedTest()
      for _ in 0..<Int(row[0]) { test.add(first: true, second: false) }
      for _ in 0..<Int(row[1]) { test.add(first: false, second: true) }
      agrees(test.evidence, row[2])
      var other = SequentialPairedTest()
      for _ in 0..<Int(row[1]) { other.add(first: false, second: true) }
      for _ in 0..<Int(row[0]) { other.add(first: true, second: false) }
      agrees(other.evidence, row[2])
    }
  }

  /// `SaviTest` of sequentialized-barnard-tests.
  @Test func evidenceFromIndependentTrials() {
    var test = SequentialIndependentTest()
    let given = golden.independentEvidence
    for index in given.first.indices {
      test.add(first: given.first[index] == 1, second: given.second[index] == 1)
      agrees(test.evidence, given.evidence[index])
    }
    agrees(test.p, 1 / given.evidence.max()!)
  }
}

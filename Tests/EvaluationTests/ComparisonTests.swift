// Policies beside each other: what is said of them, and where they differ.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarPolicyInterface
import PlanarRollouts
import Testing

/// The outcomes of a policy that fails in some episodes; every other goal is blue.
private func outcomes(_ count: Int, failing failures: some Sequence<Int>, firstSeed: UInt64 = 1000) -> [EpisodeOutcome]
{
  let failed = Set(failures)
  return (0..<count).map {
    sampleOutcome(
      $0, seed: firstSeed + UInt64($0), success: !failed.contains($0), color: $0 % 2 == 0 ? "red" : "blue")
  }
}

/// A comparison of policies named a, b, …, the last of which is the expert.
private func comparison(
  of runs: [[EpisodeOutcome]], rules: ComparisonRules = ComparisonRules()
) throws -> (PolicyComparison, PairedDecisions) {
  var episodes = ComparedEpisodes(policies: runs.count)
  for (index, run) in runs.enumerated() { try episodes.add(run, of: index) }
  var decisions = PairedDecisions(policies: runs.count, rules: rules)
  decisions.look(at: episodes)
  let rows = runs.indices.map { index in
    let name = String(UnicodeScalar(UInt8(97 + index)))
    return index == runs.count - 1
      ? PolicyComparison.PolicyRow(policy: name)
      : PolicyComparison.PolicyRow(policy: name, checkpoint: "runs/\(name)", weights: "crc32:0000000\(index)")
  }
  let summary = EvaluationSummary(of: runs[0], environment: "push", randomization: "train", policy: "a")
  return (
    PolicyComparison(
      of: episodes, decisions: decisions, policies: rows, summary: summary, firstSeed: 1000, planned: runs[0].count
    ) { "planar demo --policies a,b --seed \($0.seed)" }, decisions
  )
}

@Suite struct ComparisonTests {
  @Test(
    arguments: [
      (0..<10, 0..<60, .better), (0..<60, 0..<10, .worse), (0..<4, 2..<6, .equivalent),
      (0..<7, 0..<0, .differentByLessThanMatters), (0..<20, 10..<40, .undecided),
    ] as [(Range<Int>, Range<Int>, ComparisonVerdict)])
  func everyVerdictIsReached(first: Range<Int>, second: Range<Int>, verdict: ComparisonVerdict) throws {
    let count = verdict == .undecided ? 300 : 1000
    let (result, _) = try comparison(of: [outcomes(count, failing: first), outcomes(count, failing: second)])
    #expect(result.pairs.map(\.verdict) == [verdict], "\(result.text())")
    #expect(result.verdictOfFirst == verdict)
    #expect((result.pairs[0].moreEpisodes != nil) == (verdict == .undecided))
    let words = [
      .better: "a is better than b: +5.0", .worse: "a is worse than b: -5.0",
      .equivalent: "a and b are equivalent within 2 points", .undecided: "a against b is undecided",
      .differentByLessThanMatters: "a and b are different by less than matters, 2 points",
    ][verdict]!
    #expect(result.text().contains(words), "\(result.text())")
  }

  /// With three policies, p = 0.031 is no longer evidence: Holm.
  @Test func pairsAreAdjustedForEachOther() throws {
    let six = [outcomes(200, failing: []), outcomes(200, failing: 0..<6)]
    #expect(try comparison(of: six).0.pairs[0].verdict == .better)
    let (result, _) = try comparison(of: six + [outcomes(200, failing: [])])
    #expect(result.pairs.map { "\($0.first)\($0.second)" } == ["ab", "ac", "bc"])
    #expect(near(try #require(result.pairs[0].figures.p), 2.0 / 64, within: 1e-12))
    #expect(near(try #require(result.pairs[0].figures.adjustedP), 6.0 / 64, within: 1e-12))
    #expect(result.pairs[0].verdict == .undecided && result.verdictOfFirst == .undecided)
  }

  @Test func worseThanAnyIsWorse() throws {
    let (result, _) = try comparison(of: [
      outcomes(1000, failing: 0..<60), outcomes(1000, failing: 0..<200), outcomes(1000, failing: []),
    ])
    #expect(result.pairs.map(\.verdict) == [.better, .worse, .worse] && result.verdictOfFirst == .worse)
  }

  @Test func episodesThatDifferAreNamed() throws {
    let (result, decisions) = try comparison(of: [outcomes(40, failing: [3]), outcomes(40, failing: 4..<30)])
    let pair = result.pairs[0]
    #expect(pair.discordant.map(\.seed) == [1003] + (1004..<1030))
    #expect(pair.discordant.map(\.winner) == ["b"] + Array(repeating: "a", count: 26))
    #expect(result.text().contains("seed 1003, b alone: \"go to blue\"\n  planar demo --policies a,b --seed 1003\n"))
    #expect(!result.text().contains("--seed 1013") && result.text().contains("and 17 more, in comparison.json"))
    #expect(result.text(showsPosterior: true).contains("a is better than b with probability 1.000 (Jeffreys' prior"))
    #expect(!result.text().contains("with probability"))
    let page = result.report(decisions, command: "planar compare policies a b").html
    #expect(page.contains("--seed 1003") && page.contains("--seed 1029") && page.contains("a is better than b"))
    #expect(page.contains("<td>a – b</td><td class=\"figure\">1, 0</td>"))
  }

  @Test func goalsAreTakenApart() throws {
    let (result, _) = try comparison(of: [outcomes(400, failing: []), outcomes(400, failing: (0..<20).map { 2 * $0 })])
    let rows = result.pairs[0].conditions
    #expect(rows.map(\.value) == ["blue", "red"] && rows.map(\.figures.episodes) == [200, 200])
    #expect(rows.map(\.figures.onlyFirst) == [0, 20])
    #expect(rows[0].figures.adjustedP == 1)
    #expect(near(try #require(rows[1].figures.adjustedP), 4 / 1_048_576.0, within: 1e-12))
    let lines = result.csv.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("first,second,training_seeds_first,training_seeds_second,"))
    #expect(lines[1].hasPrefix("a,b,1,0,,,400,380,20,0,0,0.05,") && lines[1].hasSuffix(",better"))
    #expect(lines[3].hasPrefix("a,b,1,0,color,red,200,180,20,0,0,0.1,"))
  }

  @Test func trainingSeedsStandInEveryTable() throws {
    let (result, _) = try comparison(of: [outcomes(100, failing: [1]), outcomes(100, failing: [2])])
    #expect(result.policies.map(\.trainingSeeds) == [1, 0])
    for header in result.text().split(separator: "\n").filter({ $0.contains("  episodes  ") }) {
      #expect(header.contains("training seeds"), "\(header)")
    }
    #expect(result.text().contains("1 training seed behind each checkpoint"))
    #expect(result.text().contains("not trained"))
  }

  /// A pair is stopped at the episode where it is decided, whatever comes after.
  @Test func pairsStopWhenTheyAreDecided() throws {
    let rules = ComparisonRules(stopsEarly: true)
    let first = outcomes(200, failing: [])
    let (whole, decisions) = try comparison(
      of: [first, outcomes(200, failing: (0..<100).map { 2 * $0 })], rules: rules)
    let pair = whole.pairs[0]
    // 2^a B(a + ½, ½) / B(½, ½) is 13.8 for 6 discordant episodes, 25.7 for 7.
    #expect(pair.figures.onlyFirst == 7 && pair.figures.episodes == 13 && pair.verdict == .better)
    #expect(decisions.activePolicies.isEmpty && pair.figures.p == nil && pair.anytimeP < 0.05)
    #expect(whole.text().contains("anytime p"))
    let shorter = try comparison(
      of: [outcomes(64, failing: []), outcomes(64, failing: (0..<32).map { 2 * $0 })], rules: rules)
    #expect(shorter.0.pairs == whole.pairs)
    // Nothing is stopped where nobody asked for it.
    let (all, open) = try comparison(of: [first, outcomes(200, failing: (0..<100).map { 2 * $0 })])
    #expect(all.pairs[0].figures.episodes == 200 && open.activePolicies == [0, 1])
  }

  /// Looking piece by piece is looking at once, and a policy whose pairs are decided may stay behind.
  @Test func lookingInPiecesIsLookingAtOnce() throws {
    let rules = ComparisonRules(stopsEarly: true)
    let runs = [
      outcomes(192, failing: []), outcomes(192, failing: (0..<96).map { 2 * $0 }), outcomes(192, failing: [5]),
    ]
    var episodes = ComparedEpisodes(policies: 3)
    var pieces = PairedDecisions(policies: 3, rules: rules)
    for block in 0..<3 {
      for policy in pieces.activePolicies.sorted() {
        try episodes.add(Array(runs[policy][(64 * block)..<(64 * block + 64)]), of: policy)
        pieces.look(at: episodes)
      }
    }
    #expect(episodes.successes.map(\.count) == [192, 64, 192])
    let (_, once) = try comparison(of: runs, rules: rules)
    #expect(pieces.pairs.map(\.test) == once.pairs.map(\.test))
    #expect(pieces.pairs.map(\.isDecided) == [true, false, true])
  }

  /// Policies that are alike are found to be so, too, while being looked at all the time.
  @Test func equivalenceStopsAPair() throws {
    let (result, decisions) = try comparison(
      of: [outcomes(3000, failing: []), outcomes(3000, failing: [])], rules: ComparisonRules(stopsEarly: true))
    #expect(result.pairs[0].verdict == .equivalent && decisions.activePolicies.isEmpty)
    #expect(result.pairs[0].figures.episodes < 3000)
  }

  @Test func otherScenesCannotBeCompared() throws {
    #expect(throws: UserError.self) {
      try comparison(of: [outcomes(5, failing: []), outcomes(5, failing: [], firstSeed: 2000)])
    }
  }

  /// As many more episodes as are said do suffice, mostly: here in 72 to 88 of 100.
  @Test func whatIsMissingIsEnough() throws {
    let (result, _) = try comparison(of: [outcomes(300, failing: 0..<3), outcomes(300, failing: 3..<12)])
    let more = try #require(result.pairs[0].moreEpisodes)
    let power = PairedPower(onlyFirst: 9.0 / 300, onlySecond: 3.0 / 300).power(pairs: 300 + more)
    #expect(power >= 0.8 && power < 0.82)
  }
}

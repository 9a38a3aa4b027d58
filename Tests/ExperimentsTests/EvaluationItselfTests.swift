// Small evaluations drawn from long ones: what chance does, and what peeking adds.

import PlanarExperiments
import Testing

@Suite struct EvaluationItselfTests {
  private func outcome(failing first: Int, _ second: Int) -> TrustworthinessOutcome {
    TrustworthinessOutcome(
      names: ["a", "b"], level: "train", first: (0..<2_000).map { $0 % first != 0 },
      second: (0..<2_000).map { ($0 + 1) % second != 0 }, draws: 2_000, isQuick: true)
  }

  /// 95 % against 80 %: the exact chances are those of binomial sums, and alarms stay below their level unless peeked at.
  @Test func sharesAreThoseOfChance() throws {
    let outcome = outcome(failing: 20, 5)
    #expect(abs(outcome.difference - 0.15) < 1e-9)
    let ten = try #require(outcome.rows.first { $0.episodes == 10 })
    // P(X ≤ Y), X ~ B(10, 0.95), Y ~ B(10, 0.8), the sum of all products of binomial chances: 0.2435.
    let notAhead = ten.wrongUnpaired + ten.evenUnpaired
    #expect(abs(notAhead - 0.2435) < 0.04, "\(notAhead)")
    let last = try #require(outcome.rows.last)
    #expect(last.wrongPaired < 0.01 && last.power > 0.95)
    #expect(last.falseAlarms < 0.06, "\(last.falseAlarms)")
    #expect(last.falseAlarmsWithPeeking > 2 * last.falseAlarms)
    #expect(last.falseAlarmsSequential < 0.05 && last.powerSequential > 0.9, "\(last)")
    #expect(outcome.rows.allSatisfy { $0.falseAlarms <= $0.falseAlarmsWithPeeking })
    #expect(outcome.headline.hasPrefix("With 50 episodes each, "))
  }

  @Test func policiesThatDoNotDifferAreNotJudged() {
    #expect(outcome(failing: 10, 10).headline.hasPrefix("Too brief to judge: "))
  }
}

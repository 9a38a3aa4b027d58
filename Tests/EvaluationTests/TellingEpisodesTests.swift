// Which episodes are shown again: failures of all kinds and goals, however seldom and however late they come.

import PlanarEvaluation
import PlanarPolicyInterface
import PlanarRollouts
import Testing

@Suite struct TellingEpisodesTests {
  private func outcome(_ seed: UInt64, _ goal: [String: String], _ failure: EpisodeFailure?) -> EpisodeOutcome {
    EpisodeOutcome(
      index: Int(seed), info: EpisodeInfo(seed: seed, command: "go", drawnCommand: "go", goal: goal, draws: [:]),
      success: failure == nil, steps: 10, totalReward: 0, reachedDrawnGoal: failure == nil, endedAtDrawnGoal: false,
      failure: failure)
  }

  private func seeds(_ episodes: [TellingEpisodes.Episode]) -> [UInt64] { episodes.map(\.scene.seed) }

  @Test func failuresAreSpreadOverReasonsAndGoals() {
    var telling = TellingEpisodes()
    for (seed, color, failure) in [
      (1, "red", nil), (2, "red", .outOfTime), (3, "red", .outOfTime), (4, "blue", .outOfTime), (5, "red", .ruleBroken),
      (6, "blue", nil), (7, "red", .outOfTime), (8, "red", nil),
    ] as [(UInt64, String, EpisodeFailure?)] {
      telling.add(outcome(seed, ["color": color], failure))
    }
    #expect(telling.failureCounts == [.outOfTime: 4, .ruleBroken: 1])
    let chosen = telling.chosen(failures: 4, successes: 2)
    // The other reason comes second; then the goal that was seen least; then the earliest.
    #expect(seeds(chosen) == [2, 5, 4, 3, 1, 6])
    #expect(chosen.map(\.failure) == [.outOfTime, .ruleBroken, .outOfTime, .outOfTime, nil, nil])
    #expect(seeds(telling.chosen(failures: 1, successes: 0)) == [2])
    #expect(seeds(telling.chosen(failures: 9, successes: 9)).count == 8)
  }

  /// Of a long evaluation few are kept, and a failure of a new kind or goal is among them all the same.
  @Test func whatIsSeldomIsKeptThoughItComesLate() {
    var telling = TellingEpisodes()
    for seed in UInt64(0)..<5_000 { telling.add(outcome(seed, ["color": "red"], .outOfTime)) }
    telling.add(outcome(5_000, ["color": "blue"], .outOfTime))
    telling.add(outcome(5_001, ["color": "red"], .otherGoal))
    #expect(telling.failureCounts == [.outOfTime: 5_001, .otherGoal: 1])
    #expect(Set(seeds(telling.chosen(failures: 3, successes: 2))) == [0, 5_000, 5_001])
    #expect(telling.chosen(failures: 10_000, successes: 0).count < 200)
  }

  @Test func csvHasARowForAllAndForEveryValue() {
    var statistics = EvaluationStatistics()
    statistics.add(outcome(1, ["color": "red, \"dark\""], nil))
    statistics.add(outcome(2, ["color": "blue"], .outOfTime))
    let summary = EvaluationSummary(of: statistics, environment: "push", randomization: "train", policy: "p")
    let lines = summary.csv.text.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("attribute,value,episodes,successes,success_rate,interval_low"))
    #expect(lines[1].hasPrefix(",,2,1,0.5,") && lines[2].hasPrefix("color,blue,1,0,0.0,0.0,0.97"))
    #expect(lines[3].hasPrefix("color,\"red, \"\"dark\"\"\",1,1,1.0,0.02"))
  }

  @Test func theHeadlineSaysWhatWasMeasured() {
    var statistics = EvaluationStatistics()
    statistics.add(outcome(1, [:], nil))
    func headline(_ command: CommandChoice) -> String {
      EvaluationSummary(of: statistics, environment: "push", randomization: "train", policy: "p", command: command)
        .headline
    }
    #expect(headline(.drawn) == "p obeyed its command in 100.0 % [2.5, 100.0] of 1 episodes in push (train).")
    #expect(
      headline(.unsaid(.nonsense))
        == "p reached the drawn goal, which nobody asked it for, in 100.0 % [2.5, 100.0] of 1 episodes in push (nonsense command)."
    )
  }
}

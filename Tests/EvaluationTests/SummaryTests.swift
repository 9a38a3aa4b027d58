// Files of an evaluation: their keys, their figures, and equal bytes for equal runs.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

func sampleOutcome(
  _ index: Int, seed: UInt64, success: Bool, steps: Int = 10, color: String = "red"
) -> EpisodeOutcome {
  EpisodeOutcome(
    index: index,
    info: EpisodeInfo(
      seed: seed, command: "go to \(color)", drawnCommand: "go to \(color)", goal: ["color": color],
      draws: ["friction": 0.3]),
    success: success, steps: steps, totalReward: -1.5, reachedDrawnGoal: success,
    endedAtDrawnGoal: success, failure: success ? nil : .outOfTime)
}

@Suite struct SummaryTests {
  private let outcomes = (0..<10).map {
    sampleOutcome(
      $0, seed: UInt64(50 + $0), success: $0 < 8, steps: 10 + $0, color: $0 % 2 == 0 ? "red" : "파랑")
  }

  private var summary: EvaluationSummary {
    EvaluationSummary(of: outcomes, environment: "push", randomization: "train", policy: "flow")
  }

  @Test func figuresAreThoseOfTheEpisodes() {
    #expect(summary.successRate == 0.8 && summary.successes == 8 && summary.episodes == 10)
    #expect(near(summary.intervalLow, 0.4439, within: 5e-5))
    #expect(near(summary.intervalHigh, 0.9748, within: 5e-5))
    #expect(summary.firstSeed == 50 && summary.lastSeed == 59)
    #expect(summary.meanStepsToSuccess == 13.5)  // (10 + … + 17) / 8
    let rows = summary.byCondition["color"] ?? []
    #expect(rows.map(\.value) == ["red", "파랑"])
    #expect(rows.map(\.episodes) == [5, 5] && rows.map(\.successes) == [4, 4])
  }

  @Test func jsonKeysAreSnakeCase() throws {
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("summary.json")
    try writeSummary(summary, to: url)
    let data = try Data(contentsOf: url)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "environment", "randomization", "policy", "command", "episodes", "successes", "first_seed",
        "last_seed", "success_rate", "interval_low", "interval_high", "mean_steps_to_success",
        "mean_total_reward", "other_goal_episodes", "drawn_goal_rate", "by_condition",
      ])
    #expect(try JSONDecoder().decode(EvaluationSummary.self, from: data) == summary)
  }

  @Test func metricsOfTheTaskAreAveraged() throws {
    var measured = outcomes
    for i in measured.indices { measured[i].metrics = ["final_coverage": Double(i) / 10] }
    let summary = EvaluationSummary(
      of: measured, environment: "pusht", randomization: "none", policy: "x")
    #expect(near(summary.meanMetrics?["final_coverage"] ?? 0, 0.45, within: 1e-12))
    #expect(summary.text.contains("\nfinal coverage: 0.450 on average\n"))
    #expect(self.summary.meanMetrics == nil)
    let line = try JSONEncoder().encode(measured[3])
    #expect(try JSONDecoder().decode(EpisodeOutcome.self, from: line) == measured[3])
  }

  @Test func executionAndMotionAreReported() throws {
    var measured = outcomes
    for i in measured.indices {
      measured[i].motion = MotionMetrics(
        boundaryJump: i < 5 ? 0.2 : nil, greatestBoundaryJump: i < 5 ? Double(i) : nil,
        actionChange: Double(i) / 10, actionSecondDifference: 0.05)
    }
    let summary = EvaluationSummary(
      of: measured, environment: "push", randomization: "none", policy: "flow",
      execution: ChunkExecution(horizon: 8, delay: 4, switching: .realTime))
    #expect(near(summary.motion?.boundaryJump ?? 0, 0.2, within: 1e-12))
    #expect(summary.motion?.greatestBoundaryJump == 2)
    let text = summary.text
    #expect(
      text.contains(
        """

        chunks: 8 steps executed of each, answers 4 control steps late, real-time chunking
        motion, on average: jump between chunks 0.200, the greatest of an episode 2.000; change of action 0.450; second difference 0.050

        """))
    let data = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(EvaluationSummary.self, from: data) == summary)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      object["execution"] as? NSDictionary
        == ["horizon": 8, "delay": 4, "switching": "real-time"] as NSDictionary)
    let motion = try #require(object["motion"] as? [String: Double])
    #expect(
      Set(motion.keys) == [
        "boundary_jump", "greatest_boundary_jump", "action_change", "action_second_difference",
      ])
  }

  @Test(arguments: [
    (ChunkExecution(horizon: 1), "1 step executed of each"),
    (ChunkExecution(horizon: 8, delay: 1), "8 steps executed of each, answers 1 control step late, the arm waits"),
    (
      .temporalEnsembling(m: 0.01, delay: 2).resolved(for: Horizons()),
      "temporal ensembling, m = 0.01, answers 2 control steps late, naive switching"
    ),
    (ChunkExecution(horizon: 8, switching: .realTime), "8 steps executed of each, real-time chunking"),
  ])
  func executionsHaveSentences(execution: ChunkExecution, sentence: String) {
    let summary = EvaluationSummary(
      of: outcomes, environment: "push", randomization: "none", policy: "flow", execution: execution)
    #expect(summary.text.contains("\nchunks: \(sentence)\n"))
  }

  /// Files from before execution and motion were kept.
  @Test func olderFilesAreRead() throws {
    let line =
      #"{"ended_at_drawn_goal":true,"index":0,"info":{"command":"go","draws":{},"drawnCommand":"go","goal":{},"seed":5},"reached_drawn_goal":true,"steps":3,"success":true,"total_reward":-1}"#
    let outcome = try JSONDecoder().decode(EpisodeOutcome.self, from: Data(line.utf8))
    #expect(outcome.steps == 3 && outcome.motion == nil && outcome.metrics == nil)
    #expect(self.summary.execution == nil && self.summary.motion == nil)
    let data = try JSONEncoder().encode(summary)
    #expect(!String(decoding: data, as: UTF8.self).contains("execution"))
    #expect(try JSONDecoder().decode(EvaluationSummary.self, from: data) == summary)
  }

  @Test func noEpisodesStillMakeASummary() throws {
    let empty = EvaluationSummary(of: [], environment: "push", randomization: "none", policy: "x")
    #expect(empty.successRate == 0 && empty.meanStepsToSuccess == nil && empty.byCondition.isEmpty)
    #expect(throws: Never.self) { try JSONEncoder().encode(empty) }
  }

  /// Two runs of the same plan, one on one thread and one on three, give the same bytes.
  @Test func equalRunsGiveEqualFiles() throws {
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [Data] = []
    for threads in [1, 3] {
      let plan = RolloutPlan(
        world: PointWorld(), seeds: Array(0..<20), driver: .policy(PointPolicy()), threads: threads,
        blockSize: 8)
      let outcomes = try rollOut(plan).map(\.outcome)
      let url = folder.appendingPathComponent("episodes-\(threads).jsonl")
      try writeEpisodes(outcomes, to: url)
      files.append(try Data(contentsOf: url))
      #expect(try readEpisodes(url) == outcomes)
    }
    #expect(files[0] == files[1])
    let lines = String(decoding: files[0], as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 20)
    for line in lines {
      #expect(line.contains("\"success\":") && line.contains("\"total_reward\":"))
    }
  }

  @Test func damagedEpisodeFilesNameTheLine() throws {
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("episodes.jsonl")
    try writeEpisodes(outcomes, to: url)
    var text = try String(contentsOf: url, encoding: .utf8)
    text += "{\"index\": 3}\n"
    try text.write(to: url, atomically: true, encoding: .utf8)
    #expect(throws: UserError("\(url.path), line 11: not an episode of an evaluation")) {
      try readEpisodes(url)
    }
  }

  @Test func textForTheTerminal() {
    #expect(
      summary.text == """
        flow in push (train): success 80.0 % [44.4, 97.5], 8 of 10 episodes
        steps to success: 13.5 on average

        color  episodes  success  95 % interval
        ─────  ────────  ───────  ─────────────
        red           5   80.0 %  28.4 – 99.5 %
        파랑          5   80.0 %  28.4 – 99.5 %

        """)
  }
}

func temporaryFolder() -> URL {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("planar-" + UUID().uuidString)
  try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  return url
}

// Tables of many evaluations: each run in its cell, and differences taken episode by episode.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing

/// Evaluations in folders of their own, as `planar eval` leaves them.
private final class Runs {
  let folder = temporaryFolder()
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a run of 100 episodes; `failures` are numbers of episodes.
  func add(
    _ name: String, policy: String, failures: some Sequence<Int>, randomization: String = "train",
    command: CommandChoice = .drawn, variation: [String: String] = [:], steps: Int? = nil,
    execution: ChunkExecution? = ChunkExecution(horizon: 8), jump: Double? = nil, firstSeed: UInt64 = 1000,
    metrics: [String: Double]? = nil, checkpoint: String? = nil, weights: String? = nil,
    sampling: [String: String]? = nil
  ) throws {
    let failed = Set(failures)
    let outcomes = (0..<100).map {
      var outcome = sampleOutcome($0, seed: firstSeed + UInt64($0), success: !failed.contains($0))
      outcome.metrics = metrics
      return outcome
    }
    var summary = EvaluationSummary(
      of: outcomes, environment: "push", randomization: randomization, policy: policy, command: command,
      variation: variation, execution: execution)
    summary.samplingSteps = steps
    (summary.checkpoint, summary.weights, summary.sampling) = (checkpoint, weights, sampling)
    summary.motion = jump.map { MotionMetrics(boundaryJump: $0) }
    let place = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try writeSummary(summary, to: place.appendingPathComponent("summary.json"))
    try writeEpisodes(outcomes, to: place.appendingPathComponent("episodes.jsonl"))
  }

  func all() throws -> [EvaluationRun] { try EvaluationRun.all(below: folder) }
}

@Suite struct TableTests {
  @Test(
    arguments: [
      ("train", "drawn", [:], "train"), ("wide", "drawn", [:], "wide"), ("train", "swapped", [:], "swapped"),
      ("train", "drawn", ["language": "ko"], "Korean"),
      ("train", "drawn", ["language": "ko", "split": "compositional"], "Korean, compositional"),
      ("train", "drawn", ["split": "train"], "train wordings"),
      ("wide", "drawn", ["split": "paraphrase"], "wide, paraphrase"),
      ("train", "drawn", ["robot": "arm2", "set.friction": "0.3"], "robot arm2, friction 0.3"),
      ("train", "drawn", ["image": "64x64", "action_space": "tip_target"], "train"),
    ] as [(String, String, [String: String], String)])
  func conditionsHaveNames(level: String, command: String, variation: [String: String], name: String) {
    let summary = EvaluationSummary(
      of: [sampleOutcome(0, seed: 1, success: true)], environment: "push", randomization: level, policy: "p",
      command: command == "swapped" ? .swapped : .drawn, variation: variation)
    #expect(summary.conditionName == name)
  }

  @Test func everyRunHasItsCell() throws {
    let runs = Runs()
    try runs.add("a", policy: "push-flow", failures: 0..<10)
    try runs.add("b", policy: "push-flow", failures: 0..<20, randomization: "none")
    try runs.add("c", policy: "push-flow", failures: 0..<30, command: .swapped)
    try runs.add("d", policy: "push-flow", failures: 0..<40, variation: ["language": "ko"])
    try runs.add("e", policy: "expert", failures: [], execution: nil)
    // Neither other numbers of steps nor delays are the policy's success under a condition.
    try runs.add("f", policy: "push-flow", failures: 0..<99, steps: 1)
    try runs.add(
      "g", policy: "push-flow", failures: 0..<99, execution: ChunkExecution(horizon: 8, delay: 4, switching: .naive))
    let table = try #require(SuccessTable.tables(of: runs.all()).first)
    #expect(table.conditions == ["none", "train", "swapped", "Korean"])
    #expect(
      table.markdown == """
        | policy | none | train | swapped | … drawn goal reached | Korean |
        |---|---|---|---|---|---|
        | `expert` | – | 100.0 % [96.4, 100.0] | – | – | – |
        | `push-flow` | 80.0 % [70.8, 87.3] | 90.0 % [82.4, 95.1] | 70.0 % [60.0, 78.8] | 70.0 % | 60.0 % [49.7, 69.7] |

        """)
  }

  @Test func chunksMadeOtherwiseHaveARowOfTheirOwn() throws {
    let runs = Runs()
    try runs.add("a", policy: "push-flow", failures: 0..<10)
    try runs.add("b", policy: "push-flow", failures: 0..<20, sampling: ["weights": "int8", "guidance-scale": "2.0"])
    let tables = try EvaluationTables(of: runs.all())
    #expect(
      tables.success[0].markdown == """
        | policy | train |
        |---|---|
        | `push-flow` | 90.0 % [82.4, 95.1] |
        | `push-flow (guidance-scale 2.0, weights int8)` | 80.0 % [70.8, 87.3] |

        """)
    let summary = try #require(runs.all().last?.summary)
    #expect(summary.text.contains("\nsampling: guidance-scale 2.0, weights int8\n"))
  }

  @Test func whatElseIsCountedHasATableOfItsOwn() throws {
    let runs = Runs()
    try runs.add("a", policy: "flow", failures: [], metrics: ["went_left": 0.25])
    try runs.add("b", policy: "both", failures: [], metrics: ["collided": 1, "went_left": 0])
    try runs.add("c", policy: "wide-only", failures: [], randomization: "wide", metrics: ["collided": 1])
    try runs.add("d", policy: "none", failures: [])
    let table = try #require(SuccessTable.tables(of: runs.all()).first)
    #expect(
      table.metricsMarkdown == """
        | policy | collided | went left |
        |---|---|---|
        | `both` | 1.000 | 0.000 |
        | `flow` | – | 0.250 |

        """)
    let plain = Runs()
    try plain.add("a", policy: "flow", failures: [])
    #expect(try #require(SuccessTable.tables(of: plain.all()).first).metricsMarkdown == nil)
  }

  /// 88 both, 10 only the reference, 1 only the other, 1 neither: by hand, φ = (88·1 − 1·10 − 50)/√(89·11·98·2) = 0.0639.
  @Test func differencesArePairedWithTheReference() throws {
    let runs = Runs()
    try runs.add("diffusion-100", policy: "push-diffusion", failures: [98, 99], steps: 100)
    try runs.add("flow-5", policy: "push-flow", failures: Array(0..<10) + [99], steps: 5)
    try runs.add("flow", policy: "push-flow", failures: [98, 99])
    try runs.add("other-seeds", policy: "push-flow", failures: [], steps: 5, firstSeed: 5000)
    let latency = PolicyLatency(
      policy: "push-flow", samplingSteps: 5, medianMicroseconds: 812.4, percentile95Microseconds: 1020,
      chunksPerSecond: 9000.4)
    let table = try #require(
      try SamplerTable(of: runs.all(), reference: "push-diffusion:100", latencies: [latency]))
    #expect(table.rows.map(\.policy) == ["push-diffusion", "push-flow", "push-flow"])
    let own = table.rows[1]
    #expect(own.samplingSteps == nil && own.difference == 0)
    let few = table.rows[2]
    let pair = PairedComparison(
      first: (0..<100).map { $0 >= 10 && $0 != 99 }, second: (0..<100).map { $0 < 98 })
    let counts: [Int] = [pair.both, pair.onlyFirst, pair.onlySecond, pair.neither]
    #expect(counts == [88, 1, 10, 1] as [Int])
    #expect(near(try #require(few.difference), -0.09, within: 1e-12))
    // p₁ = 0.89 with Wilson [0.81369, 0.93746], p₂ = 0.98 with [0.92999, 0.99449]:
    // −0.09 − √(0.07631² − 2φ·0.07631·0.01449 + 0.01449²), −0.09 + √(0.04746² − 2φ·0.04746·0.05001 + 0.05001²)
    #expect(near(try #require(few.differenceLow), -0.166762, within: 2e-5))
    #expect(near(try #require(few.differenceHigh), -0.023292, within: 2e-5))
    let line = try #require(table.markdown.split(separator: "\n").last)
    #expect(
      line.hasPrefix("| `push-flow` | 5 | 89.0 % [81.2, 94.4] | -9.0 [-16.7, -2.3] | -16.7 | 0.81 | 1.02 | 9000 |"))
  }

  /// Runs on other seeds have tables and columns of their own, and numbers of steps are in the order of numbers.
  @Test func noRunIsDropped() throws {
    let runs = Runs()
    for steps in [10, 100, 2, 5] { try runs.add("s\(steps)", policy: "push-flow", failures: 0..<steps, steps: steps) }
    try runs.add("other-seeds", policy: "push-flow", failures: [], steps: 5, firstSeed: 5000)
    try runs.add("a", policy: "push-flow", failures: 0..<10)
    try runs.add("b", policy: "push-flow", failures: 0..<30, firstSeed: 20_000)
    try runs.add("c", policy: "push-flow", failures: 0..<20, firstSeed: 5000)
    let tables = try EvaluationTables(of: runs.all(), reference: "push-flow:100")
    #expect(tables.samplers.map(\.firstSeed) == [1000, 5000])
    #expect(tables.samplers[0].rows.map(\.samplingSteps) == [nil, 2, 5, 10, 100])
    #expect(tables.samplers[0].rows[1].difference != nil && tables.samplers[1].reference == nil)
    #expect(
      tables.success[0].conditions == ["train, seeds from 1000", "train, seeds from 5000", "train, seeds from 20000"])
    #expect(tables.success[0].markdown.contains("| 90.0 % [82.4, 95.1] | 80.0 % [70.8, 87.3] | 70.0 % [60.0, 78.8] |"))
  }

  @Test func checkpointsOfOneNameAreToldApart() throws {
    let runs = Runs()
    try runs.add("a", policy: "model", failures: 0..<10, checkpoint: "runs/a/model", weights: "crc32:00000001")
    try runs.add("b", policy: "model", failures: 0..<40, checkpoint: "runs/b/model", weights: "crc32:00000002")
    try runs.add("c", policy: "flow", failures: 0..<10, checkpoint: "runs/flow", weights: "crc32:00000003")
    try runs.add(
      "d", policy: "flow", failures: 0..<20, randomization: "wide", checkpoint: "flow", weights: "crc32:00000003")
    let rows = try EvaluationTables(of: runs.all()).success[0].rows
    #expect(rows.map(\.policy) == ["flow", "runs/a/model", "runs/b/model"])
    #expect(rows[0].summaries.count == 2)
  }

  @Test func anUnknownReferenceIsNamed() throws {
    let runs = Runs()
    try runs.add("flow-5", policy: "push-flow", failures: [], steps: 5)
    do {
      _ = try SamplerTable(of: runs.all(), reference: "push-diffusion:100", latencies: [])
      Issue.record("accepted")
    } catch let error as UserError {
      #expect(error.message.contains("no evaluation is the reference 'push-diffusion:100'"))
      #expect(error.message.hasSuffix("there are push-flow:5"))
    }
  }

  @Test func aReferenceOfNothingIsRefused() throws {
    let runs = Runs()
    try runs.add("flow", policy: "push-flow", failures: [])
    let error = #expect(throws: UserError.self) { try EvaluationTables(of: runs.all(), reference: "push-flow") }
    #expect(error?.message.hasPrefix("nothing can be held against the reference 'push-flow'") == true)
  }

  @Test func delaysAreHeldAgainstNoneAndAgainstNaiveSwitching() throws {
    let runs = Runs()
    func delayed(_ switching: ChunkExecution.Switching) -> ChunkExecution {
      ChunkExecution(horizon: 8, delay: 4, switching: switching)
    }
    try runs.add("a", policy: "push-flow", failures: 0..<20, jump: 0.1)
    try runs.add("b", policy: "push-flow", failures: 0..<60, execution: delayed(.naive), jump: 0.5)
    try runs.add("c", policy: "push-flow", failures: 0..<24, execution: delayed(.realTime), jump: 0.2)
    let table = try #require(ExecutionTable(of: try runs.all()))
    #expect(table.rows.map(\.shareOfUndelayed) == [1, 0.5, 0.95])
    #expect(table.rows.map(\.jumpOfNaive) == [nil, 1, 0.4])
    #expect(table.markdown.contains("| `push-flow` | real-time chunking, 8 steps a chunk | 4 | 76.0 % "))
    #expect(table.markdown.contains("| 95.0 % | 0.200 | 0.40 |"))
  }

  @Test func noEvaluationIsRefusedInWords() throws {
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do {
      _ = try EvaluationRun.all(below: folder)
      Issue.record("accepted")
    } catch let error as UserError {
      #expect(error.message.contains("there is no evaluation in"))
    }
  }
}

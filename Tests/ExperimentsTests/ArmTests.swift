// Experiments on arms: predictions are judged by intervals, runs go on where they were, and every plan can be run.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
import PlanarPolicies
import PlanarRecipes
import PlanarRollouts
import Testing

/// The shipped policy of reach against the expert, and against one that is hardly trained.
private enum Reaching: ArmExperiment {
  static let name = "reaching"
  static let summary = "A trained policy, one that is not, and the expert."
  static let hypothesis = "Training helps."
  static let explanation = ["A first paragraph.", "A second <paragraph>."]
  static let references = ["Somebody 2020"]

  static func plan(isQuick: Bool) throws -> ArmPlan {
    var recipe = Recipe(name: "untrained", head: .plain)
    recipe.environment = "reach"
    recipe.data.episodes = 4
    recipe.training.steps = 2
    recipe.training.batchSize = 16
    return ArmPlan(
      policies: [
        ("shipped", .checkpoint("reach-flow")), ("untrained", .recipe(recipe)),
        ("expert", .expert(environment: "reach")),
      ],
      arms: [
        ExperimentArm("shipped, 8", policy: "shipped", curve: "shipped", x: 8),
        ExperimentArm(
          "shipped, 2", policy: "shipped", curve: "shipped", x: 2, execution: ChunkExecution(horizon: 2)),
        ExperimentArm("untrained", policy: "untrained"), ExperimentArm("expert", policy: "expert"),
      ],
      contrasts: [
        Contrast("training helps", "shipped, 8", .above(by: 0.3), than: "untrained"),
        Contrast("looking again matters little", "shipped, 8", .within(0.5), than: "shipped, 2"),
      ],
      trainingSeeds: 2, episodes: isQuick ? 40 : 64)
  }
}

@Suite struct ArmTests {
  private func run(
    _ arguments: [String] = ["--quick"], in folder: URL, threads: Int = 2, stop: StopFlag = StopFlag()
  ) throws -> ArmOutcome {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try Reaching.run(
      ArmOptions.parse(arguments),
      ExperimentSetting(
        environment: "push", settings: EnvironmentSettings(), threads: threads, folder: folder, stop: stop))
  }

  private func temporary() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("planar-arms-\(UUID().uuidString)", isDirectory: true)
  }

  /// Both threads and a run that goes on give the same cells; what is there is not trained or measured again.
  @Test func aRunGoesOnToTheSameCells() throws {
    let (first, second) = (temporary(), temporary())
    defer { for folder in [first, second] { try? FileManager.default.removeItem(at: folder) } }
    let whole = try run(in: first, threads: 2)
    #expect(whole.cells.map(\.arm) == ["shipped, 8", "shipped, 2", "untrained", "untrained", "expert"])
    #expect(whole.cells.map(\.trainingSeed) == [0, 0, 1, 2, 0])
    #expect(whole.cells.allSatisfy { $0.success.count == 40 })
    #expect(try run(in: second, threads: 1).cells == whole.cells)

    let cells = second.appendingPathComponent("cells.jsonl")
    let lines = try String(contentsOf: cells, encoding: .utf8).split(separator: "\n")
    try Data((lines.prefix(3).joined(separator: "\n") + "\n").utf8).write(to: cells)
    let weights = second.appendingPathComponent("policies/untrained-seed2/model.safetensors")
    let trained = try FileManager.default.attributesOfItem(atPath: weights.path)[.modificationDate] as? Date
    #expect(try run(in: second).cells == whole.cells)
    #expect(try FileManager.default.attributesOfItem(atPath: weights.path)[.modificationDate] as? Date == trained)

    // Another number of episodes is another run.
    #expect(throws: UserError.self) { try run(["--quick", "--episodes", "41"], in: second) }
    // A cell that the plan does not ask for.
    try Data((lines[0].replacingOccurrences(of: "shipped, 8", with: "shipped, 9") + "\n").utf8).write(to: cells)
    let error = #expect(throws: UserError.self) { try run(in: second) }
    #expect(
      error?.message.contains("line 1: is the cell of the arm 'shipped, 9' with training seed 0, which plan.json")
        == true)
  }

  @Test func theOutcomeSaysWhatStandsBehindAFigure() throws {
    let folder = temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try run(in: folder)
    #expect(outcome.rows.map(\.trainingSeeds) == [1, 1, 2, nil])
    let shipped = try #require(outcome.row("shipped, 8"))
    let bounds = Proportion(outcome.cells[0].success).interval
    #expect(shipped.interval == [bounds.lowerBound, bounds.upperBound])
    #expect(outcome.costs.map(\.policy) == ["shipped", "untrained"])
    let untrained = outcome.costs[1]
    #expect(untrained.episodes == 4 && untrained.steps == 2 && untrained.batch == 16 && untrained.parameters > 1_000)
    #expect(outcome.row("expert")?.questions == nil)
    #expect(try #require(outcome.row("shipped, 2")?.questions) > 2 * #require(shipped.questions))
    #expect(outcome.contrasts.map(\.verdict) == [.held, .held])
    #expect(outcome.headline.hasPrefix("2 of 2 predictions held. Held — training helps. shipped, 8 minus untrained: "))
    try outcome.write(to: folder, of: Reaching.name)
    #expect(try ExperimentVerdict(reading: folder)?.headline == outcome.headline)
    let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    for text in [
      "What it cost", "A second &lt;paragraph&gt;.", "Hypothesis: Training helps.", "Somebody 2020",
      "planar experiment run reaching --quick --episodes 40 --training-seeds 2",
      "training helps (shipped, 8 minus untrained: 30 points or more); looking again",
      "trained here, 2 times, 2 steps of 16 on 4 episodes of reach", "seeds 20000 to 20039",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(
      page.components(separatedBy: "<div class=\"picture\"><svg").count - 1 == 2,
      "a plot of points and bars of the others")
  }

  @Test func whoWaitsIsAskedLessOften() {
    let prompt = ChunkExecution(horizon: 4)
    #expect([0, 1, 4, 5, 8, 9].map(prompt.questions) == [0, 1, 1, 2, 2, 3])
    let waiting = ChunkExecution(horizon: 4, delay: 4, switching: .wait)
    #expect([4, 5, 12, 13].map(waiting.questions) == [1, 2, 2, 3])
    let naive = ChunkExecution(horizon: 4, delay: 4, switching: .naive)
    #expect([4, 5, 12, 13].map(naive.questions) == [1, 2, 3, 4])
  }

  @Test func aStoppedRunReportsNothingHalf() throws {
    let folder = temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let stop = StopFlag()
    stop.raise()
    let error = #expect(throws: UserError.self) { try run(in: folder, stop: stop) }
    #expect(error?.message == "stopped before any arm was finished")
  }

  @Test(arguments: [
    (Contrast.Prediction.above(by: 0.2), 0.3, 0.1...0.5, ContrastResult.Verdict.held),
    (.above(by: 0.2), 0.15, 0.1...0.25, .direction), (.above(by: 0.2), 0.1, 0.05...0.15, .smaller),
    (.above(by: 0.2), 0.15, -0.1...0.4, .undecided),
    (.above(by: 0.2), 0.0, -0.1...0.1, .refuted), (.above(by: 0), 0.05, 0.01...0.1, .held),
    (.within(0.05), 0.01, -0.02...0.04, .held), (.within(0.05), 0.04, 0.01...0.07, .undecided),
    (.within(0.05), -0.1, -0.15 ... -0.06, .refuted),
  ])
  func intervalsJudge(
    _ prediction: Contrast.Prediction, _ difference: Double, _ interval: ClosedRange<Double>,
    _ verdict: ContrastResult.Verdict
  ) {
    #expect(prediction.verdict(difference: difference, interval: interval) == verdict)
  }

  /// Half as wide takes four times as many episodes.
  @Test func anOpenVerdictSaysHowManyEpisodesItNeeds() {
    #expect(
      Contrast.Prediction.within(0.05).episodesNeeded(difference: 0.02, interval: -0.04...0.08, episodes: 100) == 400)
    #expect(
      Contrast.Prediction.above(by: 0.2).episodesNeeded(difference: 0.05, interval: -0.05...0.25, episodes: 100) == 400)
    #expect(Contrast.Prediction.within(0.05).episodesNeeded(difference: 0.05, interval: 0...0.1, episodes: 100) == nil)
  }

  /// With one training seed the interval is of paired episodes; seeds that differ make it wider than episodes alone do.
  @Test func seedsWidenTheInterval() {
    let (good, bad) = ((0..<100).map { $0 % 10 != 0 }, (0..<100).map { $0 % 2 == 0 })
    let contrast = Contrast("it", "a", .above(by: 0.1), than: "b")
    let one = ContrastResult(contrast, first: [good], second: [bad])
    let pairs = PairedComparison(first: good, second: bad)
    #expect(one.interval == [pairs.interval.lowerBound, pairs.interval.upperBound])
    let several = ContrastResult(contrast, first: [good, bad, good], second: [bad, bad, bad])
    #expect(several.trainingSeeds == 3)
    #expect(several.interval[1] - several.interval[0] > one.interval[1] - one.interval[0])
  }

  /// What every experiment on arms asks for is there: checkpoints are shipped, recipes can be carried out, settings are
  /// those of its environments.
  @Test func everyPlanCanBeRun() throws {
    for kind in experimentRegistry.entries {
      guard let experiment = kind.experiment as? any ArmExperiment.Type else { continue }
      for isQuick in [true, false] {
        let plan = try experiment.plan(isQuick: isQuick)
        #expect(!plan.contrasts.isEmpty && plan.arms.count > 1, "\(kind.name)")
        var environments: [String: (name: String, settings: EnvironmentSettings)] = [:]
        for policy in plan.policies {
          switch policy.source {
          case .checkpoint(let name):
            let folder = try #require(Checkpoint.folder(of: name), "\(kind.name): \(name)")
            let configuration = try Checkpoint.configuration(of: folder)
            environments[policy.name] = (configuration.environment, configuration.trainedSettings.forMeasuring)
          case .recipe(let recipe):
            try recipe.validate()
            environments[policy.name] = (recipe.environment, recipe.data.settings)
          case .expert(let environment): environments[policy.name] = (environment, EnvironmentSettings())
          }
        }
        for arm in plan.arms {
          let world = try #require(environments[arm.policy])
          _ = try EnvironmentLibrary.environment(
            named: world.name, settings: arm.condition.settings(data: world.settings))
        }
      }
      #expect(experiment.explanation.count >= 2 && !experiment.references.isEmpty, "\(kind.name)")
    }
  }
}

// A recipe carried out: the same bits however often it is stopped, and a card that says what was done.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import Testing

/// A folder that goes with the test.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("planar-recipes-\(UUID().uuidString)")
  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }
  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }
  func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

/// Raises a flag at a unit of a stage.
private struct StopsAt: ProgressReporter {
  let stage: String
  let done: Int
  let stop: StopFlag
  func report(stage: String, done: Int, total: Int, note: String) {
    if stage.hasPrefix(self.stage), done >= self.done { stop.raise() }
  }
}

private func tiny(_ extra: String = "") throws -> Recipe {
  try Recipe(
    yaml: """
      name: tiny
      description: Nothing that could be used.
      environment: reach
      data: {episodes: 12, language: any}
      head: {name: flow, options: {steps: 2}}
      policy: {trunk: {width: 16, layers: 1}, expert: {width: 16, blocks: 1, condition_width: 16}, text: {width: 8}}
      training: {steps: 40, batch_size: 32, validation_interval: 10, validation_fraction: 0.2}
      evaluation:
        episodes: 20
        conditions: [{randomization: none}, {command: swapped}, {language: ko}]
      \(extra)
      """, file: "tiny.yaml")
}

@Suite struct RecipeRunTests {
  @Test func aRunLeavesACheckpointAndItsCard() throws {
    let folder = try TemporaryFolder()
    var run = RecipeRun(try tiny(), folder: folder.url, threads: 2)
    var changed = run.recipe
    changed.training.steps = 41
    run.origin = try RecipeOrigin(command: "planar train tiny.yaml", original: changed, recipe: run.recipe)
    #expect(try run.run() == .complete)
    let policy = try Checkpoint.load(folder.url)
    #expect(policy.name == "flow" && policy.configuration.environment == "reach")
    #expect(policy.configuration.trunk.width == 16)
    let summaries = try JSONDecoder().decode([EvaluationSummary].self, from: folder.data("measured.json"))
    #expect(summaries.map(\.conditionName) == ["none", "swapped", "Korean"])
    #expect(summaries.map(\.episodes) == [20, 20, 20] && summaries.map(\.firstSeed) == [1000, 1000, 1000])
    let card = try folder.text("MODEL-CARD.md")
    for line in [
      "# tiny\n", "Nothing that could be used.", "Made by `planar train tiny.yaml`, but with training.steps 40.",
      "| none | \(rateText(summaries[0].success)) | 20 |", "| Korean | \(rateText(summaries[2].success)) | 20 |",
      "| environment | `reach` |", "| who drove | expert |", "| episodes | 12 |", "| language of commands | any |",
      "| first seed | 1000000 |", "| gradient steps | 40 |", "| seed | 1 |", "2 threads |",
      "| labelled windows | \(policy.configuration.provenance["labels"] ?? "?") |",
      "| parameters | \(policy.parameterCount) |", "| head | `flow`: ", "steps 2",
    ] { #expect(card.contains(line), "the card lacks: \(line)\n\(card)") }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("times.json").path))
  }

  @Test func withoutMeasuringTheCardSaysSo() throws {
    let folder = try TemporaryFolder()
    var run = RecipeRun(try tiny(), folder: folder.url, threads: 1)
    run.measures = false
    #expect(try run.run() == .complete)
    #expect(try folder.text("MODEL-CARD.md").contains("Not measured"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("measured.json").path))
  }

  /// Stopped in training, then in measuring: in the end the files of a run that was not, but for the times.
  @Test func aStoppedRunGoesOnToTheSameBits() throws {
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try RecipeRun(tiny(), folder: whole.url, threads: 2).run() == .complete)
    func go(resumes: Bool, stage: String, done: Int) throws -> RecipeRun.Ending {
      var run = RecipeRun(try tiny(), folder: parts.url, threads: 1)
      run.resumes = resumes
      let stop = StopFlag()
      return try run.run(progress: StopsAt(stage: stage, done: done, stop: stop), stop: stop)
    }
    #expect(try go(resumes: false, stage: "recording", done: 1) == .stoppedBeforeTraining)
    #expect(refusal { _ = try go(resumes: true, stage: "", done: .max) }.contains("no training state to resume"))
    #expect(try go(resumes: false, stage: "training", done: 20) == .stoppedInTraining)
    #expect(try go(resumes: true, stage: "measuring 2", done: 1) == .stoppedInMeasuring)
    #expect(try go(resumes: true, stage: "", done: .max) == .complete)
    for name in ["config.json", "model.safetensors", "log.jsonl", "measured.json", "recipe.json"] {
      #expect(try whole.data(name) == parts.data(name), "\(name)")
    }
    func withoutTimes(_ card: String) -> [Substring] {
      card.split(separator: "\n").filter { !$0.contains("wall time") }
    }
    #expect(try withoutTimes(whole.text("MODEL-CARD.md")) == withoutTimes(parts.text("MODEL-CARD.md")))
  }

  @Test func theStateOfAnotherRecipeIsRefused() throws {
    let folder = try TemporaryFolder()
    let stop = StopFlag()
    #expect(
      try RecipeRun(tiny(), folder: folder.url, threads: 1).run(
        progress: StopsAt(stage: "training", done: 20, stop: stop), stop: stop) == .stoppedInTraining)
    var other = try tiny()
    other.data.episodes = 13
    var run = RecipeRun(other, folder: folder.url, threads: 1)
    run.resumes = true
    #expect(refusal { _ = try run.run() }.contains("another recipe or other settings (recipe.json)"))
  }

  @Test func aRecipeWithDAggerRunsItsRounds() throws {
    let folder = try TemporaryFolder()
    var recipe = try tiny("dagger: {budgets: [60, 120], round_steps: 5}")
    recipe.evaluation.conditions = []
    #expect(try RecipeRun(recipe, folder: folder.url, threads: 2).run() == .complete)
    #expect(try folder.text("rounds.jsonl").split(separator: "\n").count == 2)
    let provenance = try Checkpoint.load(folder.url).configuration.provenance
    #expect(
      provenance["source"] == "dagger" && provenance["label_budgets"] == "60,120" && provenance["labels"] == "120")
  }

  /// Labels are those of the chunks that the expert took over, exactly as many as the budget, the same on any number of
  /// threads; where an ensemble decides they are others than chance would give.
  @Test func gatedRoundsLabelWhatTheExpertTookOver() throws {
    func weights(_ gate: String, threads: Int) throws -> Data {
      let folder = try TemporaryFolder()
      var recipe = try tiny(
        "method: {name: gated-dagger, options: {budgets: [40, 70], gate: \(gate), share: 0.4, members: 2, round_steps: 5}}"
      )
      recipe.evaluation.conditions = []
      #expect(try RecipeRun(recipe, folder: folder.url, threads: threads).run() == .complete)
      let provenance = try Checkpoint.load(folder.url).configuration.provenance
      #expect(provenance["gate"] == gate && provenance["labels"] == "70")
      return try folder.data("model.safetensors")
    }
    let ensemble = try weights("ensemble", threads: 2)
    #expect(try weights("ensemble", threads: 1) == ensemble)
    #expect(try weights("chance", threads: 2) != ensemble)
    #expect(
      refusal { _ = try tiny("method: {name: gated-dagger, options: {gate: doubt}}") }.contains(
        "ensemble, novelty, supervisor, chance")
    )
    // An expert that never takes over labels nothing.
    let folder = try TemporaryFolder()
    let never = try tiny(
      "method: {name: gated-dagger, options: {budgets: [40, 70], gate: chance, share: 0, round_steps: 5}}")
    #expect(
      refusal { _ = try RecipeRun(never, folder: folder.url, threads: 2).run() }.contains(
        "the expert never took over"))
  }

  /// Stopped in each of its rounds, then in the last training, a run with DAgger ends with the same bits.
  @Test func stoppedRoundsGoOnToTheSameBits() throws {
    var recipe = try tiny("dagger: {budgets: [60, 120, 200], round_steps: 20}")
    recipe.evaluation.conditions = []
    recipe.training.steps = 60
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try RecipeRun(recipe, folder: whole.url, threads: 2).run() == .complete)
    func go(resumes: Bool, stage: String, done: Int) throws -> RecipeRun.Ending {
      var run = RecipeRun(recipe, folder: parts.url, threads: 1)
      run.resumes = resumes
      let stop = StopFlag()
      return try run.run(progress: StopsAt(stage: stage, done: done, stop: stop), stop: stop)
    }
    func rounds() throws -> Int { try parts.text("rounds.jsonl").split(separator: "\n").count }
    // In the training that would drive the first round.
    #expect(try go(resumes: false, stage: "training", done: 20) == .stoppedBeforeTraining)
    #expect(try rounds() == 1)
    // While labels are collected: what a round has by then is dropped, unless it was all.
    for _ in 0..<2 {
      let before = try rounds()
      #expect(try go(resumes: true, stage: "collecting", done: 1) == .stoppedBeforeTraining)
      #expect(try rounds() >= before)
    }
    // In the training of the checkpoint, which alone has so many steps.
    #expect(try go(resumes: true, stage: "training", done: 40) == .stoppedInTraining)
    #expect(try rounds() == 3)
    #expect(try go(resumes: true, stage: "", done: .max) == .complete)
    for name in ["config.json", "model.safetensors", "log.jsonl", "rounds.jsonl", "recipe.json"] {
      #expect(try whole.data(name) == parts.data(name), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: parts.url.appendingPathComponent("rounds").path))
    // Going on with what is finished changes nothing.
    #expect(try go(resumes: true, stage: "", done: .max) == .complete)
  }

  /// A kill between the checkpoint and its card leaves something to go on from, whatever was removed by then.
  @Test func everyStepTowardsTheCardCanBeTheLast() throws {
    let whole = try TemporaryFolder()
    #expect(try RecipeRun(tiny(), folder: whole.url, threads: 2).run() == .complete)
    for left in [
      ["recipe.json", "log.jsonl"], ["recipe.json", "log.jsonl", "model.safetensors"],
      ["recipe.json", "log.jsonl", "model.safetensors", "config.json"],
    ] {
      let folder = try TemporaryFolder()
      for name in left {
        try FileManager.default.copyItem(
          at: whole.url.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
      }
      var run = RecipeRun(try tiny(), folder: folder.url, threads: 1)
      run.resumes = true
      #expect(try run.run() == .complete)
      for name in ["config.json", "model.safetensors", "log.jsonl", "measured.json"] {
        #expect(try whole.data(name) == folder.data(name), "\(left): \(name)")
      }
    }
  }

  /// What is looked at is what the policy is built for; two robots are told apart.
  @Test func aPolicyLooksAtWhatItsRecipeNames() throws {
    let folder = try TemporaryFolder()
    var recipe = try tiny("robots: [arm2, arm3]")
    recipe.data.settings.image = PictureSize(side: 32)
    recipe.policy.observation = ObservationConfiguration(
      objects: false, pixels: PixelConfiguration(channels: [8, 8], frames: 1))
    recipe.evaluation.conditions = []
    recipe.data.episodes = 300
    recipe.training.steps = 5
    #expect(try RecipeRun(recipe, folder: folder.url, threads: 2).run() == .complete)
    let observation = try Checkpoint.load(folder.url).configuration.trunk.observation
    #expect(observation.pixels?.channels == [8, 8] && !observation.objects && observation.robots == ["arm2", "arm3"])
  }

  @Test func aPolicyStartsFromTheTrunkOfAnother() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    var run = RecipeRun(try tiny(), folder: first.url, threads: 2)
    run.measures = false
    #expect(try run.run() == .complete)
    let origin = try Checkpoint.load(first.url)

    // A step so small that the weights stay where they start, on other demonstrations.
    var recipe = try tiny()
    recipe.head = try HeadChoice(named: "act")
    recipe.trunkFrom = first.url.path
    recipe.data.firstSeed += 5000
    recipe.training.seed += 1
    recipe.training.steps = 1
    recipe.training.learningRate = 1e-12
    recipe.training.weightDecay = 0
    run = RecipeRun(recipe, folder: second.url, threads: 2)
    run.measures = false
    #expect(try run.run() == .complete)
    let policy = try Checkpoint.load(second.url)
    #expect(policy.name == "act")
    #expect(policy.configuration.normalization == origin.configuration.normalization)
    #expect(policy.configuration.text == origin.configuration.text)
    #expect(policy.configuration.provenance["trunk_from"] == first.url.lastPathComponent)
    let (before, after) = (TrainablePolicy(origin).parameters, TrainablePolicy(policy).parameters)
    var shared = 0
    for parameter in after.layout.parameters where !parameter.name.hasPrefix("head.") {
      let source = try #require(before.layout.parameters.first { $0.name == parameter.name })
      let far = zip(before.tensor(source), after.tensor(parameter)).map { abs($0 - $1) }.max() ?? 0
      #expect(far < 1e-6, "\(parameter.name)")
      shared += 1
    }
    #expect(shared > 20)

    recipe.trunkFrom = "nobody"
    #expect(
      refusal { _ = try RecipeRun(recipe, folder: second.url, threads: 1).run() }
        == "there is no checkpoint 'nobody' to learn from; train it first, and give its folder as the recipe's trunk_from"
    )
    recipe.trunkFrom = first.url.path
    recipe.horizons.observation = 3
    try requireRefusal(recipe, "trunk_from '\(first.url.path)' has other features or horizons than the recipe's data")
  }

  /// Networks that do not fit are refused before the first episode is recorded for them.
  private func requireRefusal(_ recipe: Recipe, _ sentence: String) throws {
    let (folder, stop) = (try TemporaryFolder(), StopFlag())
    let said = refusal {
      let run = RecipeRun(recipe, folder: folder.url, threads: 1)
      _ = try run.run(progress: StopsAt(stage: "", done: 0, stop: stop), stop: stop)
    }
    #expect(said.contains(sentence), "\(said)")
    #expect(!stop.isRaised, "work began before: \(sentence)")
  }

  @Test func networksThatDoNotFitAreRefusedBeforeTheWork() throws {
    var recipe = try tiny()
    recipe.policy.trunk.heads = 3
    try requireRefusal(recipe, "trunk.width must be a multiple of trunk.heads; they are 16 and 3")
    recipe = try tiny()
    recipe.policy.text.heads = 3
    try requireRefusal(recipe, "text.width is 8; it must be a multiple of text.heads, 3")
    recipe = try tiny()
    recipe.policy.guidanceScale = 2
    try requireRefusal(recipe, "guidanceScale is 2.0, but the policy was never trained without a command")
    recipe = try tiny()
    recipe.policy.observation = ObservationConfiguration(pixels: PixelConfiguration())
    try requireRefusal(recipe, "image")
  }

  @Test func aStudentNeedsItsTeacher() throws {
    var recipe = try tiny()
    recipe.head = try HeadChoice(named: "one-step")
    recipe.teacher = "nobody"
    recipe.evaluation.conditions = []
    let (folder, teacher) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(
      refusal { _ = try RecipeRun(recipe, folder: folder.url, threads: 1).run() }
        == "there is no checkpoint 'nobody' to learn from; train it first, and give its folder as the recipe's teacher")
    var run = RecipeRun(try tiny(), folder: teacher.url, threads: 2)
    run.measures = false
    #expect(try run.run() == .complete)
    recipe.teacher = teacher.url.path
    var other = recipe
    other.horizons.prediction += 1
    try requireRefusal(other, "the teacher '\(teacher.url.path)' has other features or horizons than the recipe's data")
    #expect(try RecipeRun(recipe, folder: folder.url, threads: 2).run() == .complete)
    #expect(try Checkpoint.load(folder.url).name == "one-step")
  }
}

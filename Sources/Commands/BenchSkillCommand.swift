// planar bench skill: how long it takes from nothing to a policy that obeys.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
import PlanarPolicies
import PlanarRecipes
import PlanarRollouts

struct BenchSkillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skill",
    abstract: "Measure the time from nothing to a policy that obeys, over several training seeds.",
    discussion: """
      Each row records the recipe's demonstrations, trains on them and then measures
      the policy on held-out episodes. The seconds are those of recording and
      training, as a person waits for them; measuring is not counted. A rate and a
      schedule go with a number of steps, so each number is a training of its own.

      Examples:
        planar bench skill
        planar bench skill --recipe Assets/recipes/reach-flow.yaml --steps 500 1000
      """)

  @Option(help: "The recipe's file.")
  var recipe = "Assets/recipes/push-fast-start.yaml"

  @Option(
    eachWithin: 1...10_000_000, parsing: .upToNextOption, help: "Numbers of gradient steps. Default: the recipe's.")
  var steps: [Int] = []

  @Option(within: 1...100, help: "How many training seeds, from 1 on.")
  var seeds = 3

  @Option(within: SeedRanges.counts, help: "Held-out episodes to measure on, from seed 1000 on.")
  var episodes = 500

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  /// One training.
  struct Row: Encodable {
    var steps: Int
    var seed: UInt64
    var seconds: Double
    var successes: Int
    var episodes: Int
  }

  private struct Report: Encodable {
    var recipe: String
    var threads: Int
    var rows: [Row]
  }

  func run() throws {
    let signals = StopSignals()
    let original = try loadRecipe(recipe)
    var rows: [Row] = []
    for steps in steps.isEmpty ? [original.training.steps] : steps {
      for seed in 1...UInt64(seeds) {
        var recipe = original
        recipe.training.steps = steps
        recipe.training.seed = seed
        guard let row = try measure(recipe, stop: signals.flag) else { continue }
        rows.append(row)
        if !json { print(line(row)) }
        StandardStreams.flush()
      }
    }
    if json { try printJSON(Report(recipe: original.name, threads: threads.threads, rows: rows)) }
    try signals.exitIfStopped()
  }

  private func line(_ row: Row) -> String {
    let success = Proportion(successes: row.successes, trials: row.episodes)
    return "\(row.steps) steps, seed \(row.seed): \(fixed(row.seconds, 1)) s, success \(rateText(success))"
  }

  /// Records, trains and measures; nil where it was stopped.
  private func measure(_ recipe: Recipe, stop: StopFlag) throws -> Row? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "planar-skill-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var run = RecipeRun(recipe, folder: folder, threads: threads.threads)
    run.measures = false
    let began = Date()
    guard case .complete = try run.run(progress: ConsoleProgress(), stop: stop) else { return nil }
    let seconds = Date().timeIntervalSince(began)
    let policy = try Checkpoint.load(folder)
    let settings = recipe.data.settings.forMeasuring
    let world = try EnvironmentLibrary.environment(named: recipe.environment, settings: settings)
    func successes<World: LibraryEnvironment>(in world: World) throws -> [Bool] {
      let plan = RolloutPlan(
        world: world, seeds: Array(1_000..<1_000 + UInt64(episodes)), driver: .policy(policy), threads: threads.threads)
      return try rollOut(plan, progress: ConsoleProgress(), stop: stop).map(\.outcome.success)
    }
    let outcomes = try successes(in: world)
    guard outcomes.count == episodes else { return nil }
    return Row(
      steps: recipe.training.steps, seed: recipe.training.seed, seconds: seconds,
      successes: outcomes.count { $0 }, episodes: episodes)
  }
}

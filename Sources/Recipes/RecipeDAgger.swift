// A recipe's labels by DAgger: policies of the same recipe, trained briefly, drive the rounds.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

extension Recipe {
  /// Runs the rounds, writes `rounds.jsonl`, and returns all labels.
  ///
  /// - Throws: `UserError` where a setting is out of range or there is no expert.
  func collectByDAgger(
    _ dagger: DAggerRecipe, folder: URL, threads: Int, onNote: (String) -> Void,
    progress: any ProgressReporter, stop: StopFlag
  ) throws -> RecipeData {
    guard let driver = data.driver else {
      throw UserError("DAgger needs an expert that labels, not a dataset; let data.source be expert or planner")
    }
    let worlds = try worlds()
    guard worlds.count == 1 else { throw UserError("DAgger collects with one robot; name one in 'robots'") }
    return try collectByDAgger(
      dagger, in: worlds[0], driver: driver, folder: folder, threads: threads, onNote: onNote, progress: progress,
      stop: stop)
  }

  private func collectByDAgger<World: LibraryEnvironment>(
    _ dagger: DAggerRecipe, in world: World, driver: DriverName, folder: URL, threads: Int,
    onNote: (String) -> Void, progress: any ProgressReporter, stop: StopFlag
  ) throws -> RecipeData {
    let demonstrator = try driver.demonstrator(in: world, planner: data.plannerConfiguration)
    let plan = CollectionPlan(
      world: world, expert: demonstrator.expert, driver: demonstrator.driver,
      firstSeed: data.firstSeed, labels: .chunkStarts, labelHorizon: horizons.prediction, threads: threads)
    var roundTraining = training
    roundTraining.steps = dagger.roundSteps
    roundTraining.threads = threads
    try roundTraining.validate()
    var facts = provenance([
      "source": "dagger", "first_seed": "\(data.firstSeed)",
      "label_budgets": dagger.budgets.map { "\($0)" }.joined(separator: ","), "beta": "\(dagger.beta)",
      "beta_decay": "\(dagger.betaDecay)", "round_steps": "\(dagger.roundSteps)",
    ])
    if driver == .planner { facts["expert"] = "planner" }
    var rounds: [DAggerRound] = []
    let labels = try runDAgger(
      dagger.configuration, plan: plan, horizons: horizons, into: emptyLabels(of: world.features),
      progress: progress, stop: stop,
      onRound: { round, _ in
        rounds.append(round)
        onNote(
          "round \(round.round): β \(round.expertShare), \(round.labels) labels of \(round.episodes) episodes, success while collecting \(Int((100 * round.successRate).rounded())) %"
        )
        try write(rounds, to: folder)
      }
    ) { labels, _ in
      let data = RecipeData(labels: labels, environment: world.name, provenance: facts)
      let trainer = try Trainer(
        policy: makePolicy(for: data, source: nil), labels: labels, configuration: roundTraining)
      try trainer.run(progress: progress, stop: stop)
      return trainer.trainedPolicy
    }
    return RecipeData(labels: labels, environment: world.name, provenance: facts)
  }

  private func write(_ rounds: [DAggerRound], to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let lines = try rounds.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    let url = folder.appendingPathComponent("rounds.jsonl")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(lines.joined().utf8).write(to: url, options: .atomic)
    } catch {
      throw UserError("cannot write \(url.path): \(error.localizedDescription)")
    }
  }
}

// planar dagger: let the learner drive and the expert label where it goes.

import ArgumentParser
import ArmEnvironments
import Datasets
import Foundation
import Learning
import PlanarCore
import Policies
import PolicyInterface

struct DAggerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dagger",
    abstract: "Train a policy by dataset aggregation (DAgger).",
    discussion: """
      Begins with expert demonstrations. Each round trains on all labels so far, lets the mixture of expert (with
      probability β, per chunk) and learner drive, and has the expert label the chunk starts that came up. Every
      label counts, the demonstrations' too. The final policy is trained from scratch on all labels.

      Example:
        planar dagger --output runs/my-dagger
        planar dagger --head flow --budgets 10000,20000,40000
      """)

  @OptionGroup var environment: EnvironmentOptions

  @Option(help: "Who labels, and drives with probability β: expert (scripted) or planner, which is much slower.")
  var expert = DemonstrationSource.expert

  @OptionGroup var planner: PlannerOptions

  @Option(help: "regression, diffusion or flow.")
  var head = "regression"

  @Option(help: "Labels after the demonstrations and after each round, separated by commas.")
  var budgets = "20000,40000,60000,80000"

  @Option(help: "β of the first round: how often the expert drives.")
  var beta = 0.8

  @Option(help: "Factor on β from round to round.")
  var betaDecay = 0.7

  @Option(help: "Gradient steps of the policies that drive a round.")
  var roundSteps = 3_000

  @Option(help: "Steps executed of each chunk while collecting; each chunk start is labelled.")
  var executionHorizon = 8

  @OptionGroup var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for the checkpoint, rounds.jsonl and log.jsonl. Default: runs/<time>-dagger.")
  var output: String?

  func run() throws {
    try train(in: environment.loadForTraining())
  }

  private func train<World: LibraryEnvironment>(in world: World) throws {
    let interrupt = Interrupt()
    let progress = ConsoleProgress()
    let head = try HeadChoice(named: head)
    let training = try self.training.configuration(threads: threads.threads)
    var roundTraining = training
    roundTraining.steps = roundSteps
    try roundTraining.validate()
    let horizons = Horizons()
    let dagger = try makeConfiguration()
    let folder = try runFolder(output, name: "dagger")
    let plan = CollectionPlan(
      world: world, expert: try expert.expert(in: world, planner: planner.configuration), labels: .chunkStarts, labelHorizon: horizons.prediction,
      threads: threads.threads)

    var rounds: [DAggerRound] = []
    let labels = try runDAgger(
      dagger, plan: plan, horizons: horizons, progress: progress, stop: interrupt.flag,
      onRound: { round, _ in
        rounds.append(round)
        print(
          "round \(round.round): β \(round.expertShare), \(round.labels) labels of \(round.episodes) episodes, success while collecting \(Int((100 * round.successRate).rounded())) %"
        )
        fflush(nil)  // so that a log file shows each round as it ends
        try writeRounds(rounds, to: folder)
      }
    ) { labels, round in
      let policy = try makePolicy(
        head: head, size: self.training.size, for: labels, environment: world.name,
        seed: training.seed)
      let trainer = try Trainer(policy: policy, labels: labels, configuration: roundTraining)
      try trainer.run(progress: progress, stop: interrupt.flag)
      return trainer.trainedPolicy
    }
    if interrupt.flag.isRaised {
      print("Stopped; the rounds so far are in \(folder.relativePath)/rounds.jsonl")
      return
    }
    let policy = try makePolicy(
      head: head, size: self.training.size, for: labels, environment: world.name,
      seed: training.seed)
    let (_, isComplete) = try TrainingRun(folder: folder).train(
      policy, on: labels, configuration: training,
      provenance: [
        "source": "dagger", "first_seed": "\(SeedRanges.firstTraining)",
        "label_budgets": budgets, "beta": "\(beta)", "beta_decay": "\(betaDecay)",
        "round_steps": "\(roundSteps)", "randomization": world.randomization,
      ], progress: progress, stop: interrupt.flag)
    if isComplete {
      print("Checkpoint: \(folder.relativePath)\nNext: planar eval --policy \(folder.relativePath)")
    } else {
      print("Stopped before the final policy was trained; the rounds are in \(folder.relativePath)/rounds.jsonl")
    }
  }

  private func makeConfiguration() throws -> DAggerConfiguration {
    let configuration = DAggerConfiguration(
      labelBudgets: try parseBudgets(budgets), expertShare: beta, expertShareDecay: betaDecay,
      executionHorizon: executionHorizon)
    try configuration.validate()
    return configuration
  }

  private func writeRounds(_ rounds: [DAggerRound], to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let lines = try rounds.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    try Data(lines.joined().utf8).write(
      to: folder.appendingPathComponent("rounds.jsonl"), options: .atomic)
  }
}

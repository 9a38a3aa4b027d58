// planar dagger: let the learner drive and the expert label where it goes.

import ArgumentParser
import PlanarArmEnvironments
import PlanarExperiments
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts

struct DAggerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dagger",
    abstract: "Train a policy by dataset aggregation (DAgger).",
    discussion: """
      Begins with expert demonstrations. Each round trains on all labels so far,
      lets the mixture of expert (with probability β, per chunk) and learner drive,
      and has the expert label the chunk starts that came up. Every label counts,
      the demonstrations' too. The final policy is trained from scratch on all
      labels.

      Finished rounds are kept in the folder until the checkpoint is there: after
      Ctrl-C or a kill, the same command with --resume goes on bit-identically.

      A recipe with 'method: dagger' does the same:
        planar train Assets/recipes/push-dagger.yaml

      Example:
        planar dagger --output runs/my-dagger
        planar dagger --head flow --budgets 10000,20000,40000
      """)

  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help: "Who labels, and drives with probability β: expert (scripted) or planner, which is much slower.",
    transform: { try DriverName($0, among: DriverName.demonstrators) })
  var expert = DriverName.expert

  @OptionGroup var planner: PlannerOptions

  @Option(help: "\(HeadChoice.names.joined(separator: ", ")).")
  var head = HeadChoice.plain.name

  @Option(help: "Labels after the demonstrations and after each round, separated by commas.")
  var budgets = "20000,40000,60000,80000"

  @Option(within: DAggerConfiguration.Limits.share, help: "β of the first round: how often the expert drives.")
  var beta = 0.8

  @Option(within: DAggerConfiguration.Limits.share, help: "Factor on β from round to round.")
  var betaDecay = 0.7

  @Option(within: TrainingConfiguration.Limits.steps, help: "Gradient steps of the policies that drive a round.")
  var roundSteps = 3_000

  @Option(
    within: Horizons.Limits.steps, help: "Steps executed of each chunk while collecting; each chunk start is labelled.")
  var executionHorizon = 8

  @OptionGroup var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for the checkpoint, rounds.jsonl and log.jsonl. Default: runs/<time>-dagger.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  func run() throws {
    var dagger = DAgger()
    dagger.budgets = try parseBudgets(budgets)
    dagger.beta = beta
    dagger.betaDecay = betaDecay
    dagger.roundSteps = roundSteps
    dagger.executionHorizon = executionHorizon
    let original = Recipe(name: "dagger", head: try HeadChoice(named: head), method: DAgger())
    var recipe = original
    recipe.method = LearningMethodChoice(dagger)
    recipe.data.source = expert.description
    recipe.data.planner = planner.planner
    recipe.data.planSamples = planner.planSamples
    try environment.apply(to: &recipe)
    training.apply(to: &recipe)
    try recipe.validate()
    let claim = try folders.claim(output, name: "dagger", as: .training)
    defer { claim.release() }
    var run = RecipeRun(recipe, folder: claim.folder, threads: threads.threads)
    run.resumes = folders.resume
    run.origin = try RecipeOrigin(command: "planar dagger --head \(head)", original: original, recipe: recipe)
    try carryOut(run)
  }
}

// planar eval: success of one policy, with an interval.

import ArgumentParser
import ArmEnvironments
import Evaluation
import Foundation
import NeuralNetworks
import PlanarCore
import PolicyInterface
import Rollouts

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how often a policy obeys, with Wilson 95 % intervals.",
    discussion: """
      Every policy meets the same episodes: episode i has seed --seed + i, so that two evaluations are paired.
      Seeds 0 to 99999 are reserved for evaluation and never trained on.

      Examples:
        planar eval --policy expert
        planar eval --policy Assets/checkpoints/push-flow --randomization wide --episodes 1000
        planar eval --policy Assets/checkpoints/push-flow --command swapped
        planar eval --policy Assets/checkpoints/push-flow --weights int8
        planar eval --policy planner --environment pusht --randomization none
      """)

  /// Which command each episode gets.
  enum Command: String, ExpressibleByArgument, CaseIterable { case drawn, swapped }

  @Option(help: "A checkpoint folder, 'expert', 'planner' or 'random'. Where no expert is scripted, the planner is it.")
  var policy: String

  @OptionGroup var environment: EnvironmentOptions

  @Option(help: "How many episodes.")
  var episodes = 500

  @Option(help: "Seed of the first episode.")
  var seed: UInt64 = 1000

  @Option(
    help: "'drawn': the scene's own command. 'swapped': another valid one of the same scene, to see whether the policy reads the text.")
  var command = Command.drawn

  @Option(help: "Steps executed of each predicted chunk. Default: the checkpoint's.")
  var executionHorizon: Int?

  @Option(help: "Denoising or integration steps per chunk. Default: the checkpoint's.")
  var samplingSteps: Int?

  @Option(
    help: "How the policy reads its linear layers' weights: 'float32', or 'int8', a byte each.")
  var weights = WeightPrecision.float32

  @OptionGroup var planner: PlannerOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for episodes.jsonl and summary.json. Default: runs/<time>-eval-<policy>.")
  var output: String?

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  func validate() throws { try validateEpisodes(episodes, firstSeed: seed) }

  func run() throws {
    let interrupt = Interrupt()
    try evaluate(environment.load(), stop: interrupt.flag)
  }

  private func evaluate<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws {
    let named = try NamedActor(
      policy, in: world, planner: planner.configuration, samplingSteps: samplingSteps, weights: weights)
    let choice: CommandChoice = command == .swapped ? .swapped : .drawn
    let plan = RolloutPlan(
      world: world, seeds: Array(seed..<seed + UInt64(episodes)), command: choice,
      actor: named.actor, executionHorizon: executionHorizon, threads: threads.threads)
    let outcomes = try rollOut(plan, progress: ConsoleProgress(), stop: stop).map(\.outcome)
    guard !outcomes.isEmpty else { throw UserError("stopped before any episode was finished") }

    let summary = EvaluationSummary(
      of: outcomes, environment: world.name, randomization: world.randomization,
      policy: named.name, command: choice)
    let folder = try runFolder(output, name: "eval-\(named.name)")
    try writeEpisodes(outcomes, to: folder.appendingPathComponent("episodes.jsonl"))
    try writeSummary(summary, to: folder.appendingPathComponent("summary.json"))
    if json {
      try printJSON(summary)
    } else {
      print(summary.text)
      print("\nEpisodes and summary: \(folder.relativePath)")
    }
  }
}

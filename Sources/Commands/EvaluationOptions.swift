// Which episodes policies are put to, and how they drive there: what eval and compare share.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts

/// Options of an evaluation, and what follows from them for a policy that is named on the command line.
struct EvaluationOptions: ParsableArguments {
  @OptionGroup var environment: EnvironmentOptions

  @Option(within: SeedRanges.counts, help: "How many episodes.")
  var episodes = 500

  @Option(within: SeedRanges.all, help: "Seed of the first episode.")
  var seed: UInt64 = 1000

  @Option(
    help:
      "'drawn': the scene's own command. 'swapped': another valid one of the same scene, to see whether the policy reads the text. 'blank', 'nonsense', 'negated': no words, syllables, or 'do not do this:' and the scene's own command; success then says how often the drawn goal is reached although nobody asks for it."
  )
  var command = EvaluationCondition.Command.drawn

  @Option(
    help:
      "A file of your own wordings, one a line, with slots such as {color} {shape} {zone}: each episode's drawn goal is worded by one of them."
  )
  var wordings: String?

  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var planner: PlannerOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try SeedRanges.requireMeasuring(firstSeed: seed, count: episodes)
    guard wordings == nil || command == .drawn else {
      throw ValidationError("--wordings words the drawn goal; it does not go with --command \(command.rawValue).")
    }
  }

  /// Who drives under a name of the command line.
  ///
  /// - Throws: `UserError` where the checkpoint cannot be used.
  func driver<World: LibraryEnvironment>(_ policy: String, in world: World) throws -> Driver<World> {
    var driver = try Driver(
      named: policy, in: world, planner: planner.configuration, sampling: sampling)
    // Where the planner stands in for an expert, results bear the name that was asked for.
    if driver.policy == nil { driver.name = policy }
    return driver
  }

  /// The episodes of a driver.
  ///
  /// - Throws: `UserError` where it does not fit, or an option does not fit it.
  func plan<World: LibraryEnvironment>(
    _ driver: Driver<World>, in world: World
  ) throws -> RolloutPlan<World> {
    var choice = command.choice
    if let wordings {
      choice = .wordings(
        try UserWordings(contentsOf: URL(fileURLWithPath: wordings), for: world.grammar).lines)
    }
    let plan = RolloutPlan(
      world: world, seeds: Array(seed..<seed + UInt64(episodes)), command: choice,
      driver: driver, execution: execution.execution, threads: threads.threads)
    try plan.validate()
    return plan
  }

  /// What the episodes of a policy depend on, for going on with them.
  ///
  /// - Throws: `UserError` where its files cannot be read.
  func record<World: LibraryEnvironment>(_ plan: RolloutPlan<World>, of policy: String) throws -> EvaluationPlan {
    var details: [String: String] = [:]
    if plan.driver.policy == nil {
      details["planner"] = "\(planner.planner) \(planner.planSamples)"
    } else if let folder = Checkpoint.folder(of: policy) {
      details["checksums"] = try Checkpoint.fingerprint(of: folder)
      details["weights"] = "\(sampling.weights)"
      details.merge(sampling.departures) { $1 }
      if let steps = sampling.samplingSteps { details["sampling_steps"] = "\(steps)" }
      if let spacing = sampling.timestepSpacing { details["timestep_spacing"] = spacing.rawValue }
    }
    return EvaluationPlan(of: plan, policy: plan.driver.name, policyDetails: details)
  }

  /// The figures of a policy's episodes.
  ///
  /// - Throws: `UserError` where its weights cannot be read.
  func summary<World: LibraryEnvironment>(
    of statistics: EvaluationStatistics, _ plan: RolloutPlan<World>, of policy: String
  ) throws -> EvaluationSummary {
    var summary = EvaluationSummary(
      of: statistics, environment: plan.world.name, randomization: plan.world.randomization, policy: plan.driver.name,
      command: plan.command, variation: plan.world.variation, execution: plan.executionInForce)
    summary.wordings = wordings.map(EvaluationSummary.wordingsName)
    summary.samplingSteps = sampling.samplingSteps
    summary.timestepSpacing = sampling.timestepSpacing?.rawValue
    summary.sampling = sampling.departures.isEmpty ? nil : sampling.departures
    if plan.driver.policy != nil {
      summary.checkpoint = policy
      let folder = Checkpoint.folder(of: policy) ?? URL(fileURLWithPath: policy, isDirectory: true)
      summary.weights = try Checksum.text(ofFile: folder.appendingPathComponent(Checkpoint.weightsFile))
    }
    return summary
  }
}

extension EvaluationCondition.Command: ExpressibleByArgument {}

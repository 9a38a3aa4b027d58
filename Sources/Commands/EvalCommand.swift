// planar eval: success of one policy, with an interval.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarExperiments
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how often a policy obeys, with Wilson 95 % intervals.",
    discussion: """
      Every policy meets the same episodes: episode i has seed --seed + i, so that
      two evaluations are paired. Seeds 0 to 99999 are reserved for evaluation and
      never trained on.

      A real policy needs time to think. --delay 4 lets every answer arrive four
      control steps late, and --switching says what happens meanwhile; boundary
      jumps and changes of action in the summary tell how smoothly the arm then
      moves.

      Episodes are on the disk as they come. Ctrl-C keeps them, as SIGTERM, a lost
      terminal and a kill do; the same command with --resume goes on, and its
      summary is that of an evaluation that was never stopped.

      Examples:
        planar eval --policy expert
        planar eval --policy Assets/checkpoints/push-flow --randomization wide --episodes 1000
        planar eval --policy Assets/checkpoints/push-flow --command swapped
        planar eval --policy Assets/checkpoints/push-flow --command nonsense
        planar eval --policy Assets/checkpoints/push-flow --weights int8
        planar eval --policy Assets/checkpoints/push-flow --delay 4 --switching naive
        planar eval --policy Assets/checkpoints/push-flow --temporal-ensembling 0.01
        planar eval --policy planner --environment pusht --randomization none
        planar eval --policy expert --set friction=0.3 --set tilt=0.02
        planar eval --policy Assets/checkpoints/push-flow --sweep friction=0.25:2:8
        planar eval --policy Assets/checkpoints/push-flow --wordings my-wordings.txt
      """)

  @Option(
    help:
      "A checkpoint's folder, the name of a shipped one, 'expert', 'planner' or 'random'. Without a scripted expert, 'expert' is the planner."
  )
  var policy: String

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

  @Option(
    help: ArgumentHelp(
      "Evaluate at several values of one item of domain randomization, evenly from least to most, and plot success against it.",
      valueName: "item=least:most:count"))
  var sweep: String?

  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var planner: PlannerOptions
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder for episodes.jsonl and summary.json. Default: runs/<time>-eval-<policy>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  func validate() throws {
    try SeedRanges.requireMeasuring(firstSeed: seed, count: episodes)
    guard wordings == nil || command == .drawn else {
      throw ValidationError("--wordings words the drawn goal; it does not go with --command \(command.rawValue).")
    }
  }

  func run() throws {
    let signals = StopSignals()
    if let sweep {
      try goThrough(SweepRange(sweep), stop: signals.flag)
    } else {
      try evaluate(environment.load(for: [policy]), stop: signals.flag)
    }
    try signals.exitIfStopped()
  }

  private func evaluate<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws {
    let driver = try driver(in: world)
    let plan = try plan(driver, in: world)
    let claim = try folders.claim(output, name: "eval-\(driver.name)", as: .evaluation)
    defer { claim.release() }
    let log = try EvaluationLog(in: claim.folder, of: record(plan), resumes: folders.resume)
    let known = log.count
    let progress = PartOfProgress(
      whole: ConsoleProgress(), stage: "episodes", offset: known, total: plan.seeds.count)
    let unread = UnreadCommands(by: driver.policy)
    let rollout = Result {
      try rollOut(plan, skipping: known, progress: progress, stop: stop) { episodes in
        unread.add(episodes.map(\.outcome.info.command))
        try log.append(episodes.map(\.outcome))
      }
    }
    if case .failure(let error) = rollout, log.count == known { throw error }
    unread.tell()
    let summary = try summary(of: log.statistics, plan)
    let finishing = Result {
      try rollout.get()
      if log.isComplete { try log.finish(summary) }
    }
    // Whatever the disk says, what was measured is printed.
    if log.count > 0 {
      if json { try printJSON(summary) } else { print(summary.text) }
    }
    try finishing.get()
    if json { return }
    if log.isComplete {
      print("\nEpisodes and summary: \(claim.folder.relativePath)")
    } else if log.count == 0 {
      print("Stopped before any episode was finished")
    } else {
      print("\n\(log.count) of \(plan.seeds.count) episodes are in \(claim.folder.relativePath)")
      suggestResuming(claim.folder.relativePath)
    }
  }

  func driver<World: LibraryEnvironment>(in world: World) throws -> Driver<World> {
    var driver = try Driver(
      named: policy, in: world, planner: planner.configuration, sampling: sampling)
    // Where the planner stands in for an expert, results bear the name that was asked for.
    if driver.policy == nil { driver.name = policy }
    return driver
  }

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

  /// What the episodes depend on, for going on with them.
  func record<World: LibraryEnvironment>(_ plan: RolloutPlan<World>) throws -> EvaluationPlan {
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

  func summary<World: LibraryEnvironment>(
    of statistics: EvaluationStatistics, _ plan: RolloutPlan<World>
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

// Experiments that compare policies under conditions: a plan of arms is all that one of them says.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicies
import PlanarReplays
import PlanarRollouts

/// An experiment whose arms are policies under conditions, and whose predictions are differences between arms.
///
/// ```swift
/// enum TwoWays: ArmExperiment {
///   static let name = "two-ways"
///   static let summary = "A mean against a distribution where there are two good ways."
///   static let hypothesis = "The mean of two ways around an obstacle leads into it."
///   static let explanation = ["…", "…"]
///   static let references = ["Chi et al. 2023, arXiv 2303.04137"]
///   static func plan(isQuick: Bool) throws -> ArmPlan { … }
/// }
/// ```
public protocol ArmExperiment: Experiment where Options == ArmOptions, Outcome == ArmOutcome {
  /// Two paragraphs for somebody who is new to the matter: the idea, and how it is tested here.
  static var explanation: [String] { get }
  /// Where the claim is from.
  static var references: [String] { get }
  /// The arms.
  ///
  /// - Parameter isQuick: whether it should end within minutes on two cores.
  /// - Throws: `UserError` where a recipe cannot be read.
  static func plan(isQuick: Bool) throws -> ArmPlan
  /// The plan's predicted figures as they were measured, by their names; none by default.
  static func figures(_ outcome: ArmOutcome) -> [String: CrossedEstimate]
  /// Sentences on what predictions do not say; none by default.
  static func findings(_ outcome: ArmOutcome) -> [String]
}

/// What of an experiment on arms differs from its full form.
public struct ArmOptions: ParsableArguments {
  @Flag(help: "The quick form: shipped checkpoints or short trainings and fewer episodes: minutes.")
  var quick = false

  @Option(within: 1...100, help: "Training seeds of policies that are trained. Default: the plan's.")
  var trainingSeeds: Int?

  @Option(within: SeedRanges.counts, help: "Evaluation episodes per arm and training seed. Default: the plan's.")
  var episodes: Int?

  @Option(within: SeedRanges.all, help: "Seed of the first evaluation episode. Default: 20000.")
  var evaluationSeed: UInt64?

  /// The full form.
  public init() {}
}

extension ArmExperiment {
  /// Its arms are in worlds of their own.
  public static var choosesEnvironment: Bool { false }

  /// None.
  public static func figures(_ outcome: ArmOutcome) -> [String: CrossedEstimate] { [:] }

  /// What its quick form tests, one by one: nothing is predicted that is not judged.
  public static var prediction: String {
    guard let plan = try? plan(isQuick: true) else { return summary }
    let differences = plan.contrasts.map { contrast in
      "\(contrast.claim) (\(contrast.first) minus \(contrast.second)\(contrast.measure == .drawnGoal ? ", drawn goal" : ""): \(contrast.prediction.words))"
    }
    return (differences + plan.figures.map(\.words)).joined(separator: "; ")
  }

  /// None.
  public static func findings(_ outcome: ArmOutcome) -> [String] { [] }

  /// What its help says.
  public static var discussion: String {
    """
    Hypothesis: \(hypothesis)

    Prediction: \(prediction)

    Writes report.html, result.json and, as they finish, the arms' episodes to
    cells.jsonl. Ctrl-C keeps what is done and reports it; the same command with
    --resume and the folder as --output goes on.

    Examples:
      planar experiment run \(name) --quick
      planar experiment run \(name)
    """
  }

  /// Runs the arms, or goes on with those in the folder.
  public static func run(_ options: ArmOptions, _ setting: ExperimentSetting) throws -> ArmOutcome {
    var plan = try plan(isQuick: options.quick)
    if let seeds = options.trainingSeeds { plan.trainingSeeds = (1...UInt64(seeds)).map { $0 } }
    if let episodes = options.episodes { plan.episodes = episodes }
    if let seed = options.evaluationSeed { plan.firstSeed = seed }
    try SeedRanges.requireMeasuring(firstSeed: plan.firstSeed, count: plan.episodes)
    let log = try CellLog<ArmCell>(
      in: setting.folder, plan: SavedPlan(plan: plan, checksums: checksums(of: plan)),
      problem: { $0.problem(in: plan, after: $1) })
    let run = ArmRun(plan: plan, setting: setting)
    let cells = try run.cells(earlier: log.earlier, onCell: log.append)
    try log.requireWritten()
    guard !cells.isEmpty else { throw UserError("stopped before any arm was finished") }
    var outcome = ArmOutcome(
      plan: plan, cells: cells, isQuick: options.quick,
      words: ExperimentWords(
        name: name, summary: summary, hypothesis: hypothesis, prediction: prediction, explanation: explanation,
        references: references), figures: figures, findings: findings)
    outcome.films = try run.films(of: cells)
    return outcome
  }

  /// What tells the plan's checkpoints from others of their names.
  private static func checksums(of plan: ArmPlan) throws -> [String: String] {
    var checksums: [String: String] = [:]
    for policy in plan.policies {
      guard case .checkpoint(let name) = policy.source else { continue }
      checksums[name] = try Checkpoint.fingerprint(of: ArmPolicies.folder(of: name))
    }
    return checksums
  }
}

/// All that cells depend on.
private struct SavedPlan: Encodable {
  var plan: ArmPlan
  var checksums: [String: String]
}

/// What an experiment says of itself.
public struct ExperimentWords: Encodable, Sendable {
  /// What the command line calls it.
  public var name: String
  /// One line on what it compares.
  public var summary: String
  /// What is held to be true.
  public var hypothesis: String
  /// What must be seen if it holds.
  public var prediction: String
  /// Paragraphs for somebody new to the matter.
  public var explanation: [String]
  /// Where the claim is from.
  public var references: [String]
}

/// The arms of a plan, one after the other; the episodes of each run side by side.
struct ArmRun {
  var plan: ArmPlan
  var setting: ExperimentSetting

  /// Measures what is not among `earlier`.
  ///
  /// - Returns: The cells in the plan's order; those of arms that were finished where it was stopped.
  func cells(earlier: [ArmCell], onCell: (ArmCell) -> Void) throws -> [ArmCell] {
    let policies = ArmPolicies(plan: plan, setting: setting)
    let total = plan.arms.reduce(0) { $0 + plan.seeds(of: $1).count }
    var cells = earlier
    for named in plan.policies {
      let arms = plan.arms.filter { $0.policy == named.name }
      guard let first = arms.first else { continue }
      for seed in plan.seeds(of: first) where !setting.stop.isRaised {
        let missing = arms.filter { arm in !cells.contains { $0.arm == arm.name && $0.trainingSeed == seed } }
        if missing.isEmpty { continue }
        var policy: ArmPolicy?
        if case .expert = named.source {
        } else {
          policy = try policies.policy(named.source, named: named.name, trainingSeed: seed)
          if policy == nil { break }
        }
        for arm in missing where !setting.stop.isRaised {
          let outcomes = try outcomes(of: arm, policy: policy?.policy, source: named.source)
          guard outcomes.count == plan.episodes else { break }
          let cell = ArmCell(
            arm: arm.name, trainingSeed: seed, validationLoss: policy?.validationLoss, outcomes)
          cells.append(cell)
          onCell(cell)
          setting.progress.report(stage: "arms measured", done: cells.count, total: total, note: arm.name)
        }
      }
    }
    let order = Dictionary(uniqueKeysWithValues: plan.arms.enumerated().map { ($1.name, $0) })
    return cells.sorted { (order[$0.arm]!, $0.trainingSeed) < (order[$1.arm]!, $1.trainingSeed) }
  }

  private func outcomes(
    of arm: ExperimentArm, policy: TrainedPolicy?, source: PolicySource
  ) throws -> [EpisodeOutcome] {
    func run<World: LibraryEnvironment>(_ world: World) throws -> [EpisodeOutcome] {
      try rollOut(rollout(of: arm, policy: policy, in: world), stop: setting.stop).map(\.outcome)
    }
    return try run(world(of: arm, policy: policy, source: source))
  }

  /// Where an arm runs: the world of its policy's training, with the arm's settings.
  private func world(
    of arm: ExperimentArm, policy: TrainedPolicy?, source: PolicySource
  ) throws -> any LibraryEnvironment {
    if case .expert(let environment) = source {
      return try EnvironmentLibrary.environment(
        named: environment, settings: arm.condition.settings(data: EnvironmentSettings()))
    }
    let configuration = policy!.configuration
    return try EnvironmentLibrary.environment(
      named: configuration.environment,
      settings: arm.condition.settings(data: configuration.trainedSettings.forMeasuring))
  }

  /// All evaluation episodes of an arm.
  private func rollout<World: LibraryEnvironment>(
    of arm: ExperimentArm, policy: TrainedPolicy?, in world: World
  ) throws -> RolloutPlan<World> {
    let driver: Driver<World> =
      try policy.map { .policy(try arm.sampling.applied(to: $0)) } ?? .expert(expert(of: world))
    return RolloutPlan(
      world: world, seeds: Array(plan.firstSeed..<plan.firstSeed + UInt64(plan.episodes)),
      command: arm.condition.command.choice, driver: driver, execution: arm.execution, threads: setting.threads)
  }

  /// The two arms of the first contrast side by side, in the first episodes in which one of them fails and the other does
  /// not; where there are none, in the first episode.
  ///
  /// - Returns: Films of the two arms for each episode; none where one of them was not finished.
  func films(of cells: [ArmCell]) throws -> [[SceneFilm]] {
    guard let contrast = plan.contrasts.first, !setting.stop.isRaised else { return [] }
    let pair = [contrast.first, contrast.second].compactMap { name in
      cells.first { $0.arm == name }.map { cell in (arm: plan.arms.first { $0.name == name }!, cell: cell) }
    }
    guard pair.count == 2 else { return [] }
    let differing = (0..<plan.episodes).filter { pair[0].cell.success[$0] != pair[1].cell.success[$0] }
    let policies = ArmPolicies(plan: plan, setting: setting)
    let drivers = try pair.map { arm, cell -> TrainedPolicy? in
      let source = plan.source(of: arm)
      if case .expert = source { return nil }
      return try policies.policy(source, named: arm.policy, trainingSeed: cell.trainingSeed)?.policy
    }
    return try (differing.isEmpty ? [0] : Array(differing.prefix(2))).map { episode in
      try zip(pair, drivers).map { side, policy in
        func film<World: LibraryEnvironment>(_ world: World) throws -> SceneFilm {
          var plan = try rollout(of: side.arm, policy: policy, in: world)
          plan.seeds = [plan.seeds[episode]]
          return try SceneFilm("\(side.arm.name), episode \(plan.seeds[0])", of: plan)
        }
        return try film(world(of: side.arm, policy: policy, source: plan.source(of: side.arm)))
      }
    }
  }
}

// Experiments that compare policies under conditions: a plan of arms is all that one of them says.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicies
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

    Writes report.html, result.json, arms.csv and, as they finish, the arms'
    episodes to cells.jsonl. Ctrl-C keeps what is done and reports it; the same command with
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
      plan: plan, cells: cells, costs: run.costs(of: cells), isQuick: options.quick,
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

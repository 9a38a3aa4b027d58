// DAgger as a learning method: policies of the same recipe, trained briefly, drive the rounds.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// DAgger in place of demonstrations alone: the expert drives first, then the learner more and more.
public struct DAgger: LearningMethod {
  /// What recipes call it.
  public static let name = "dagger"
  /// One line on what it does.
  public static let summary = "lets the learner drive and the expert label where it goes"
  /// Each round trains a policy of its own.
  public static let startsFromNothing = true

  /// Labels after the demonstrations and after each round.
  public var budgets = [20_000, 40_000, 60_000, 80_000]
  /// β of the first round: how often the expert drives.
  public var beta = 0.8
  /// Factor on β from round to round.
  public var betaDecay = 0.7
  /// Gradient steps of the policies that drive a round.
  public var roundSteps = 3_000
  /// Steps executed of each chunk while collecting.
  public var executionHorizon = 8

  /// All options at their defaults.
  public init() {}

  /// Options that are left out have their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    budgets = try container.decode(.budgets, or: budgets)
    beta = try container.decode(.beta, or: beta)
    betaDecay = try container.decode(.betaDecay, or: betaDecay)
    roundSteps = try container.decode(.roundSteps, or: roundSteps)
    executionHorizon = try container.decode(.executionHorizon, or: executionHorizon)
  }

  /// The same as the settings of `runDAgger`.
  public var configuration: DAggerConfiguration {
    DAggerConfiguration(
      labelBudgets: budgets, expertShare: beta, expertShareDecay: betaDecay, executionHorizon: executionHorizon)
  }

  /// - Throws: `UserError` naming the option that is out of range.
  public func validate() throws {
    try configuration.validate()
    try requireLimits(in: "method.options")
  }

  /// Budgets, shares and steps.
  public var provenance: [String: String] {
    [
      "label_budgets": budgets.map { "\($0)" }.joined(separator: ","), "beta": "\(beta)",
      "beta_decay": "\(betaDecay)", "round_steps": "\(roundSteps)",
    ]
  }

  /// Runs the rounds and writes `rounds.jsonl`; rounds that a stopped run has finished are read.
  public func labels(in context: any LearningContext) throws -> LabelSet {
    try collect(by: context.collection(), in: context)
  }

  private func collect<Labels: LabelCollection>(
    by collection: Labels, in context: any LearningContext
  ) throws -> LabelSet {
    var plan = collection.plan
    plan.labels = .chunkStarts
    var roundTraining = context.training
    roundTraining.steps = roundSteps
    try roundTraining.validate()
    let kept = RoundsOnDisk(
      folder: context.folder,
      info: DatasetInfo(of: plan.world, horizons: context.horizons, provenance: ["source": Self.name]))
    var rounds = context.resumes ? try kept.finished() : []
    let known = rounds
    return try runDAgger(
      configuration, plan: plan, horizons: context.horizons, into: context.emptyLabels(of: plan.world.features),
      progress: context.progress, stop: context.stop,
      earlier: { round in
        round < known.count ? (known[round], try kept.episodes(of: known, round: round)) : nil
      },
      onRound: { round, episodes in
        rounds.append(round)
        _ = try context.openFolder()
        try kept.add(episodes, rounds: rounds)
        context.note(
          "round \(round.round): β \(round.expertShare), \(round.labels) labels of \(round.episodes) episodes, success while collecting \(Int(100 * round.successRate)) %"
        )
      }
    ) { labels, _ in
      let trainer = try Trainer(
        policy: context.makePolicy(for: labels), labels: labels, configuration: roundTraining)
      try trainer.run(progress: context.progress, stop: context.stop)
      return trainer.trainedPolicy
    }
  }

  /// Removes the episodes of the rounds; `rounds.jsonl` stays.
  public func removeLeftovers(from folder: URL) { RoundsOnDisk.removeEpisodes(from: folder) }
}

extension DAgger: Limited {
  /// What is no matter of the rounds' configuration as a whole.
  public static var limits: [NumberLimit<DAgger>] {
    [
      NumberLimit("beta", DAggerConfiguration.Limits.share) { $0.beta },
      NumberLimit("betaDecay", DAggerConfiguration.Limits.share) { $0.betaDecay },
      NumberLimit("roundSteps", TrainingConfiguration.Limits.steps) { $0.roundSteps },
      NumberLimit("executionHorizon", Horizons.Limits.steps) { $0.executionHorizon },
    ]
  }
}

// DAgger that asks the expert only where it takes over: label-efficient variants as a learning method.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization

/// DAgger whose expert takes over for a share of the chunks, and labels those alone.
///
/// The learner drives; at each chunk's start a gate decides whether the expert takes over, and only such chunks are labelled
/// and count. The gate `ensemble` opens where policies of other seeds, trained on the same labels, disagree with the
/// learner most (EnsembleDAgger, Menda et al. 2019, arXiv 1807.08364; the threshold as in ThriftyDAgger, Hoque et al. 2021,
/// arXiv 2109.08273: the quantile that gives the share wanted, on episodes that nobody labels); `novelty` where what is
/// observed is far from all labelled states; `supervisor` where the learner is about to do what the expert would not, which
/// stands for the person of HG-DAgger (Kelly et al. 2019, arXiv 1810.02890), who must watch all the time. `chance` opens it
/// as often at random, which is the control.
public struct GatedDAgger: LearningMethod {
  /// What recipes call it.
  public static let name = "gated-dagger"
  /// One line on what it does.
  public static let summary = "lets the learner drive, and the expert take over and label where a gate says so"
  /// Each round trains policies of its own.
  public static let startsFromNothing = true

  /// When the expert takes over.
  public enum Gate: String, Codable, CaseIterable, Sendable {
    /// Where policies of other seeds disagree most.
    case ensemble
    /// Where the observation is farthest from all that was labelled.
    case novelty
    /// Where the learner would do what is farthest from what the expert would: a person who watches all the time.
    case supervisor
    /// At random.
    case chance
  }

  /// Labels after the demonstrations and after each round.
  public var budgets = [6_000, 12_000, 24_000]
  /// When the expert takes over.
  public var gate = Gate.ensemble
  /// The share of chunks that it takes over.
  public var share = 0.3
  /// Policies that must agree, the learner among them.
  public var members = 3
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
    gate = try container.decode(.gate, or: gate)
    share = try container.decode(.share, or: share)
    members = try container.decode(.members, or: members)
    roundSteps = try container.decode(.roundSteps, or: roundSteps)
    executionHorizon = try container.decode(.executionHorizon, or: executionHorizon)
  }

  /// - Throws: `UserError` naming the option that is out of range.
  public func validate() throws {
    try DAggerConfiguration(labelBudgets: budgets, executionHorizon: executionHorizon).validate()
    try requireLimits(in: "method.options")
  }

  /// Budgets, gate and steps.
  public var provenance: [String: String] {
    [
      "label_budgets": budgets.map { "\($0)" }.joined(separator: ","), "gate": gate.rawValue, "share": "\(share)",
      "members": "\(members)", "round_steps": "\(roundSteps)",
    ]
  }

  /// Runs the rounds. A run that goes on collects again, to the same labels.
  public func labels(in context: any LearningContext) throws -> LabelSet {
    try collect(by: context.collection(), in: context)
  }

  private func collect<Labels: LabelCollection>(
    by collection: Labels, in context: any LearningContext
  ) throws -> LabelSet {
    var plan = collection.plan
    plan.labels = .chunkStarts
    plan.labelsTakeoversOnly = true
    return try runDAgger(
      DAggerConfiguration(
        labelBudgets: budgets, expertShare: share, expertShareDecay: 1, executionHorizon: executionHorizon),
      plan: plan, horizons: context.horizons, into: context.emptyLabels(of: plan.world.features),
      progress: context.progress, stop: context.stop,
      onRound: { done, _ in
        guard done.round > 0 else { return }
        context.note("round \(done.round): \(done.labels) labels of \(done.episodes) episodes, gate \(gate.rawValue)")
      },
      takeover: { try takeover(from: $0, $1, round: $2, plan, in: context) },
      train: { labels, _ in try train(on: labels, member: 0, in: context) })
  }

  /// The gate of a round: where the measure is above the quantile that gives the share wanted, on episodes that nobody
  /// labels; nil where nothing is measured.
  private func takeover<World: Environment>(
    from learner: any Policy, _ labels: LabelSet, round: Int, _ plan: CollectionPlan<World>,
    in context: any LearningContext
  ) throws -> ExpertTakeover? {
    guard let doubt = try doubt(labels, in: context) else { return nil }
    let seen = Mutex<[Float]>([])
    let watching = ExpertTakeover.gate { observation, chunk, expert in
      let measured = doubt(observation, chunk, expert)
      seen.withLock { $0.append(measured) }
      return false
    }
    // Far from the episodes that are labelled.
    _ = try plan.episodes(
      32, offset: 500_000 + 32 * round, driver: .mixture(learner: learner, expert: plan.expert, takeover: watching),
      executionHorizon: executionHorizon, stop: context.stop)
    guard let gate = DoubtGate(openingFor: share, of: seen.withLock(\.self)) else { return nil }
    return .gate { gate.opens(at: doubt($0, $1, $2)) }
  }

  /// What the gate measures; nil where it does not look.
  private func doubt(_ labels: LabelSet, in context: any LearningContext) throws -> Doubt? {
    let steps = executionHorizon
    switch gate {
    case .chance: return nil
    case .ensemble:
      let others = try (1..<members).map { try train(on: labels, member: $0, in: context) }
      let disagreement = Disagreement(others: others, steps: steps)
      return { observation, chunk, _ in disagreement.measure(observation, chunk) }
    case .novelty:
      let novelty = try Novelty(labels)
      return { observation, _, _ in novelty.measure(observation) }
    case .supervisor: return { _, chunk, expert in chunk.distance(to: expert(), steps: steps) }
    }
  }

  /// A policy of the recipe, with weights and batches of its own for each member.
  private func train(on labels: LabelSet, member: Int, in context: any LearningContext) throws -> TrainedPolicy {
    var training = context.training
    training.steps = roundSteps
    training.seed += UInt64(1_000 * member)
    var policy = try context.makePolicy(for: labels)
    if member > 0 {
      var configuration = policy.configuration
      configuration.seed += UInt64(1_000 * member)
      policy = try TrainablePolicy(configuration)
    }
    let trainer = try Trainer(policy: policy, labels: labels, configuration: training)
    try trainer.run(progress: context.progress, stop: context.stop)
    return trainer.trainedPolicy
  }
}

extension GatedDAgger: Limited {
  /// What is no matter of the budgets.
  public static var limits: [NumberLimit<GatedDAgger>] {
    [
      NumberLimit("share", DAggerConfiguration.Limits.share) { $0.share },
      NumberLimit("members", 2...16) { $0.members },
      NumberLimit("roundSteps", TrainingConfiguration.Limits.steps) { $0.roundSteps },
      NumberLimit("executionHorizon", Horizons.Limits.steps) { $0.executionHorizon },
    ]
  }
}

// DAgger: let the learner drive, let the expert label where the learner went, train on everything.

import PlanarDatasets
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// What one round of DAgger did.
public struct DAggerRound: Codable, Equatable, Sendable {
  /// 0 is the demonstrations.
  public var round: Int
  /// All labels so far: every one of them was paid for.
  public var labels: Int
  /// Episodes that were driven in the round.
  public var episodes: Int
  /// β: the chance, per chunk, that the expert drove.
  public var expertShare: Double
  /// Success while collecting, under the mixture of expert and learner.
  public var successRate: Double

  enum CodingKeys: String, CodingKey {
    case round, labels, episodes
    case expertShare = "expert_share"
    case successRate = "success_rate"
  }
}

/// Dataset aggregation (Ross, Gordon & Bagnell 2011) for chunked policies: the expert labels whole chunks,
/// at chunk starts that the learner visited.
///
/// The caller trains: `train` gets all labels so far and returns the policy that drives the next round. So the
/// same loop serves any head and any trainer.
///
/// - Parameters:
///   - plan: how labels are collected; its schedule applies to demonstrations and rounds alike.
///   - empty: what labels are collected into; nil for a set of all that the world shows.
///   - takeover: when the expert drives in a round, given who learned so far; nil, or where it says nil, by chance for the configuration's share.
///   - train: called before each round, with all labels so far and the round's number.
///   - earlier: what a round of a stopped run has added, by the round's number; nil for those that are still to do.
///   - onRound: called after the demonstrations and after each round that was done here, with what it has added.
/// - Returns: All labels, exactly the last budget's worth unless stopped.
/// - Throws: `UserError` where a setting is out of range, and what `train` throws.
public func runDAgger<World: Environment>(
  _ configuration: DAggerConfiguration, plan: CollectionPlan<World>, horizons: Horizons,
  into empty: LabelSet? = nil, progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag(),
  earlier: (_ round: Int) throws -> (DAggerRound, [Episode])? = { _ in nil },
  onRound: (DAggerRound, [Episode]) throws -> Void = { _, _ in },
  takeover: ((_ learner: any Policy, _ labels: LabelSet, _ round: Int) throws -> ExpertTakeover?)? = nil,
  train: (_ labels: LabelSet, _ round: Int) throws -> any Policy
) throws -> LabelSet {
  try configuration.validate()
  var labels = empty ?? LabelSet(features: plan.world.features, horizons: horizons)
  var episodeCount = 0
  for (round, budget) in configuration.labelBudgets.enumerated() where !stop.isRaised {
    if let (done, episodes) = try earlier(round) {
      try labels.append(episodes)
      episodeCount = done.episodes
      continue
    }
    let share = round == 0 ? 1 : configuration.expertShare(round: round)
    var driver: Driver<World>?
    if round > 0 {
      let learner = try train(labels, round)
      if stop.isRaised { break }
      let takeover = try takeover?(learner, labels, round) ?? .probability(share)
      if stop.isRaised { break }
      driver = .mixture(learner: learner, expert: plan.expert, takeover: takeover)
    }
    let fresh = try plan.episodes(
      holdingLabels: budget - labels.count, offset: episodeCount, driver: driver,
      executionHorizon: configuration.executionHorizon, progress: progress, stop: stop)
    let kept = firstLabels(of: fresh, count: budget - labels.count)
    // What a stopped round has is no round.
    if stop.isRaised, kept.reduce(0, { $0 + $1.labels.count }) < budget - labels.count { break }
    try labels.append(kept)
    episodeCount += fresh.count
    try onRound(
      DAggerRound(
        round: round, labels: labels.count, episodes: episodeCount, expertShare: share,
        successRate: Double(fresh.count { $0.success }) / Double(max(1, fresh.count))), kept)
  }
  return labels
}

/// The episodes up to the label that reaches `count`; later labels are dropped, so that budgets are met exactly.
public func firstLabels(of episodes: [Episode], count: Int) -> [Episode] {
  var left = count
  var kept: [Episode] = []
  for var episode in episodes {
    if left == 0 { break }
    if episode.labels.isEmpty { continue }
    if episode.labels.count > left {
      episode.labels.removeLast(episode.labels.count - left)
      episode.labelFrames.removeLast(episode.labelFrames.count - left)
    }
    left -= episode.labels.count
    kept.append(episode)
  }
  return kept
}

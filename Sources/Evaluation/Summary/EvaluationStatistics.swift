// The figures of an evaluation, counted as its episodes come, so that none has to be kept.

import PlanarRollouts

/// What `EvaluationSummary` is made from: counts and sums over episodes, added in their order.
public struct EvaluationStatistics: Sendable {
  /// How many episodes there were, and how many succeeded.
  public private(set) var success = Proportion(successes: 0, trials: 0)
  /// The least and the greatest seed; nil without episodes.
  private(set) var seeds: ClosedRange<UInt64>?
  private(set) var stepsToSuccess = 0
  private(set) var totalReward = 0.0
  private(set) var otherGoalEpisodes = 0
  private(set) var drawnGoalEpisodes = 0
  private(set) var motion = MeanMotion()
  /// Those worth seeing again.
  public private(set) var tellingEpisodes = TellingEpisodes()
  private var metrics: [String: (sum: Double, count: Int)] = [:]
  private var hasMetrics = false
  private var conditions: [String: [String: Proportion]] = [:]

  /// No episode yet.
  public init() {}

  /// Adds an episode.
  public mutating func add(_ outcome: EpisodeOutcome) {
    let seed = outcome.info.seed
    success.add(outcome.success)
    tellingEpisodes.add(outcome)
    seeds = min(seeds?.lowerBound ?? seed, seed)...max(seeds?.upperBound ?? seed, seed)
    stepsToSuccess += outcome.stepsToSuccess ?? 0
    totalReward += outcome.totalReward
    if outcome.failure == .otherGoal { otherGoalEpisodes += 1 }
    if outcome.reachedDrawnGoal { drawnGoalEpisodes += 1 }
    if let motion = outcome.motion { self.motion.add(motion) }
    if let values = outcome.metrics {
      hasMetrics = true
      for (name, value) in values {
        let before = metrics[name] ?? (0, 0)
        metrics[name] = (before.sum + value, before.count + 1)
      }
    }
    for (attribute, value) in outcome.info.goal {
      conditions[attribute, default: [:]][value, default: Proportion(successes: 0, trials: 0)].add(outcome.success)
    }
  }

  /// The mean of each metric over the episodes that have it; nil where no episode has any.
  var meanMetrics: [String: Double]? { hasMetrics ? metrics.mapValues { $0.sum / Double($0.count) } : nil }

  /// Success by each attribute of the goal, values ascending.
  var byCondition: [String: [ConditionRow]] {
    conditions.mapValues { values in
      values.sorted { $0.key < $1.key }.map { value, success in
        ConditionRow(
          value: value, episodes: success.trials, successes: success.successes, successRate: success.rate,
          intervalLow: success.interval.lowerBound, intervalHigh: success.interval.upperBound)
      }
    }
  }
}

// comparison.json: what came of several policies on the same episodes, pair by pair.

import PlanarRollouts

/// A comparison of policies on the same episodes. There are no timings, so that two runs of one plan compare equal.
public struct PolicyComparison: Codable, Equatable, Sendable {
  /// The environment's name.
  public var environment: String
  /// The level of domain randomization.
  public var randomization: String
  /// The episodes in a few words, as tables name them.
  public var condition: String
  /// The seed of the first episode.
  public var firstSeed: UInt64
  /// How many episodes were planned.
  public var episodes: Int
  /// How the pairs are decided.
  public var rules: ComparisonRules
  /// The policies, in the order in which they were named.
  public var policies: [PolicyRow]
  /// Every pair of them; those of the first policy come first.
  public var pairs: [PairRow]

  /// One policy of a comparison.
  public struct PolicyRow: Codable, Equatable, Sendable {
    /// Its name.
    public var policy: String
    /// The folder of its checkpoint, as it was named; nil where no checkpoint drove.
    public var checkpoint: String?
    /// The checksum of its weights; nil where no checkpoint drove.
    public var weights: String?
    /// How many training seeds stand behind its figures: 1 for a checkpoint, 0 for what was not trained.
    public var trainingSeeds: Int
    /// Episodes that it was put to.
    public var episodes: Int
    /// Those of them in which it succeeded.
    public var successes: Int
    /// successes / episodes.
    public var successRate: Double
    /// The lower bound of the exact 95 % interval.
    public var intervalLow: Double
    /// The upper bound of it.
    public var intervalHigh: Double

    /// A policy, before its episodes are counted.
    public init(policy: String, checkpoint: String? = nil, weights: String? = nil) {
      self.policy = policy
      self.checkpoint = checkpoint
      self.weights = weights
      trainingSeeds = checkpoint == nil ? 0 : 1
      (episodes, successes, successRate, intervalLow, intervalHigh) = (0, 0, 0, 0, 1)
    }

    /// The success rate with its counts.
    var success: Proportion { Proportion(successes: successes, trials: episodes) }

    fileprivate mutating func count(_ outcomes: [Bool]) {
      let success = Proportion(outcomes)
      (episodes, successes, successRate) = (success.trials, success.successes, success.rate)
      (intervalLow, intervalHigh) = (success.interval.lowerBound, success.interval.upperBound)
    }

    enum CodingKeys: String, CodingKey {
      case policy, checkpoint, weights, episodes, successes
      case trainingSeeds = "training_seeds"
      case successRate = "success_rate"
      case intervalLow = "interval_low"
      case intervalHigh = "interval_high"
    }
  }

  enum CodingKeys: String, CodingKey {
    case environment, randomization, condition, episodes, rules, policies, pairs
    case firstSeed = "first_seed"
  }

  /// Compares every policy with every other.
  ///
  /// - Parameters:
  ///   - summary: of the first policy's evaluation: environment and condition are the same for all.
  ///   - policies: in the order of `episodes`.
  ///   - decisions: that have looked at these episodes.
  ///   - replay: the command that shows an episode.
  public init(
    of episodes: ComparedEpisodes, decisions: PairedDecisions, policies: [PolicyRow], summary: EvaluationSummary,
    firstSeed: UInt64, planned: Int, replay: (ComparedEpisodes.Scene) -> String
  ) {
    environment = summary.environment
    randomization = summary.randomization
    condition = summary.conditionName
    self.firstSeed = firstSeed
    self.episodes = planned
    rules = decisions.rules
    self.policies = policies
    for index in policies.indices { self.policies[index].count(episodes.successes[index]) }
    let names = policies.map(\.policy)
    pairs = decisions.pairs.map { PairRow($0, of: episodes, names: names, replay: replay) }
    decide(by: decisions)
  }

  /// What the whole comes to for the first policy: `worse` where it is worse than any other, else `undecided` where it is
  /// undecided beside any, else what its pairs say.
  public var verdictOfFirst: ComparisonVerdict {
    let verdicts = pairs.filter { $0.first == policies[0].policy }.map(\.verdict)
    for verdict in [ComparisonVerdict.worse, .undecided] where verdicts.contains(verdict) { return verdict }
    return verdicts.contains(.better) ? .better : verdicts.first ?? .undecided
  }
}

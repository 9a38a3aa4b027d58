// summary.json: what an evaluation found, in figures.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// Success under one value of a goal's attribute.
public struct ConditionRow: Codable, Equatable, Sendable {
  /// Such as `red`.
  public var value: String
  /// Episodes whose goal has this value.
  public var episodes: Int
  /// Those of them that succeeded.
  public var successes: Int
  /// successes / episodes.
  public var successRate: Double
  /// The lower bound of Wilson's 95 % interval.
  public var intervalLow: Double
  /// The upper bound of it.
  public var intervalHigh: Double

  enum CodingKeys: String, CodingKey {
    case value, episodes, successes
    case successRate = "success_rate"
    case intervalLow = "interval_low"
    case intervalHigh = "interval_high"
  }
}

/// The figures of one evaluation. Keys in JSON are snake_case; there are no timings, so that two runs of
/// the same plan compare equal byte by byte.
public struct EvaluationSummary: Codable, Equatable, Sendable {
  /// The environment's name.
  public var environment: String
  /// The level of domain randomization.
  public var randomization: String
  /// The policy's name, or `expert`, `random`.
  public var policy: String
  /// Which command ran: `drawn`, `swapped`, `text` or `wordings`.
  public var command: String
  /// The file of wordings that the commands were worded by, without folder and ending; nil without one.
  public var wordings: String?
  /// What else of the environment differed from its files, such as `["language": "ko"]`; nil where nothing did.
  public var variation: [String: String]?
  /// Denoising or integration steps, where others than the checkpoint's own were asked for.
  public var samplingSteps: Int?
  /// The seed of the first episode.
  public var firstSeed: UInt64
  /// The seed of the last episode.
  public var lastSeed: UInt64
  /// How many episodes there were.
  public var episodes: Int
  /// How many of them succeeded.
  public var successes: Int
  /// successes / episodes.
  public var successRate: Double
  /// Wilson's 95 % interval of the success rate.
  public var intervalLow: Double
  /// The upper bound of it.
  public var intervalHigh: Double
  /// Over successful episodes; nil without any.
  public var meanStepsToSuccess: Double?
  /// Over all episodes: the mean of the sum of rewards.
  public var meanTotalReward: Double
  /// Failed episodes in which the goal drawn with the scene was reached in place of the command's.
  public var otherGoalEpisodes: Int
  /// Share of all episodes in which the goal drawn with the scene held at any step. Under a swapped command a policy
  /// that reads the text reaches it no more often than the expert that obeys the same command does.
  public var drawnGoalRate: Double
  /// The means of what the task measures of each episode, such as `final_coverage`; nil where it measures nothing.
  public var meanMetrics: [String: Double]?
  /// How the policy's chunks were executed, the horizon in force filled in; nil where no policy drove, and in files
  /// from before this was kept.
  public var execution: ChunkExecution?
  /// The means over episodes of how smoothly the robot was moved.
  public var motion: MotionMetrics?
  /// Success by each attribute of the goal, values ascending.
  public var byCondition: [String: [ConditionRow]]

  /// Sums up outcomes.
  ///
  /// - Parameter execution: what was in force: `RolloutPlan.executionInForce`.
  public init(
    of outcomes: [EpisodeOutcome], environment: String, randomization: String, policy: String,
    command: CommandChoice = .drawn, variation: [String: String] = [:], execution: ChunkExecution? = nil
  ) {
    var tally = EvaluationTally()
    for outcome in outcomes { tally.add(outcome) }
    self.init(
      of: tally, environment: environment, randomization: randomization, policy: policy, command: command,
      variation: variation, execution: execution)
  }

  /// Sums up outcomes that were counted as they came; the same figures, bit by bit, as of all of them at once.
  ///
  /// - Parameter execution: what was in force: `RolloutPlan.executionInForce`.
  public init(
    of tally: EvaluationTally, environment: String, randomization: String, policy: String,
    command: CommandChoice = .drawn, variation: [String: String] = [:], execution: ChunkExecution? = nil
  ) {
    let success = tally.success
    let trials = Double(max(1, success.trials))
    self.environment = environment
    self.randomization = randomization
    self.policy = policy
    self.command =
      switch command {
      case .drawn: "drawn"
      case .swapped: "swapped"
      case .text: "text"
      case .wordings: "wordings"
      }
    self.variation = variation.isEmpty ? nil : variation
    firstSeed = tally.seeds?.lowerBound ?? 0
    lastSeed = tally.seeds?.upperBound ?? 0
    episodes = success.trials
    successes = success.successes
    successRate = success.rate
    intervalLow = success.interval.lowerBound
    intervalHigh = success.interval.upperBound
    meanStepsToSuccess = success.successes == 0 ? nil : Double(tally.stepsToSuccess) / Double(success.successes)
    meanTotalReward = tally.totalReward / trials
    otherGoalEpisodes = tally.otherGoalEpisodes
    drawnGoalRate = Double(tally.drawnGoalEpisodes) / trials
    meanMetrics = tally.meanMetrics
    self.execution = execution
    motion = tally.motion.mean
    byCondition = tally.byCondition
  }

  /// The success rate with its counts.
  public var success: Proportion { Proportion(successes: successes, trials: episodes) }

  enum CodingKeys: String, CodingKey {
    case environment, randomization, policy, command, wordings, variation, episodes, successes, execution, motion
    case samplingSteps = "sampling_steps"
    case firstSeed = "first_seed"
    case lastSeed = "last_seed"
    case successRate = "success_rate"
    case intervalLow = "interval_low"
    case intervalHigh = "interval_high"
    case meanStepsToSuccess = "mean_steps_to_success"
    case meanTotalReward = "mean_total_reward"
    case otherGoalEpisodes = "other_goal_episodes"
    case drawnGoalRate = "drawn_goal_rate"
    case meanMetrics = "mean_metrics"
    case byCondition = "by_condition"
  }
}

/// Success by each attribute of the goal, such as `color` → rows `blue`, `red`.
public func successByCondition(_ outcomes: [EpisodeOutcome]) -> [String: [ConditionRow]] {
  var tally = EvaluationTally()
  for outcome in outcomes { tally.add(outcome) }
  return tally.byCondition
}

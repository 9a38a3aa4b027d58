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
  /// The lower bound of the exact 95 % interval (Clopper–Pearson).
  public var intervalLow: Double
  /// The upper bound of it.
  public var intervalHigh: Double

  /// The success rate with its counts.
  package var success: Proportion { Proportion(successes: successes, trials: episodes) }

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
  /// The folder of the checkpoint, as it was named; nil where no checkpoint drove or none was recorded.
  public var checkpoint: String?
  /// The checksum of its weights: two checkpoints may have one name.
  public var weights: String?
  /// Which command ran: `drawn`, `swapped`, `text` or `wordings`.
  public var command: String
  /// The file of wordings that the commands were worded by, without folder and ending; nil without one.
  public var wordings: String?
  /// What else of the environment differed from its files, such as `["language": "ko"]`; nil where nothing did.
  public var variation: [String: String]?
  /// Denoising or integration steps, where others than the checkpoint's own were asked for.
  public var samplingSteps: Int?
  /// How denoising steps were spread, where others than the checkpoint's own were asked for.
  public var timestepSpacing: String?
  /// How else chunks were made otherwise than the checkpoint says, by option of `planar eval`, such as
  /// `["weights": "int8"]`; nil where nothing was.
  public var sampling: [String: String]?
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
  /// The exact 95 % interval of the success rate (Clopper–Pearson).
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
  /// How the policy's chunks were executed, the horizon in force filled in; nil where no policy drove or
  /// none was recorded.
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
    var statistics = EvaluationStatistics()
    for outcome in outcomes { statistics.add(outcome) }
    self.init(
      of: statistics, environment: environment, randomization: randomization, policy: policy, command: command,
      variation: variation, execution: execution)
  }

  /// Sums up outcomes that were counted as they came; the same figures, bit by bit, as of all of them at once.
  ///
  /// - Parameter execution: what was in force: `RolloutPlan.executionInForce`.
  public init(
    of statistics: EvaluationStatistics, environment: String, randomization: String, policy: String,
    command: CommandChoice = .drawn, variation: [String: String] = [:], execution: ChunkExecution? = nil
  ) {
    let success = statistics.success
    let trials = Double(max(1, success.trials))
    self.environment = environment
    self.randomization = randomization
    self.policy = policy
    self.command =
      switch command {
      case .drawn: "drawn"
      case .swapped: "swapped"
      case .unsaid(let kind): kind.rawValue
      case .text: "text"
      case .wordings: "wordings"
      }
    self.variation = variation.isEmpty ? nil : variation
    firstSeed = statistics.seeds?.lowerBound ?? 0
    lastSeed = statistics.seeds?.upperBound ?? 0
    episodes = success.trials
    successes = success.successes
    successRate = success.rate
    intervalLow = success.interval.lowerBound
    intervalHigh = success.interval.upperBound
    meanStepsToSuccess = success.successes == 0 ? nil : Double(statistics.stepsToSuccess) / Double(success.successes)
    meanTotalReward = statistics.totalReward / trials
    otherGoalEpisodes = statistics.otherGoalEpisodes
    drawnGoalRate = Double(statistics.drawnGoalEpisodes) / trials
    meanMetrics = statistics.meanMetrics
    self.execution = execution
    motion = statistics.motion.mean
    byCondition = statistics.byCondition
  }

  /// - Throws: `UserError` where more episodes succeeded than there were; and what the decoder throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    environment = try container.decode(String.self, forKey: .environment)
    randomization = try container.decode(String.self, forKey: .randomization)
    policy = try container.decode(String.self, forKey: .policy)
    checkpoint = try container.decodeIfPresent(String.self, forKey: .checkpoint)
    weights = try container.decodeIfPresent(String.self, forKey: .weights)
    command = try container.decode(String.self, forKey: .command)
    wordings = try container.decodeIfPresent(String.self, forKey: .wordings)
    variation = try container.decodeIfPresent([String: String].self, forKey: .variation)
    samplingSteps = try container.decodeIfPresent(Int.self, forKey: .samplingSteps)
    timestepSpacing = try container.decodeIfPresent(String.self, forKey: .timestepSpacing)
    sampling = try container.decodeIfPresent([String: String].self, forKey: .sampling)
    firstSeed = try container.decode(UInt64.self, forKey: .firstSeed)
    lastSeed = try container.decode(UInt64.self, forKey: .lastSeed)
    episodes = try container.decode(Int.self, forKey: .episodes)
    successes = try container.decode(Int.self, forKey: .successes)
    successRate = try container.decode(Double.self, forKey: .successRate)
    intervalLow = try container.decode(Double.self, forKey: .intervalLow)
    intervalHigh = try container.decode(Double.self, forKey: .intervalHigh)
    meanStepsToSuccess = try container.decodeIfPresent(Double.self, forKey: .meanStepsToSuccess)
    meanTotalReward = try container.decode(Double.self, forKey: .meanTotalReward)
    otherGoalEpisodes = try container.decode(Int.self, forKey: .otherGoalEpisodes)
    drawnGoalRate = try container.decode(Double.self, forKey: .drawnGoalRate)
    meanMetrics = try container.decodeIfPresent([String: Double].self, forKey: .meanMetrics)
    execution = try container.decodeIfPresent(ChunkExecution.self, forKey: .execution)
    motion = try container.decodeIfPresent(MotionMetrics.self, forKey: .motion)
    byCondition = try container.decode([String: [ConditionRow]].self, forKey: .byCondition)
    guard successes <= episodes else {
      throw UserError("says that \(successes) of \(episodes) episodes succeeded")
    }
    guard episodes <= 0 || abs(successRate - Double(successes) / Double(episodes)) < 1e-6 else {
      throw UserError(
        "says that \(successes) of \(episodes) episodes succeeded, and that the success rate is \(successRate)")
    }
  }

  /// The success rate with its counts.
  public var success: Proportion { Proportion(successes: successes, trials: episodes) }

  /// Success by the goal's attributes, in their order.
  package var conditions: [(attribute: String, rows: [ConditionRow])] {
    byCondition.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  enum CodingKeys: String, CodingKey {
    case environment, randomization, policy, checkpoint, weights, command, wordings, variation, sampling, episodes,
      successes, execution, motion
    case samplingSteps = "sampling_steps"
    case timestepSpacing = "timestep_spacing"
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

extension EvaluationSummary: Limited {
  /// Every number's: counts fit each other, and rates are rates.
  public static var limits: [NumberLimit<EvaluationSummary>] {
    let counts = 0...1_000_000_000
    return [
      NumberLimit("episodes", 1...1_000_000_000) { $0.episodes },
      NumberLimit("successes", counts) { $0.successes },
      NumberLimit("sampling_steps", 1...10_000) { $0.samplingSteps },
      NumberLimit("first_seed", SeedRanges.all) { $0.firstSeed },
      NumberLimit("last_seed", SeedRanges.all) { $0.lastSeed },
      NumberLimit("success_rate", 0...1.0) { $0.successRate },
      NumberLimit("interval_low", -0.001...1.001) { $0.intervalLow },
      NumberLimit("interval_high", -0.001...1.001) { $0.intervalHigh },
      NumberLimit("other_goal_episodes", counts) { $0.otherGoalEpisodes },
      NumberLimit("drawn_goal_rate", 0...1.0) { $0.drawnGoalRate },
    ]
  }
}

extension ConditionRow: Limited {
  /// Every number's.
  public static var limits: [NumberLimit<ConditionRow>] {
    [
      NumberLimit("episodes", 0...1_000_000_000) { $0.episodes },
      NumberLimit("successes", 0...1_000_000_000) { $0.successes },
      NumberLimit("success_rate", 0...1.0) { $0.successRate },
    ]
  }
}

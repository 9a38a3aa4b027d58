// What came of one episode.

import PlanarPolicyInterface

/// How an episode ended. It holds no timings: two runs of the same plan compare equal.
public struct EpisodeOutcome: Codable, Equatable, Sendable {
  /// The episode's index in the plan.
  public var index: Int
  /// What the episode's reset drew.
  public var info: EpisodeInfo
  /// The command was obeyed before the time limit.
  public var success: Bool
  /// Control steps taken.
  public var steps: Int
  /// The sum of rewards.
  public var totalReward: Double
  /// Whether the goal *drawn with the scene* held after any step. Where another command ran, this tells
  /// a policy that ignores the text from one that fails.
  public var reachedDrawnGoal: Bool
  /// Whether the goal drawn with the scene held after the last step.
  public var endedAtDrawnGoal: Bool
  /// Why the episode failed; nil where it succeeded.
  public var failure: EpisodeFailure?
  /// What the task measured besides, at the episode's end; nil where it measures nothing.
  public var metrics: [String: Double]?
  /// How smoothly the robot was moved; nil where it was not recorded.
  public var motion: MotionMetrics?

  /// Control steps until success; nil where there was none.
  public var stepsToSuccess: Int? { success ? steps : nil }

  /// What came of an episode.
  public init(
    index: Int, info: EpisodeInfo, success: Bool, steps: Int, totalReward: Double,
    reachedDrawnGoal: Bool, endedAtDrawnGoal: Bool, failure: EpisodeFailure?,
    metrics: [String: Double]? = nil, motion: MotionMetrics? = nil
  ) {
    self.index = index
    self.info = info
    self.success = success
    self.steps = steps
    self.totalReward = totalReward
    self.reachedDrawnGoal = reachedDrawnGoal
    self.endedAtDrawnGoal = endedAtDrawnGoal
    self.failure = failure
    self.metrics = metrics
    self.motion = motion
  }

  enum CodingKeys: String, CodingKey {
    case index, info, success, steps, failure, metrics, motion
    case totalReward = "total_reward"
    case reachedDrawnGoal = "reached_drawn_goal"
    case endedAtDrawnGoal = "ended_at_drawn_goal"
  }
}

/// Why an episode did not succeed.
public enum EpisodeFailure: String, Codable, Sendable {
  /// The time limit came first, with neither goal reached.
  case outOfTime = "out_of_time"
  /// The time limit came first, and the goal drawn with the scene was pursued instead of the command.
  case otherGoal = "other_goal"
  /// The task ended the episode: a rule was broken, such as touching an obstacle.
  case ruleBroken = "rule_broken"
}

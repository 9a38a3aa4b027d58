// What was measured of one arm at one training seed.

import PlanarCore
import PlanarRollouts

/// One arm with the policy of one training seed, over all evaluation episodes.
public struct ArmCell: Codable, Equatable, Sendable {
  /// The arm's name.
  public var arm: String
  /// The seed of the policy's training; 0 for a checkpoint that was there before.
  public var trainingSeed: UInt64
  /// For each episode, in order of seeds: the command was obeyed.
  public var success: [Bool]
  /// For each episode: the goal drawn with the scene was reached.
  public var drawnGoal: [Bool]
  /// Control steps that each episode took.
  public var steps: [Int]
  /// What the task measured besides, by name, in each episode that has it.
  public var metrics: [String: [Double]]
  /// How smoothly the robot moved, over episodes; nil where it was not recorded.
  public var motion: MotionMetrics?
  /// The last validation loss of a policy that was trained for the experiment.
  public var validationLoss: Double?

  /// The share of episodes in which the command was obeyed.
  public var successRate: Double { Double(success.count { $0 }) / Double(max(1, success.count)) }

  /// Sums up a rollout.
  init(arm: String, trainingSeed: UInt64, validationLoss: Double?, _ outcomes: [EpisodeOutcome]) {
    self.arm = arm
    self.trainingSeed = trainingSeed
    self.validationLoss = validationLoss
    success = outcomes.map(\.success)
    drawnGoal = outcomes.map(\.reachedDrawnGoal)
    steps = outcomes.map(\.steps)
    var metrics: [String: [Double]] = [:]
    for outcome in outcomes {
      for (name, value) in outcome.metrics ?? [:] { metrics[name, default: []].append(value) }
    }
    self.metrics = metrics
    motion = MotionMetrics.mean(of: outcomes.compactMap(\.motion))
  }

  /// What is counted of each episode.
  func values(of measure: Contrast.Measure) -> [Bool] { measure == .success ? success : drawnGoal }

  /// Why the plan can have no such cell behind others, for `CellLog`; nil where it can.
  func problem(in plan: ArmPlan, after others: [ArmCell]) -> String? {
    let name = "is the cell of the arm '\(arm)' with training seed \(trainingSeed)"
    guard let known = plan.arms.first(where: { $0.name == arm }), plan.seeds(of: known).contains(trainingSeed) else {
      return "\(name), which plan.json does not ask for"
    }
    if others.contains(where: { $0.arm == arm && $0.trainingSeed == trainingSeed }) {
      return "\(name), which a line before it has"
    }
    guard [success.count, drawnGoal.count, steps.count].allSatisfy({ $0 == plan.episodes }) else {
      return "\(name), and has not \(plan.episodes) episodes"
    }
    guard steps.allSatisfy({ $0 >= 0 }) else { return "\(name), and has a number of steps below 0" }
    return nil
  }
}

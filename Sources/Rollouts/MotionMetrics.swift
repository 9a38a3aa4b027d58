// How smoothly a robot is moved: jumps where chunks meet, and changes from action to action.

import PlanarPolicyInterface

/// What an episode's actions say of smoothness, in normalised action units. Under a delay the jumps tell switching
/// rules apart; changes and second differences also show the stops of one that waits.
public struct MotionMetrics: Codable, Equatable, Sendable {
  /// The mean over chunk boundaries of `‖new − old‖`: the first action taken from a new chunk, and what the old chunk
  /// would have gone on with there. Nil without a boundary at which the old chunk had an action left, under temporal
  /// ensembling, where chunks blend, and for experts and random actions.
  public var boundaryJump: Double?
  /// The greatest of these in the episode; of an evaluation, the mean over episodes of that.
  public var greatestBoundaryJump: Double?
  /// The mean of `‖aₜ − aₜ₋₁‖` over executed actions; nil in episodes of one step.
  public var actionChange: Double?
  /// The mean of `‖aₜ − 2aₜ₋₁ + aₜ₋₂‖` over executed actions; nil in episodes of one or two steps.
  public var actionSecondDifference: Double?

  /// Figures of how smoothly a robot moved; nil where they were not measured.
  public init(
    boundaryJump: Double? = nil, greatestBoundaryJump: Double? = nil, actionChange: Double? = nil,
    actionSecondDifference: Double? = nil
  ) {
    self.boundaryJump = boundaryJump
    self.greatestBoundaryJump = greatestBoundaryJump
    self.actionChange = actionChange
    self.actionSecondDifference = actionSecondDifference
  }

  enum CodingKeys: String, CodingKey {
    case boundaryJump = "boundary_jump"
    case greatestBoundaryJump = "greatest_boundary_jump"
    case actionChange = "action_change"
    case actionSecondDifference = "action_second_difference"
  }
}

extension MotionMetrics {
  /// The mean of each number over the episodes that have it; nil without episodes.
  public static func mean(of episodes: [MotionMetrics]) -> MotionMetrics? {
    var motion = MeanMotion()
    for episode in episodes { motion.add(episode) }
    return motion.mean
  }
}

/// The mean of motion metrics over episodes that are added one by one.
public struct MeanMotion: Sendable {
  private var episodes = 0
  private var boundaryJump = RunningMean()
  private var greatestBoundaryJump = RunningMean()
  private var actionChange = RunningMean()
  private var actionSecondDifference = RunningMean()

  /// No episode yet.
  public init() {}

  /// Adds an episode; a number that it has not counts nowhere.
  public mutating func add(_ episode: MotionMetrics) {
    episodes += 1
    episode.boundaryJump.map { boundaryJump.add($0) }
    episode.greatestBoundaryJump.map { greatestBoundaryJump.add($0) }
    episode.actionChange.map { actionChange.add($0) }
    episode.actionSecondDifference.map { actionSecondDifference.add($0) }
  }

  /// The mean of each number over the episodes that have it; nil without episodes.
  public var mean: MotionMetrics? {
    guard episodes > 0 else { return nil }
    return MotionMetrics(
      boundaryJump: boundaryJump.mean, greatestBoundaryJump: greatestBoundaryJump.mean,
      actionChange: actionChange.mean, actionSecondDifference: actionSecondDifference.mean)
  }
}

/// A sum and how many numbers are in it.
private struct RunningMean: Sendable {
  private var sum = 0.0
  private var count = 0

  /// nil where there is no number.
  var mean: Double? { count == 0 ? nil : sum / Double(count) }

  mutating func add(_ value: Double) {
    sum += value
    count += 1
  }
}

/// Sums up one episode's actions as they are executed.
struct MotionStatistics: Sendable {
  private var last: Action?
  private var lastButOne: Action?
  private var changes = RunningMean()
  private var secondDifferences = RunningMean()
  private var jumps = RunningMean()
  private var greatestJump = 0.0

  /// - Parameter jump: of a chunk that took over at this action.
  mutating func add(_ action: Action, jump: Double?) {
    if let last {
      changes.add(distance(action, last))
      if let lastButOne {
        var sum = 0.0
        for i in action.indices {
          let bend = Double(action[i]) - 2 * Double(last[i]) + Double(lastButOne[i])
          sum += bend * bend
        }
        secondDifferences.add(sum.squareRoot())
      }
    }
    if let jump {
      jumps.add(jump)
      greatestJump = max(greatestJump, jump)
    }
    lastButOne = last
    last = action
  }

  var metrics: MotionMetrics {
    MotionMetrics(
      boundaryJump: jumps.mean, greatestBoundaryJump: jumps.mean == nil ? nil : greatestJump,
      actionChange: changes.mean, actionSecondDifference: secondDifferences.mean)
  }
}

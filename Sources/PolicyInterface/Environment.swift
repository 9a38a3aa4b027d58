// The world as policies meet it, with Gymnasium's meaning of reset, step, terminated and truncated.

/// What `step` returns.
public struct Transition: Sendable {
  /// What is observed after the action.
  public var observation: Observation
  /// The reward of the action.
  public var reward: Double
  /// The task is over by its own rules, well or badly.
  public var terminated: Bool
  /// The time limit ended the episode.
  public var truncated: Bool
  /// The command has been obeyed. With `terminated` alone, a rule was broken that cannot be made good.
  public var succeeded: Bool

  /// - Parameter succeeded: nil where the task cannot end badly: then it succeeded if it terminated.
  public init(
    observation: Observation, reward: Double, terminated: Bool, truncated: Bool,
    succeeded: Bool? = nil
  ) {
    self.observation = observation
    self.reward = reward
    self.terminated = terminated
    self.truncated = truncated
    self.succeeded = succeeded ?? terminated
  }
}

/// Which command an episode gets.
public enum CommandChoice: Hashable, Sendable {
  /// The one drawn with the scene.
  case drawn
  /// Another valid goal (other object, other zone) of the same scene, drawn with it: to see whether a
  /// policy reads the text.
  case swapped
  /// A text that does not ask for the drawn goal, by which success is measured all the same.
  case unsaid(UnsaidCommand)
  /// A user's own words.
  case text(String)
  /// The drawn goal in one of a user's wordings, drawn with the scene: lines with slots such as
  /// `shove the {color} {shape} over to {zone}`, which need not be understood by the environment's grammar.
  case wordings([String])
}

/// What is known of an episode beyond its observations.
public struct EpisodeInfo: Codable, Equatable, Sendable {
  /// The seed of the reset.
  public var seed: UInt64
  /// The command that is obeyed.
  public var command: String
  /// The command drawn with the scene; differs from `command` where another was given.
  public var drawnCommand: String
  /// The goal by attribute, for tables by condition, such as `["color": "red", "zone": "left"]`.
  public var goal: [String: String]
  /// What domain randomization drew, by name.
  public var draws: [String: Double]

  /// What a reset drew.
  public init(
    seed: UInt64, command: String, drawnCommand: String, goal: [String: String],
    draws: [String: Double]
  ) {
    self.seed = seed
    self.command = command
    self.drawnCommand = drawnCommand
    self.goal = goal
    self.draws = draws
  }
}

/// A simulated task. A value: a copy is an independent fork of the world.
public protocol Environment: Sendable {
  /// The name under `Environments/`.
  var name: String { get }
  /// The randomization level in force, such as `train`.
  var randomization: String { get }
  /// What is observed and what an action is, with names, shapes, units and bounds.
  var features: FeatureSet { get }
  /// Seconds between actions.
  var controlPeriod: Double { get }
  /// Control steps after which an episode is truncated.
  var maximumSteps: Int { get }
  /// The present episode: its seed, command, goal, and what was drawn.
  var info: EpisodeInfo { get }
  /// What the task itself measures of the episode so far, by name, such as `final_coverage`; evaluations report
  /// the means over episodes. Empty by default.
  var metrics: [String: Double] { get }
  /// What of it differs from its files besides the randomization level, by option, such as
  /// `["language": "ko", "set.friction": "0.3"]`; kept with recordings, so that their episodes can be built again.
  /// Empty by default.
  var variation: [String: String] { get }

  /// Starts an episode: the same seed gives the same scene, whatever the command.
  ///
  /// - Throws: `UserError` where a command's text cannot be understood or names what is not there.
  mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation

  /// Advances by one control period under `action` (`[action]`, clamped to [−1, 1]).
  mutating func step(_ action: Action) -> Transition

  /// Steps as `step` does, without observing: nothing is drawn from sensor noise and no picture is made.
  ///
  /// - Returns: whether the task is over by its own rules.
  mutating func advance(_ action: Action) -> Bool

  /// Lets actions mean what they mean to a policy with these features, where the environment can: a policy brings its action
  /// space along. Nothing else changes. Does nothing by default.
  mutating func takeActions(of features: FeatureSet)

  /// The action that keeps the robot where it is, `last` having been executed before it: zeros by default, right for
  /// actions that are moves; absolute targets stay what they were.
  func holdAction(after last: Action) -> Action

  /// Whether the goal of a command holds now, by the task's success rule.
  ///
  /// - Throws: `UserError` as `reset` does.
  func achieves(command: String) throws -> Bool
}

extension Environment {
  /// The environment measures nothing besides success and reward.
  public var metrics: [String: Double] { [:] }
  /// Nothing differs from the environment's files.
  public var variation: [String: String] { [:] }
  /// A step whose observation is dropped.
  public mutating func advance(_ action: Action) -> Bool { step(action).terminated }
  /// Actions mean one thing.
  public mutating func takeActions(of features: FeatureSet) {}
  /// The environment with actions that mean what they mean to a policy with these features.
  public func taking(actionsOf features: FeatureSet) -> Self {
    var environment = self
    environment.takeActions(of: features)
    return environment
  }
  /// Zeros, which hold the robot still where actions are moves.
  public func holdAction(after last: Action) -> Action { last.map { _ in 0 } }
}

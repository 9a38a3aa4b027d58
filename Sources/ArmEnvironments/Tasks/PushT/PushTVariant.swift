// What the two environments of PushT have in common: one task, whoever pushes.

import PlanarCore
import PlanarPolicyInterface

/// What is counted of an episode.
public struct PushTEpisode: Sendable {
  /// What the episode's reset drew.
  public internal(set) var info = EpisodeInfo(
    seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])
  /// The part of the goal that the T covers now, 0 to 1.
  public internal(set) var coverage = 0.0
  /// The greatest coverage after any action.
  public internal(set) var maximumCoverage = 0.0
  /// Where the pusher was last told to go, px.
  public internal(set) var target = Vec2.zero
  /// Actions executed so far.
  public internal(set) var stepIndex = 0
  var sensorNoise = RandomStream(seed: 0)

  init() {}

  /// The start of an episode.
  init(
    seed: UInt64, command: String, drawnCommand: String, draws: [String: Double], target: Vec2,
    coverage: Double
  ) {
    info = EpisodeInfo(
      seed: seed, command: command, drawnCommand: drawnCommand, goal: PushTCommands.goal,
      draws: draws)
    sensorNoise = RandomStream(seed: seed, purpose: "sensor noise")
    self.target = target
    self.coverage = coverage
  }
}

/// PushT with somebody who pushes: reward, success and time limit of Diffusion Policy's benchmark.
public protocol PushTVariant: LibraryEnvironment {
  /// The commands, all of which ask for the one goal.
  var commands: PushTCommands { get }
  /// What is counted; set by the variants only.
  var episode: PushTEpisode { get set }
  /// The T's origin, px, and its rotation.
  var blockPose: Pose { get }
  /// The T's angle, rad, not wrapped.
  var blockAngle: Double { get }
  /// px
  var pusher: Vec2 { get }
  /// Moves the world on by a control period, the pusher being told to go to a place, px, and returns the coverage.
  mutating func push(toward target: Vec2) -> Double
  /// What is seen now, with the sensors' noise.
  mutating func observe() -> Observation
}

extension PushTVariant {
  /// The commands that are understood, and their wordings.
  public var grammar: CommandGrammar { commands.grammar }
  /// There is one goal.
  public var instruction: Instruction { .onlyGoal }
  /// Every instruction that makes sense in the present episode's scene.
  public var possibleInstructions: [Instruction] { [.onlyGoal] }
  /// In pixels of gym-pusht's window.
  public func text(ofLength length: Double) -> String {
    "\(Int((length / PushTPicture.metresPerPixel).rounded())) px"
  }
  /// About half of what the pusher covers at most in a control step.
  public var tipStep: Double { 0.025 }

  /// The action whose target is the point, or the nearest one in the window.
  public func action(leadingTipTo point: Vec2, gripperOpen: Bool) -> Action {
    let action = place(point, in: drawList.bounds)
    // y grows downwards in the window.
    return [action[0], -action[1]]
  }

  /// The name of the level of domain randomization.
  public var randomization: String { level.name }
  /// Time between two actions, s.
  public var controlPeriod: Double { PushTConstants.controlPeriod }
  /// What the last reset drew.
  public var info: EpisodeInfo { episode.info }
  /// The part of the goal that the T covers now, 0 to 1.
  public var coverage: Double { episode.coverage }
  /// `max_reward` is what the literature calls the score of an episode (Chi et al. 2023).
  public var metrics: [String: Double] {
    [
      "final_coverage": episode.coverage, "max_coverage": episode.maximumCoverage,
      "max_reward": PushTConstants.reward(coverage: episode.maximumCoverage),
    ]
  }

  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed.
  public mutating func give(command text: String) throws {
    try commands.check(text)
    episode.info.command = text
  }

  /// Executes an action for one control period and observes.
  public mutating func step(_ action: Action) -> Transition {
    let succeeded = advance(action)
    return Transition(
      observation: observe(), reward: PushTConstants.reward(coverage: coverage),
      terminated: succeeded, truncated: !succeeded && episode.stepIndex >= maximumSteps)
  }

  /// The episode counts as stepped; only nothing is observed.
  public mutating func advance(_ action: Action) -> Bool {
    precondition(action.count == 2, "\(name) takes actions of two numbers")
    if action[0].isFinite, action[1].isFinite {
      episode.target = PushTConstants.target(ofAction: action[0], action[1])
    }
    episode.coverage = push(toward: episode.target)
    episode.maximumCoverage = max(episode.maximumCoverage, episode.coverage)
    episode.stepIndex += 1
    return isDone
  }

  /// Targets are absolute: the last one stays.
  public func holdAction(after last: Action) -> Action { last }

  private var isDone: Bool { coverage > PushTConstants.successCoverage }

  /// Whether the T covers enough of the goal, the only goal there is.
  public func achieves(command: String) throws -> Bool {
    try commands.check(command)
    return isDone
  }

  /// What a state costs a planner: 0 where the task is done, about 1 at the start of an episode.
  ///
  /// Coverage is what counts, but is flat where the T is far away or upside down, so the distance from goal to T and
  /// the angle between them are added. The angle itself is taken: functions of its cosine have no slope at half a
  /// turn, where the T would stay. That the pusher is near the T counts little: it has to let go to push elsewhere.
  public var planningCost: Double {
    if isDone { return 0 }
    let block = blockPose
    let center = PushTConstants.centerOfGravity
    let distance = (block.toWorld(center) - goalPose.toWorld(center)).length
    let turn = abs((blockAngle - PushTConstants.goalAngle).remainder(dividingBy: 2 * Double.pi))
    let local = block.toLocal(pusher)
    let gap =
      min(
        PushTConstants.bar.nearest(to: local).distance, PushTConstants.stem.nearest(to: local).distance)
      - PushTConstants.pusherRadius
    return 0.3 * (1 - coverage) + distance / 330 + turn / 5.5 + max(0, gap) / 11_000
  }
}

private let goalPose = Pose(
  position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))

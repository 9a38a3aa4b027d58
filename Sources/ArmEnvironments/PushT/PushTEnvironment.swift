// The task: bring the T onto its outline with a round pusher.

import PlanarCore
import PolicyInterface

/// PushT, the benchmark of Diffusion Policy (Chi et al. 2023), as gym-pusht 0.1.8 runs it; lengths in pixels.
/// With an arm instead of the disc it is `PushTArmEnvironment`.
///
/// - Observation: `[pusher_x, pusher_y]`; one token for the T: position of its origin, cosine and sine of its
///   angle; a command.
/// - Action: `[2]` in [−1, 1], the pusher's absolute target: −1 and 1 are the edges 0 and 512 of the window.
/// - Reward: coverage / 0.95, at most 1, the coverage being the part of the goal that the T covers.
/// - Success: coverage above 0.95; the episode terminates then.
/// - An episode is truncated after `specification.maximumSteps` actions, ten a second.
public struct PushTEnvironment: Environment {
  public let specification: PushTSpecification
  public let level: RandomizationLevel
  public let commands: PushTCommands

  /// The simulation behind the observations; privileged.
  public private(set) var simulation: PushTSimulation
  public private(set) var info: EpisodeInfo
  /// The part of the goal that the T covers now, 0 to 1.
  public private(set) var coverage: Double
  /// The greatest coverage after any action of the episode.
  public private(set) var maximumCoverage = 0.0
  /// Where the pusher was last told to go, px.
  public private(set) var target: Vec2
  public private(set) var stepIndex = 0
  private var sensorNoise = RandomStream(seed: 0)

  /// Loads `Environments/<name>` at a randomization level; `reset` must be called before `step`.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public init(named name: String = "pusht", randomization: String = "none") throws {
    let folder = try EnvironmentLibrary.folder(of: name)
    specification = try PushTSpecification(
      contentsOf: folder.appendingPathComponent("environment.yaml"))
    commands = try PushTCommands(contentsOf: folder.appendingPathComponent("commands.yaml"))
    level = try specification.level(named: randomization)
    let start = PushTStart(seed: 0)
    simulation = PushTSimulation(start: start)
    coverage = simulation.coverage
    target = start.pusher
    info = EpisodeInfo(seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])
    _ = try reset(seed: 0, command: .drawn)
  }

  public var name: String { specification.name }
  public var randomization: String { level.name }
  public var controlPeriod: Double { PushTConstants.controlPeriod }
  public var maximumSteps: Int { specification.maximumSteps }

  public var features: FeatureSet {
    PushTConstants.features(proprioception: ["pusher_x (px)", "pusher_y (px)"])
  }

  public var metrics: [String: Double] {
    ["final_coverage": coverage, "max_coverage": maximumCoverage]
  }

  /// There is one goal, so `.swapped` is another wording of it.
  public mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    let words = try commands.choose(command, seed: seed)
    begin(PushTStart(seed: seed), seed: seed, command: words.text, drawnCommand: words.drawn)
    return observe()
  }

  /// Starts an episode from a given start, as gym-pusht's `reset_to_state` does, with the first wording.
  public mutating func reset(to start: PushTStart) -> Observation {
    let text = commands.templates[0]
    begin(start, seed: 0, command: text, drawnCommand: text)
    return observe()
  }

  private mutating func begin(
    _ start: PushTStart, seed: UInt64, command text: String, drawnCommand drawn: String
  ) {
    info = EpisodeInfo(
      seed: seed, command: text, drawnCommand: drawn, goal: PushTCommands.goal,
      draws: [
        "pusher.x": start.pusher.x, "pusher.y": start.pusher.y, "block.x": start.block.x,
        "block.y": start.block.y, "block.angle": start.angle,
      ])
    simulation = PushTSimulation(start: start)
    sensorNoise = RandomStream(seed: seed, purpose: "sensor noise")
    coverage = simulation.coverage
    maximumCoverage = 0
    target = simulation.pusher
    stepIndex = 0
  }

  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed.
  public mutating func give(command text: String) throws {
    try commands.check(text)
    info.command = text
  }

  public mutating func step(_ action: Action) -> Transition {
    let succeeded = advance(action)
    return Transition(
      observation: observe(), reward: PushTConstants.reward(coverage: coverage),
      terminated: succeeded, truncated: !succeeded && stepIndex >= maximumSteps)
  }

  /// The episode counts as stepped; only nothing is observed.
  public mutating func advance(_ action: Action) -> Bool {
    precondition(action.count == 2, "pusht takes actions of two numbers")
    target = PushTConstants.target(ofAction: action[0], action[1])
    let before = simulation.blockVersion
    simulation.act(target: target)
    if simulation.blockVersion != before { coverage = simulation.coverage }
    maximumCoverage = max(maximumCoverage, coverage)
    stepIndex += 1
    return coverage > PushTConstants.successCoverage
  }

  private mutating func observe() -> Observation {
    var position = simulation.blockPosition
    var rotation = simulation.rotation
    if level.most(.positionNoise) > 0 {
      position += Vec2(sensorNoise.normal(), sensorNoise.normal()) * level.most(.positionNoise)
    }
    if level.most(.angleNoise) > 0 {
      rotation = Rotation(angle: simulation.blockAngle + level.most(.angleNoise) * sensorNoise.normal())
    }
    return Observation(
      proprioception: [Float(simulation.pusher.x), Float(simulation.pusher.y)],
      objects: [
        Float(position.x), Float(position.y), Float(rotation.cosine), Float(rotation.sine),
      ], command: info.command)
  }

  /// Whether the T covers enough of the goal, the only goal there is.
  public func achieves(command: String) throws -> Bool {
    try commands.check(command)
    return coverage > PushTConstants.successCoverage
  }
}

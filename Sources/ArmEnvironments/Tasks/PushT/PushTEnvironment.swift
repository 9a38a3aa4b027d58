// The task: bring the T onto its outline with a round pusher.

import PlanarCore
import PlanarPolicyInterface

/// PushT, the benchmark of Diffusion Policy (Chi et al. 2023), as gym-pusht 0.1.8 runs it; lengths in pixels.
/// With an arm instead of the disc it is `PushTArmEnvironment`.
///
/// - Observation: `[pusher_x, pusher_y]`; one token for the T: position of its origin, cosine and sine of its
///   angle, and where pusher and goal are in its frame; a command.
/// - Action: `[2]` in [−1, 1], the pusher's absolute target: −1 and 1 are the edges 0 and 512 of the window.
/// - Reward: coverage / 0.95, at most 1, the coverage being the part of the goal that the T covers.
/// - Success: coverage above 0.95; the episode terminates then.
/// - An episode is truncated after `specification.maximumSteps` actions, ten a second.
public struct PushTEnvironment: PushTVariant {
  /// What the environment's files say.
  public let specification: PushTSpecification
  /// The level of domain randomization.
  public let level: RandomizationLevel
  /// The one command, and its wordings.
  public let commands: PushTCommands
  /// What differs from the environment's files.
  public let variation: [String: String]

  /// The simulation behind the observations; privileged.
  public internal(set) var simulation: PushTSimulation
  /// What is known of the episode so far.
  public var episode = PushTEpisode()
  /// Standard deviations of what is observed of the T: px, rad.
  private let noise: (position: Double, angle: Double)

  /// Loads `Environments/<name>` at a randomization level; `reset` must be called before `step`.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public init(named name: String = "pusht", randomization: String = "none") throws {
    try self.init(
      TaskKind.Files(folder: EnvironmentLibrary.folder(of: name)),
      settings: EnvironmentSettings(randomization: randomization))
  }

  /// Loads an environment's files, wherever they are.
  ///
  /// - Parameter settings: of which randomization level, language and split count.
  /// - Throws: `UserError` where a file, the level, the language or the split is wrong.
  public init(_ files: TaskKind.Files, settings: EnvironmentSettings) throws {
    variation = settings.variation
    specification = try PushTSpecification(contentsOf: files.environment)
    commands = try PushTCommands(contentsOf: files.commands, language: settings.language, split: settings.split)
    level = try specification.level(named: settings.randomization)
    noise = (level.most("position_noise"), level.most("angle_noise"))
    simulation = PushTSimulation(start: PushTStart(seed: 0))
    _ = try reset(seed: 0, command: .drawn)
  }

  /// Its name in files, commands and reports.
  public var name: String { specification.name }
  /// Actions until an episode is truncated.
  public var maximumSteps: Int { specification.maximumSteps }

  /// What is observed and what an action is, with names, shapes, units and bounds.
  public var features: FeatureSet { Self.features }
  private static let features = PushTConstants.features(proprioception: ["pusher_x (px)", "pusher_y (px)"])
  private static let layout = ObservationLayout(features)

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
    simulation = PushTSimulation(start: start)
    episode = PushTEpisode(
      seed: seed, command: text, drawnCommand: drawn,
      draws: [
        "pusher.x": start.pusher.x, "pusher.y": start.pusher.y, "block.x": start.block.x,
        "block.y": start.block.y, "block.angle": start.angle,
      ], target: simulation.pusher, coverage: simulation.coverage)
  }

  /// Where the block is, px and rad.
  public var blockPose: Pose {
    Pose(position: simulation.blockPosition, rotation: simulation.rotation)
  }
  /// How the block is turned, rad.
  public var blockAngle: Double { simulation.blockAngle }
  /// Where the pusher is, px.
  public var pusher: Vec2 { simulation.pusher }

  /// Leads the pusher towards a target, px, for one control period; returns the coverage.
  public mutating func push(toward target: Vec2) -> Double {
    let before = simulation.blockVersion
    simulation.act(target: target)
    return simulation.blockVersion == before ? coverage : simulation.coverage
  }

  /// A copy: nothing is stored outside the value.
  public func fork(into other: inout PushTEnvironment) { other = self }

  /// What is observed now, with the level's noise.
  public mutating func observe() -> Observation {
    var pose = blockPose
    if noise.position > 0 {
      pose.position +=
        Vec2(episode.sensorNoise.normal(), episode.sensorNoise.normal()) * noise.position
    }
    var angle = blockAngle
    if noise.angle > 0 {
      angle += noise.angle * episode.sensorNoise.normal()
      pose.rotation = Rotation(angle: angle)
    }
    return Observation(
      layout: Self.layout,
      floats: [Float(pusher.x), Float(pusher.y)]
        + PushTConstants.token(block: pose, angle: angle, pusher: pusher), command: episode.info.command)
  }
}

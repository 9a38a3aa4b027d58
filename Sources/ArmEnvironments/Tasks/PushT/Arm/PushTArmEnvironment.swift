// PushT with a robot arm: inertia, friction, motors that give way, and walls that are solid.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// PushT's T, goal, reward and success rule in a `World`, pushed by the round tip of an arm.
///
/// - Observation: `[tip_x, tip_y]` in px as `pusht` has them, then joint angles and joint velocities; one token
///   for the T, and a command, as in `pusht`.
/// - Action: `[2]` in [−1, 1], the tip's absolute target: −1 and 1 are the edges 0 and 512 of the window. The arm
///   is led towards it no faster than it follows.
/// - Reward, success and time limit are those of `pusht`.
///
/// A pixel of the window is a millimetre. The T has the mass and friction of the file, and its bar and stem one
/// density; the walls stop the tip too. Where a start of `pusht` has the T in a wall or the pusher in the T, the
/// T begins beside the wall and the tip elsewhere.
public struct PushTArmEnvironment: PushTVariant {
  /// What the environment's files say.
  public private(set) var specification: PushTArmSpecification
  /// The level of domain randomization.
  public private(set) var level: RandomizationLevel
  /// The one command, and its wordings.
  public private(set) var commands: PushTCommands
  /// What differs from the environment's files.
  public private(set) var variation: [String: String]

  /// The simulation behind the observations, in m, y up; privileged. Body 0 is the T.
  public private(set) var physics: World
  /// What is known of the episode so far.
  public var episode = PushTEpisode()
  /// Standard deviations of what is observed: rad, m, rad.
  private var noise: (joint: Double, position: Double, angle: Double)
  /// Where the motors are led to bring the tip now, m.
  public private(set) var commandedTip = Vec2.zero
  private var layout = ObservationLayout()

  /// Loads `Environments/<name>` at a randomization level; `reset` must be called before `step`.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public init(named name: String = "pusht-arm", randomization: String = "train") throws {
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
    specification = try PushTArmSpecification(contentsOf: files.environment)
    commands = try PushTCommands(contentsOf: files.commands, language: settings.language, split: settings.split)
    level = try specification.level(named: settings.randomization)
    noise = (level.most("joint_noise"), level.most("position_noise"), level.most("angle_noise"))
    physics = World(arm: specification.arm, settings: specification.physics)
    layout = ObservationLayout(features)
    _ = try reset(seed: 0, command: .drawn)
  }

  /// Its name in files, commands and reports.
  public var name: String { specification.name }
  /// Actions until an episode is truncated.
  public var maximumSteps: Int { specification.maximumSteps }

  /// What is observed and what an action is, with names, shapes, units and bounds.
  public var features: FeatureSet {
    let joints = 0..<specification.arm.jointCount
    return PushTConstants.features(
      proprioception: ["tip_x (px)", "tip_y (px)"] + joints.map { "joint\($0) (rad)" }
        + joints.map { "joint\($0)_velocity (rad/s)" })
  }

  /// There is one goal, so `.swapped` is another wording of it.
  public mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    let words = try commands.choose(command, seed: seed)
    let scene = PushTArmScene(specification, level, seed: seed)
    buildWorld(scene)
    episode = PushTEpisode(
      seed: seed, command: words.text, drawnCommand: words.drawn, draws: scene.draws,
      target: scene.tip, coverage: currentCoverage)
    commandedTip = PushTPicture.point(scene.tip)
    return observe()
  }

  /// Puts the T elsewhere, at rest: its origin, px, and its angle, rad, as `pusht` counts them.
  public mutating func placeBlock(origin: Vec2, angle: Double) {
    physics.states[0] = PushTBody.state(origin: origin, angle: angle)
    episode.coverage = currentCoverage
  }

  /// None: a planner shows it.
  public var scriptedExpert: (any Expert<PushTArmEnvironment>)? { nil }
  /// What its file says, for people.
  public var facts: EnvironmentFacts {
    EnvironmentFacts(summary: specification.summary, robot: "own", levels: specification.levels)
  }

  /// The block, where it covers the point.
  public func bodies(at point: Vec2) -> [Int] { physics.bodies(at: point) }
  /// Where a body is, m.
  public func position(ofBody body: Int) -> Vec2 { physics.states[body].position }

  /// Shoves the T, as a hand does, such that it slides by a way, m, in the next control step.
  public mutating func drag(body: Int, by way: Vec2) {
    physics.shove(
      body: body, velocity: physics.velocity(ofSliding: body, by: way, within: controlPeriod))
  }

  /// How the T is turned.
  public func angle(ofBody body: Int) -> Double { physics.states[body].angle }

  /// Spins the T, as a hand does, such that it turns by an angle, rad, in the next control step.
  public mutating func turn(body: Int, by angle: Double) {
    physics.states[body].spin = physics.spin(ofTurning: body, by: angle, within: controlPeriod)
  }

  /// The T's origin, px, and its rotation, as `pusht` counts them.
  public var blockPose: Pose { PushTBody.windowPose(of: physics.states[0]) }
  /// How the block is turned, rad, in gym-pusht's frame.
  public var blockAngle: Double { -physics.states[0].angle }
  /// Where the tip is, px of gym-pusht's window.
  public var pusher: Vec2 { PushTPicture.windowPoint(physics.arm.tip) }

  private mutating func buildWorld(_ scene: PushTArmScene) {
    var arm = specification.arm
    arm.motorGain = scene.motorGain
    arm.q = arm.jointAngles(
      reaching: PushTPicture.point(scene.tip), from: specification.posture,
      posture: specification.posture, iterations: 100)
    arm.target = arm.q
    let bounds = PushTArmScene.freeSquare
    let friction = specification.wallFriction
    physics = World(
      arm: arm,
      walls: Wall.around(bounds, friction: friction), settings: specification.physics)
    physics.addBody(
      scene.body, at: PushTBody.state(origin: scene.blockOrigin, angle: scene.blockAngle))
  }

  /// Leads the tip towards a target, px, for one control period: the joint targets move evenly from where they
  /// are to those of a point that is at most `tipLead` ahead of the tip.
  public mutating func push(toward target: Vec2) -> Double {
    let tip = physics.arm.tip
    let wanted = specification.workspace(PushTPicture.point(target))
    commandedTip = specification.workspace(
      tip + (wanted - tip).clamped(toLength: specification.tipLead))
    let start = physics.arm.target
    let end = physics.arm.jointAngles(
      reaching: commandedTip, from: start, posture: specification.posture)
    let count = specification.stepsPerAction
    for i in 1...count {
      physics.arm.target = start + (end - start) * (Double(i) / Double(count))
      physics.step()
    }
    return currentCoverage
  }

  /// Copies the state into `other`, whose memory is used again.
  public func fork(into other: inout PushTArmEnvironment) {
    physics.fork(into: &other.physics)
    other.specification = specification
    other.level = level
    other.commands = commands
    other.episode = episode
    other.commandedTip = commandedTip
    other.layout = layout
    other.noise = noise
  }

  private var currentCoverage: Double {
    let pose = blockPose
    return PushTSimulation.coverage(position: pose.position, rotation: pose.rotation)
  }

  /// Joint sensors err first, and the tip is where they say; velocities are those of the true joints.
  public mutating func observe() -> Observation {
    let arm = physics.arm
    var q = arm.q
    if noise.joint > 0 {
      for i in 0..<arm.jointCount { q[i] += noise.joint * episode.sensorNoise.normal() }
    }
    let tip = PushTPicture.windowPoint(ArmKinematics(arm, at: q).tip)
    var pose = blockPose
    if noise.position > 0 {
      let deviation = noise.position / PushTPicture.metresPerPixel
      pose.position += Vec2(episode.sensorNoise.normal(), episode.sensorNoise.normal()) * deviation
    }
    var angle = blockAngle
    if noise.angle > 0 {
      angle += noise.angle * episode.sensorNoise.normal()
      pose.rotation = Rotation(angle: angle)
    }
    var proprioception = [Float(tip.x), Float(tip.y)]
    for i in 0..<arm.jointCount { proprioception.append(Float(q[i])) }
    for i in 0..<arm.jointCount { proprioception.append(Float(arm.velocity[i])) }
    return Observation(
      layout: layout,
      floats: proprioception + PushTConstants.token(block: pose, angle: angle, pusher: tip),
      command: episode.info.command)
  }
}

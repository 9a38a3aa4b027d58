// The task: push the named object into the named zone.

import PlanarCore
import PlanarPhysics
import PolicyInterface
import SceneDrawing

/// A table with three objects, four zones and an arm that obeys "push the red square to the left zone".
///
/// - Observation: joints, tip and commanded tip; one token per object, in random order; the command.
///   Nothing but the text tells the goal.
/// - Action: `[2]`, the move of the commanded tip, 1 = `action_step` metres.
/// - Success: the named object's centre inside the named zone, and at rest (slower than 5 mm/s for 0.5 s).
public struct PushEnvironment: Environment {
  public let specification: PushSpecification
  public let level: RandomizationLevel
  public let grammar: CommandGrammar

  /// The simulation behind the observations; privileged.
  public private(set) var world: World
  public private(set) var info: EpisodeInfo
  /// Where the arm is told to bring its tip, m.
  public private(set) var commandedTip: Vec2 = .zero
  public private(set) var stepIndex = 0
  private(set) var scene: PushScene
  private(set) var goal: PushGoal
  /// Seconds that each object has been slower than the rest speed.
  private var restTimes: [Double] = []
  /// The place of each object among the tokens.
  private var tokenOrder: [Int] = []
  private var sensorNoise = RandomStream(seed: 0)

  /// Loads `Environments/<name>` at a randomization level; `reset` must be called before `step`.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public init(named name: String = "push", randomization: String = "train") throws {
    let folder = try EnvironmentLibrary.folder(of: name)
    let specification = try PushSpecification(
      contentsOf: folder.appendingPathComponent("environment.yaml"))
    let grammar = try CommandGrammar(contentsOf: folder.appendingPathComponent("commands.yaml"))
    try self.init(
      specification: specification, level: specification.level(named: randomization),
      grammar: grammar)
  }

  init(
    specification: PushSpecification, level: RandomizationLevel, grammar: CommandGrammar
  ) throws {
    self.specification = specification
    self.level = level
    self.grammar = grammar
    scene = PushScene(specification, level, grammar, seed: 0)
    goal = scene.goal
    world = World(arm: specification.arm, settings: specification.physics)
    info = EpisodeInfo(seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])
    _ = try reset(seed: 0, command: .drawn)
  }

  public var name: String { specification.name }
  public var randomization: String { level.name }
  public var controlPeriod: Double {
    Double(specification.stepsPerAction) * specification.physics.timeStep
  }
  public var maximumSteps: Int { specification.maximumSteps }
  public var features: FeatureSet { PushObservation.features(of: specification) }

  public mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    scene = PushScene(specification, level, grammar, seed: seed)
    let text: String
    switch command {
    case .drawn:
      goal = scene.goal
      text = scene.command
    case .swapped:
      goal = scene.swappedGoal
      text = scene.swappedCommand
    case .text(let words):
      goal = try requirePresent(PushGoal(grammar.parse(words)))
      text = words
    case .wordings:
      goal = scene.goal
      text = scene.command
    }
    info = EpisodeInfo(
      seed: seed, command: text, drawnCommand: scene.command,
      goal: ["color": goal.color, "shape": goal.shape, "zone": goal.zone], draws: scene.draws)
    buildWorld()
    var order = RandomStream(seed: seed, purpose: "token order")
    tokenOrder = order.permutation(scene.objects.count)
    sensorNoise = RandomStream(seed: seed, purpose: "sensor noise")
    restTimes = Array(repeating: specification.restTime, count: scene.objects.count)
    stepIndex = 0
    return observe()
  }

  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed.
  public mutating func give(command text: String) throws {
    goal = try requirePresent(PushGoal(grammar.parse(text)))
    info.command = text
    info.goal = ["color": goal.color, "shape": goal.shape, "zone": goal.zone]
  }

  private mutating func buildWorld() {
    let bounds = specification.table
    let friction = specification.wallFriction
    var arm = specification.arm
    arm.motorGain = scene.motorGain
    arm.q = arm.jointAngles(
      reaching: scene.tipStart, from: specification.posture, posture: specification.posture,
      iterations: 100)
    arm.target = arm.q
    commandedTip = scene.tipStart
    world = World(
      arm: arm,
      walls: [
        Wall(point: bounds.min, normal: Vec2(1, 0), friction: friction),
        Wall(point: bounds.max, normal: Vec2(-1, 0), friction: friction),
        Wall(point: bounds.min, normal: Vec2(0, 1), friction: friction),
        Wall(point: bounds.max, normal: Vec2(0, -1), friction: friction),
      ], settings: specification.physics)
    for object in scene.objects { world.addBody(object.body, at: object.start) }
  }

  public mutating func step(_ action: Action) -> Transition {
    precondition(action.count == 2, "push takes actions of two numbers")
    move(toward: action)
    stepIndex += 1
    let succeeded = achieves(goal)
    return Transition(
      observation: observe(), reward: succeeded ? 1 : 0, terminated: succeeded,
      truncated: !succeeded && stepIndex >= maximumSteps)
  }

  /// Shifts the commanded tip and lets the servos follow for one control period, their targets moving
  /// evenly from the old joint angles to the new ones.
  private mutating func move(toward action: Action) {
    let shift = Vec2(
      Double(min(max(action[0], -1), 1)), Double(min(max(action[1], -1), 1)))
    let tip = world.arm.tip
    let wanted = commandedTip + shift * specification.actionStep
    commandedTip = workspace(tip + (wanted - tip).clamped(toLength: specification.tipLead))
    let start = world.arm.target
    let end = world.arm.jointAngles(
      reaching: commandedTip, from: start, posture: specification.posture)
    let count = specification.stepsPerAction
    for i in 1...count {
      world.arm.target = start + (end - start) * (Double(i) / Double(count))
      world.step()
      for body in restTimes.indices {
        if world.states[body].velocity.length < specification.restSpeed {
          restTimes[body] += specification.physics.timeStep
        } else {
          restTimes[body] = 0
        }
      }
    }
  }

  /// The nearest place where the whole tip is on the table.
  func workspace(_ point: Vec2) -> Vec2 {
    let r = specification.arm.tipRadius
    let b = specification.table
    return Vec2(
      min(max(point.x, b.min.x + r), b.max.x - r), min(max(point.y, b.min.y + r), b.max.y - r))
  }

  private mutating func observe() -> Observation {
    PushObservation.make(
      of: self, level: level, order: tokenOrder, noise: &sensorNoise)
  }

  // MARK: Goals

  public func achieves(command: String) throws -> Bool {
    achieves(try requirePresent(PushGoal(grammar.parse(command))))
  }

  func achieves(_ goal: PushGoal) -> Bool {
    guard let object = objectIndex(of: goal), let zone = zoneCenter(of: goal) else { return false }
    return (world.states[object].position - zone).length <= specification.zoneRadius
      && restTimes[object] >= specification.restTime - 1e-9
  }

  /// The index of the goal's object among the bodies.
  public func objectIndex(of goal: PushGoal) -> Int? {
    scene.objects.firstIndex {
      $0.colorName == goal.color && $0.shape.rawValue == goal.shape
    }
  }

  func zoneCenter(of goal: PushGoal) -> Vec2? {
    specification.zones.first { $0.name == goal.zone }?.center
  }

  /// The present goal.
  public var currentGoal: PushGoal { goal }

  private func requirePresent(_ goal: PushGoal) throws -> PushGoal {
    guard objectIndex(of: goal) != nil else {
      let there = scene.objects.map { "a \($0.colorName) \($0.shape.rawValue)" }
      throw UserError(
        "there is no \(goal.color) \(goal.shape) on the table; on it are \(there.joined(separator: ", "))")
    }
    return goal
  }
}

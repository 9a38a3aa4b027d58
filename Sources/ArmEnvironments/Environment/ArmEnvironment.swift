// A table with things on it and a robot that obeys commands: the environment of every task without a world of its own.

import Foundation
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// A robot's tip on a table, led by actions, and a command to obey.
///
/// - Observation: joints, tip and commanded tip; one token per object, in random order; the command; where switched on,
///   the top camera's picture and the contact forces. Nothing but the text tells the goal.
/// - Action: how far the commanded tip moves or where it goes (`[2]`), and the gripper's number where there is one
///   (`[3]`): see `ActionSpace`. Every robot has the same.
/// - Success: as the task has it.
///
/// ```
///   environment.yaml ─► EnvironmentSpecification ─┐ reset(seed)
///   commands.yaml ───► CommandGrammar ────────────┴─► Scene ─► World ─► step ─► observation
/// ```
public struct ArmEnvironment: Environment {
  /// What the environment's files say.
  public private(set) var specification: EnvironmentSpecification
  /// The level of domain randomization.
  public internal(set) var level: RandomizationLevel
  /// The commands, and which of them are drawn.
  public let commands: CommandDrawing
  /// What is observed and what an action is, with names, shapes, units and bounds.
  public private(set) var features: FeatureSet
  /// What differs from the environment's files.
  public let variation: [String: String]

  /// The simulation behind the observations; privileged. Bodies: the objects, then obstacles, then a gantry's tip.
  public internal(set) var physics: World
  /// What the last reset drew.
  public internal(set) var info: EpisodeInfo
  /// Where the robot is told to bring its tip, m.
  public internal(set) var commandedTip: Vec2 = .zero
  /// Control steps of this episode.
  public private(set) var stepIndex = 0
  /// What reset drew; privileged.
  public internal(set) var scene: Scene
  /// What the present command asks for; privileged.
  public private(set) var goal: Goal
  /// Whether the robot has touched an obstacle in this episode, at any physics step.
  public internal(set) var hasTouchedObstacle = false
  /// The task and what it remembers of the episode; nil only while it takes note of a step.
  private(set) var episode: (any TaskEpisode)?
  /// Seconds that each object, and last the tip, has been slower than the rest speed.
  var restTimes: [Double] = []
  /// Index of each object among the tokens.
  var tokenOrder: [Int] = []
  var sensors: SensorDraws
  /// The sensors that are on, in the order of the features.
  let activeSensors: [any ArmSensor]
  /// How the features' numbers stand in an observation.
  let layout: ObservationLayout

  /// Loads `Environments/<name>`; `reset` must be called before `step`.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public init(named name: String = "push", settings: EnvironmentSettings) throws {
    try self.init(folder: EnvironmentLibrary.folder(of: name), settings: settings)
  }

  /// Loads `Environments/<name>` at a randomization level, all else as it is by default.
  ///
  /// - Throws: `UserError` where a file or the level is wrong.
  public init(named name: String = "push", randomization: String = "train") throws {
    try self.init(named: name, settings: EnvironmentSettings(randomization: randomization))
  }

  /// Loads an environment's folder, wherever it is.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public init(folder: URL, settings: EnvironmentSettings) throws {
    try self.init(TaskKind.Files(folder: folder), settings: settings)
  }

  /// Loads an environment's files.
  ///
  /// - Parameter kind: its task; nil for the one that the file names.
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public init(_ files: TaskKind.Files, of kind: TaskKind? = nil, settings: EnvironmentSettings) throws {
    var specification = try EnvironmentSpecification(
      contentsOf: files.environment, of: kind, robot: settings.robot,
      actionSpace: settings.actionSpace.map { try ActionSpace.Kind(named: $0) }, options: settings.options,
      rung: settings.rung)
    let grammar = try CommandGrammar(contentsOf: files.commands, vocabulary: specification.vocabulary)
    try specification.requireNames(in: grammar)
    var level = try specification.level(named: settings.randomization)
    for (key, value) in settings.pins.sorted(by: { $0.key < $1.key }) {
      try level.pin(key, to: value)
    }
    if !settings.pins.isEmpty { try specification.requireRoom(at: level) }
    if let image = settings.image { specification.sensors.image = (image.width, image.height) }
    if let touch = settings.touch { specification.sensors.touch = touch }
    self.specification = specification
    features = ArmObservation.features(of: specification)
    activeSensors = ArmSensors.active(in: specification).map(\.sensor)
    layout = ObservationLayout(features)
    self.level = level
    variation = settings.variation
    try grammar.requireSplit(settings.split, language: settings.language)
    try grammar.check(
      colors: specification.objects.colors.map(\.name),
      shapes: specification.objects.shapes.map(\.shape.rawValue), zones: specification.zones.map(\.name))
    commands = CommandDrawing(grammar: grammar, language: settings.language, split: settings.split)
    scene = try Scene(specification, level, commands, seed: 0)
    goal = try specification.task.goal(of: scene.instruction, in: scene)
    physics = World(settings: specification.physics)
    sensors = scene.sensors
    episode = specification.task.episode(in: scene)
    info = EpisodeInfo(seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])
    _ = try reset(seed: 0, command: .drawn)
  }

  /// Changes what the numbers of an action mean.
  mutating func setActionKind(_ kind: ActionSpace.Kind) {
    specification.actionKind = kind
    features = ArmObservation.features(of: specification)
  }

  /// Its name in files, commands and reports.
  public var name: String { specification.name }
  /// The name of the level of domain randomization.
  public var randomization: String { level.name }
  /// Time between two actions, s.
  public var controlPeriod: Double {
    Double(specification.stepsPerAction) * specification.physics.timeStep
  }
  /// Actions until an episode is truncated.
  public var maximumSteps: Int { specification.maximumSteps }
  /// What the task measures of the episode so far.
  public var metrics: [String: Double] { episode?.metrics(self) ?? [:] }
  /// The commands that are understood, and their wordings.
  public var grammar: CommandGrammar { commands.grammar }

  /// What the task remembers of the episode, as the type that it says; nil where it is of another type.
  public func memory<Memory>(as type: Memory.Type) -> Memory? { episode?.memory(as: type) }

  /// Draws a scene and its command from the seed.
  ///
  /// - Throws: `UserError` where a command of text makes no sense in the scene.
  public mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    try begin(seed: seed, command: command)
    return observe()
  }

  /// `reset` without an observation.
  mutating func begin(seed: UInt64, command: CommandChoice) throws {
    scene = try Scene(specification, level, commands, seed: seed)
    let text: String
    let instruction: Instruction
    switch command {
    case .drawn: (instruction, text) = (scene.instruction, scene.command)
    case .swapped: (instruction, text) = (scene.swappedInstruction, scene.swappedCommand)
    case .unsaid(let kind):
      (instruction, text) = (scene.instruction, kind.text(for: scene.command, seed: seed))
    case .text(let words): (instruction, text) = (try understand(words, in: scene), words)
    case .wordings(let lines):
      instruction = scene.instruction
      var words = RandomStream(seed: seed, purpose: "user wording")
      text = try grammar.fill(
        lines[words.integer(below: lines.count)], with: instruction, using: &words)
    }
    goal = try specification.task.goal(of: instruction, in: scene)
    sensors = scene.sensors
    info = EpisodeInfo(
      seed: seed, command: text, drawnCommand: scene.command,
      goal: grammar.attributes(of: instruction), draws: scene.draws)
    buildWorld()
    let changes = level.change(&physics, table: specification.table, seed: seed)
    if !changes.isEmpty { info.draws.merge(changes) { $1 } }
    var order = RandomStream(seed: seed, purpose: "token order")
    tokenOrder = order.permutation(scene.objects.count)
    restTimes = Array(repeating: specification.success.restTime, count: scene.objects.count + 1)
    stepIndex = 0
    hasTouchedObstacle = false
    episode = specification.task.episode(in: scene)
  }

  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed.
  public mutating func give(command text: String) throws {
    let instruction = try understand(text, in: present)
    goal = try specification.task.goal(of: instruction, in: present)
    info.command = text
    info.goal = grammar.attributes(of: instruction)
  }

  /// Executes an action for one control period and observes.
  public mutating func step(_ action: Action) -> Transition {
    let outcome = proceed(numbers(of: action))
    return Transition(
      observation: observe(), reward: outcome.judgement.reward, terminated: outcome.isOver,
      truncated: outcome.isTruncated, succeeded: outcome.judgement.succeeded)
  }

  /// The commanded tip and the fingers stay where they are.
  public func holdAction(after last: Action) -> Action { specification.actionSpace.hold(after: last) }

  /// Where a step has led.
  struct Outcome {
    var judgement: Judgement
    /// By the task's own rules.
    var isOver: Bool
    var isTruncated: Bool
  }

  /// `step` without an observation.
  ///
  /// - Parameter action: numbers beyond the robot's are not read.
  mutating func proceed(_ action: SIMD4<Float>) -> Outcome {
    drive(episode!.holdsRobot(self) ? Self.stillness : action)
    stepIndex += 1
    // Taken out, so that it may look at the environment while it changes.
    var episode = self.episode.take()!
    let judgement = episode.advance(self)
    self.episode = episode
    if let relocation = episode.relocation(self) { lay(relocation) }
    let isOver = judgement.succeeded || judgement.failed
    return Outcome(
      judgement: judgement, isOver: isOver, isTruncated: !isOver && stepIndex >= maximumSteps)
  }

  /// An action that leaves tip and fingers where they are, as all do that are not finite.
  private static let stillness = SIMD4<Float>(repeating: .nan)

  private mutating func lay(_ relocation: Relocation) {
    physics.states[relocation.object] = relocation.state
    restTimes[relocation.object] = specification.success.restTime
  }

  private func numbers(of action: Action) -> SIMD4<Float> {
    precondition(
      action.count == specification.robot.actionCount,
      "\(name) takes actions of \(specification.robot.actionCount) numbers")
    var numbers = SIMD4<Float>.zero
    for i in action.indices { numbers[i] = action[i] }
    return numbers
  }

  // MARK: Goals

  /// Words such as "nearest" mean what they meant when the command was given; in a command that this episode was
  /// never given, what they mean now.
  public func achieves(command: String) throws -> Bool {
    if command == info.command { return holds(goal) }
    let then = command == info.drawnCommand ? scene : present
    return holds(try specification.task.goal(of: understand(command, in: then), in: then))
  }

  /// What a text asks for; what it names is there.
  private func understand(_ text: String, in scene: Scene) throws -> Instruction {
    let instruction = try grammar.parse(text)
    try grammar.requirePresent(
      instruction, among: scene.visibleObjects, zones: scene.zones.map { ($0.name, $0.center) },
      language: CommandLanguage(of: text))
    return instruction
  }

  /// The scene with its objects where they are now: what words such as "nearest" mean in the middle of an episode.
  private var present: Scene {
    var present = scene
    for index in present.objects.indices { present.objects[index].start = physics.states[index] }
    return present
  }
}

extension ArmEnvironment: PlannableEnvironment {
  /// How far the task is from done; 0 when it is.
  public var planningCost: Double { episode?.cost(self) ?? 0 }

  /// Executes an action without observing; true where the command is obeyed.
  public mutating func advance(_ action: Action) -> Bool {
    proceed(numbers(of: action)).isOver
  }

  /// Copies the state into `other`, whose memory is used again.
  public func fork(into other: inout ArmEnvironment) {
    physics.fork(into: &other.physics)
    other.copyEpisode(of: self)
  }

  /// Everything of an episode but the world, which has its own way of being copied.
  private mutating func copyEpisode(of source: ArmEnvironment) {
    if scene.draws != source.scene.draws || info.seed != source.info.seed { scene = source.scene }
    info = source.info
    goal = source.goal
    commandedTip = source.commandedTip
    stepIndex = source.stepIndex
    hasTouchedObstacle = source.hasTouchedObstacle
    if let other = source.episode, episode?.copyMemory(of: other) != true { episode = other }
    restTimes = source.restTimes
    tokenOrder = source.tokenOrder
    sensors = source.sensors
  }
}

// What a task is: what can be asked for in a scene, when it is done, what is missing, and who can do it.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// A task on the table. Add one as a folder of its own beside this file, and a line in `taskRegistry`; a package
/// outside registers its `TaskKind` there before it loads an environment.
///
/// Most tasks are conjunctions of conditions on where things are; for them the defaults judge success, reward and cost.
public protocol ArmTask: Sendable {
  /// What it remembers of an episode besides the world; a value, so that it forks with the environment.
  associatedtype Memory: Equatable & Sendable = NoMemory

  /// Sets one of the options that its `TaskKind` declares; the value is within the option's limits.
  mutating func set(option name: String, to value: Double)
  /// Gives a scene what only this task has, such as an obstacle in the way, or under a type of its own what is no body:
  /// `scene[Corridor.self] = …`. Objects, tip and instructions are drawn by then; a world is not yet built. Does nothing
  /// by default.
  func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64)
  /// How many obstacles `furnish` adds; 0 by default.
  var furnishedObstacles: Int { get }
  /// Every instruction that makes sense in a scene and does not hold at its start, in an order without chance.
  func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction]
  /// What an instruction means in a scene; by default what `Goal.init(_:in:)` says.
  ///
  /// - Throws: `UserError` that says what is not on the table.
  func goal(of instruction: Instruction, in scene: Scene) throws -> Goal
  /// What it knows when an episode begins.
  func begin(in scene: Scene) -> Memory
  /// Takes note of a control step. Does nothing by default.
  func note(_ environment: ArmEnvironment, in memory: inout Memory)
  /// Whether the robot is held still in the coming control step, whatever the action says; never by default.
  func holdsRobot(_ environment: ArmEnvironment, _ memory: Memory) -> Bool
  /// The object that is taken up and laid down elsewhere after a control step has been judged, and where; none by
  /// default.
  func relocation(_ environment: ArmEnvironment, _ memory: Memory) -> Relocation?
  /// Where the episode stands; by default it succeeds where all conditions of the goal hold, with a reward of 1.
  func judge(_ environment: ArmEnvironment, _ memory: Memory) -> Judgement
  /// How far the present state is from the goal: 0 where it holds, about 1 where episodes begin. By default the mean
  /// over the goal's conditions.
  func cost(_ environment: ArmEnvironment, _ memory: Memory) -> Double
  /// What a policy is shown besides robot and objects, at the end of `observation.state`; nothing by default.
  func observedElements(of specification: EnvironmentSpecification) -> [TaskElement]
  /// The values of `observedElements`, without noise.
  func observe(_ environment: ArmEnvironment, _ memory: Memory) -> [Double]
  /// What lies on the table, beneath zones and objects; nothing by default. Lengths in m.
  func drawing(of environment: ArmEnvironment, _ memory: Memory) -> [DrawItem]
  /// How long every episode lasts, s, where the task itself says so; nil, as by default, where `time_limit` does.
  var duration: Double? { get }
  /// What is measured of an episode besides, by name; nothing by default.
  func metrics(_ environment: ArmEnvironment, _ memory: Memory) -> [String: Double]
  /// Who does it by a script; nil where only planning helps.
  var expert: (any Expert<ArmEnvironment>)? { get }
}

/// What a task remembers that remembers nothing.
public struct NoMemory: Equatable, Sendable {
  /// Nothing to remember.
  public init() {}
}

/// An object that a task takes up and lays down elsewhere, such as the next ball of a game.
public struct Relocation: Equatable, Sendable {
  /// By its index in the scene.
  public var object: Int
  /// Where it lies then, and how fast it is.
  public var state: BodyState

  /// An object with its new state.
  public init(object: Int, to state: BodyState) { (self.object, self.state) = (object, state) }
}

/// A number that a task adds to what is observed: seen as positions of objects are, with their noise.
public struct TaskElement: Hashable, Sendable {
  /// With its unit, such as `corridor_y_at_0.02 (m)`.
  public var name: String
  /// What its value lies within, noise included.
  public var bounds: ClosedRange<Double>

  /// A number that the task adds to what is observed, with its bounds.
  public init(_ name: String, _ bounds: ClosedRange<Double>) {
    self.name = name
    self.bounds = bounds
  }
}

/// Where an episode stands after a control step.
public struct Judgement: Equatable, Sendable {
  /// The command has been obeyed: the episode is over.
  public var succeeded: Bool
  /// A rule was broken that cannot be made good: the episode is over.
  public var failed: Bool
  /// The reward of the step.
  public var reward: Double

  /// A step's judgement; by default no rule is broken.
  public init(succeeded: Bool, failed: Bool = false, reward: Double) {
    self.succeeded = succeeded
    self.failed = failed
    self.reward = reward
  }
}

extension ArmTask where Memory == NoMemory {
  /// Nothing is remembered.
  public func begin(in scene: Scene) -> NoMemory { NoMemory() }
}

extension ArmTask {
  /// Does nothing: the task declares no options.
  public mutating func set(option name: String, to value: Double) {}
  /// Adds nothing.
  public func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64) {}
  /// None.
  public var furnishedObstacles: Int { 0 }
  /// Remembers nothing.
  public func note(_ environment: ArmEnvironment, in memory: inout Memory) {}
  /// Never.
  public func holdsRobot(_ environment: ArmEnvironment, _ memory: Memory) -> Bool { false }
  /// None.
  public func relocation(_ environment: ArmEnvironment, _ memory: Memory) -> Relocation? { nil }
  /// None.
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] { [] }
  /// Nothing.
  public func observe(_ environment: ArmEnvironment, _ memory: Memory) -> [Double] { [] }
  /// Nothing besides the table.
  public func drawing(of environment: ArmEnvironment, _ memory: Memory) -> [DrawItem] { [] }
  /// The file's time limit.
  public var duration: Double? { nil }
  /// Nothing.
  public func metrics(_ environment: ArmEnvironment, _ memory: Memory) -> [String: Double] { [:] }

  /// The goal that follows from the instruction's own words.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    try Goal(instruction, in: scene)
  }

  /// Success where all conditions hold, with a reward of 1.
  public func judge(_ environment: ArmEnvironment, _ memory: Memory) -> Judgement {
    let succeeded = environment.holds(environment.goal)
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }

  /// The mean over the conditions of how far they are from holding.
  public func cost(_ environment: ArmEnvironment, _ memory: Memory) -> Double {
    let conditions = environment.goal.conditions
    return conditions.reduce(0) { $0 + $1.cost(in: environment) } / Double(max(1, conditions.count))
  }
}

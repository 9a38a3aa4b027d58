// What a task is: what can be asked for in a scene, when it is done, what is missing, and who can do it.

import PlanarCore
import PlanarPolicyInterface

/// A task on the table. Add one as a folder of its own beside this file, and a line in `TaskLibrary`.
///
/// Most tasks are conjunctions of conditions on where things are; for them the defaults judge success, reward and cost.
public protocol ArmTask: Sendable {
  /// Gives a scene what only this task has, such as an obstacle in the way. Objects, tip and instructions are drawn
  /// by then; a world is not yet built. Does nothing by default.
  func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64)
  /// How many obstacles `furnish` adds; 0 by default.
  var furnishedObstacles: Int { get }
  /// Every instruction that makes sense in a scene and does not hold at its start, in an order without chance.
  func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction]
  /// What an instruction means in a scene.
  ///
  /// - Throws: `UserError` that says what is not on the table.
  func goal(of instruction: Instruction, in scene: Scene) throws -> Goal
  /// Takes note of a control step, in `environment.tally`. Does nothing by default.
  func note(_ environment: inout ArmEnvironment)
  /// Where the episode stands.
  func judge(_ environment: ArmEnvironment) -> Judgement
  /// How far the present state is from the goal: 0 where it holds, about 1 where episodes begin.
  func cost(_ environment: ArmEnvironment) -> Double
  /// What a policy is shown besides robot and objects, at the end of `observation.state`; nothing by default.
  func observedElements(of specification: EnvironmentSpecification) -> [TaskElement]
  /// The values of `observedElements`, without noise.
  func observe(_ environment: ArmEnvironment) -> [Double]
  /// How long every episode lasts, s, where the task itself says so; nil, as by default, where `time_limit` does.
  var duration: Double? { get }
  /// What is measured of an episode besides, by name; nothing by default.
  func metrics(_ environment: ArmEnvironment) -> [String: Double]
  /// Who does it by a script; nil where only planning helps.
  var expert: (any Expert<ArmEnvironment>)? { get }
}

/// A number that a task adds to what is observed: seen as positions of objects are, with their noise.
public struct TaskElement: Hashable, Sendable {
  /// With its unit, such as `corridor_y_at_0.02 (m)`.
  public var name: String
  /// What its value lies within, noise included.
  public var bounds: ClosedRange<Double>

  public init(_ name: String, _ bounds: ClosedRange<Double>) {
    self.name = name
    self.bounds = bounds
  }
}

/// Where an episode stands after a control step.
public struct Judgement: Equatable, Sendable {
  public var succeeded: Bool
  /// A rule was broken that cannot be made good: the episode is over.
  public var failed: Bool
  public var reward: Double

  public init(succeeded: Bool, failed: Bool = false, reward: Double) {
    self.succeeded = succeeded
    self.failed = failed
    self.reward = reward
  }
}

/// What a task remembers of an episode besides the world.
public struct EpisodeTally: Equatable, Sendable {
  /// Control steps that broke a rule, such as touching an obstacle or being outside of a corridor.
  public var violations = 0
  /// How far the episode got, in the task's own measure.
  public var progress = 0.0
  /// Whether tip or fingers have touched an obstacle, at any physics step.
  public var hitObstacle = false
  /// Which of two ways the episode took: 1 to the left, −1 to the right, 0 as long as it has taken none.
  public var branch = 0
  /// How far the named object moved, and how far of that it was carried, m.
  public var moved = 0.0
  public var carried = 0.0
  /// Where the named object was at the last control step, m.
  public var lastPlace: Vec2?

  public init() {}
}

extension ArmTask {
  public func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64) {}
  public var furnishedObstacles: Int { 0 }
  public func note(_ environment: inout ArmEnvironment) {}
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] { [] }
  public func observe(_ environment: ArmEnvironment) -> [Double] { [] }
  public var duration: Double? { nil }
  public func metrics(_ environment: ArmEnvironment) -> [String: Double] { [:] }

  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    try Goal(instruction, in: scene)
  }

  /// Success where all conditions hold, with a reward of 1.
  public func judge(_ environment: ArmEnvironment) -> Judgement {
    let succeeded = environment.holds(environment.goal)
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }

  /// The mean over the conditions.
  public func cost(_ environment: ArmEnvironment) -> Double {
    let conditions = environment.goal.conditions
    return conditions.reduce(0) { $0 + environment.cost(of: $1) } / Double(max(1, conditions.count))
  }
}

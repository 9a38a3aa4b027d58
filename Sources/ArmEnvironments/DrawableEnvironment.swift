// What a session needs of an environment beyond stepping it: a picture, the tip, new commands, and hands.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// An environment that a person can watch, talk to, steer and disturb by hand.
public protocol DrawableEnvironment: Environment {
  /// The scene as it is now.
  var drawList: DrawList { get }
  /// The initials of the objects' colours on the objects, for people who do not tell all colours apart; no camera sees
  /// them. None by default.
  var initials: [DrawItem] { get }
  /// A length, m, in words, such as `12 mm`.
  func text(ofLength length: Double) -> String
  /// How far what the command is about lies from its goal, m; nil, as by default, where that is no length.
  var distanceToGoal: Double? { get }
  /// A few numbers that say where the robot and what it works on are: how the states that two drivers come through are
  /// compared. As many in every state; none by default.
  var visitedState: [Float] { get }
  /// Where the tip is, m.
  var tip: Vec2 { get }
  /// Where the arm is told to bring its tip, m.
  var commandedTip: Vec2 { get }
  /// Where the commanded tip would go under a chunk, `[horizon + 1]` points from where it is now, m.
  func commandedPath(of chunk: ActionChunk) -> [Vec2]
  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed; nothing has changed then.
  mutating func give(command text: String) throws

  /// A command that can be obeyed in the present scene other than the present one; nil, as by default, where
  /// there is none.
  var suggestedCommand: String? { get }
  /// The wordings, in the language of a text, of all commands that can be obeyed in the present scene and that begin with
  /// it; none by default.
  func commands(beginningWith text: String) -> [String]
  /// The names of the levels that `randomization` can be.
  var randomizationLevels: [String] { get }
  /// The language that drawn commands are in; nil where the environment has no choice.
  var commandLanguage: CommandLanguage? { get }
  /// How far the commanded tip goes in a control step at the speed at which a person steers by keys, m.
  var tipStep: Double { get }
  /// Whether actions open and close a gripper.
  var hasGripper: Bool { get }
  /// Whether the gripper is told to be open; without meaning where there is none.
  var isGripperOpen: Bool { get }
  /// The action `[action]` that leads the commanded tip to a point (m), or as far on the straight way there as one
  /// action goes; where the commanded tip is already, it is the action that holds still.
  func action(leadingTipTo point: Vec2, gripperOpen: Bool) -> Action

  /// The bodies that hold a point (m) and that a person may move.
  func bodies(at point: Vec2) -> [Int]
  /// The middle of a body, m.
  func position(ofBody body: Int) -> Vec2
  /// Shoves a body, as a hand does, such that it moves by a way (m) in the next control step, where
  /// nothing hinders it.
  mutating func drag(body: Int, by way: Vec2)
  /// The angle of a body, rad.
  func angle(ofBody body: Int) -> Double
  /// Spins a body, as a hand does, such that it turns by about an angle (rad) in the next control step, where nothing
  /// hinders it.
  mutating func turn(body: Int, by angle: Double)

  /// The goals that hold a point (m) and that a person may move; none by default.
  func goals(at point: Vec2) -> [Int]
  /// The middle of a goal, m.
  func position(ofGoal goal: Int) -> Vec2
  /// Puts a goal at a place (m), or as near to it as it lies whole on the table, until the episode ends.
  mutating func move(goal: Int, to point: Vec2)

  /// What of the episode's randomization can be set by hand; nothing by default.
  var adjustableFactors: [AdjustableFactor] { get }
  /// Gives a factor one value, from now on and in the episodes that follow.
  ///
  /// - Throws: `UserError` where there is no such factor, or the value is out of its limits.
  mutating func adjust(_ factor: String, to value: Double) throws
}

extension DrawableEnvironment {
  /// In millimetres.
  public func text(ofLength length: Double) -> String { "\(Int((length * 1000).rounded())) mm" }
  /// Not known.
  public var distanceToGoal: Double? { nil }
  /// No numbers.
  public var visitedState: [Float] { [] }
  /// None.
  public var suggestedCommand: String? { nil }
  /// No object bears one.
  public var initials: [DrawItem] { [] }
  /// The environment knows one language.
  public var commandLanguage: CommandLanguage? { nil }
  /// Whether an action has a number for a gripper.
  public var hasGripper: Bool { features.action.elements.contains { $0.hasPrefix("gripper") } }
  /// Open.
  public var isGripperOpen: Bool { true }
  /// Nothing can be dragged.
  public func bodies(at point: Vec2) -> [Int] { [] }
  /// Nothing can be dragged.
  public func position(ofBody body: Int) -> Vec2 { .zero }
  /// Nothing can be dragged.
  public mutating func drag(body: Int, by way: Vec2) {}
  /// Nothing turns.
  public func angle(ofBody body: Int) -> Double { 0 }
  /// Nothing turns.
  public mutating func turn(body: Int, by angle: Double) {}
  /// Nothing can be moved.
  public func goals(at point: Vec2) -> [Int] { [] }
  /// Nothing can be moved.
  public func position(ofGoal goal: Int) -> Vec2 { .zero }
  /// Nothing can be moved.
  public mutating func move(goal: Int, to point: Vec2) {}
  /// None is known.
  public func commands(beginningWith text: String) -> [String] { [] }
  /// Nothing can be set.
  public var adjustableFactors: [AdjustableFactor] { [] }
  /// Refuses every factor.
  public mutating func adjust(_ factor: String, to value: Double) throws {
    throw UserError("nothing of '\(name)' can be set while an episode goes on")
  }
}

extension ArmEnvironment: DrawableEnvironment {
  /// The language of commands.
  public var commandLanguage: CommandLanguage? { commands.language }
  /// Whether the robot can grasp.
  public var hasGripper: Bool { specification.robot.gripper != nil }
  /// In one of the wordings that policies learn from, always the same one of an episode.
  public var suggestedCommand: String? {
    let others = possibleInstructions.filter { $0 != instruction }
    var stream = RandomStream(seed: info.seed, purpose: "suggested command")
    guard !others.isEmpty else { return nil }
    let language = commands.language == .korean ? CommandLanguage.korean : .english
    return try? grammar.sample(
      others[stream.integer(below: others.count)], language: language, split: .train, using: &stream)
  }

  /// Whether the jaw is led to more than half of its opening.
  public var isGripperOpen: Bool {
    specification.robot.gripper.map { physics.arm.jaw.target > $0.maximumOpening / 2 } ?? true
  }

  /// How far an arrow key moves the commanded tip, m.
  public var tipStep: Double { specification.actionStep }

  /// The action that leads the tip to a point, m.
  public func action(leadingTipTo point: Vec2, gripperOpen: Bool) -> Action {
    action(leadingTo: point, gripper: gripperOpen ? 1 : -1)
  }

  /// Indices of the objects that cover a point, the uppermost first.
  public func bodies(at point: Vec2) -> [Int] { objects(at: point) }
  /// Where a body is, m.
  public func position(ofBody body: Int) -> Vec2 { physics.states[body].position }
  /// How a body lies.
  public func angle(ofBody body: Int) -> Double { physics.states[body].angle }
}

/// A place as actions name it: −1 and 1 are a rectangle's edges; places outside are moved to the nearest edge.
func place(_ point: Vec2, in rectangle: WorldRectangle) -> Action {
  let offset = point - rectangle.center
  func clamped(_ value: Double) -> Float { Float(min(max(value, -1), 1)) }
  return [
    clamped(2 * offset.x / rectangle.width), clamped(2 * offset.y / rectangle.height),
  ]
}

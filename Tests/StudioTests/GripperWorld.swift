// A world of one point with a gripper and a block, where every number is plain.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing
import PlanarStudio

/// The tip moves by the action, 0.1 m a step at most. It is done when the tip is in the goal with the gripper closed;
/// beyond x = 1 a rule is broken. The block feels nothing but hands.
struct GripperWorld: DrawableEnvironment {
  var name = "gripper"
  var randomization = "none"
  var randomizationLevels = ["none"]
  var tip = Vec2.zero
  var isOpen = true
  var steps = 0
  var block = Vec2(-0.5, -0.5)
  var info = EpisodeInfo(seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])
  let controlPeriod = 0.1
  let maximumSteps = 30
  let tipStep = 0.1
  let goal = Vec2(0.5, 0.5)

  var features: FeatureSet {
    FeatureSet(
      proprioception: FeatureSpec(
        name: "observation.state", shape: [3], elements: ["tip_x (m)", "tip_y (m)", "open"]),
      objects: FeatureSpec(
        name: "observation.environment_state", shape: [1, 2], elements: ["x (m)", "y (m)"]),
      action: FeatureSpec(name: "action", shape: [3], elements: ["dx", "dy", "gripper"]))
  }

  private var observation: Observation {
    Observation(
      proprioception: [Float(tip.x), Float(tip.y), isOpen ? 1 : 0],
      objects: [Float(goal.x), Float(goal.y)], command: info.command)
  }

  mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    var text = "grasp it"
    if case .text(let own) = command { text = own }
    // Odd scenes lack what some commands name.
    if text.contains("even"), seed % 2 == 1 { throw UserError("there is nothing even here") }
    tip = .zero
    isOpen = true
    steps = 0
    block = Vec2(-0.5, -0.5)
    info = EpisodeInfo(seed: seed, command: text, drawnCommand: "grasp it", goal: [:], draws: [:])
    return observation
  }

  mutating func step(_ action: Action) -> Transition {
    tip += Vec2(Double(action[0]), Double(action[1])) * tipStep
    isOpen = action[2] > 0
    steps += 1
    let isDone = (tip - goal).length < 0.05 && !isOpen
    let isBroken = tip.x > 1
    return Transition(
      observation: observation, reward: 0, terminated: isDone || isBroken,
      truncated: steps >= maximumSteps, succeeded: isDone)
  }

  func achieves(command: String) throws -> Bool { (tip - goal).length < 0.05 && !isOpen }

  // MARK: Drawing

  var commandedTip: Vec2 { tip }
  var drawList: DrawList {
    DrawList(
      bounds: WorldRectangle(min: Vec2(-1, -1), max: Vec2(1, 1)), background: Background(color: .white),
      items: [
        .disc(center: tip, radius: 0.05, fill: .black),
        .disc(center: block, radius: 0.1, fill: Color(hex: 0x3366D9)),
      ])
  }
  func commandedPath(of chunk: ActionChunk) -> [Vec2] { [tip] }
  mutating func give(command text: String) throws { info.command = text }

  func bodies(at point: Vec2) -> [Int] { (point - block).length < 0.1 ? [0] : [] }
  func position(ofBody body: Int) -> Vec2 { block }
  mutating func drag(body: Int, by way: Vec2) { block += way }

  func action(leadingTipTo point: Vec2, gripperOpen: Bool) -> Action {
    let move = ((point - tip) / tipStep).clamped(toLength: 1)
    return [Float(move.x), Float(move.y), gripperOpen ? 1 : -1]
  }
}

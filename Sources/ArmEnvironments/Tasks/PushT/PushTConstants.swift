// Every number of the PushT task, in one place: they define it and are nobody's to tune.

import PlanarCore
import PlanarPolicyInterface

/// The constants of PushT (Florence et al. 2021; Chi et al. 2023) as gym-pusht 0.1.8 on Chipmunk 7 has them.
///
/// Lengths in pixels, times in seconds, angles in radians; y grows downwards on the screen.
///
/// ```
///   (-60,0) ┌─────────┐ (60,0)     the T's frame: origin in the middle of the
///           │   bar   │            bar's outer edge, the stem along +y
///  (-60,30) └──┬───┬──┘ (60,30)
///              │ + │  centre of gravity (0, 45)
///              │   │  stem
///    (-15,120) └───┘ (15,120)
/// ```
public enum PushTConstants {
  /// The side of the square that actions span.
  public static let windowSide = 512.0
  /// The time step of the physics, s.
  public static let timeStep = 0.01
  /// Simulation steps to an action.
  public static let substepsPerAction = 10
  /// s
  public static let controlPeriod = 0.1

  /// The pusher's controller: acceleration = stiffness · (target − position) − damping · velocity.
  public static let pusherStiffness = 100.0
  /// Velocity gain of the pusher's controller, 1/s.
  public static let pusherDamping = 20.0
  /// px.
  public static let pusherRadius = 15.0

  /// The T's bar, px, in the block's frame.
  public static let bar = PushTBox(min: Vec2(-60, 0), max: Vec2(60, 30))
  /// The T's stem, px, in the block's frame.
  public static let stem = PushTBox(min: Vec2(-15, 30), max: Vec2(15, 120))
  /// The T's corners, counter-clockwise (y up).
  public static let outline = [
    Vec2(-60, 0), Vec2(60, 0), Vec2(60, 30), Vec2(15, 30), Vec2(15, 120), Vec2(-15, 120),
    Vec2(-15, 30), Vec2(-60, 30),
  ]
  /// The area of the T.
  public static let area = 6300.0
  /// The mean of the two boxes' centres, not weighted by area; in the T's frame.
  public static let centerOfGravity = Vec2(0, 45)
  /// The distance of the T's farthest corner from its centre of gravity, rounded up.
  public static let reach = 76.5
  /// The block's mass.
  public static let mass = 1.0
  /// About the centre of gravity, px²; gym-pusht takes the bar's moment twice.
  public static let moment = 3000.0

  /// How deep things may overlap before they are pushed apart.
  public static let slop = 0.10000000149011612
  /// The part of the deeper overlap that one substep removes: 1 − 0.9f^(60 · 0.01).
  public static let correction = 0.061259621561307376
  /// Iterations of the contact solver.
  public static let iterations = 10
  /// Substeps for which the impulse of a contact that ended is remembered.
  public static let persistence = 3

  /// The centre line of wall 0, 1, 2 or 3: x = 5, y = 5, x = 506, y = 506 px. Only the T feels the walls.
  public static func wall(_ index: Int) -> PushTWall {
    switch index {
    case 0: return PushTWall(a: Vec2(5, 506), b: Vec2(5, 5))
    case 1: return PushTWall(a: Vec2(5, 5), b: Vec2(506, 5))
    case 2: return PushTWall(a: Vec2(506, 5), b: Vec2(506, 506))
    default: return PushTWall(a: Vec2(5, 506), b: Vec2(506, 506))
    }
  }
  /// Half of the walls' thickness, px.
  public static let wallRadius = 2.0
  /// The least and greatest coordinate of the walls' centre lines.
  public static let wallSpan = 5.0...506.0

  /// Where the T's origin belongs, and its angle.
  public static let goalPosition = Vec2(256, 256)
  /// How the goal is turned, rad: 45°.
  public static let goalAngle = 0.7853981633974483
  /// The task is done when more than this part of the goal is covered; also the coverage that earns reward 1.
  public static let successCoverage = 0.95

  /// gym-pusht's reward for a coverage: 1 from the coverage of success on, and in proportion below.
  static func reward(coverage: Double) -> Double { min(max(coverage / successCoverage, 0), 1) }

  /// Where an action sends the pusher, px: −1 to 0, 1 to 512.
  static func target(ofAction x: Float, _ y: Float) -> Vec2 {
    let half = windowSide / 2
    return Vec2(
      (Double(min(max(x, -1), 1)) + 1) * half, (Double(min(max(y, -1), 1)) + 1) * half)
  }

  /// What is left to move is told up to here, px and rad: about a last correction.
  private static let lastWay = 24.0
  private static let lastTurn = 0.25

  /// What is observed and accepted, whoever pushes: only the pusher's own state differs.
  static func features(proprioception: [String]) -> FeatureSet {
    FeatureSet(
      proprioception: FeatureSpec(
        name: "observation.state", shape: [proprioception.count], elements: proprioception),
      objects: FeatureSpec(
        name: "observation.environment_state", shape: [1, 11],
        elements: [
          "x (px)", "y (px)", "cos_angle", "sin_angle", "pusher_x_from_block (px)", "pusher_y_from_block (px)",
          "goal_x_from_block (px)", "goal_y_from_block (px)",
          "last_way_x (-24 to 24 px)", "last_way_y (-24 to 24 px)", "last_turn (-0.25 to 0.25 rad)",
        ]),
      action: FeatureSpec(
        name: "action", shape: [2],
        elements: ["target_x (0 to 512 px)", "target_y (0 to 512 px)"],
        anchors: [0, 1].map { ActionAnchor(element: $0, least: 0, greatest: Float(windowSide)) }))
  }

  /// The T's token: its pose; where pusher and goal are as it sees them; and what it has yet to move, cut off. All but the pose follow from it, and are told because pushing is a matter of
  /// the T's own frame, and because a pixel decides about success where the window has 512.
  static func token(block: Pose, angle: Double, pusher: Vec2) -> [Float] {
    let here = block.toLocal(pusher)
    let goal = block.toLocal(goalPosition)
    let rest = PushTDisplacement(toGoalFrom: block, angle: angle)
    func cutOff(_ value: Double, at most: Double) -> Double { min(max(value, -most), most) }
    return [
      block.position.x, block.position.y, block.rotation.cosine, block.rotation.sine, here.x, here.y, goal.x, goal.y,
      cutOff(rest.way.x, at: lastWay), cutOff(rest.way.y, at: lastWay), cutOff(rest.turn, at: lastTurn),
    ].map { Float($0) }
  }
}

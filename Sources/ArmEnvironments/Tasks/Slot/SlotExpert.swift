// The scripted expert: grasp the peg at its end, line it up before the slot, slide it in.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Brings the named peg into the named slot, seeing the true state. It keeps nothing between steps but the side on which
/// it passes things.
///
/// ```
///   at the end of the slot ──► stay
///   held, far enough from its front end ──► carry: off the others, before the slot, straight in
///   between the fingers, at the grasp point ──► close, at rest
///   ahead of the open fingers, in line ──► advance
///   else ──► go, closed, around everything to the place behind it, and open there
/// ```
public struct SlotExpert: Expert {
  private var ways = WaysAround()

  // m/s
  private let travelSpeed = 0.22
  private let carrySpeed = 0.16
  private let advanceSpeed = 0.12
  private let entrySpeed = 0.025
  /// Between the peg's end and the wall's face while it is carried along the wall, m.
  private let room = 0.03

  /// An expert before its first episode.
  public init() {}

  /// Draws what the expert decides once per episode.
  public mutating func beginEpisode(seed: UInt64) { ways = WaysAround(seed: seed) }

  /// The next move.
  public func action(in world: ArmEnvironment) -> Action {
    guard let goal = world.goal.conditions.first as? PegInSlot, let wall = world.scene[SlotWall.self],
      let peg = PegPose(goal.objectIndex, in: world), let gripper = world.physics.arm.gripper
    else { return world.action(moving: .zero) }
    let jaw = world.physics.arm.jaw
    let slot = wall.slots[goal.slotIndex]
    if peg.depth(in: wall) > 0.94 * wall.depth, abs(peg.front.x - slot) < wall.width / 2 {
      return world.action(moving: .zero, gripper: -1)
    }
    let grasp = PegGrasp(peg, gripper, jaw, tip: world.tip)
    if world.isHeld(goal.objectIndex), abs(grasp.offset.y) < 0.02, jaw.target < gripper.maximumOpening / 2 {
      let isTight = abs(jaw.velocity) < 0.003
      return world.action(moving: isTight ? carry(peg, to: slot, wall, world) : .zero, gripper: -1)
    }
    if grasp.isBetweenFingers, abs(grasp.offset.y) < (grasp.isClosing ? 0.014 : 0.006) {
      return world.action(moving: .zero, gripper: -1)
    }
    return approach(peg, grasp, goal.objectIndex, world)
  }

  /// Off the others first, along the wall to before the slot, and in where the peg's end fits.
  private func carry(_ peg: PegPose, to slot: Double, _ wall: SlotWall, _ world: ArmEnvironment) -> Vec2 {
    let aside = slot - peg.front.x
    let gap = -peg.depth(in: wall)
    let clearance = wall.width - 2 * peg.halfWidth
    if gap < -0.001, abs(aside) < clearance {
      let left = wall.depth - peg.depth(in: wall)
      return Vec2(max(-0.01, min(0.01, 3 * aside)), min(0.06, 0.008 + 3 * left))
    }
    if gap > 0.06, abs(aside) > 0.02 { return Vec2(0, carrySpeed) }
    // A funnel before the slot: friction with the table holds what stands still a little aside, so that the peg is lined
    // up while it moves on, and goes back where it would not fit.
    let allowed = 0.3 * clearance + 0.15 * max(0, gap)
    let along = 4 * aside
    if gap < room + 0.004, abs(aside) <= allowed { return Vec2(along, entrySpeed) }
    if gap < room - 0.004 { return Vec2(max(-0.03, min(0.03, gap < 0.001 ? 0 : along)), -entrySpeed) }
    return Vec2(max(-carrySpeed, min(carrySpeed, along)), max(-carrySpeed, min(carrySpeed, 4 * (gap - room))))
  }

  private func approach(_ peg: PegPose, _ grasp: PegGrasp, _ object: Int, _ world: ArmEnvironment) -> Action {
    let offset = grasp.offset
    let isInLine = offset.y > -0.03 && abs(offset.x) < max(0.004, grasp.opening / 2 - peg.halfWidth - 0.004)
    if grasp.isOpen, isInLine, offset.y < grasp.ahead + 0.05 {
      let speed = max(-advanceSpeed, min(advanceSpeed, 3 * offset.y))
      return world.action(moving: Vec2(max(-0.1, min(0.1, 4 * offset.x)), speed), gripper: 1)
    }
    let start = world.specification.workspace(Vec2(grasp.point.x, peg.rear.y - grasp.ahead - 0.012))
    let tip = world.commandedTip
    let way = start - tip
    if way.length < 0.03, tip.y < peg.rear.y - grasp.ahead + 0.005 {
      return world.action(moving: way * 4, gripper: way.length < 0.015 || grasp.isOpen ? 1 : -1)
    }
    var around = [RoundObstacle(center: peg.center, radius: peg.halfLength + 0.042)]
    for index in world.scene.objects.indices where index != object {
      around.append(
        RoundObstacle(
          center: world.physics.states[index].position, radius: world.scene.objects[index].circumradius + 0.045))
    }
    let area = world.specification.table.inset(by: world.specification.robot.tipRadius)
    let direction =
      ShortestWay.find(from: tip, to: start, around: around, within: area)?.direction
      ?? ways.direction(from: tip, to: start, around: around)
    return world.action(moving: direction * min(travelSpeed, 0.03 + 3 * way.length), gripper: -1)
  }
}

/// Where the fingers are to hold a peg, and how they are to it.
private struct PegGrasp {
  /// Where the grasp point between the fingers belongs, m: so far behind the peg's middle that its end goes in up to the
  /// end of the slot.
  var point: Vec2
  /// From the grasp point to there, m.
  var offset: Vec2
  /// From the grasp point to the fingers' ends, m.
  var ahead: Double
  /// Between the fingers, m.
  var opening: Double
  var isOpen: Bool
  /// The fingers are told to close.
  var isClosing: Bool
  var isBetweenFingers: Bool

  init(_ peg: PegPose, _ gripper: Gripper, _ jaw: Jaw, tip: Vec2) {
    ahead = gripper.fingerLength - gripper.graspDistance
    point = peg.rear + peg.axis * 0.026
    offset = point - tip
    opening = jaw.opening
    isOpen = jaw.opening > 0.8 * gripper.maximumOpening
    isClosing = jaw.target < 0.25 * gripper.maximumOpening
    isBetweenFingers = peg.rear.y < tip.y + ahead - 0.01 && abs(offset.x) < jaw.opening / 2
  }
}

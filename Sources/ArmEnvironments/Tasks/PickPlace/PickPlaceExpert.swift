// The scripted expert: come from behind with open fingers, close, carry, open, back off.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Brings the named object to the named bin from any state, seeing the true state.
///
/// It keeps nothing between steps but the side on which it passes things. What comes next is read off the world:
///
/// ```
///   in the bin ── between the fingers ──► open; then back off
///   else held by both fingers ──► carry it to the bin, around the others
///   else between the fingers, deep enough ──► close, at rest
///   else ahead of the open fingers, in line ──► advance
///   else ──► go, closed, around everything to the place behind it, and open there
/// ```
public struct PickPlaceExpert: Expert {
  private var ways = WaysAround()

  // m/s
  private let travelSpeed = 0.22
  private let carrySpeed = 0.16
  private let advanceSpeed = 0.12
  /// Between the object's rim and each finger before they close, m.
  private let fingerRoom = 0.012

  /// An expert before its first episode.
  public init() {}

  /// Draws what the expert decides once per episode.
  public mutating func beginEpisode(seed: UInt64) { ways = WaysAround(seed: seed) }

  /// The next move: over the object, down, closed, to the zone, open.
  public func action(in world: ArmEnvironment) -> Action {
    guard let object = world.goalObject, let bin = world.goalZone, let view = HandView(of: object, in: world)
    else { return world.action(moving: .zero) }
    let opening = min(view.gripper.maximumOpening, 2 * (view.radius + fingerRoom))
    let open = 2 * opening / view.gripper.maximumOpening - 1
    let toBin = bin.center - view.position
    let isInBin = toBin.length < bin.radius - 0.005

    if view.isBetweenFingers {
      if toBin.length < 0.3 * bin.radius || (isInBin && !view.isHeld) {
        return release(view, open: open, in: world)
      }
      if view.isHeld { return world.action(moving: carry(view, to: bin, in: world), gripper: -1) }
      if abs(view.along) < (view.isClosing ? 0.03 : 0.008) {
        return world.action(moving: .zero, gripper: -1)
      }
    } else if isInBin {
      return release(view, open: open, in: world)
    }
    return approach(view, opening: opening, open: open, in: world)
  }

  /// Opens at rest, then backs off until the fingers are clear; so too where something keeps it from opening.
  private func release(_ view: HandView, open: Double, in world: ArmEnvironment) -> Action {
    let isFree = world.isReleased(view.object)
    let isClear = view.along > view.reach + 0.02
    let jaw = world.physics.arm.jaw
    let isStuck = jaw.target > jaw.opening + 0.002 && abs(jaw.velocity) < 0.002
    let moving = (isFree || isStuck) && !isClear ? view.hand * -0.1 : .zero
    return world.action(moving: moving, gripper: isClear ? 1 : max(open, 0.05))
  }

  /// To the bin's mouth, around the others, and straight in: bins may have rims, open towards the robot.
  private func carry(_ view: HandView, to bin: Zone, in world: ArmEnvironment) -> Vec2 {
    let ahead = view.hand.dot(bin.center - view.position)
    let aside = view.hand.perpendicular.dot(bin.center - view.position)
    let mouth = bin.radius + view.radius + 0.02
    let isInside = ahead < mouth - 0.01
    if isInside ? abs(aside) < 0.04 : ahead < mouth + 0.03 && abs(aside) < 0.012 {
      let speed = min(carrySpeed, 0.03 + 2.5 * abs(ahead))
      return view.hand * (ahead > 0 ? speed : -speed)
        + view.hand.perpendicular * min(0.08, max(-0.08, 4 * aside))
    }
    // Beside the bin: back first.
    if isInside { return view.hand * -carrySpeed }
    let start = world.commandedTip + view.position - view.tip
    let goal = bin.center - view.hand * (mouth + 0.01)
    let others = obstacles(in: world, but: view.object, grownBy: max(view.radius + 0.018, 0.042))
    let way = goal - start
    return direction(from: start, to: goal, around: others, in: world) * min(carrySpeed, 0.02 + 2.5 * way.length)
  }

  private func approach(
    _ view: HandView, opening: Double, open: Double, in world: ArmEnvironment
  ) -> Action {
    let tip = world.commandedTip
    let isOpen = world.physics.arm.jaw.opening > opening - 0.006
    let room = world.physics.arm.jaw.opening / 2 - view.radius
    if isOpen, view.along > -0.02, view.along < view.reach + 0.04, abs(view.side) < max(0.004, room - 0.002) {
      // In line: ahead, and sideways to the middle.
      let ahead = (view.position - tip).dot(view.hand)
      let aside = (view.position - tip).dot(view.hand.perpendicular)
      let speed = min(advanceSpeed, max(-advanceSpeed, 3 * ahead))
      let move = view.hand * speed + view.hand.perpendicular * min(0.08, max(-0.08, 4 * aside))
      return world.action(moving: move, gripper: open)
    }
    let start = world.specification.workspace(view.position - view.hand * (view.reach + 0.012))
    let toStart = start - tip
    let isNear = toStart.length < 0.03 && view.along > view.reach
    if isNear {
      return world.action(moving: toStart * 4, gripper: toStart.length < 0.015 || view.isOpen ? open : -1)
    }
    let around =
      obstacles(in: world, but: view.object, grownBy: 0.045)
      + [RoundObstacle(center: view.position, radius: view.reach + 0.004)]
    let direction = direction(from: tip, to: start, around: around, in: world)
    return world.action(moving: direction * min(travelSpeed, 0.03 + 3 * toStart.length), gripper: -1)
  }

  private func direction(
    from start: Vec2, to end: Vec2, around obstacles: [RoundObstacle], in world: ArmEnvironment
  ) -> Vec2 {
    let area = world.specification.table.inset(by: world.specification.robot.tipRadius)
    return ShortestWay.find(from: start, to: end, around: obstacles, within: area)?.direction
      ?? ways.direction(from: start, to: end, around: obstacles)
  }

  private func obstacles(
    in world: ArmEnvironment, but object: Int, grownBy margin: Double
  ) -> [RoundObstacle] {
    world.scene.objects.indices.filter { $0 != object }.map {
      RoundObstacle(
        center: world.physics.states[$0].position, radius: world.scene.objects[$0].circumradius + margin)
    }
  }
}

/// An object as the hand has it before it.
private struct HandView {
  var object: Int
  var gripper: Gripper
  /// Of object and grasp point, m.
  var position: Vec2
  var tip: Vec2
  /// Unit vector that the fingers point along.
  var hand: Vec2
  /// Circumradius of the object, m.
  var radius: Double
  /// Where the object is from the grasp point, ahead and to the left, m.
  var along: Double
  var side: Double
  /// From the grasp point to the object's centre where the fingers' ends just touch it, m.
  var reach: Double
  var isBetweenFingers: Bool
  var isHeld: Bool
  /// The fingers are told to close, or are open wide.
  var isClosing: Bool
  var isOpen: Bool

  init?(of object: Int, in environment: ArmEnvironment) {
    let world = environment.physics
    guard let gripper = world.arm.gripper else { return nil }
    self.object = object
    self.gripper = gripper
    position = world.states[object].position
    tip = environment.tip
    hand = world.arm.hand.direction
    radius = environment.scene.objects[object].circumradius
    along = (position - tip).dot(hand)
    side = hand.perpendicular.dot(position - tip)
    reach = gripper.fingerLength - gripper.graspDistance + radius
    isBetweenFingers =
      abs(along) < gripper.graspDistance + 0.01 && abs(side) < world.arm.jaw.opening / 2
    isHeld = environment.isHeld(object)
    isClosing = world.arm.jaw.target < 0.25 * gripper.maximumOpening
    isOpen = world.arm.jaw.opening > 0.5 * gripper.maximumOpening
  }
}

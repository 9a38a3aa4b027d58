// The scripted expert: ride along below the object, and push it off where it comes by a gate.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Pushes the named object through a gate from any state, seeing the true state.
///
/// It works in the frame of the surface under the object, in which the object lies still and the gates come to it: behind
/// the object first, then a push that meets the gate. Where both gates are still ahead it takes the one that its coin
/// prefers; it keeps nothing else between steps, so it labels any state.
public struct BeltExpert: Expert {
  private var prefersFirst = true
  private var ways = WaysAround()

  // m/s
  private let travelSpeed = 0.21
  private let pushSpeed = 0.16
  private let finalSpeed = 0.06
  /// How far behind the fence's far face it brings the object, m.
  private let depth = 0.014
  /// The greatest slope of a push to either side of the straight way to the fence: against the belt, and along it, where
  /// waiting does as well.
  private let steepest = 1.0
  private let leastSlope = -0.2

  /// An expert before its first episode.
  public init() {}

  /// Draws which gate it prefers, and the side on which it passes things.
  public mutating func beginEpisode(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "gate")
    prefersFirst = random.uniform() < 0.5
    ways = WaysAround(seed: seed)
  }

  /// The next move.
  public func action(in world: ArmEnvironment) -> Action {
    guard let bin = world.goal.conditions.first as? ObjectInBin, let belt = world.scene[Belt.self] else {
      return world.action(moving: .zero)
    }
    let view = BeltView(belt, bin, world)
    let velocity = velocity(view, world)
    return world.action(moving: Vec2(velocity.x, velocity.y * view.side.direction))
  }

  private func velocity(_ view: BeltView, _ world: ArmEnvironment) -> Vec2 {
    let belt = view.belt
    if view.object.y > belt.outside + depth { return stepBack(view) }
    if abs(view.tip.y) > belt.halfWidth - view.tipRadius, !view.isPushing { return leaveGate(view) }
    // Where the object will be when the tip gets behind it.
    let time = max(0, (view.tip - view.object).length - view.contact - 0.02) / travelSpeed
    let gate = gate(view, after: time)
    let push = push(view, to: gate, from: view.object + view.surface * time)
    let direction = push?.direction ?? Vec2(0, 1)
    let offset = view.tip - view.object
    let behind = -offset.dot(direction)
    let sideways = direction.cross(offset)
    if behind > 0.3 * view.contact, abs(sideways) < 0.45 * view.contact, offset.length < view.contact + 0.03 {
      guard let now = self.push(view, to: gate, from: view.object) else { return ride(view) }
      let steer = max(-0.12, min(0.12, -5 * now.direction.cross(offset)))
      let slip = min(1, abs(now.direction.cross(offset)) / (0.6 * view.contact))
      // Beside the line of the push it does no more than hold the object against the belt.
      let holding = min(now.speed, max(0, -now.direction.dot(view.surface)))
      let speed = holding + (now.speed - holding) * (1 - slip)
      return view.surface + now.direction * speed + now.direction.perpendicular * steer
    }
    return approach(view, direction, world)
  }

  /// The gate to take: the preferred one, unless the object is carried past it, or is in one already.
  private func gate(_ view: BeltView, after time: Double) -> Double {
    let gates = view.belt.gates(view.side)
    if view.room < -0.004 {
      return abs(view.object.x - gates[0]) < abs(view.object.x - gates[1]) ? gates[0] : gates[1]
    }
    let drift = view.belt.speed * (time + max(0, view.room) / pushSpeed)
    return prefersFirst && view.object.x - drift > gates[0] - 0.015 ? gates[0] : gates[1]
  }

  /// How to push from a place such that the object meets the gate's middle, seen from the surface; nil where the belt
  /// brings it nearer by itself.
  private func push(_ view: BeltView, to gate: Double, from object: Vec2) -> (direction: Vec2, speed: Double)? {
    let room = view.belt.halfWidth - object.y - view.radius
    let missing = gate - object.x
    let isLate = view.object.y > view.belt.halfWidth
    let up = isLate ? finalSpeed : pushSpeed
    // Slipping and turning, it comes on slower than it is pushed. Too early does no harm: the belt brings it along the
    // fence to the gate.
    let along = missing / (max(0, room) / (0.75 * up) + 0.2) - view.surface.x
    let slope = along / up
    if room < 0.008, abs(missing) < view.belt.gate / 2 - view.radius + 0.004 {
      // At the gate, and it fits: in, as straight as the belt allows.
      return (Vec2(max(-steepest, min(steepest, slope)), 1).normalized(), up)
    }
    // Who pushes against the belt already goes on until there is time to get behind the object again.
    if view.isAgainst, missing > -(0.9 * view.belt.speed + 0.01) { return against(view) }
    if slope >= leastSlope, slope <= steepest { return (Vec2(slope, 1).normalized(), up * Vec2(slope, 1).length) }
    if slope < 0 { return nil }
    // A little late at the fence: along it from where the tip is.
    return room < 0.02 && missing < 0.03 && !view.isAgainst
      ? (Vec2(steepest, 1).normalized(), up + view.belt.speed) : against(view)
  }

  /// Where the object was carried past: against the belt, along the fence.
  private func against(_ view: BeltView) -> (direction: Vec2, speed: Double) {
    (Vec2(1, 0.3).normalized(), 0.1 + view.belt.speed)
  }

  /// Stays behind the object and waits.
  private func ride(_ view: BeltView) -> Vec2 {
    let start = view.clamp(view.object - Vec2(0, view.contact + 0.008))
    return view.surface + ((start - view.tip) * 3).clamped(toLength: travelSpeed)
  }

  private func approach(_ view: BeltView, _ direction: Vec2, _ world: ArmEnvironment) -> Vec2 {
    let start = view.clamp(view.object - direction * (view.contact + 0.015))
    let obstacles =
      [RoundObstacle(center: view.object, radius: view.contact + 0.006)]
      + view.others.map { $0.grown(by: view.tipRadius + 0.008) }
    let way = start - view.tip
    let speed = min(travelSpeed, 0.03 + 4 * way.length)
    var velocity = ways.direction(from: view.tip, to: start, around: obstacles) * speed
    // Along the fences, not against them.
    let most = view.belt.halfWidth - view.tipRadius - 0.003
    if view.tip.y >= most { velocity.y = min(0, velocity.y) }
    if view.tip.y <= -most { velocity.y = max(0, velocity.y) }
    return view.surface + velocity
  }

  /// Back from the gate, and clear of the object.
  private func stepBack(_ view: BeltView) -> Vec2 {
    let offset = view.tip - view.object
    let gap = view.contact + 0.02 - offset.length
    guard gap > 0 else { return .zero }
    return Vec2(0, offset.y < 0 ? -1 : 1) * min(0.12, 0.03 + 4 * gap)
  }

  /// From beside the belt back to it, through the nearest gate.
  private func leaveGate(_ view: BeltView) -> Vec2 {
    let belt = view.belt
    let isAhead = view.tip.y > 0
    let toBelt = isAhead ? -1.0 : 1.0
    let side = isAhead ? view.side : belt.sides.first { $0.direction != view.side.direction } ?? view.side
    let gate = belt.gates(side).min { abs($0 - view.tip.x) < abs($1 - view.tip.x) } ?? view.tip.x
    let aside = gate - view.tip.x
    if abs(aside) < belt.gate / 2 - view.tipRadius - 0.004 || abs(view.tip.y) < belt.halfWidth {
      return Vec2(2 * aside, toBelt * 0.15)
    }
    // Behind the fence: along it, a little off.
    let off = belt.outside + view.tipRadius + 0.008 - abs(view.tip.y)
    return Vec2(aside > 0 ? 0.15 : -0.15, -toBelt * 4 * off).clamped(toLength: travelSpeed)
  }
}

/// Object, tip and others as seen from the belt's middle towards the named bin: y counts towards it.
private struct BeltView {
  let belt: Belt
  let side: Belt.Side
  let object: Vec2
  let tip: Vec2
  /// Of the object, of the tip, and between their centres where they touch, m.
  let radius: Double
  let tipRadius: Double
  let contact: Double
  /// How the surface under the object moves, m/s.
  let surface: Vec2
  let others: [RoundObstacle]
  /// From the object's rim to the fence, m; negative in a gate.
  let room: Double

  init(_ belt: Belt, _ bin: ObjectInBin, _ world: ArmEnvironment) {
    let side = belt.sides[bin.binIndex]
    func seen(_ point: Vec2) -> Vec2 { Vec2(point.x, belt.depth(of: point, side)) }
    self.belt = belt
    self.side = side
    let position = world.physics.states[bin.objectIndex].position
    object = seen(position)
    surface = belt.velocity(at: position)
    // Who rides along is behind what the motors are told.
    tip = seen(world.commandedTip - surface * BeltView.lag)
    radius = world.scene.objects[bin.objectIndex].circumradius
    tipRadius = world.specification.robot.tipRadius
    contact = radius + tipRadius
    others = world.scene.objects.indices.filter { $0 != bin.objectIndex }.map {
      RoundObstacle(
        center: seen(world.physics.states[$0].position), radius: world.scene.objects[$0].circumradius)
    }
    room = belt.halfWidth - object.y - radius
  }

  /// What the servos lag behind a steadily moving target, s: derivative over stiffness.
  private static let lag = 0.067

  /// Whether the tip is where it pushes the object against the belt.
  var isAgainst: Bool {
    let offset = tip - object
    return offset.x < -0.5 * contact && abs(offset.y) < 0.6 * contact && offset.length < contact + 0.03
  }

  /// Whether the tip is behind the object, where it follows it into the gate.
  var isPushing: Bool {
    let offset = tip - object
    return offset.y < 0 && tip.y > 0 && abs(offset.x) < contact && offset.length < contact + 0.03
  }

  /// The nearest place between the fences.
  func clamp(_ point: Vec2) -> Vec2 {
    let most = belt.halfWidth - tipRadius - 0.002
    return Vec2(
      min(max(point.x, belt.ends.lowerBound + tipRadius), belt.ends.upperBound - tipRadius),
      min(max(point.y, -most), most))
  }
}

// How a round tip pushes one thing among others: what the experts that push have in common.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Moves of the tip that push an object to a place, from any state.
public struct Pushing: Sendable {
  /// How it finds its way among other things.
  public enum Route: Sendable {
    /// Past the nearest one on its tangent: a way of either side, quickly found, for few things.
    case tangent
    /// The shortest way past all of them.
    case shortest
  }
  private var ways = WaysAround()
  private var route = Route.tangent

  // m/s
  private let travelSpeed = 0.22
  private let pushSpeed = 0.14
  private let finalSpeed = 0.05

  /// With the same preferred side in every episode.
  public init(_ route: Route = .tangent) { self.route = route }

  /// Draws the side on which it passes things where both are about as good.
  public init(_ route: Route = .tangent, seed: UInt64) {
    self.route = route
    ways = WaysAround(seed: seed)
  }

  /// The wanted velocity of the commanded tip, m/s.
  ///
  /// - Parameter isThere: the object needs no more pushing: the tip steps back.
  public func velocity(
    pushing index: Int, to goal: Vec2, isThere: Bool, in environment: ArmEnvironment
  ) -> Vec2 {
    let object = environment.physics.states[index].position
    let objectRadius = environment.scene.objects[index].circumradius
    let tip = environment.commandedTip
    let tipRadius = environment.specification.robot.tipRadius
    let contact = objectRadius + tipRadius
    let distance = (goal - object).length

    if isThere { return stepBack(from: object, tip: tip, clearance: contact + 0.015) }

    var others: [RoundObstacle] = []
    for (i, other) in environment.scene.objects.enumerated() where i != index {
      others.append(
        RoundObstacle(center: environment.physics.states[i].position, radius: other.circumradius))
    }
    let table = environment.specification.table
    let route = direction(
      from: object, to: goal, around: others.map { $0.grown(by: objectRadius + 0.01) },
      within: table.inset(by: objectRadius))
    let offset = tip - object
    let behind = -offset.dot(route)
    let sideways = route.cross(offset)

    // The tip is behind the object, near the line through its centre: push, and steer by sliding sideways.
    if behind > 0.3 * contact, abs(sideways) < 0.45 * contact, offset.length < contact + 0.03 {
      let speed = min(pushSpeed, finalSpeed + 2 * max(0, distance - 0.06))
      let steer = max(-0.1, min(0.1, -5 * sideways))
      return route * (speed * (1 - abs(sideways) / (0.6 * contact))) + route.perpendicular * steer
    }

    // Otherwise go to the place behind it, around it and the others.
    let start = environment.specification.workspace(object - route * (contact + 0.015))
    let obstacles =
      [RoundObstacle(center: object, radius: contact + 0.008)]
      + others.map { $0.grown(by: tipRadius + 0.008) }
    let toStart = start - tip
    let speed = min(travelSpeed, 0.03 + 3 * toStart.length)
    return direction(from: tip, to: start, around: obstacles, within: table.inset(by: tipRadius)) * speed
  }

  private func direction(
    from start: Vec2, to end: Vec2, around obstacles: [RoundObstacle], within area: WorldRectangle
  ) -> Vec2 {
    if route == .shortest,
      let way = ShortestWay.find(from: start, to: end, around: obstacles, within: area)
    {
      return way.direction
    }
    return ways.direction(from: start, to: end, around: obstacles)
  }

  private func stepBack(from object: Vec2, tip: Vec2, clearance: Double) -> Vec2 {
    let offset = tip - object
    let gap = clearance - offset.length
    return gap > 0 ? offset.normalized() * min(0.1, 0.02 + 4 * gap) : .zero
  }
}

extension WorldRectangle {
  /// The rectangle without its margin of a width, m.
  public func inset(by margin: Double) -> WorldRectangle {
    WorldRectangle(min: min + Vec2(margin, margin), max: max - Vec2(margin, margin))
  }
}

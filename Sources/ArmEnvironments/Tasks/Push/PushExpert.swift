// The scripted expert: go behind the object, push it towards the zone, step back.

import PlanarCore
import PlanarPhysics
import PolicyInterface

/// Pushes the named object to the named zone from any state, seeing the true state.
///
/// It keeps nothing between steps but the side on which it passes things when both are about as good, drawn once per
/// episode; so it can label any state that a learner visits.
public struct PushExpert: Expert {
  /// +1: passes counter-clockwise where both ways are about as long; −1: clockwise.
  private var preferredSide = 1.0

  // m/s
  private let travelSpeed = 0.22
  private let pushSpeed = 0.14
  private let finalSpeed = 0.05

  public init() {}

  public mutating func beginEpisode(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "expert")
    preferredSide = random.uniform() < 0.5 ? 1 : -1
  }

  public func action(in world: ArmEnvironment) -> Action {
    let velocity = tipVelocity(in: world)
    let scale = world.controlPeriod / world.specification.action.step
    let move = (velocity * scale).clamped(toLength: 1)
    return [Float(move.x), Float(move.y)]
  }

  /// The wanted velocity of the commanded tip, m/s.
  private func tipVelocity(in environment: ArmEnvironment) -> Vec2 {
    guard let (index, zone, isThere) = aim(in: environment) else { return .zero }
    let object = environment.world.states[index].position
    let objectRadius = environment.scene.objects[index].circumradius
    let tip = environment.commandedTip
    let tipRadius = environment.specification.robot.tipRadius
    let contact = objectRadius + tipRadius
    let distance = (zone - object).length

    if isThere { return stepBack(from: object, tip: tip, clearance: contact + 0.015) }

    var others: [RoundObstacle] = []
    for (i, other) in environment.scene.objects.enumerated() where i != index {
      others.append(
        RoundObstacle(center: environment.world.states[i].position, radius: other.circumradius))
    }
    let route = direction(
      from: object, to: zone, around: others.map { $0.grown(by: objectRadius + 0.01) })
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
    return direction(from: tip, to: start, around: obstacles) * speed
  }

  /// The object to push, where to, and whether it is far enough there.
  private func aim(in environment: ArmEnvironment) -> (object: Int, place: Vec2, isThere: Bool)? {
    let open = environment.goal.conditions.first { !environment.holds($0) }
    switch open ?? environment.goal.conditions.first {
    case .inside(let object, let zone):
      let zone = environment.scene.zones[zone]
      let distance = (zone.center - environment.world.states[object].position).length
      return (object, zone.center, distance < 0.4 * zone.radius)
    case .beside(let object, let landmark):
      let gap = environment.gap(object, landmark)
      return (object, environment.world.states[landmark].position, gap <= 0.4 * ArmEnvironment.besideGap)
    default: return nil
    }
  }

  private func stepBack(from object: Vec2, tip: Vec2, clearance: Double) -> Vec2 {
    let offset = tip - object
    let gap = clearance - offset.length
    return gap > 0 ? offset.normalized() * min(0.1, 0.02 + 4 * gap) : .zero
  }

  private struct RoundObstacle {
    var center: Vec2
    var radius: Double
    func grown(by margin: Double) -> RoundObstacle { RoundObstacle(center: center, radius: radius + margin) }
  }

  /// The unit direction of the way from `start` to `end` that passes the nearest obstacle in between on its
  /// tangent; an obstacle around `end` itself is ignored.
  private func direction(from start: Vec2, to end: Vec2, around obstacles: [RoundObstacle]) -> Vec2 {
    let way = end - start
    let length = way.length
    let straight = way.normalized()
    var nearest: RoundObstacle?
    var nearestDistance = Double.infinity
    for obstacle in obstacles where (end - obstacle.center).length > obstacle.radius {
      let offset = obstacle.center - start
      let along = offset.dot(straight)
      let distance = offset.length
      let touches = distance < obstacle.radius
      let blocks = along > 0 && along < length && abs(straight.cross(offset)) < obstacle.radius
      if (blocks || (touches && along > 0)) && distance < nearestDistance {
        nearest = obstacle
        nearestDistance = distance
      }
    }
    guard let obstacle = nearest else { return straight }
    let offset = obstacle.center - start
    let distance = offset.length
    let toward = offset.normalized()
    // Which side: the one the way already leans to; where it leans to neither, the episode's choice.
    let lean = straight.cross(toward)
    let side = abs(lean) < 0.15 ? preferredSide : (lean > 0 ? -1.0 : 1.0)
    if distance < obstacle.radius {
      // Too close: along the rim, and outward.
      let outward = (obstacle.radius - distance) / obstacle.radius * 4
      return (toward.perpendicular * side - toward * outward).normalized()
    }
    let sine = obstacle.radius / distance
    let cosine = (1 - sine * sine).squareRoot()
    return Rotation(cosine: cosine, sine: side * sine).apply(toward)
  }
}

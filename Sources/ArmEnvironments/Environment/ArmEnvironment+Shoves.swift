// What a person's hand may do to a scene from outside of the episode.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// The objects that hold a point (m), in ascending order; obstacles and the robot are not among them.
  public func objects(at point: Vec2) -> [Int] {
    physics.bodies(at: point).filter { $0 < scene.objects.count }
  }

  /// Gives an object a velocity, m/s, and stops its spin.
  public mutating func shove(body: Int, velocity: Vec2) {
    precondition(scene.objects.indices.contains(body), "no such object")
    physics.shove(body: body, velocity: velocity)
  }

  /// Shoves an object such that it slides by a way, m, in the next control step, where nothing is in its way.
  public mutating func drag(body: Int, by way: Vec2) {
    shove(body: body, velocity: physics.velocity(ofSliding: body, by: way, within: controlPeriod))
  }
}

extension World {
  mutating func shove(body: Int, velocity: Vec2) {
    states[body].velocity = velocity
    states[body].spin = 0
  }

  /// The velocity at which a body that support friction brakes slides by a way, m, in `time` seconds; where it would
  /// stop before, in the time that this takes. At most 1.5 m/s.
  func velocity(ofSliding body: Int, by way: Vec2, within time: Double) -> Vec2 {
    let distance = way.length
    guard distance > 0 else { return .zero }
    let braking = models[body].supportFriction * settings.tableGravity
    let speed = min(
      (2 * braking * distance).squareRoot(), distance / time + braking * time / 2)
    // Without friction nothing stops it.
    let needed = braking > 0 ? speed : distance / time
    return way * (min(needed, 1.5) / distance)
  }
}

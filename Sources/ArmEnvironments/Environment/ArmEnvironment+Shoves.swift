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

  /// Gives an object the spin by which it turns by an angle in a control step, where nothing is in its way.
  public mutating func turn(body: Int, by angle: Double) {
    precondition(scene.objects.indices.contains(body), "no such object")
    physics.states[body].spin = physics.spin(ofTurning: body, by: angle, within: controlPeriod)
  }

  /// The zones that hold a point, m, where nothing was built around them.
  public func goals(at point: Vec2) -> [Int] {
    guard specification.task.furnishedObstacles == 0 else { return [] }
    return scene.zones.indices.filter { (scene.zones[$0].center - point).length <= scene.zones[$0].radius }
  }

  /// The middle of a zone, m.
  public func position(ofGoal goal: Int) -> Vec2 { scene.zones[goal].center }

  /// Moves a zone, until the episode ends. What it is in words, such as "left", it stays.
  public mutating func move(goal: Int, to point: Vec2) {
    precondition(scene.zones.indices.contains(goal), "no such zone")
    let (radius, table) = (scene.zones[goal].radius, specification.table)
    scene.zones[goal].center = Vec2(
      min(max(point.x, table.min.x + radius), table.max.x - radius),
      min(max(point.y, table.min.y + radius), table.max.y - radius))
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

  /// The spin, rad/s, at which a body that support friction brakes turns by an angle in `time` seconds; where it would stop
  /// before, in the time that this takes. At most two turns a second.
  func spin(ofTurning body: Int, by angle: Double, within time: Double) -> Double {
    guard angle != 0 else { return 0 }
    let surface = SupportSurface(models[body], gravity: settings.tableGravity)
    let braking = surface.maximumForce * surface.radius / models[body].inertia
    let way = abs(angle)
    let needed = braking > 0 ? min((2 * braking * way).squareRoot(), way / time + braking * time / 2) : way / time
    return min(needed, 4 * .pi) * (angle < 0 ? -1 : 1)
  }
}

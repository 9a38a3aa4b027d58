// What a person's hand may do to the T from outside of the episode.

import PlanarCore
import PlanarPolicyInterface

extension PushTEnvironment {
  /// The T as body 0 where it holds a point of the drawing, m.
  public func bodies(at point: Vec2) -> [Int] {
    let pose = Pose(position: simulation.blockPosition, rotation: simulation.rotation)
    let local = pose.toLocal(PushTPicture.windowPoint(point))
    let boxes = [PushTConstants.bar, PushTConstants.stem]
    return boxes.contains { $0.nearest(to: local).distance <= 0 } ? [0] : []
  }

  /// The T's centre of gravity on the drawing, m.
  public func position(ofBody body: Int) -> Vec2 { PushTPicture.point(simulation.center) }

  /// Moves the T, which has no inertia, by a way on the drawing, m, though not beyond the walls; it is at rest then.
  public mutating func drag(body: Int, by way: Vec2) { put(by: way, turnedBy: 0) }

  /// How the T is turned on the drawing, whose y grows upwards.
  public func angle(ofBody body: Int) -> Double { -simulation.blockAngle }

  /// Turns the T, which has no inertia.
  public mutating func turn(body: Int, by angle: Double) { put(by: .zero, turnedBy: -angle) }

  /// The T; the last eight seconds are left alone, so that most episodes show how one ends.
  public var shovableObjects: Int { episode.stepIndex < maximumSteps - 80 ? 1 : 0 }

  /// The T has no inertia: it is put elsewhere, mostly not far and hardly turned.
  public mutating func receive(_ shove: Shove) {
    let part = shove.strength
    put(
      by: shove.velocity.normalized() * (0.16 * part * part * part * part),
      turnedBy: shove.turn * abs(shove.turn) * Double.pi)
  }

  /// Moves the T as `drag` does and turns it about its centre of gravity, rad.
  public mutating func put(by way: Vec2, turnedBy turn: Double) {
    let middle = PushTPicture.windowPoint(PushTPicture.point(simulation.center) + way)
    let span = PushTConstants.wallSpan
    let kept = Vec2(
      min(max(middle.x, span.lowerBound), span.upperBound),
      min(max(middle.y, span.lowerBound), span.upperBound))
    simulation = PushTSimulation(
      pusher: simulation.pusher, pusherVelocity: simulation.pusherVelocity, center: kept,
      blockAngle: simulation.blockAngle + turn)
    episode.coverage = simulation.coverage
  }
}

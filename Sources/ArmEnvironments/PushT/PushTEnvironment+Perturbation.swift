// What a person's hand may do to the T from outside of the episode.

import PlanarCore

extension PushTEnvironment {
  /// The T as body 0 where it holds a point of the drawing, m.
  public func objects(at point: Vec2) -> [Int] {
    let pose = Pose(position: simulation.blockPosition, rotation: simulation.rotation)
    let local = pose.toLocal(PushTPicture.windowPoint(point))
    let boxes = [PushTConstants.bar, PushTConstants.stem]
    return boxes.contains { $0.nearest(to: local).distance <= 0 } ? [0] : []
  }

  /// The T's centre of gravity on the drawing, m.
  public func position(ofBody body: Int) -> Vec2 { PushTPicture.point(simulation.center) }

  /// Moves the T, which has no inertia, by a way on the drawing, m, though not beyond the walls; it is at rest then.
  public mutating func drag(body: Int, by way: Vec2) { put(by: way, turnedBy: 0) }

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

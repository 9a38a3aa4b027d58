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
  public mutating func drag(body: Int, by way: Vec2) {
    let middle = PushTPicture.windowPoint(PushTPicture.point(simulation.center) + way)
    let span = PushTConstants.wallSpan
    let kept = Vec2(
      min(max(middle.x, span.lowerBound), span.upperBound),
      min(max(middle.y, span.lowerBound), span.upperBound))
    simulation = PushTSimulation(
      pusher: simulation.pusher, pusherVelocity: simulation.pusherVelocity,
      blockPosition: simulation.blockPosition + kept - simulation.center,
      blockAngle: simulation.blockAngle)
    episode.coverage = simulation.coverage
  }
}

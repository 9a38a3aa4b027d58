// What a planner brings down in PushT, whoever pushes.

import PlanarCore
import PolicyInterface

extension PushTConstants {
  /// What a state costs a planner: 0 where the task is done, about 1 at the start of an episode.
  ///
  /// Coverage is what counts, but is flat where the T is far away or upside down, so the distance from goal to T and
  /// the angle between them are added. The angle itself is taken: functions of its cosine have no slope at half a
  /// turn, where the T would stay. That the pusher is near the T counts little: it has to let go to push elsewhere.
  ///
  /// - Parameters:
  ///   - block: the T's pose, px, and `angle` its angle, rad, not wrapped.
  ///   - pusher: px.
  static func planningCost(coverage: Double, block: Pose, angle: Double, pusher: Vec2) -> Double {
    guard coverage <= successCoverage else { return 0 }
    let distance = (block.toWorld(centerOfGravity) - goalCenter).length
    let turn = abs((angle - goalAngle).remainder(dividingBy: 2 * Double.pi))
    let local = block.toLocal(pusher)
    let gap = min(bar.nearest(to: local).distance, stem.nearest(to: local).distance) - pusherRadius
    return 0.3 * (1 - coverage) + distance / 330 + turn / 5.5 + max(0, gap) / 11_000
  }

  /// Where the T's centre of gravity belongs, px.
  private static let goalCenter =
    goalPosition + Rotation(angle: goalAngle).apply(centerOfGravity)
}

extension PushTEnvironment: PlannableEnvironment {
  public var planningCost: Double {
    PushTConstants.planningCost(
      coverage: coverage,
      block: Pose(position: simulation.blockPosition, rotation: simulation.rotation),
      angle: simulation.blockAngle, pusher: simulation.pusher)
  }

  /// A copy: the simulation has no storage outside the value.
  public func fork(into other: inout PushTEnvironment) { other = self }
}

// The scripted expert: the shortest way around the bar; at the fork, the side that the episode's coin says.

import PlanarCore
import PlanarPolicyInterface

/// Goes to the zone around the bars on the shortest way. Where both sides of the goal's bar are about as long it takes
/// the one drawn for the episode; it keeps nothing else between steps, so it labels any state.
public struct DetourExpert: Expert {
  /// +1: passes on the left; −1: on the right.
  private var preferredSide = 1.0

  // m/s
  private let speed = 0.18
  /// Ways that differ by no more are as good as each other, m.
  private let tie = 0.02

  /// An expert that has not chosen a side.
  public init() {}

  /// Chooses the side by which obstacles are passed.
  public mutating func beginEpisode(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "expert")
    preferredSide = random.uniform() < 0.5 ? 1 : -1
  }

  /// The next move along the way around the bar.
  public func action(in world: ArmEnvironment) -> Action {
    guard let zone = world.goalZone, let task = world.specification.task as? DetourTask else {
      return world.action(moving: .zero)
    }
    let tip = world.commandedTip
    let map = WayMap(
      around: world.scene.obstacles, margin: world.specification.robot.tipRadius + DetourTask.margin)
    let way = choose(task.bar(world), map, from: tip, to: zone.center)
    // Along the way, and outward where the tip is within the margin.
    let outward = (way.exit - tip) * 100
    let along = (way.next - way.exit).normalized(or: .zero)
    let direction = (along + outward).clamped(toLength: 1)
    let remaining = (zone.center - tip).length
    return world.action(moving: direction * min(speed, 3 * remaining))
  }

  private func choose(
    _ bar: Obstacle?, _ map: WayMap, from start: Vec2, to end: Vec2
  ) -> WayMap.Way {
    guard let bar else { return map.way(from: start, to: end) }
    let (left, right) = map.ways(around: bar, from: start, to: end)
    if abs(left.length - right.length) <= tie { return preferredSide > 0 ? left : right }
    return left.length < right.length ? left : right
  }
}

// The scripted expert: straight to the goal, slower near it.

import PlanarCore
import PlanarPolicyInterface

/// Leads the tip straight to where the goal's first open condition wants it. It keeps nothing between steps, so it
/// labels any state.
public struct ReachExpert: Expert {
  // m/s
  private let speed = 0.22

  /// An expert that remembers nothing.
  public init() {}

  /// There is nothing to draw.
  public mutating func beginEpisode(seed: UInt64) {}

  /// Straight towards the zone.
  public func action(in world: ArmEnvironment) -> Action {
    guard let place = place(in: world) else { return world.action(moving: .zero) }
    let way = place - world.commandedTip
    return world.action(moving: way.normalized() * min(speed, 3 * way.length))
  }

  /// Where the tip belongs.
  private func place(in environment: ArmEnvironment) -> Vec2? {
    let conditions = environment.goal.conditions
    switch conditions.first(where: { !$0.holds(in: environment) }) ?? conditions.first {
    case let inside as TipInZone: return environment.scene.zones[inside.index].center
    case let beside as TipBesideObject:
      let object = beside.index
      // On the tip's side of it: nearer than counts as beside, and not so near that it is pushed.
      let center = environment.physics.states[object].position
      let outward = (environment.tip - center).normalized()
      let gap = environment.gap(fromTipTo: object)
      return environment.tip - outward * (gap - 0.4 * ArmEnvironment.besideGap)
    default: return nil
    }
  }
}

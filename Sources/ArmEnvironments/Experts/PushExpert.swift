// The scripted expert: go behind the object, push it towards the zone, step back.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Pushes the named object to the named zone from any state, seeing the true state.
///
/// It keeps nothing between steps but the side on which it passes things when both are about as good, drawn once per
/// episode; so it can label any state that a learner visits.
public struct PushExpert: Expert {
  private var pushing = Pushing()

  /// An expert before its first episode.
  public init() {}

  /// Draws what the expert decides once per episode.
  public mutating func beginEpisode(seed: UInt64) {
    pushing = Pushing(seed: seed)
  }

  /// The next move: around the object to behind it, then through it to the zone.
  public func action(in world: ArmEnvironment) -> Action {
    guard let (object, goal, isThere) = aim(in: world) else { return world.action(moving: .zero) }
    return world.action(
      moving: pushing.velocity(pushing: object, to: goal, isThere: isThere, in: world))
  }

  /// The object to push, where to, and whether it is far enough there.
  private func aim(in environment: ArmEnvironment) -> (object: Int, goal: Vec2, isThere: Bool)? {
    let open = environment.goal.conditions.first { !$0.holds(in: environment) }
    switch open ?? environment.goal.conditions.first {
    case let inside as ObjectInZone:
      let object = inside.objectIndex
      let zone = environment.scene.zones[inside.zoneIndex]
      let distance = (zone.center - environment.physics.states[object].position).length
      return (object, zone.center, distance < 0.4 * zone.radius)
    case let together as ObjectsTogether:
      let (object, landmark) = (together.objectIndex, together.landmark)
      let gap = environment.gap(object, landmark)
      return (object, environment.physics.states[landmark].position, gap <= 0.4 * ArmEnvironment.besideGap)
    default: return nil
    }
  }
}

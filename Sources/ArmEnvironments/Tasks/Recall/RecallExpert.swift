// The scripted expert: waits for the signal, then straight to where the lamp was.

import PlanarCore
import PlanarPolicyInterface

/// Stays at home until the signal, and leads the tip to the lamp's zone. It knows the zone from the scene and keeps
/// nothing between steps, so it labels any state, in the dark too.
public struct RecallExpert: Expert {
  // m/s
  private let speed = 0.22

  /// An expert that knows where the lamp was.
  public init() {}

  /// There is nothing to draw.
  public mutating func beginEpisode(seed: UInt64) {}

  /// Nothing until the signal; then straight towards the zone.
  public func action(in world: ArmEnvironment) -> Action {
    guard let zone = world.goalZone, world.memory(as: RecallTask.Progress.self)?.mayGo == true else {
      return world.action(moving: .zero)
    }
    // Past a wrong zone it goes without a stop.
    let way = zone.center - world.commandedTip
    return world.action(moving: way.normalized() * min(speed, 3 * way.length))
  }
}

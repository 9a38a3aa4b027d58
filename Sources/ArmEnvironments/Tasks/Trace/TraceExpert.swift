// The scripted expert: to where the centre line will be, allowing for the servos' delay.

import PlanarCore
import PlanarPolicyInterface

/// Keeps the tip on the centre line and at its place along the belt. It keeps nothing between steps, so it labels any
/// state, and leads the tip back from outside.
public struct TraceExpert: Expert {
  /// What the servos lag behind a steadily moving target, s: derivative over stiffness.
  private let lag = 0.067

  /// An expert that remembers nothing.
  public init() {}

  /// There is nothing to draw.
  public mutating func beginEpisode(seed: UInt64) {}

  /// Towards the corridor's centre line ahead.
  public func action(in world: ArmEnvironment) -> Action {
    guard let corridor = world.scene[Corridor.self] else { return world.action(moving: .zero) }
    let period = world.controlPeriod
    let x = world.tip.x + corridor.travel(in: world)
    let error = corridor.height(at: x) - world.tip.y
    let ahead = corridor.height(at: x + corridor.speed * (period + lag))
    let home = (world.scene.tipStart.x - world.commandedTip.x).clamped(to: -0.01...0.01)
    let move = Vec2(home, ahead + 0.5 * error - world.commandedTip.y)
    return world.action(moving: move * (1 / period))
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

// The tip where it was sent.

import PlanarCore

/// The tip's centre is in the zone, at rest.
public struct TipInZone: Condition {
  let index: Int
  /// The zone that the tip is to be in.
  public var zone: Int? { index }

  /// The condition of a zone, by its index in the scene.
  public init(zone: Int) { index = zone }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    let zone = environment.scene.zones[index]
    return (environment.tip - zone.center).length <= zone.radius && environment.tipVelocity.length < 0.05
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    let zone = environment.scene.zones[index]
    return ArmEnvironment.costPerMetre * max(0, (environment.tip - zone.center).length - 0.5 * zone.radius)
  }
}

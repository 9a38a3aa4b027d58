// The tip where it was sent.

import PlanarCore

/// The tip's centre is in the zone, at rest.
public struct TipInZone: Condition {
  let index: Int
  public var zone: Int? { index }

  public init(zone: Int) { index = zone }

  public func holds(in environment: ArmEnvironment) -> Bool {
    let zone = environment.scene.zones[index]
    return (environment.tip - zone.center).length <= zone.radius && environment.tipVelocity.length < 0.05
  }

  public func cost(in environment: ArmEnvironment) -> Double {
    let zone = environment.scene.zones[index]
    return ArmEnvironment.costPerMetre * max(0, (environment.tip - zone.center).length - 0.5 * zone.radius)
  }
}

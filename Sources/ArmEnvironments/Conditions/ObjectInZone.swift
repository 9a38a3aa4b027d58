// A thing where it belongs.

import PlanarCore

/// The object's centre is in the zone, at rest.
public struct ObjectInZone: Condition {
  let objectIndex: Int
  let zoneIndex: Int
  public var object: Int? { objectIndex }
  public var zone: Int? { zoneIndex }

  public init(object: Int, zone: Int) { (objectIndex, zoneIndex) = (object, zone) }

  public func holds(in environment: ArmEnvironment) -> Bool {
    let zone = environment.scene.zones[zoneIndex]
    return (environment.world.states[objectIndex].position - zone.center).length <= zone.radius
      && environment.isAtRest(objectIndex)
  }

  public func cost(in environment: ArmEnvironment) -> Double {
    let way = environment.scene.zones[zoneIndex].center - environment.world.states[objectIndex].position
    guard !holds(in: environment) else { return 0 }
    return ArmEnvironment.costPerMetre * way.length + environment.pushingCost(of: objectIndex, along: way) + 0.02
  }
}

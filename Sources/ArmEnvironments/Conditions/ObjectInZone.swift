// A thing where it belongs.

import PlanarCore

/// The object's centre is in the zone, at rest.
public struct ObjectInZone: Condition {
  let objectIndex: Int
  let zoneIndex: Int
  /// The object that is moved.
  public var object: Int? { objectIndex }
  /// The zone that it goes to.
  public var zone: Int? { zoneIndex }

  /// The condition of an object and a zone, by their indices in the scene.
  public init(object: Int, zone: Int) { (objectIndex, zoneIndex) = (object, zone) }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    let zone = environment.scene.zones[zoneIndex]
    return (environment.physics.states[objectIndex].position - zone.center).length <= zone.radius
      && environment.isAtRest(objectIndex)
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    let way = environment.scene.zones[zoneIndex].center - environment.physics.states[objectIndex].position
    guard !holds(in: environment) else { return 0 }
    return ArmEnvironment.costPerMetre * way.length + environment.pushingCost(of: objectIndex, along: way) + 0.02
  }
}

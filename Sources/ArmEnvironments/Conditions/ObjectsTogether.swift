// A thing beside another.

import PlanarCore

/// The two objects touch, or nearly touch, at rest.
public struct ObjectsTogether: Condition {
  let objectIndex: Int
  /// The other object's index in the scene: the one that stays.
  public let landmark: Int
  public var object: Int? { objectIndex }

  public init(object: Int, landmark: Int) { (objectIndex, self.landmark) = (object, landmark) }

  public func holds(in environment: ArmEnvironment) -> Bool {
    environment.gap(objectIndex, landmark) <= ArmEnvironment.besideGap && environment.isAtRest(objectIndex)
      && environment.isAtRest(landmark)
  }

  public func cost(in environment: ArmEnvironment) -> Double {
    let states = environment.world.states
    let way = states[landmark].position - states[objectIndex].position
    guard !holds(in: environment) else { return 0 }
    return ArmEnvironment.costPerMetre * max(0, environment.gap(objectIndex, landmark))
      + environment.pushingCost(of: objectIndex, along: way) + 0.02
  }
}

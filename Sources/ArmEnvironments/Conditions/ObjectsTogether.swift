// A thing beside another.

import PlanarCore

/// The two objects touch, or nearly touch, at rest.
public struct ObjectsTogether: Condition {
  let objectIndex: Int
  /// The other object's index in the scene: the one that stays.
  public let landmark: Int
  /// The object that is moved.
  public var object: Int? { objectIndex }

  /// The condition of an object and the one that it goes to, by their indices in the scene.
  public init(object: Int, landmark: Int) { (objectIndex, self.landmark) = (object, landmark) }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    environment.gap(objectIndex, landmark) <= ArmEnvironment.besideGap && environment.isAtRest(objectIndex)
      && environment.isAtRest(landmark)
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    let states = environment.physics.states
    let way = states[landmark].position - states[objectIndex].position
    guard !holds(in: environment) else { return 0 }
    return ArmEnvironment.costPerMetre * max(0, environment.gap(objectIndex, landmark))
      + environment.pushingCost(of: objectIndex, along: way) + 0.02
  }
}

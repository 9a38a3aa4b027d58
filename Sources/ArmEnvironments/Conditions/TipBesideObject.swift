// The tip at a thing.

/// The tip touches, or nearly touches, the object.
public struct TipBesideObject: Condition {
  let index: Int
  /// The object that the tip is to be beside.
  public var object: Int? { index }

  /// The condition of an object, by its index in the scene.
  public init(object: Int) { index = object }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    environment.gap(fromTipTo: index) <= ArmEnvironment.besideGap
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    ArmEnvironment.costPerMetre * max(0, environment.gap(fromTipTo: index))
  }
}

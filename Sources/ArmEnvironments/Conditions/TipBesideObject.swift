// The tip at a thing.

/// The tip touches, or nearly touches, the object.
public struct TipBesideObject: Condition {
  let index: Int
  public var object: Int? { index }

  public init(object: Int) { index = object }

  public func holds(in environment: ArmEnvironment) -> Bool {
    environment.gap(fromTipTo: index) <= ArmEnvironment.besideGap
  }

  public func cost(in environment: ArmEnvironment) -> Double {
    ArmEnvironment.costPerMetre * max(0, environment.gap(fromTipTo: index))
  }
}

// What can hold or not in a scene: the parts of a goal. Those that several tasks share stand beside this file.

import PlanarCore
import PlanarPhysics

/// Something that a goal needs, such as an object in a zone. A task may bring conditions of its own.
public protocol Condition: Hashable, Sendable {
  /// Whether it holds now.
  func holds(in environment: ArmEnvironment) -> Bool
  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  func cost(in environment: ArmEnvironment) -> Double
  /// The object that is to be moved or touched, by its index in the scene; nil where there is none.
  var object: Int? { get }
  /// The zone that something belongs in, by its index in the scene; nil where there is none.
  var zone: Int? { get }
}

extension Condition {
  /// No object is moved.
  public var object: Int? { nil }
  /// No zone is named.
  public var zone: Int? { nil }
}

extension Condition {
  /// Whether another condition is the same, whatever its type.
  func equals(_ other: any Condition) -> Bool { other as? Self == self }
}

extension ArmEnvironment {
  /// What counts as together, m between the rims.
  public static let besideGap = 0.01
  /// What a metre costs where something is to be brought to a place.
  public static let costPerMetre = 2.5

  /// Whether all conditions of a goal hold now.
  public func holds(_ goal: Goal) -> Bool { goal.conditions.allSatisfy { $0.holds(in: self) } }

  /// The object that the goal's first condition moves; nil where it moves none.
  public var goalObject: Int? { goal.conditions.first?.object }

  /// The zone of the goal's first condition; nil where it has none.
  public var goalZone: Zone? { goal.conditions.first?.zone.map { scene.zones[$0] } }

  /// Whether an object has been slower than the rest speed for the rest time.
  public func isAtRest(_ object: Int) -> Bool {
    restTimes[object] >= specification.success.restTime - 1e-9
  }

  /// How far the tip is from where it can push an object along a way: behind it.
  public func pushingCost(of object: Int, along way: Vec2) -> Double {
    let reach = scene.objects[object].circumradius + specification.robot.tipRadius
    let behind = physics.states[object].position - way.normalized() * reach
    return 0.5 * (tip - behind).length
  }
}

// A parallel gripper at the end of an arm.

import PlanarCore

/// Two round-ended fingers that run ahead of the tip and close on each other, evenly and with limited force.
///
/// The jaw has one coordinate, the opening between the fingers' inner faces. Since the fingers move against each
/// other, their momentum cancels and the jaw is dynamically apart from the arm; it meets the arm in the contacts.
/// Count the fingers' mass in the last link.
public struct Gripper: Hashable, Codable, Sendable {
  /// From the tip to the fingers' ends, m.
  public var fingerLength: Double
  /// Half the fingers' width, m.
  public var fingerRadius: Double
  /// Mass of one finger, kg.
  public var fingerMass: Double
  /// Greatest opening, m; the least is 0.
  public var maximumOpening: Double
  /// Servo on the opening: N/m.
  public var stiffness: Double
  /// N·s/m.
  public var derivative: Double
  /// Most force between the fingers, N.
  public var forceLimit: Double
  /// Coulomb coefficient of the fingers, before it is combined with the body's.
  public var friction: Double

  /// A gripper; the defaults are those of a small one.
  public init(
    fingerLength: Double = 0.05, fingerRadius: Double = 0.006, fingerMass: Double = 0.05,
    maximumOpening: Double = 0.1, stiffness: Double = 2000, derivative: Double = 40,
    forceLimit: Double = 10, friction: Double = 0.8
  ) {
    self.fingerLength = fingerLength
    self.fingerRadius = fingerRadius
    self.fingerMass = fingerMass
    self.maximumOpening = maximumOpening
    self.stiffness = stiffness
    self.derivative = derivative
    self.forceLimit = forceLimit
    self.friction = friction
  }

  /// From the tip to the grasp point, m: the middle of the fingers' straight inner faces.
  public var graspDistance: Double { max(0, fingerLength - fingerRadius) / 2 }

  /// Inertia of the opening, kg: each finger moves at half its rate.
  var jawMass: Double { fingerMass / 2 }
}

/// The state of a gripper's jaw.
public struct Jaw: Hashable, Sendable {
  /// Between the fingers' inner faces, m.
  public var opening = 0.0
  /// m/s.
  public var velocity = 0.0
  /// What the servo aims at, m.
  public var target = 0.0
  /// The impulse that holds the opening within its range, N·s.
  var limitImpulse = 0.0

  /// A jaw at rest that is to stay where it is, m.
  public init(opening: Double = 0) {
    self.opening = opening
    target = opening
  }
}

extension Arm {
  /// What the arm works with, m: the grasp point between a gripper's fingers, or the tip's centre without a gripper.
  public var tool: Vec2 { tool(at: kinematics) }

  /// The same in one configuration.
  @inline(__always)
  public func tool(at kinematics: ArmKinematics) -> Vec2 {
    guard let gripper else { return kinematics.tip }
    return kinematics.tip + kinematics.rotation(jointCount - 1).direction * gripper.graspDistance
  }

  /// m/s
  public var toolVelocity: Vec2 {
    let kinematics = self.kinematics
    let (x, y) = kinematics.jacobian(of: tool(at: kinematics), onLink: jointCount - 1)
    return Vec2((x * velocity).sum(), (y * velocity).sum())
  }

  /// Where a gripper points: the absolute rotation of the last link.
  public var hand: Rotation { kinematics.rotation(jointCount - 1) }

  /// The ends of a finger's axis, m, from its root; 0 is on the left of the last link, 1 on its right.
  ///
  /// - Precondition: the arm has a gripper.
  public func fingerAxis(_ finger: Int) -> (root: Vec2, end: Vec2) {
    guard let gripper else { preconditionFailure("this arm has no gripper") }
    let along = hand.direction
    let side = along.perpendicular * (finger == 0 ? 1 : -1)
    let root = tip + side * (jaw.opening / 2 + gripper.fingerRadius)
    return (root, root + along * Swift.max(0, gripper.fingerLength - gripper.fingerRadius))
  }
}

// What an arm is built of: links and joints.

import PlanarCore

/// One link of a serial arm. Its frame sits at its joint, +x towards the next joint.
public struct ArmLink: Hashable, Codable, Sendable {
  /// Distance to the next joint, or to the tip, m.
  public var length: Double
  /// kg.
  public var mass: Double
  /// Centre of mass in the link's frame, m.
  public var centerOfMass: Vec2
  /// About the centre of mass, kg·m².
  public var inertia: Double
  /// Radius of the capsule that touches bodies and walls, m; nil for a link that runs above them.
  public var radius: Double?

  /// A link; lengths in m, mass in kg, inertia about the centre of mass in kg·m².
  public init(
    length: Double, mass: Double, centerOfMass: Vec2, inertia: Double, radius: Double? = nil
  ) {
    self.length = length
    self.mass = mass
    self.centerOfMass = centerOfMass
    self.inertia = inertia
    self.radius = radius
  }

  /// A uniform slender rod: centre in the middle, inertia m·l²/12.
  public static func rod(length: Double, mass: Double, radius: Double? = nil) -> ArmLink {
    ArmLink(
      length: length, mass: mass, centerOfMass: Vec2(length / 2, 0),
      inertia: mass * length * length / 12, radius: radius)
  }
}

/// A revolute joint and what drives it.
public struct ArmJoint: Hashable, Codable, Sendable {
  /// Rotor inertia, added to the diagonal of the mass matrix, kg·m².
  public var armature: Double
  /// Viscous friction, N·m·s/rad.
  public var damping: Double
  /// Coulomb friction, N·m.
  public var coulombFriction: Double
  /// The least and greatest angle, rad; nil where the joint turns freely.
  public var limits: ClosedRange<Double>?
  /// The motor, or `none`.
  public var actuator: JointActuator

  /// A joint; without arguments, one that swings freely.
  public init(
    armature: Double = 0, damping: Double = 0, coulombFriction: Double = 0,
    limits: ClosedRange<Double>? = nil, actuator: JointActuator = .none
  ) {
    self.armature = armature
    self.damping = damping
    self.coulombFriction = coulombFriction
    self.limits = limits
    self.actuator = actuator
  }
}

/// The motor of a joint: torque = clamp(gain·law(x, q, q̇), ±torqueLimit), where x is the command behind delay, lag
/// and backlash.
public struct JointActuator: Hashable, Codable, Sendable {
  /// What the motor makes of its command.
  public enum Law: Hashable, Codable, Sendable {
    /// stiffness·(x − q) − derivative·q̇, with x in rad; N·m/rad and N·m·s/rad.
    case position(stiffness: Double, derivative: Double)
    /// gain·(x − q̇), with x in rad/s; N·m·s/rad.
    case velocity(gain: Double)
    /// x, in N·m.
    case torque
  }

  /// From command to torque.
  public var law: Law
  /// N·m.
  public var torqueLimit: Double
  /// Time constant of the first-order lag between command and x, s; 0 for none.
  public var timeConstant: Double
  /// Play between motor and joint, rad: a position servo gives no torque while |x − q| is below half of it.
  public var backlash: Double
  /// Factor on the law, before the limit: 1 is a motor that does what it is told.
  public var gain: Double

  /// A motor; as it is without further arguments, it does at once and without limit what it is told.
  public init(
    law: Law, torqueLimit: Double = .infinity, timeConstant: Double = 0, backlash: Double = 0,
    gain: Double = 1
  ) {
    self.law = law
    self.torqueLimit = torqueLimit
    self.timeConstant = timeConstant
    self.backlash = backlash
    self.gain = gain
  }

  /// No motor: the joint swings.
  public static let none = JointActuator(law: .torque, torqueLimit: 0)

  /// A position servo.
  public static func position(
    stiffness: Double, derivative: Double, torqueLimit: Double = .infinity
  ) -> JointActuator {
    JointActuator(
      law: .position(stiffness: stiffness, derivative: derivative), torqueLimit: torqueLimit)
  }

  /// A velocity servo.
  public static func velocity(gain: Double, torqueLimit: Double = .infinity) -> JointActuator {
    JointActuator(law: .velocity(gain: gain), torqueLimit: torqueLimit)
  }

  /// A torque source.
  public static func torque(limit: Double = .infinity) -> JointActuator {
    JointActuator(law: .torque, torqueLimit: limit)
  }
}

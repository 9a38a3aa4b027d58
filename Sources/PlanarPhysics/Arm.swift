// The arm: what it is made of, and its state in reduced coordinates (joint angles), so that links
// can never drift apart.

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

  public init(length: Double, mass: Double, centerOfMass: Vec2, inertia: Double) {
    self.length = length
    self.mass = mass
    self.centerOfMass = centerOfMass
    self.inertia = inertia
  }

  /// A uniform slender rod: centre in the middle, inertia m·l²/12.
  public static func rod(length: Double, mass: Double) -> ArmLink {
    ArmLink(
      length: length, mass: mass, centerOfMass: Vec2(length / 2, 0),
      inertia: mass * length * length / 12)
  }
}

/// A position servo: torque = clamp(stiffness·(target − q) − derivative·q̇, ±torqueLimit).
public struct PositionServo: Hashable, Codable, Sendable {
  /// N·m/rad.
  public var stiffness: Double
  /// N·m·s/rad.
  public var derivative: Double
  /// N·m.
  public var torqueLimit: Double

  public init(stiffness: Double, derivative: Double, torqueLimit: Double) {
    self.stiffness = stiffness
    self.derivative = derivative
    self.torqueLimit = torqueLimit
  }
}

/// An arm of one to four revolute joints with a round tip, hanging from a fixed base.
///
/// Joint angles are relative: link i's absolute angle is q₀ + … + qᵢ. Links run above the table and
/// touch nothing; the tip disc at the end of the last link does.
public struct Arm: Hashable, Sendable {
  public static let maximumJoints = 4

  /// The first joint's place, m.
  public var base: Vec2
  public let links: [ArmLink]
  /// Added to the diagonal of the mass matrix (rotor inertia), kg·m².
  public var armature: Double
  /// Viscous joint damping, N·m·s/rad.
  public var damping: Double
  public var servo: PositionServo
  /// m.
  public var tipRadius: Double
  /// Coulomb coefficient between tip and bodies, before it is combined with the body's.
  public var tipFriction: Double

  /// Joint angles, rad; entries beyond the last joint stay 0.
  public var q: SIMD4<Double> = .zero
  /// Joint velocities, rad/s.
  public var velocity: SIMD4<Double> = .zero
  /// What the servos aim at, rad.
  public var target: SIMD4<Double> = .zero

  public init(
    base: Vec2, links: [ArmLink], armature: Double, damping: Double, servo: PositionServo,
    tipRadius: Double, tipFriction: Double
  ) {
    precondition((1...Arm.maximumJoints).contains(links.count), "an arm has one to four joints")
    self.base = base
    self.links = links
    self.armature = armature
    self.damping = damping
    self.servo = servo
    self.tipRadius = tipRadius
    self.tipFriction = tipFriction
  }

  public var jointCount: Int { links.count }
  /// The length of the stretched arm, m.
  public var reach: Double { links.reduce(0) { $0 + $1.length } }
}

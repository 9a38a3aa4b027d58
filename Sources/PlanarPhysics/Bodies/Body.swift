// Bodies on the table: what they are, and the state that the solver changes.

import PlanarCore

/// What a body is made of.
public struct BodyModel: Hashable, Sendable {
  /// Its outline, about the centroid.
  public var shape: BodyShape
  /// kg; infinite for a body that moves as it is told and yields to nothing.
  public var mass: Double
  /// About the centroid, kg·m².
  public var inertia: Double
  /// Coulomb coefficient of its rim; a pair takes the geometric mean.
  public var contactFriction: Double
  /// Coulomb coefficient between its underside and the table; 0 for a body that floats.
  public var supportFriction: Double
  /// Newton's coefficient of restitution; a pair takes the greater.
  public var restitution: Double

  /// A body of mass `mass` (kg).
  ///
  /// - Parameter inertia: kg·m²; nil for that of a uniform body.
  public init(
    shape: BodyShape, mass: Double, inertia: Double? = nil, contactFriction: Double,
    supportFriction: Double, restitution: Double = 0
  ) {
    self.shape = shape
    self.mass = mass
    self.inertia = inertia ?? mass * shape.squaredRadiusOfGyration
    self.contactFriction = contactFriction
    self.supportFriction = supportFriction
    self.restitution = restitution
  }

  /// A body that keeps the velocity it is given, whatever it meets; it goes through walls and other kinematic bodies.
  public static func kinematic(shape: BodyShape, contactFriction: Double) -> BodyModel {
    BodyModel(
      shape: shape, mass: .infinity, inertia: .infinity, contactFriction: contactFriction,
      supportFriction: 0)
  }
}

/// Where a body is and how it moves.
public struct BodyState: Hashable, Sendable {
  /// Centroid, m.
  public var position: Vec2
  /// rad.
  public var angle: Double
  /// m/s.
  public var velocity: Vec2
  /// rad/s.
  public var spin: Double

  /// At rest, where no velocity is given.
  public init(position: Vec2, angle: Double, velocity: Vec2 = .zero, spin: Double = 0) {
    self.position = position
    self.angle = angle
    self.velocity = velocity
    self.spin = spin
  }
}

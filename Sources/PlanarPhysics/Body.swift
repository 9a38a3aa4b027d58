// Bodies on the table: what they are, and the state that the solver changes.

import PlanarCore

/// The outline of a body.
public enum BodyShape: Hashable, Sendable {
  /// m.
  case disc(radius: Double)
  case polygon(ConvexPolygon)

  /// m².
  public var area: Double {
    switch self {
    case .disc(let radius): Double.pi * radius * radius
    case .polygon(let polygon): polygon.area
    }
  }

  /// Inertia about the centroid per unit of mass, m².
  public var squaredRadiusOfGyration: Double {
    switch self {
    case .disc(let radius): radius * radius / 2
    case .polygon(let polygon): polygon.squaredRadiusOfGyration
    }
  }

  /// The radius of the circle around the centroid that holds the shape, m.
  public var circumradius: Double {
    switch self {
    case .disc(let radius): radius
    case .polygon(let polygon): polygon.circumradius
    }
  }
}

/// What a body is made of.
public struct BodyModel: Hashable, Sendable {
  public var shape: BodyShape
  /// kg.
  public var mass: Double
  /// Coulomb coefficient of its rim; a pair takes the geometric mean.
  public var contactFriction: Double
  /// Coulomb coefficient between its underside and the table.
  public var supportFriction: Double

  public init(shape: BodyShape, mass: Double, contactFriction: Double, supportFriction: Double) {
    self.shape = shape
    self.mass = mass
    self.contactFriction = contactFriction
    self.supportFriction = supportFriction
  }

  /// About the centroid, kg·m².
  public var inertia: Double { mass * shape.squaredRadiusOfGyration }
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

  public init(position: Vec2, angle: Double, velocity: Vec2 = .zero, spin: Double = 0) {
    self.position = position
    self.angle = angle
    self.velocity = velocity
    self.spin = spin
  }

  /// The velocity of the body's material at `arm` (m, from the centroid, world directions), m/s.
  func velocity(at arm: Vec2) -> Vec2 { velocity + arm.perpendicular * spin }
}

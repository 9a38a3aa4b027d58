// Walls: straight, endless, immovable.

import PlanarCore

/// The half-plane in front of a line: things stay where (p − point)·normal ≥ 0.
public struct Wall: Hashable, Sendable {
  /// Any point of the line, m.
  public var point: Vec2
  /// Unit vector into the free side.
  public var normal: Vec2
  /// Coulomb coefficient; a pair takes the geometric mean.
  public var friction: Double
  /// Newton's coefficient of restitution; a pair takes the greater.
  public var restitution: Double

  /// A wall along the line through `point` that is perpendicular to `normal`.
  public init(point: Vec2, normal: Vec2, friction: Double, restitution: Double = 0) {
    self.point = point
    self.normal = normal
    self.friction = friction
    self.restitution = restitution
  }
}

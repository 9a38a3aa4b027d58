// A plane vector in double precision: the unit of all geometry here.

/// A vector or point of the plane, in metres unless a name says otherwise.
@frozen
public struct Vec2: Hashable, Codable, Sendable {
  /// To the right, in metres where it is a position.
  public var x: Double
  /// Away from the viewer, in metres where it is a position.
  public var y: Double

  /// The vector (x, y).
  @inlinable public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// (0, 0).
  public static let zero = Vec2(0, 0)

  /// The vector turned by +90°.
  @inlinable public var perpendicular: Vec2 { Vec2(-y, x) }
  /// x² + y².
  @inlinable public var lengthSquared: Double { x * x + y * y }
  /// √(x² + y²).
  @inlinable public var length: Double { lengthSquared.squareRoot() }

  /// The unit vector of the same direction, or `fallback` where the length is below 1e-12.
  @inlinable public func normalized(or fallback: Vec2 = Vec2(1, 0)) -> Vec2 {
    let length = self.length
    return length > 1e-12 ? Vec2(x / length, y / length) : fallback
  }

  /// The vector shortened to at most `limit` (same unit as the vector).
  @inlinable public func clamped(toLength limit: Double) -> Vec2 {
    let length = self.length
    return length > limit ? self * (limit / length) : self
  }

  /// The scalar product.
  @inlinable public func dot(_ other: Vec2) -> Double { x * other.x + y * other.y }
  /// The z component of the cross product `self × other`.
  @inlinable public func cross(_ other: Vec2) -> Double { x * other.y - y * other.x }

  /// The sum of two vectors.
  @inlinable public static func + (a: Vec2, b: Vec2) -> Vec2 { Vec2(a.x + b.x, a.y + b.y) }
  /// The difference of two vectors.
  @inlinable public static func - (a: Vec2, b: Vec2) -> Vec2 { Vec2(a.x - b.x, a.y - b.y) }
  /// The vector in the opposite direction.
  @inlinable public static prefix func - (a: Vec2) -> Vec2 { Vec2(-a.x, -a.y) }
  /// The vector, `s` times as long.
  @inlinable public static func * (a: Vec2, s: Double) -> Vec2 { Vec2(a.x * s, a.y * s) }
  /// The vector, `s` times as long.
  @inlinable public static func * (s: Double, a: Vec2) -> Vec2 { Vec2(a.x * s, a.y * s) }
  /// The vector, divided by `s`.
  @inlinable public static func / (a: Vec2, s: Double) -> Vec2 { Vec2(a.x / s, a.y / s) }
  /// Adds a vector in place.
  @inlinable public static func += (a: inout Vec2, b: Vec2) { a = a + b }
  /// Subtracts a vector in place.
  @inlinable public static func -= (a: inout Vec2, b: Vec2) { a = a - b }
}

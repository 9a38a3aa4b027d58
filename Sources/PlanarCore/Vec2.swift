// A plane vector in double precision: the unit of all geometry here.

/// A vector or point of the plane, in metres unless a name says otherwise.
@frozen
public struct Vec2: Hashable, Codable, Sendable {
  public var x: Double
  public var y: Double

  @inlinable public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  public static let zero = Vec2(0, 0)

  /// The vector turned by +90°.
  @inlinable public var perpendicular: Vec2 { Vec2(-y, x) }
  @inlinable public var lengthSquared: Double { x * x + y * y }
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

  @inlinable public func dot(_ other: Vec2) -> Double { x * other.x + y * other.y }
  /// The z component of the cross product `self × other`.
  @inlinable public func cross(_ other: Vec2) -> Double { x * other.y - y * other.x }

  @inlinable public static func + (a: Vec2, b: Vec2) -> Vec2 { Vec2(a.x + b.x, a.y + b.y) }
  @inlinable public static func - (a: Vec2, b: Vec2) -> Vec2 { Vec2(a.x - b.x, a.y - b.y) }
  @inlinable public static prefix func - (a: Vec2) -> Vec2 { Vec2(-a.x, -a.y) }
  @inlinable public static func * (a: Vec2, s: Double) -> Vec2 { Vec2(a.x * s, a.y * s) }
  @inlinable public static func * (s: Double, a: Vec2) -> Vec2 { Vec2(a.x * s, a.y * s) }
  @inlinable public static func / (a: Vec2, s: Double) -> Vec2 { Vec2(a.x / s, a.y / s) }
  @inlinable public static func += (a: inout Vec2, b: Vec2) { a = a + b }
  @inlinable public static func -= (a: inout Vec2, b: Vec2) { a = a - b }
}

// Rotations and poses of the plane.

/// A rotation, kept as cosine and sine so that applying it costs four products.
@frozen
public struct Rotation: Hashable, Codable, Sendable {
  /// The cosine of the angle.
  public var cosine: Double
  /// The sine of the angle.
  public var sine: Double

  /// A rotation from a cosine and sine that belong together; they are not normalized.
  @inlinable public init(cosine: Double, sine: Double) {
    self.cosine = cosine
    self.sine = sine
  }

  /// The rotation by `angle` radians, counter-clockwise.
  @inlinable public init(angle: Double) {
    let (s, c) = sineAndCosine(angle)
    self.init(cosine: c, sine: s)
  }

  /// No rotation: an angle of 0.
  public static let identity = Rotation(cosine: 1, sine: 0)

  /// The vector, rotated counter-clockwise.
  @inlinable public func apply(_ v: Vec2) -> Vec2 {
    Vec2(cosine * v.x - sine * v.y, sine * v.x + cosine * v.y)
  }

  /// Applies the inverse rotation.
  @inlinable public func unapply(_ v: Vec2) -> Vec2 {
    Vec2(cosine * v.x + sine * v.y, cosine * v.y - sine * v.x)
  }

  /// The unit vector that +x is turned to.
  @inlinable public var direction: Vec2 { Vec2(cosine, sine) }
}

/// A rigid pose: rotate, then translate.
@frozen
public struct Pose: Hashable, Codable, Sendable {
  /// Where the frame's origin lies in the world, m.
  public var position: Vec2
  /// How the frame's axes are turned.
  public var rotation: Rotation

  /// A frame at `position`, turned by `rotation`.
  @inlinable public init(position: Vec2, rotation: Rotation) {
    self.position = position
    self.rotation = rotation
  }

  /// A point of the body frame in the world frame.
  @inlinable public func toWorld(_ point: Vec2) -> Vec2 { position + rotation.apply(point) }
  /// A point of the world frame in the body frame.
  @inlinable public func toLocal(_ point: Vec2) -> Vec2 { rotation.unapply(point - position) }
}

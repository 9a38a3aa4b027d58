// A part of the table whose surface moves, such as a conveyor belt.

import PlanarCore

/// A rectangle of the table that moves along under what lies on it.
///
/// A body lies on it when its centroid does: all of its support friction is then relative to the strip's velocity. What
/// has no support friction is not moved, nor is a kinematic body.
public struct MovingStrip: Hashable, Sendable {
  /// The lower left corner, m.
  public var min: Vec2
  /// The upper right corner, m.
  public var max: Vec2
  /// How its surface moves, m/s.
  public var velocity: Vec2

  /// A strip between two corners, m, and its velocity, m/s.
  public init(min: Vec2, max: Vec2, velocity: Vec2) {
    (self.min, self.max, self.velocity) = (min, max, velocity)
  }

  /// How the table's surface moves at a point (m), m/s: not at all beside the strip.
  @inline(__always)
  public func velocity(at point: Vec2) -> Vec2 {
    point.x >= min.x && point.x <= max.x && point.y >= min.y && point.y <= max.y ? velocity : .zero
  }
}

extension World {
  /// Solves a body's support friction, relative to the surface that it lies on.
  ///
  /// - Returns: the greatest change of speed that this made, m/s.
  @inline(__always)
  mutating func solveSupport(_ i: Int, _ h: Double) -> Double {
    guard let strip else { return support[i].solve(&scratch.motions[i], model.constants[i], h: h) }
    let surface = strip.velocity(at: states[i].position)
    let carried = SIMD4(surface.x, surface.y, 0, 0)
    var motion = scratch.motions[i] - carried
    let change = support[i].solve(&motion, model.constants[i], h: h)
    scratch.motions[i] = motion + carried
    return change
  }

  /// A body's motion as the surface that it lies on sees it.
  @inline(__always)
  func motionOnSurface(_ i: Int) -> SIMD4<Double> {
    guard let strip else { return scratch.motions[i] }
    let surface = strip.velocity(at: states[i].position)
    return scratch.motions[i] - SIMD4(surface.x, surface.y, 0, 0)
  }

  /// Whether the surface under a body carries it along.
  @inline(__always)
  func isCarried(_ i: Int) -> Bool {
    guard let strip, model.constants[i].maximumSupportForce > 0 else { return false }
    return strip.velocity(at: states[i].position) != .zero
  }
}

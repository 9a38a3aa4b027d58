// Friction between a body and the table it lies on, as a limit surface: force and torque are coupled,
// so a spinning body slides farther and a pushed one turns as it should.

import PlanarCore

/// The ellipsoidal limit surface of one body.
///
/// Frictional force f and torque τ satisfy |f|²/f₀² + τ²/(c·f₀)² ≤ 1 with f₀ = μ·m·g, and the one that
/// dissipates most is taken (Goyal, Ruina & Papadopoulos 1991; the ellipsoid is Lynch & Mason's 1996
/// approximation). `c` is the torque of uniform pressure in pure rotation over f₀: the mean distance of
/// the underside's points from the centroid.
public struct SupportSurface: Hashable, Sendable {
  /// f₀, N.
  public let maximumForce: Double
  /// c, m.
  public let radius: Double

  /// Of a body that `gravity` (m/s²) presses on the table.
  public init(_ model: BodyModel, gravity: Double) {
    maximumForce = model.supportFriction > 0 ? model.supportFriction * model.mass * gravity : 0
    radius = model.shape.meanDistanceFromCentroid
  }

  /// Force (N) and torque (N·m) on a body that moves with `velocity` (m/s) and `spin` (rad/s); zero at rest.
  public func wrench(velocity: Vec2, spin: Double) -> (force: Vec2, torque: Double) {
    let norm = (velocity.lengthSquared + radius * radius * spin * spin).squareRoot()
    guard norm > 0 else { return (.zero, 0) }
    return (
      velocity * (-maximumForce / norm), -maximumForce * radius * radius * spin / norm
    )
  }
}

/// The impulse of support friction in the present substep: it starts the next one.
struct SupportImpulse: Hashable, Sendable {
  /// Linear impulse x and y (N·s), torque impulse over c (N·s), and the norm that solved the law (m/s).
  var value: SIMD4<Double> = .zero

  /// Replaces the accumulated impulse by the one that the limit surface gives for the body's present motion.
  ///
  /// In coordinates u = (vx, vy, c·ω) the implicit law reads u = u₀ − F·diag(1/m, 1/m, c²/I)·u/|u|, where u₀ is
  /// the velocity without this friction and F the most impulse. With a = u₀ and w the diagonal, the norm n of u solves
  /// Σ (aᵢ/(n + F·wᵢ))² = 1, a decreasing convex function of n; Σ (aᵢ/(F·wᵢ))² ≤ 1 means that the body sticks.
  ///
  /// - Parameter motion: (vx, vy, ω, 0).
  /// - Returns: the greatest change of speed that this made, m/s.
  @inline(__always)
  mutating func solve(_ motion: inout SIMD4<Double>, _ body: BodyConstants, h: Double) -> Double {
    let wt = body.inverseMass
    let wr = body.supportRadius * body.supportRadius * body.inverseInertia
    let most = body.maximumSupportForce * h
    let before = value
    let freeX = motion.x - value.x * wt
    let freeY = motion.y - value.y * wt
    let freeSpin = body.supportRadius * motion.z - value.z * wr
    let a2 = freeX * freeX + freeY * freeY
    let b2 = freeSpin * freeSpin
    let ft = most * wt
    let fr = most * wr
    if a2 * (fr * fr) + b2 * (ft * ft) <= ft * ft * (fr * fr) {
      value = SIMD4(-freeX / wt, -freeY / wt, -freeSpin / wr, 0)
      motion = .zero
    } else {
      // Newton's method on 1/norm − 1, which is nearly a straight line (Moré & Sorensen 1983): from last time's root
      // one step does, or none.
      var n = value.w > 0 ? value.w : max((a2 + b2).squareRoot() - max(ft, fr), 0)
      var pt = 0.0
      var pr = 0.0
      for _ in 0..<20 {
        let inverse = 1 / ((n + ft) * (n + fr))
        pt = (n + fr) * inverse
        pr = (n + ft) * inverse
        let at = a2 * pt * pt
        let ar = b2 * pr * pr
        let excess = at + ar - 1
        if abs(excess) < 1e-6 { break }
        // √(1 + e) − 1, by its series where that does.
        let root =
          abs(excess) < 0.05
          ? excess * (0.5 - excess * (0.125 - excess * 0.0625)) : (1 + excess).squareRoot() - 1
        n = max(0, n + root * (1 + excess) / (at * pt + ar * pr))
      }
      let jt = -most * pt
      let jr = -most * pr
      value = SIMD4(freeX * jt, freeY * jt, freeSpin * jr, n)
      motion.x = freeX + value.x * wt
      motion.y = freeY + value.y * wt
      motion.z = (freeSpin + value.z * wr) * body.inverseSupportRadius
    }
    let change = value - before
    return max(abs(change.x) * wt, abs(change.y) * wt, abs(change.z) * wr)
  }
}

extension BodyShape {
  /// The mean distance of the shape's points from its centroid, m: torque over force of uniform pressure
  /// in pure rotation.
  public var meanDistanceFromCentroid: Double {
    switch self {
    case .disc(let radius): return radius * 2 / 3
    case .polygon, .compound:
      // Each edge spans a triangle with the centroid, with the sign of its orientation: ∫ r dA over it is
      // (2/3)·area·mean of r over the edge, since r grows linearly from the centroid. Inner edges of compounds cancel.
      var sum = 0.0
      for corners in outlines {
        for i in corners.indices {
          let a = corners[i]
          let b = corners[(i + 1) % corners.count]
          sum += a.cross(b) / 2 * 2 / 3 * meanLength(from: a, to: b)
        }
      }
      return sum / area
    }
  }
}

/// The mean distance from the origin over the segment a–b: ∫√(d² + s²) ds in closed form, with d the distance of
/// the line and s along it.
private func meanLength(from a: Vec2, to b: Vec2) -> Double {
  let edge = b - a
  let length = edge.length
  guard length > 0 else { return a.length }
  let along = edge / length
  let d = abs(a.cross(along))
  // d = 0 where the line goes through the centroid.
  func integral(_ s: Double) -> Double {
    let r = (d * d + s * s).squareRoot()
    guard d > 1e-12 * length else { return s * abs(s) / 2 }
    return (s * r + d * d * inverseHyperbolicSine(s / d)) / 2
  }
  return (integral(b.dot(along)) - integral(a.dot(along))) / length
}

/// asinh by half arguments and a series, from + − × ÷ and roots alone, so that it has the same bits everywhere.
private func inverseHyperbolicSine(_ x: Double) -> Double {
  // asinh(x) = 2·asinh(x / √(2 + 2·√(1 + x²))) until the argument is small enough for the series.
  var y = abs(x)
  var doublings = 0
  while y > 0.02 {
    y /= (2 + 2 * (1 + y * y).squareRoot()).squareRoot()
    doublings += 1
  }
  let z = y * y
  var value =
    y * (1 - z * (1.0 / 6 - z * (3.0 / 40 - z * (15.0 / 336 - z * 105.0 / 3456))))
  for _ in 0..<doublings { value *= 2 }
  return x < 0 ? -value : value
}

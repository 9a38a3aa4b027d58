// Friction between a body and the table it lies on, as a limit surface: force and torque are coupled,
// so a spinning body slides farther and a pushed one turns as it should.

import PlanarCore

/// The ellipsoidal limit surface of one body, and the wrench it applied in the last step.
///
/// Frictional force f and torque τ satisfy |f|²/f₀² + τ²/(c·f₀)² ≤ 1 with f₀ = μ·m·g, and the one that
/// dissipates most is taken (Goyal, Ruina & Papadopoulos 1991; the ellipsoid is Lynch & Mason's 1996
/// approximation). `c` is the torque of uniform pressure in pure rotation over f₀: the mean distance of
/// the underside's points from the centroid.
struct SupportFriction: Hashable, Sendable {
  /// Most force per step, N·s.
  var impulseLimit: Double
  /// c, m.
  var radius: Double
  /// The step's impulse (N·s) and torque impulse over c (N·s): kept to start the next step.
  var impulse = Vec2.zero
  var scaledTorque = 0.0

  init(_ model: BodyModel, h: Double, gravity: Double) {
    impulseLimit = model.supportFriction * model.mass * gravity * h
    radius = model.shape.meanDistanceFromCentroid
  }

  /// Replaces the accumulated impulse by the one that the limit surface gives for the body's present motion.
  ///
  /// In coordinates u = (vx, vy, c·ω) the implicit law reads u = u₀ − F·diag(1/m, 1/m, c²/I)·u/|u|, where u₀ is
  /// the velocity without this friction. Its norm n solves Σ (aᵢ/(n + F·wᵢ))² = 1, a decreasing convex
  /// function, by Newton's method from below; |aᵢ/F·wᵢ| ≤ 1 in that norm means that the body sticks.
  mutating func solve(_ body: inout BodyState, inverseMass: Double, inverseInertia: Double) {
    let wt = inverseMass
    let wr = radius * radius * inverseInertia
    let free = body.velocity - impulse * inverseMass
    let freeSpin = radius * (body.spin - scaledTorque * radius * inverseInertia)
    let a2 = free.lengthSquared
    let b2 = freeSpin * freeSpin
    let ft = impulseLimit * wt
    let fr = impulseLimit * wr
    if a2 / (ft * ft) + b2 / (fr * fr) <= 1 {
      impulse = free * (-1 / wt)
      scaledTorque = -freeSpin / wr
      body.velocity = .zero
      body.spin = 0
      return
    }
    // A lower bound of the root starts Newton's iteration: it then rises monotonically.
    var n = max(0, (a2 + b2).squareRoot() - max(ft, fr))
    for _ in 0..<20 {
      let pt = n + ft
      let pr = n + fr
      let residual = a2 / (pt * pt) + b2 / (pr * pr) - 1
      let slope = -2 * (a2 / (pt * pt * pt) + b2 / (pr * pr * pr))
      let next = n - residual / slope
      let change = next - n
      n = next
      if abs(change) <= 1e-12 * n + 1e-15 { break }
    }
    impulse = free * (-impulseLimit / (n + ft))
    scaledTorque = -freeSpin * (impulseLimit / (n + fr))
    body.velocity = free + impulse * inverseMass
    body.spin = freeSpin / radius + scaledTorque * radius * inverseInertia
  }
}

extension BodyShape {
  /// The mean distance of the shape's points from its centroid, m: torque over force of uniform pressure
  /// in pure rotation.
  public var meanDistanceFromCentroid: Double {
    switch self {
    case .disc(let radius): return radius * 2 / 3
    case .polygon(let polygon):
      // The fan of triangles (centroid, a, b): ∫ r dA over each has Gauss quadrature along its outer edge,
      // since r grows linearly from the centroid: ∫ r dA = (2/3)·area·mean of r over the edge.
      var sum = 0.0
      for i in polygon.vertices.indices {
        let a = polygon.vertices[i]
        let b = polygon.vertices[(i + 1) % polygon.vertices.count]
        let triangle = a.cross(b) / 2
        sum += triangle * 2 / 3 * meanLength(from: a, to: b)
      }
      return sum / polygon.area
    }
  }
}

/// The mean distance from the origin over the segment a–b, by the closed form of ∫√(h² + s²) ds taken
/// numerically with Gauss–Legendre's five points on eight parts (relative error below 1e-12 for shapes
/// whose centroid lies inside).
private func meanLength(from a: Vec2, to b: Vec2) -> Double {
  let nodes = [0.0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640, -0.9061798459386640]
  let weights = [
    0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891, 0.2369268850561891,
  ]
  var sum = 0.0
  for part in 0..<8 {
    for (node, weight) in zip(nodes, weights) {
      let s = (Double(part) + (node + 1) / 2) / 8
      sum += weight / 16 * (a + (b - a) * s).length
    }
  }
  return sum
}

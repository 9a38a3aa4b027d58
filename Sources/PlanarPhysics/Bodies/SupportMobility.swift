// How a body on the table answers to a push while it slides: what the subspace needs of support friction.

import PlanarCore

extension SupportImpulse {
  /// dv/dJ: how (vx, vy, ω) answers to an impulse while the body slides as it does; zero while it sticks.
  ///
  /// With u = (vx, vy, c·ω), n = |u| and û = u/n, the law M·(u − u₀) + F·û = J has (M + F/n·(1 − û·ûᵀ))⁻¹, by
  /// Sherman and Morrison's formula.
  @inline(__always)
  func mobility(_ motion: SIMD4<Double>, _ body: BodyConstants, h: Double) -> JointMatrix {
    let c = body.supportRadius
    let u = SIMD4(motion.x, motion.y, motion.z * c, 0)
    let square = (u * u).sum()
    guard square > 0 else { return JointMatrix(diagonal: .zero) }
    let drag = body.maximumSupportForce * h / square.squareRoot()
    let inverseInertia = c * c * body.inverseInertia
    let inverse = SIMD4(
      body.inverseMass / (1 + drag * body.inverseMass),
      body.inverseMass / (1 + drag * body.inverseMass),
      inverseInertia / (1 + drag * inverseInertia), 0)
    let along = inverse * u
    let weight = drag / (square - drag * (along * u).sum())
    let scale = SIMD4(1, 1, body.inverseSupportRadius, 0)
    var matrix = JointMatrix(diagonal: inverse * scale * scale)
    matrix.addOuter(along * scale, weight: weight)
    return matrix
  }
}

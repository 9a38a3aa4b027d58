// One contact point as the solver works on it.

import PlanarCore

/// Who takes part in a contact, apart from the second body.
enum ContactPartner: Hashable {
  case body(Int)
  case wall(Int)
  case tip
}

/// A contact point between `partner` (A) and body `body` (B), with accumulated impulses.
///
/// For the tip, A's motion is J·q̇ with the arm's Jacobian rows of this point; for a body it is rigid; a wall
/// has none.
struct Contact: Hashable {
  var partner: ContactPartner
  var body: Int
  var feature: UInt16

  var normal: Vec2
  var friction: Double
  var separation: Double
  /// From each centroid to the point, m; `armA` is unused for walls and the tip.
  var armA: Vec2
  var armB: Vec2
  /// Rows of the tip's Jacobian along normal and tangent, and their products with the arm's inverse mass.
  var tipNormal = SIMD4<Double>.zero
  var tipTangent = SIMD4<Double>.zero
  var tipNormalResponse = SIMD4<Double>.zero
  var tipTangentResponse = SIMD4<Double>.zero
  var normalMass = 0.0
  var tangentMass = 0.0

  /// N·s.
  var normalImpulse = 0.0
  var tangentImpulse = 0.0

  var tangent: Vec2 { normal.perpendicular }

  /// Whether `other` is the same point a step earlier.
  func continues(_ other: Contact) -> Bool {
    partner == other.partner && body == other.body && feature == other.feature
  }
}

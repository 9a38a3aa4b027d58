// One contact point as the solver works on it.

import PlanarCore

/// A contact point between A and B with its constraint rows and accumulated impulses.
///
/// A and B are slots of the solver's motions (vx, vy, ω, 0): bodies, then one that never moves (walls), then the jaw,
/// whose rate stands first. A contact with the arm has rows over the joints in `ArmRows` besides.
struct Contact {
  /// Names the pair and the features that touch: the same contact a step later has the same key.
  var key: UInt64
  var a: Int
  var b: Int
  /// Index of its rows over the joints, or −1.
  var arm: Int
  /// Index of the arm's collider, or −1.
  var collider: Int

  var normal: Vec2
  /// World position, m.
  var position: Vec2
  /// Gap along the normal, m; negative where the shapes overlap.
  var separation: Double
  var friction: Double
  var restitution: Double

  /// Rows of the Jacobian: relative velocity of B along normal and tangent = row·motion, summed over both slots.
  var normalA: SIMD4<Double>
  var normalB: SIMD4<Double>
  var tangentA: SIMD4<Double>
  var tangentB: SIMD4<Double>
  /// Speeds along normal and tangent per impulse along the same, 1/kg; a normal response of 0 marks a contact that no
  /// impulse can open.
  var normalResponse = 0.0
  var tangentResponse = 0.0
  /// Speed along the tangent per impulse along the normal, and the other way round, 1/kg.
  var crossResponse = 0.0
  /// Of the matrix of the three responses, kg²; 0 where it has no use.
  var inverseDeterminant = 0.0
  /// Speed along the normal that the sweeps aim at, m/s.
  var targetSpeed = 0.0
  /// Speed at which it is to bounce off, m/s; 0 where it does not.
  var bounce = 0.0

  /// Whether the normal's row over the joints is tilted, for a link that is jammed at dead centre.
  var isTilted = false
  /// What the last sweep made of it.
  var mode = ContactMode.sticking

  /// Accumulated impulses, N·s.
  var normalImpulse = 0.0
  var tangentImpulse = 0.0
}

/// What a contact does: it is open, sticks, or slides with friction to one side.
enum ContactMode: Int8 {
  case open, sticking, slidingForward, slidingBackward

  /// The sign of the friction impulse along the tangent.
  var side: Double {
    switch self {
    case .open, .sticking: 0
    case .slidingForward: 1
    case .slidingBackward: -1
    }
  }
}

/// The rows of one contact over the joints, and the joint velocities that unit impulses cause.
struct ArmRows {
  var normal: SIMD4<Double> = .zero
  var tangent: SIMD4<Double> = .zero
  var normalResponse: SIMD4<Double> = .zero
  var tangentResponse: SIMD4<Double> = .zero
}

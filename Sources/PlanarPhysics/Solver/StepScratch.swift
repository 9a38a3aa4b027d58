// Room for one substep's work. Nothing here outlives a step, so forks need not copy it.

import PlanarCore

/// Two things close enough to collide.
struct CandidatePair {
  var a: Int
  var b: Int
}

struct StepScratch: Sendable {
  var previousContacts: [Contact] = []
  var armRows: [ArmRows] = []
  var colliders: [ArmCollider] = []
  /// Collider (a) and body (b).
  var armPairs: [CandidatePair] = []
  var bodyPairs: [CandidatePair] = []
  var poses: [Pose] = []
  /// How far each body reaches, with the gap at which contacts are prepared, m.
  var reaches: [Double] = []
  var margins: [Double] = []
  /// Bodies that move or may be moved in this substep; the others are left alone.
  var isAwake: [Bool] = []
  var awake: [Int] = []
  /// Awake bodies with support friction and contacts.
  var supported: [Int] = []
  var isTouched: [Bool] = []
  var corners: [Vec2] = Array(repeating: .zero, count: ShapeTable.maximumCorners)
  /// (vx, vy, ω, 0) of every body; then the slot that never moves, then the jaw's.
  var motions: [SIMD4<Double>] = []
  /// (1/m, 1/m, 1/I, 0) in the same slots.
  var inverseMasses: [SIMD4<Double>] = []
  var armIsTouched = false
  var subspace: [SubspaceRow] = []
  var mobilities: [JointMatrix] = []
  /// Normal and tangent impulses of all contacts before the subspace was solved.
  var savedImpulses: [SIMD2<Double>] = []
  var matrix = Array(repeating: 0.0, count: World.maximumSubspace * (World.maximumSubspace + 1))

  var fixedSlot: Int { motions.count - 2 }
  var jawSlot: Int { motions.count - 1 }

  mutating func resize(bodies: Int) {
    previousContacts.reserveCapacity(64)
    armRows.reserveCapacity(64)
    colliders.reserveCapacity(8)
    subspace.reserveCapacity(64)
    savedImpulses.reserveCapacity(64)
    armPairs.reserveCapacity(8 * max(1, bodies))
    bodyPairs.reserveCapacity(bodies * max(0, bodies - 1) / 2)
    poses = Array(repeating: Pose(position: .zero, rotation: .identity), count: bodies)
    reaches = Array(repeating: 0, count: bodies)
    margins = Array(repeating: 0, count: bodies)
    isAwake = Array(repeating: false, count: bodies)
    isTouched = Array(repeating: false, count: bodies)
    awake.reserveCapacity(bodies)
    supported.reserveCapacity(bodies)
    motions = Array(repeating: .zero, count: bodies + 2)
    inverseMasses = Array(repeating: .zero, count: bodies + 2)
    mobilities = Array(repeating: JointMatrix(diagonal: .zero), count: bodies + 2)
  }
}

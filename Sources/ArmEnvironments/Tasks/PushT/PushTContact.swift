// Contacts of the T and the solver of their impulses: sequential impulses without friction (Catto 2006), in
// the order of operations of Chipmunk 7.

import PlanarCore

/// One point at which the pusher or a wall touches the T, in the form in which the solver wants it.
struct PushTContact {
  /// The unit normal, towards the T.
  var normal: Vec2
  /// The normal's lever about the centre of gravity: point × normal, px.
  var lever: Double
  /// The inverse of the T's inverse mass along the normal.
  var effectiveMass: Double
  /// How fast the pusher comes along the normal; 0 for walls.
  var approach: Double
  /// The speed at which an overlap is to be undone.
  var biasSpeed: Double
  /// The accumulated impulse, and that of the overlap's correction.
  var impulse: Double
  var biasImpulse = 0.0
  /// Which pair of shapes makes it, and which of the pair's contacts it is.
  var pair: Int
  var index: Int

  /// - Parameters:
  ///   - arm: the touched point of the T, from the centre of gravity.
  ///   - distance: between the surfaces along the normal; negative where they overlap.
  init(
    normal: Vec2, arm: Vec2, distance: Double, approach: Double, impulse: Double, pair: Int,
    index: Int
  ) {
    self.normal = normal
    lever = arm.cross(normal)
    effectiveMass =
      1 / (1 / PushTConstants.mass + lever * lever * (1 / PushTConstants.moment))
    self.approach = approach
    biasSpeed =
      -PushTConstants.correction * min(0, distance + PushTConstants.slop) / PushTConstants.timeStep
    self.impulse = impulse
    self.pair = pair
    self.index = index
  }
}

/// A velocity of the T: of its centre of gravity, px/s, and its spin, rad/s.
struct PushTMotion {
  var velocity = Vec2(0, 0)
  var spin = 0.0

  var isZero: Bool { velocity.x == 0 && velocity.y == 0 && spin == 0 }

  /// The speed along a contact's normal at its point.
  @inline(__always)
  func speed(at contact: PushTContact) -> Double {
    velocity.dot(contact.normal) + spin * contact.lever
  }

  @inline(__always)
  mutating func apply(_ impulse: Double, at contact: PushTContact) {
    velocity += contact.normal * (impulse * (1 / PushTConstants.mass))
    spin += impulse * contact.lever * (1 / PushTConstants.moment)
  }
}

/// Solves up to `PushTConstants.iterations` times through the contacts, changing the T's motion and its
/// correction.
///
/// An iteration that changes nothing ends it: all that follow would do the same.
func solve(
  _ contacts: UnsafeMutableBufferPointer<PushTContact>, motion: inout PushTMotion,
  correction: inout PushTMotion
) {
  for _ in 0..<PushTConstants.iterations {
    var changed = false
    for i in contacts.indices {
      let contact = contacts[i]
      let biasImpulse = max(
        contact.biasImpulse
          + (contact.biasSpeed - correction.speed(at: contact)) * contact.effectiveMass, 0)
      let impulse = max(
        contact.impulse - (motion.speed(at: contact) - contact.approach) * contact.effectiveMass, 0)
      guard biasImpulse != contact.biasImpulse || impulse != contact.impulse else { continue }
      changed = true
      correction.apply(biasImpulse - contact.biasImpulse, at: contact)
      motion.apply(impulse - contact.impulse, at: contact)
      contacts[i].biasImpulse = biasImpulse
      contacts[i].impulse = impulse
    }
    if !changed { break }
  }
}

// From contact points to constraint rows, with the impulses of the last substep to start from.

import PlanarCore

extension World {
  /// Tangent of the angle by which the normal is tilted for that.
  static let jamTilt = 0.1
  /// Friction's share of a normal impulse's effect from which on it holds a point with one way to move.
  private static let holdingFriction = 0.5
  /// How many of the last substep's contacts are looked through one by one for a key.
  private static let contactsLookedThrough = 32

  /// Adds a contact between bodies, or between a wall (`a` nil) and a body.
  @inline(__always)
  mutating func addContact(
    _ point: ManifoldPoint, normal: Vec2, a: Int?, b: Int, key: UInt64, friction: Double,
    restitution: Double
  ) {
    let tangent = normal.perpendicular
    let armB = point.position - states[b].position
    var normalA = SIMD4<Double>.zero
    var tangentA = SIMD4<Double>.zero
    if let a {
      let armA = point.position - states[a].position
      normalA = -SIMD4(normal.x, normal.y, armA.cross(normal), 0)
      tangentA = -SIMD4(tangent.x, tangent.y, armA.cross(tangent), 0)
      scratch.isTouched[a] = true
    }
    scratch.isTouched[b] = true
    scratch.contacts.append(
      Contact(
        key: key, a: a ?? scratch.fixedSlot, b: b, arm: -1, collider: -1, normal: normal,
        position: point.position, separation: point.separation, friction: friction,
        restitution: restitution, normalA: normalA,
        normalB: SIMD4(normal.x, normal.y, armB.cross(normal), 0), tangentA: tangentA,
        tangentB: SIMD4(tangent.x, tangent.y, armB.cross(tangent), 0)))
  }

  /// Adds a contact between the arm (A) and a body, or between a wall (A) and the arm (`body` nil).
  mutating func addArmContact(
    _ point: ManifoldPoint, normal: Vec2, collider c: Int, body: Int?, key: UInt64,
    friction: Double, restitution: Double
  ) {
    let tangent = normal.perpendicular
    let jaw = scratch.colliders[c].jawMotion
    let sign = body == nil ? 1.0 : -1.0
    var normalB = SIMD4<Double>.zero
    var tangentB = SIMD4<Double>.zero
    if let body {
      let arm = point.position - states[body].position
      normalB = SIMD4(normal.x, normal.y, arm.cross(normal), 0)
      tangentB = SIMD4(tangent.x, tangent.y, arm.cross(tangent), 0)
      scratch.isTouched[body] = true
    }
    scratch.armRows.append(ArmRows())
    scratch.contacts.append(
      Contact(
        key: key, a: scratch.jawSlot, b: body ?? scratch.fixedSlot,
        arm: scratch.armRows.count - 1, collider: c, normal: normal, position: point.position,
        separation: point.separation, friction: friction, restitution: restitution,
        normalA: SIMD4(sign * jaw.dot(normal), 0, 0, 0), normalB: normalB,
        tangentA: SIMD4(sign * jaw.dot(tangent), 0, 0, 0), tangentB: tangentB))
  }

  /// Masses of bodies, rows over the joints, target speeds and starting impulses.
  mutating func prepareContacts(_ kinematics: ArmKinematics, _ h: Double) {
    let settings = model.settings
    scratch.armIsTouched = scratch.armRows.count > 0
    scratch.isRelieving = false
    scratch.supported.removeAll()
    for i in scratch.awake.values {
      let body = model.constants + i
      scratch.inverseMasses[i] = SIMD4(
        body.pointee.inverseMass, body.pointee.inverseMass, body.pointee.inverseInertia, 0)
      if scratch.isTouched[i], body.pointee.maximumSupportForce > 0 {
        scratch.supported.append(i)
      }
    }
    var cursor = 0
    var isIndexed = false
    var dormantCursor = 0
    var least = 0.0
    for i in scratch.contacts.indices {
      let key = scratch.contacts[i].key
      if let old = previousContact(key, from: &cursor, isIndexed: &isIndexed) {
        scratch.contacts[i].normalImpulse = scratch.previousContacts[old].normalImpulse
        scratch.contacts[i].tangentImpulse = scratch.previousContacts[old].tangentImpulse
      } else if let old = dormantContact(key, from: &dormantCursor) {
        scratch.contacts[i].normalImpulse = scratch.dormant[old].normalImpulse
        scratch.contacts[i].tangentImpulse = scratch.dormant[old].tangentImpulse
      }
      let gap = scratch.contacts[i].separation
      least = min(least, gap)
      scratch.contacts[i].targetSpeed =
        gap > 0
        ? -gap / h
        : min(
          settings.correction / h * max(0, -gap - settings.slop),
          settings.maximumCorrectionSpeed)
      let row = scratch.contacts[i].arm
      guard row >= 0 else { continue }
      let isWall = scratch.contacts[i].b == scratch.fixedSlot
      let link = scratch.colliders[scratch.contacts[i].collider].link
      let (x, y) = kinematics.jacobian(of: scratch.contacts[i].position, onLink: link)
      let n = scratch.contacts[i].normal * (isWall ? 1 : -1)
      scratch.armRows[row].normal = x * n.x + y * n.y
      scratch.armRows[row].tangent = y * n.x - x * n.y
    }
    scratch.isDeep = least < -jamDepth
    forgetDormantOfAwake()
    for i in scratch.contacts.indices where scratch.contacts[i].restitution > 0 { aimAtBounce(i) }
  }

  /// The speed at which a contact is to part, from the one at which it is met before anything acts.
  private mutating func aimAtBounce(_ i: Int) {
    let contact = scratch.contacts[i]
    var speeds =
      contact.normalA * startingMotion(contact.a) + contact.normalB * startingMotion(contact.b)
    if contact.arm >= 0 { speeds += scratch.armRows[contact.arm].normal * arm.velocity }
    let approach = -speeds.sum()
    scratch.contacts[i].bounce =
      approach > model.settings.restitutionThreshold ? contact.restitution * approach : 0
  }

  /// How a slot moves at the substep's beginning.
  private mutating func startingMotion(_ slot: Int) -> SIMD4<Double> {
    if slot < scratch.bodyCount {
      return SIMD4(states[slot].velocity.x, states[slot].velocity.y, states[slot].spin, 0)
    }
    return slot == scratch.jawSlot ? SIMD4(arm.jaw.velocity, 0, 0, 0) : .zero
  }

  /// Contacts come in nearly the same order every substep: look where the last one was found first. What is not there is
  /// new, or looked for in an index of all keys.
  @inline(__always)
  private mutating func previousContact(_ key: UInt64, from cursor: inout Int, isIndexed: inout Bool) -> Int? {
    let count = scratch.previousContacts.count
    for offset in 0..<min(count, World.contactsLookedThrough) {
      var i = cursor + offset
      if i >= count { i -= count }
      if scratch.previousContacts[i].key == key {
        cursor = i + 1 == count ? 0 : i + 1
        return i
      }
    }
    guard count > World.contactsLookedThrough else { return nil }
    if !isIndexed {
      scratch.contactIndex.fill(scratch.previousContacts)
      isIndexed = true
    }
    guard let i = scratch.contactIndex.find(key, in: scratch.previousContacts) else { return nil }
    cursor = i + 1 == count ? 0 : i + 1
    return i
  }

  /// The impulse of a contact whose body has just woken.
  @inline(__always)
  private func dormantContact(_ key: UInt64, from cursor: inout Int) -> Int? {
    let count = scratch.dormant.count
    for offset in 0..<count {
      var i = cursor + offset
      if i >= count { i -= count }
      if scratch.dormant.base[i].key == key {
        cursor = i + 1 == count ? 0 : i + 1
        return i
      }
    }
    return nil
  }

  /// Effective masses for the present drives, and motions with the starting impulses.
  mutating func startMotions(_ island: Island, _ h: Double) {
    scratch.inverseMasses[scratch.jawSlot] = SIMD4(scratch.jawDrive.inverseMass, 0, 0, 0)
    for i in island.contacts { weigh(i) }
    restartMotions(island, h)
  }

  /// Motions of arm and bodies from their free ones and the impulses so far.
  mutating func restartMotions(_ island: Island, _ h: Double) {
    freeMotions(island, h)
    applyImpulses(island, h)
  }

  /// Motions at the end of the substep if nothing is touched and the table is smooth.
  private mutating func freeMotions(_ island: Island, _ h: Double) {
    let gravity = inPlaneAcceleration * h
    for i in island.bodies {
      let state = states[i]
      var motion = SIMD4(state.velocity.x, state.velocity.y, state.spin, 0)
      if !model.constants[i].isKinematic {
        motion.x += gravity.x
        motion.y += gravity.y
      }
      scratch.motions[i] = motion
    }
    guard island.hasArm else { return }
    let jaw = scratch.jawDrive
    scratch.motions[scratch.jawSlot] = SIMD4(
      jaw.freeVelocity + arm.jaw.limitImpulse * jaw.inverseMass, 0, 0, 0)
    arm.velocity = scratch.drive.freeVelocity
  }

  private mutating func applyImpulses(_ island: Island, _ h: Double) {
    for i in island.contacts { applyImpulse(i) }
    if island.hasArm { startJointConstraints() }
    for i in island.bodies {
      let body = model.constants + i
      guard body.pointee.maximumSupportForce > 0 else { continue }
      // The law is solved from the motion without it.
      let impulse = support[i].value
      scratch.motions[i] += SIMD4(
        impulse.x * body.pointee.inverseMass, impulse.y * body.pointee.inverseMass,
        impulse.z * body.pointee.supportRadius * body.pointee.inverseInertia, 0)
      // Where there are contacts, the sweeps solve it.
      if scratch.isTouched[i] { continue }
      _ = solveSupport(i, h)
    }
  }

  private mutating func weigh(_ i: Int) {
    let contact = scratch.contacts[i]
    let massA = scratch.inverseMasses[contact.a]
    let massB = scratch.inverseMasses[contact.b]
    var normal =
      (contact.normalA * contact.normalA * massA + contact.normalB * contact.normalB * massB).sum()
    var tangent =
      (contact.tangentA * contact.tangentA * massA + contact.tangentB * contact.tangentB * massB)
      .sum()
    var cross =
      (contact.normalA * contact.tangentA * massA + contact.normalB * contact.tangentB * massB).sum()
    if contact.arm >= 0 {
      let rows = scratch.armRows[contact.arm]
      let normalResponse = scratch.drive.inverseMass.times(rows.normal)
      let tangentResponse = scratch.drive.inverseMass.times(rows.tangent)
      scratch.armRows[contact.arm].normalResponse = normalResponse
      scratch.armRows[contact.arm].tangentResponse = tangentResponse
      let (ofJoints, aside) = ((rows.normal * normalResponse).sum(), (rows.tangent * tangentResponse).sum())
      if ofJoints <= 1e-3 * aside, contact.b == scratch.fixedSlot, contact.separation < -jamDepth,
        !contact.isTilted
      {
        tilt(i)
        return weigh(i)
      }
      normal += ofJoints
      tangent += aside
      cross += (rows.normal * tangentResponse).sum()
    }
    guard normal > 1e-3 * tangent else {
      // Nothing yields that way: a link that stands upright on what does not move.
      scratch.contacts[i].normalResponse = 0
      scratch.contacts[i].normalImpulse = 0
      scratch.contacts[i].tangentImpulse = 0
      return
    }
    scratch.contacts[i].normalResponse = normal
    scratch.contacts[i].tangentResponse = tangent
    scratch.contacts[i].crossResponse = cross
    // A point with one way to move (an arm of one joint at a wall) cannot stick and be pushed off at once: it slides.
    let determinant = normal * tangent - cross * cross
    let isOneWay = determinant <= 1e-2 * normal * tangent
    scratch.contacts[i].inverseDeterminant = isOneWay ? 0 : 1 / determinant
    // There the normal alone decides how the point moves. Friction can only hold it against being pushed off (the paradox of
    // Painlevé 1895), in sweeps that grow without bound.
    if isOneWay, contact.friction * abs(cross) > World.holdingFriction * normal { scratch.contacts[i].friction = 0 }
  }

  /// Lets a link that stands upright deep in what does not move be pushed out: at dead centre its joints cannot move it
  /// along the normal, so that the normal is tilted to where they can. The side changes now and then, for where one is
  /// blocked.
  private mutating func tilt(_ i: Int) {
    let row = scratch.contacts[i].arm
    let side = (stepCount >> 6) & 1 == 0 ? World.jamTilt : -World.jamTilt
    scratch.armRows[row].normal += side * scratch.armRows[row].tangent
    // Friction would hold it there.
    scratch.contacts[i].friction = 0
    scratch.contacts[i].isTilted = true
  }

  private mutating func applyImpulse(_ i: Int) {
    let contact = scratch.contacts[i]
    let normal = contact.normalImpulse
    let tangent = contact.tangentImpulse
    guard normal != 0 || tangent != 0 else { return }
    scratch.motions[contact.a] +=
      (contact.normalA * normal + contact.tangentA * tangent) * scratch.inverseMasses[contact.a]
    scratch.motions[contact.b] +=
      (contact.normalB * normal + contact.tangentB * tangent) * scratch.inverseMasses[contact.b]
    if contact.arm >= 0 {
      let rows = scratch.armRows[contact.arm]
      arm.velocity += rows.normalResponse * normal + rows.tangentResponse * tangent
    }
  }
}

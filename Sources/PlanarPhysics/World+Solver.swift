// Sequential impulses (Catto 2005): sweeps over contacts and support friction, arm and bodies together.

import PlanarCore

extension World {
  mutating func solveSupportFriction() {
    for i in models.indices {
      support[i].solve(
        &states[i], inverseMass: 1 / models[i].mass, inverseInertia: 1 / models[i].inertia)
    }
  }

  /// One sweep over the contacts: friction first, since non-penetration matters more and has the last word.
  mutating func solveContacts(correctingOverlap: Bool) {
    let h = settings.timeStep
    for i in contacts.indices {
      var contact = contacts[i]

      let slide = relativeVelocity(contact).dot(contact.tangent)
      let limit = contact.friction * contact.normalImpulse
      let wanted = contact.tangentImpulse - slide * contact.tangentMass
      let tangentImpulse = min(max(wanted, -limit), limit)
      apply(contact, normal: 0, tangent: tangentImpulse - contact.tangentImpulse)
      contact.tangentImpulse = tangentImpulse

      var bias = 0.0
      if contact.separation > 0 {
        // The gap may close within this step, no more.
        bias = contact.separation / h
      } else if correctingOverlap {
        bias = max(
          settings.correction / h * min(0, contact.separation + settings.slop),
          -settings.maximumCorrectionSpeed)
      }
      let approach = relativeVelocity(contact).dot(contact.normal)
      let normalImpulse = max(
        0, contact.normalImpulse - (approach + bias) * contact.normalMass)
      apply(contact, normal: normalImpulse - contact.normalImpulse, tangent: 0)
      contact.normalImpulse = normalImpulse
      contacts[i] = contact
    }
  }

  /// B's velocity relative to A's at the contact, m/s.
  private func relativeVelocity(_ contact: Contact) -> Vec2 {
    let b = states[contact.body].velocity(at: contact.armB)
    switch contact.partner {
    case .body(let a): return b - states[a].velocity(at: contact.armA)
    case .wall: return b
    case .tip:
      let n = (contact.tipNormal * arm.velocity).sum()
      let t = (contact.tipTangent * arm.velocity).sum()
      return b - contact.normal * n - contact.tangent * t
    }
  }

  /// Applies impulses (N·s) along normal and tangent: + on B, − on A.
  mutating func apply(_ contact: Contact, normal: Double, tangent: Double) {
    let impulse = contact.normal * normal + contact.tangent * tangent
    let b = contact.body
    states[b].velocity += impulse / models[b].mass
    states[b].spin += contact.armB.cross(impulse) / models[b].inertia
    switch contact.partner {
    case .body(let a):
      states[a].velocity -= impulse / models[a].mass
      states[a].spin -= contact.armA.cross(impulse) / models[a].inertia
    case .wall: break
    case .tip:
      arm.velocity -= contact.tipNormalResponse * normal + contact.tipTangentResponse * tangent
    }
  }
}

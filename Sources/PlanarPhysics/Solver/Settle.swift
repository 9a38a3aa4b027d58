// Sequential impulses (Catto 2005): sweeps over joints, support friction and contacts, until they have settled.

import PlanarCore

extension World {
  /// Sweeps until no velocity is estimated to change by more than the tolerance, or the most sweeps are done.
  mutating func settle(_ drive: ArmDrive, _ jawDrive: JawDrive, _ h: Double) {
    slideUntouched(h)
    let constrainsJoints = arm.hasJointConstraints
    let holdsJaw = arm.gripper != nil
    guard !contacts.isEmpty || constrainsJoints || holdsJaw else { return }
    var last = Double.infinity
    for _ in 0..<model.settings.iterations {
      var change = solveSupportFriction(h)
      if constrainsJoints { change = max(change, solveJoints(drive, h)) }
      if holdsJaw { change = max(change, solveJawLimits(h)) }
      change = max(change, solveContacts())
      // A sweep's change shrinks by a steady factor in the end: what is left is a geometric series.
      let ratio = change / last
      let left = ratio > 0 && ratio < 1 ? change * max(1, ratio / (1 - ratio)) : change
      if left <= model.settings.tolerance { break }
      last = change
    }
  }

  /// Support friction of bodies that touch nothing is solved at once.
  private mutating func slideUntouched(_ h: Double) {
    for i in scratch.awake where !scratch.isTouched[i] {
      let body = model.constants + i
      guard body.pointee.maximumSupportForce > 0 else { continue }
      _ = support[i].solve(&scratch.motions[i], body.pointee, h: h)
    }
  }

  private mutating func solveSupportFriction(_ h: Double) -> Double {
    var change = 0.0
    for i in scratch.supported {
      change = max(change, support[i].solve(&scratch.motions[i], model.constants[i], h: h))
    }
    return change
  }

  /// One sweep over the contacts, friction first, since non-penetration matters more and has the last word.
  ///
  /// - Returns: the greatest change of relative speed that the sweep made, m/s.
  private mutating func solveContacts() -> Double {
    let count = contacts.count
    var joints = arm.velocity
    var greatest = 0.0
    contacts.withUnsafeMutableBufferPointer { contacts in
      scratch.motions.withUnsafeMutableBufferPointer { motions in
        scratch.inverseMasses.withUnsafeBufferPointer { masses in
          scratch.armRows.withUnsafeBufferPointer { rows in
            for i in 0..<count {
              let contact = contacts.baseAddress! + i
              let a = contact.pointee.a
              let b = contact.pointee.b
              let arm = contact.pointee.arm
              var motionA = motions[a]
              var motionB = motions[b]

              var speeds =
                contact.pointee.tangentA * motionA + contact.pointee.tangentB * motionB
              if arm >= 0 { speeds += rows[arm].tangent * joints }
              let most = contact.pointee.friction * contact.pointee.normalImpulse
              let oldTangent = contact.pointee.tangentImpulse
              let tangent = min(
                max(oldTangent - speeds.sum() * contact.pointee.tangentMass, -most), most)
              let tangentChange = tangent - oldTangent
              contact.pointee.tangentImpulse = tangent
              motionA += contact.pointee.tangentA * masses[a] * tangentChange
              motionB += contact.pointee.tangentB * masses[b] * tangentChange
              if arm >= 0 { joints += rows[arm].tangentResponse * tangentChange }

              speeds = contact.pointee.normalA * motionA + contact.pointee.normalB * motionB
              if arm >= 0 { speeds += rows[arm].normal * joints }
              let oldNormal = contact.pointee.normalImpulse
              let normal = max(
                0,
                oldNormal + (contact.pointee.targetSpeed - speeds.sum())
                  * contact.pointee.normalMass)
              let normalChange = normal - oldNormal
              contact.pointee.normalImpulse = normal
              motionA += contact.pointee.normalA * masses[a] * normalChange
              motionB += contact.pointee.normalB * masses[b] * normalChange
              if arm >= 0 { joints += rows[arm].normalResponse * normalChange }

              motions[a] = motionA
              motions[b] = motionB
              greatest = max(
                greatest, abs(tangentChange) * contact.pointee.tangentResponse,
                abs(normalChange) * contact.pointee.normalResponse)
            }
          }
        }
      }
    }
    arm.velocity = joints
    return greatest
  }
}

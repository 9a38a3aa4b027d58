// Sequential impulses (Catto 2005): sweeps over joints, support friction and contacts, until they have settled.

import PlanarCore

extension World {
  /// Sweeps before the subspace is solved, and between two solutions while they help.
  static let sweepsBeforeSubspace = 4

  /// Sweeps until no velocity is estimated to change by more than the tolerance, or the most sweeps are done.
  ///
  /// - Returns: the last sweep's greatest change of a speed, m/s.
  @discardableResult
  mutating func settle(_ h: Double) -> Double {
    let constrainsJoints = arm.hasJointConstraints
    let holdsJaw = arm.gripper != nil
    guard scratch.contacts.count > 0 || constrainsJoints || holdsJaw else { return 0 }
    var last = Double.infinity
    var change = 0.0
    var trusted = Double.infinity
    var nextSubspace = World.sweepsBeforeSubspace
    for sweep in 1...model.settings.iterations {
      change = solveSupportFriction(h)
      if constrainsJoints { change = max(change, solveJoints(h)) }
      if holdsJaw { change = max(change, solveJawLimits(h)) }
      change = max(change, solveContacts())
      if change > trusted {
        // The subspace was not the right one: back to where the sweeps were.
        forgetSubspace(h)
        trusted = .infinity
        last = .infinity
        nextSubspace = .max
        continue
      }
      trusted = .infinity
      // A sweep's change shrinks by a steady factor in the end: what is left is a geometric series.
      let ratio = change / last
      let left = ratio > 0 && ratio < 1 ? change * max(1, ratio / (1 - ratio)) : change
      if left <= model.settings.tolerance { break }
      last = change
      if sweep >= nextSubspace, sweep < model.settings.iterations - 1 {
        if solveSubspace(h) {
          trusted = change
          nextSubspace = sweep + World.sweepsBeforeSubspace
        } else {
          nextSubspace = .max
        }
        last = .infinity
      }
    }
    return change
  }

  private mutating func solveSupportFriction(_ h: Double) -> Double {
    var change = 0.0
    for i in scratch.supported.values {
      change = max(change, support[i].solve(&scratch.motions[i], model.constants[i], h: h))
    }
    return change
  }

  /// One sweep over the contacts, friction first, since non-penetration matters more and has the last word.
  ///
  /// - Returns: the greatest change of relative speed that the sweep made, m/s.
  private mutating func solveContacts() -> Double {
    let motions = scratch.motions
    let masses = scratch.inverseMasses
    let rows = scratch.armRows.base
    let movable = arm.gripper == nil ? scratch.bodyCount : scratch.slotCount
    var joints = arm.velocity
    var greatest = 0.0
    for i in scratch.contacts.indices {
      let contact = scratch.contacts.base + i
      let a = contact.pointee.a
      let b = contact.pointee.b
      let row = contact.pointee.arm
      // Walls stand still, and so does the jaw of an arm without a gripper.
      let isTwoSided = a < movable
      var motionA = isTwoSided ? motions[a] : .zero
      var motionB = motions[b]
      let oldNormal = contact.pointee.normalImpulse
      let oldTangent = contact.pointee.tangentImpulse
      if oldNormal > 0 || oldTangent != 0 {
        var speeds = contact.pointee.tangentB * motionB
        if isTwoSided { speeds += contact.pointee.tangentA * motionA }
        if row >= 0 { speeds += rows[row].tangent * joints }
        let most = contact.pointee.friction * oldNormal
        let wanted = oldTangent - speeds.sum() * contact.pointee.tangentMass
        let tangent = min(max(wanted, -most), most)
        contact.pointee.mode =
          wanted > most ? .slidingForward : (wanted < -most ? .slidingBackward : .sticking)
        contact.pointee.tangentImpulse = tangent
        let change = tangent - oldTangent
        if isTwoSided { motionA += contact.pointee.tangentA * masses[a] * change }
        motionB += contact.pointee.tangentB * masses[b] * change
        if row >= 0 { joints += rows[row].tangentResponse * change }
        greatest = max(greatest, abs(change) * contact.pointee.tangentResponse)
      }

      var speeds = contact.pointee.normalB * motionB
      if isTwoSided { speeds += contact.pointee.normalA * motionA }
      if row >= 0 { speeds += rows[row].normal * joints }
      let normal = max(
        0,
        oldNormal + (contact.pointee.targetSpeed - speeds.sum()) * contact.pointee.normalMass)
      let change = normal - oldNormal
      guard change != 0 || oldTangent != 0 || oldNormal > 0 else { continue }
      contact.pointee.normalImpulse = normal
      if isTwoSided { motions[a] = motionA + contact.pointee.normalA * masses[a] * change }
      motions[b] = motionB + contact.pointee.normalB * masses[b] * change
      if row >= 0 { joints += rows[row].normalResponse * change }
      greatest = max(greatest, abs(change) * contact.pointee.normalResponse)
    }
    arm.velocity = joints
    return greatest
  }
}

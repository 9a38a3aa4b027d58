// Nonlinear Gauss–Seidel on impulses that start from the last substep's: sweeps over support friction, joints, jaw and
// contacts, until they have settled.

import PlanarCore

extension World {
  /// Sweeps before the subspace is solved, and between two solutions while they help.
  static let sweepsBeforeSubspace = 4

  /// How many times as many sweeps are done where things lie still in an overlap, which too few sweeps do not undo.
  private static let patience = 8

  /// Most sweeps over an island: more where everything in it is still but overlaps. An arm that is jammed needs other means
  /// (`unjam`): between a heavy arm and a wall, sweeps can grow without bound.
  private func mostSweeps(_ island: Island) -> Int {
    let usual = model.settings.iterations
    guard !island.hasArm else { return usual }
    let depth = jamDepth
    guard island.contacts.contains(where: { scratch.contacts[$0].separation < -depth }) else { return usual }
    let slow = model.settings.tolerance
    for i in island.bodies {
      let rim = states[i].spin * model.constants[i].circumradius
      guard states[i].velocity.lengthSquared + rim * rim < slow * slow else { return usual }
    }
    return usual * World.patience
  }

  /// Sweeps until no velocity is estimated to change by more than the tolerance, or the most sweeps are done.
  ///
  /// - Returns: the last sweep's greatest change of a speed, m/s.
  @discardableResult
  mutating func settle(_ island: Island, _ h: Double) -> Double {
    if island.isWide { return settleWide(island) }
    let constrainsJoints = island.hasArm && arm.hasJointConstraints
    let holdsJaw = island.hasArm && arm.gripper != nil
    guard island.contacts.count > 0 || constrainsJoints || holdsJaw else { return 0 }
    var last = Double.infinity
    var change = 0.0
    var trusted = Double.infinity
    var nextSubspace = World.sweepsBeforeSubspace
    let most = mostSweeps(island)
    for sweep in 1...most {
      change = solveSupportFriction(island, h)
      if constrainsJoints { change = max(change, solveJoints(h)) }
      if holdsJaw { change = max(change, solveJawLimits(h)) }
      change = max(change, solveContacts(island))
      if change > trusted {
        // The subspace was not the right one: back to where the sweeps were.
        forgetSubspace(island, h)
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
      if sweep >= nextSubspace, sweep < most - 1 {
        if solveSubspace(island, h) {
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

  private mutating func solveSupportFriction(_ island: Island, _ h: Double) -> Double {
    var change = 0.0
    for i in island.supported {
      change = max(change, solveSupport(i, h))
    }
    return change
  }

  /// One sweep over the contacts: nonlinear Gauss–Seidel (Jourdan, Alart & Jean 1998). Each is solved for its normal
  /// and friction impulse at once, as sticking, sliding or open, while all others are held.
  ///
  /// - Returns: the greatest change of relative speed that the sweep made, m/s.
  private mutating func solveContacts(_ island: Island) -> Double {
    let motions = scratch.motions
    let masses = scratch.inverseMasses
    let rows = scratch.armRows.base
    // Walls stand still, and so does the jaw of an arm without a gripper.
    let movable = arm.gripper == nil ? scratch.bodyCount : scratch.slotCount
    var joints = arm.velocity
    var greatest = 0.0
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      let a = contact.pointee.a
      let b = contact.pointee.b
      let row = contact.pointee.arm
      let isTwoSided = a < movable
      var alongNormal = contact.pointee.normalB * motions[b]
      var alongTangent = contact.pointee.tangentB * motions[b]
      if isTwoSided {
        alongNormal += contact.pointee.normalA * motions[a]
        alongTangent += contact.pointee.tangentA * motions[a]
      }
      if row >= 0 {
        alongNormal += rows[row].normal * joints
        alongTangent += rows[row].tangent * joints
      }
      let missing = contact.pointee.targetSpeed - alongNormal.sum()
      let normal = contact.pointee.normalImpulse
      if contact.pointee.normalResponse == 0 || (normal == 0 && missing <= 0) { continue }
      let slip = alongTangent.sum()
      let (normalChange, tangentChange) = contact.pointee.solve(missing: missing, slip: slip)

      motions[b] +=
        (contact.pointee.normalB * normalChange + contact.pointee.tangentB * tangentChange)
        * masses[b]
      if isTwoSided {
        motions[a] +=
          (contact.pointee.normalA * normalChange + contact.pointee.tangentA * tangentChange)
          * masses[a]
      }
      if row >= 0 {
        joints +=
          rows[row].normalResponse * normalChange + rows[row].tangentResponse * tangentChange
      }
      greatest = max(
        greatest, abs(normalChange) * contact.pointee.normalResponse,
        abs(tangentChange) * contact.pointee.tangentResponse)
    }
    arm.velocity = joints
    return greatest
  }
}

extension Contact {
  /// Takes the impulses that make the normal speed right and stop the slip, or slide on the edge of the friction cone,
  /// or none.
  ///
  /// - Parameters:
  ///   - missing: by how much the speed along the normal is below its target, m/s.
  ///   - slip: speed along the tangent, m/s.
  /// - Returns: the changes of the impulses, N·s.
  @inline(__always)
  mutating func solve(missing: Double, slip: Double) -> (normal: Double, tangent: Double) {
    let oldNormal = normalImpulse
    let oldTangent = tangentImpulse
    // Sticking: [normal, cross; cross, tangent]·Δ = (missing, −slip).
    let normalStick =
      oldNormal + (tangentResponse * missing + crossResponse * slip) * inverseDeterminant
    let tangentStick =
      oldTangent - (normalResponse * slip + crossResponse * missing) * inverseDeterminant
    if inverseDeterminant > 0, normalStick >= 0, abs(tangentStick) <= friction * normalStick {
      normalImpulse = normalStick
      tangentImpulse = tangentStick
      mode = .sticking
    } else {
      // Sliding against the slip that there would be: tangent impulse = pull·normal impulse.
      let isForward = inverseDeterminant > 0 ? tangentStick > 0 : slip < 0
      let pull = isForward ? friction : -friction
      // Where sliding friction draws the contact together, the impulse that holds it apart is large: it is approached in
      // steps, which other contacts can follow.
      let response = max(normalResponse + pull * crossResponse, 0.5 * normalResponse)
      let gap = missing + crossResponse * (oldTangent - pull * oldNormal)
      normalImpulse = max(0, oldNormal + gap / response)
      tangentImpulse = pull * normalImpulse
      mode = isForward ? .slidingForward : .slidingBackward
    }
    return (normalImpulse - oldNormal, tangentImpulse - oldTangent)
  }
}

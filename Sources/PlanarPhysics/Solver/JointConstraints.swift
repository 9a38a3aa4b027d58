// Limits and Coulomb friction of joints, and the range of the jaw, as rows of the sweeps.

import PlanarCore

extension World {
  /// Gives the joints the impulses that their friction and limits had in the last substep.
  mutating func startJointConstraints() {
    guard arm.hasJointConstraints else { return }
    arm.velocity += scratch.drive.inverseMass.times(arm.frictionImpulse + arm.limitImpulse)
  }

  /// One sweep over the joints.
  ///
  /// - Returns: the greatest change of a joint's speed over its lever, m/s.
  mutating func solveJoints(_ h: Double) -> Double {
    var greatest = 0.0
    for i in 0..<arm.jointCount {
      let response = scratch.drive.inverseMass[i]
      if arm.coulombFriction[i] > 0 {
        let most = arm.coulombFriction[i] * h
        let old = arm.frictionImpulse[i]
        let impulse = min(max(old - arm.velocity[i] / response[i], -most), most)
        arm.frictionImpulse[i] = impulse
        arm.velocity += response * (impulse - old)
        greatest = max(greatest, abs(impulse - old) * response[i] * arm.lengths[i])
      }
      // A limit is met at speed 0 from a gap, like a contact; of an overrun, a share is taken back.
      let old = arm.limitImpulse[i]
      let low = arm.q[i] - arm.lowerLimits[i]
      let high = arm.upperLimits[i] - arm.q[i]
      let wanted: Double
      if low < high {
        wanted = max(0, old + (limitSpeed(low, h) - arm.velocity[i]) / response[i])
      } else {
        wanted = min(0, old - (limitSpeed(high, h) + arm.velocity[i]) / response[i])
      }
      guard wanted != old else { continue }
      arm.limitImpulse[i] = wanted
      arm.velocity += response * (wanted - old)
      greatest = max(greatest, abs(wanted - old) * response[i] * arm.lengths[i])
    }
    return greatest
  }

  /// The least speed away from a limit `gap` ahead (rad or m).
  @inline(__always)
  private mutating func limitSpeed(_ gap: Double, _ h: Double) -> Double {
    if gap > 0 { return -gap / h }
    if scratch.isRelieving { return 0 }
    return min(-gap * model.settings.correction / h, model.settings.maximumCorrectionSpeed)
  }

  /// Keeps the opening between 0 and its maximum.
  mutating func solveJawLimits(_ h: Double) -> Double {
    guard let gripper = arm.gripper else { return 0 }
    let slot = scratch.jawSlot
    let inverseMass = scratch.inverseMasses[slot].x
    let velocity = scratch.motions[slot].x
    let old = arm.jaw.limitImpulse
    let low = arm.jaw.opening
    let high = gripper.maximumOpening - arm.jaw.opening
    let impulse =
      low < high
      ? max(0, old + (limitSpeed(low, h) - velocity) / inverseMass)
      : min(0, old - (limitSpeed(high, h) + velocity) / inverseMass)
    arm.jaw.limitImpulse = impulse
    scratch.motions[slot].x += (impulse - old) * inverseMass
    return abs(impulse - old) * inverseMass
  }
}

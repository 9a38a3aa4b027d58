// Where sweeps cannot settle, overlaps are undone by geometry alone: without speeds, friction and motors.

import PlanarCore

extension World {
  /// Overlap from which on a jam is undone, m.
  static let jamDepth = 0.0005
  /// Sweeps of the projection; it is frictionless and symmetric, and so always converges.
  private static let jamSweeps = 30

  /// Speed below which what is jammed stays so by itself, m/s: faster jams come apart by their motion.
  private static let stillSpeed = 0.01

  /// Whether nothing that is awake moves.
  func isStill(_ island: Island) -> Bool {
    var spin = 0.0
    var fastest = island.hasArm ? abs(scratch.motions[scratch.jawSlot].x) : 0
    for i in 0..<(island.hasArm ? arm.jointCount : 0) {
      spin += arm.velocity[i]
      fastest = max(fastest, abs(spin) * arm.lengths[i])
    }
    for i in island.bodies {
      let motion = scratch.motions[i]
      fastest = max(
        fastest,
        (motion.x * motion.x + motion.y * motion.y).squareRoot() + abs(motion.z) * model.constants[i].circumradius)
    }
    return fastest < World.stillSpeed
  }

  /// Moves bodies, joints and jaw a little out of the overlaps that they are jammed in, as the projection of positions
  /// does (nonlinear Gauss–Seidel, Müller et al. 2007, "Position based dynamics").
  ///
  /// A light jaw between a heavy arm and a wall is what impulses settle worst. Here the jaw weighs as much as the joints
  /// that carry it: how a jam comes apart is free, as long as it does.
  mutating func unjam(_ island: Island) {
    guard island.contacts.contains(where: { scratch.contacts[$0].separation < -World.jamDepth }) else {
      return
    }
    var joints = SIMD4<Double>.zero
    let jaw = scratch.jawSlot
    var masses = scratch.inverseMasses[jaw]
    if island.hasArm, scratch.armRows.count > 0 {
      var yielding = 0.0
      for row in 0..<scratch.armRows.count {
        let rows = scratch.armRows[row]
        yielding = max(yielding, (rows.normal * scratch.drive.inverseMass.times(rows.normal)).sum())
      }
      masses.x = min(masses.x, yielding)
    }
    scratch.inverseMasses[jaw] = masses
    for i in island.contacts { scratch.contacts[i].normalImpulse = 0 }
    for _ in 0..<World.jamSweeps {
      for i in island.contacts { project(i, &joints) }
    }
    let share = shareOfWays(island, joints)
    arm.q += share * joints
    if island.hasArm, arm.gripper != nil { arm.jaw.opening += share * scratch.motions[jaw].x }
    for i in island.bodies where !model.constants[i].isKinematic {
      let way = share * scratch.motions[i]
      states[i].position += Vec2(way.x, way.y)
      states[i].angle += way.z
      if scratch.isTouched[i] { keepInside(i) }
    }
    for i in island.contacts {
      scratch.contacts[i].normalImpulse = 0
      scratch.contacts[i].tangentImpulse = 0
    }
  }

  /// How much of the ways is gone: so much that nothing gets farther than contacts are looked for.
  private func shareOfWays(_ island: Island, _ joints: SIMD4<Double>) -> Double {
    var spin = 0.0
    var longest = island.hasArm ? abs(scratch.motions[scratch.jawSlot].x) : 0
    var reach = 0.0
    for i in 0..<arm.jointCount {
      spin += joints[i]
      reach += abs(spin) * arm.lengths[i]
    }
    longest = max(longest, reach)
    for i in island.bodies {
      let way = scratch.motions[i]
      longest = max(
        longest, (way.x * way.x + way.y * way.y).squareRoot() + abs(way.z) * model.constants[i].circumradius)
    }
    return longest > model.settings.speculativeMargin ? model.settings.speculativeMargin / longest : 1
  }

  /// Opens one contact as far as it is to be opened, or lets it close as far as it may.
  private mutating func project(_ i: Int, _ joints: inout SIMD4<Double>) {
    let contact = scratch.contacts[i]
    guard contact.normalResponse > 0 else { return }
    let (massA, massB) = (scratch.inverseMasses[contact.a], scratch.inverseMasses[contact.b])
    var response = (contact.normalA * contact.normalA * massA + contact.normalB * contact.normalB * massB).sum()
    var way = (contact.normalA * scratch.motions[contact.a] + contact.normalB * scratch.motions[contact.b]).sum()
    var jointResponse = SIMD4<Double>.zero
    if contact.arm >= 0 {
      let row = scratch.armRows[contact.arm].normal
      jointResponse = scratch.drive.inverseMass.times(row)
      response += (row * jointResponse).sum()
      way += (row * joints).sum()
    }
    let settings = model.settings
    let wanted =
      contact.separation > 0
      ? -contact.separation : settings.correction * max(0, -contact.separation - settings.slop)
    let push = max(0, contact.normalImpulse + (wanted - way) / response)
    let change = push - contact.normalImpulse
    scratch.contacts[i].normalImpulse = push
    scratch.motions[contact.a] += contact.normalA * massA * change
    scratch.motions[contact.b] += contact.normalB * massB * change
    joints += jointResponse * change
  }
}

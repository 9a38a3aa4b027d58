// What sweeps find slowly, solved at once: the linear system of the contacts that hold, in the state they are in.

import PlanarCore

/// One unknown of the subspace: an impulse along `push`, such that the speed along `row` reaches its target.
///
/// A sticking contact has two, a sliding one has its friction tied to the normal impulse: then `push` is not `row`.
struct SubspaceRow {
  var contact: Int
  var isTangent: Bool
  var a: Int
  var b: Int
  var rowA: SIMD4<Double>
  var rowB: SIMD4<Double>
  var rowJoints: SIMD4<Double>
  /// Motions and joint velocities that a unit of the impulse causes.
  var responseA: SIMD4<Double>
  var responseB: SIMD4<Double>
  var responseJoints: SIMD4<Double>
}

extension World {
  /// Most unknowns that are solved at once; beyond it sweeps go on alone.
  static let maximumSubspace = 32
  /// Most systems solved in one go.
  private static let maximumPivots = 10
  /// Of these, those that change all contradicted modes; the later ones change one each, which ends cycles.
  private static let blockPivots = 3

  /// Subspace minimization (Silcowitz-Hansen, Niebe & Erleben 2010) with block pivoting: takes the present mode of
  /// every contact for right, solves for all impulses at once, changes the modes that the solution contradicts, and so
  /// on. Support friction is linearized about the present motion; the sweeps that follow make it exact, or find that
  /// the solution was wrong (`forgetSubspace`).
  ///
  /// - Returns: whether impulses were changed.
  mutating func solveSubspace(_ island: Island, _ h: Double) -> Bool {
    saveImpulses(island)
    findMobilities(island, h)
    chooseModes(island)
    for pivot in 0..<World.maximumPivots {
      collectSubspaceRows(island)
      let count = scratch.subspace.count
      guard count <= World.maximumSubspace else { break }
      if count > 0 {
        assembleSubspace()
        guard scratch.system.solve() else { break }
        applySubspace()
      }
      guard reviseModes(island, one: pivot >= World.blockPivots) else {
        guard isPlausible(island) else { break }
        restartMotions(island, h)
        return true
      }
    }
    forgetSubspace(island, h)
    return false
  }

  /// Whether no impulse is out of all proportion: contacts that contradict each other (a part that is jammed) have a
  /// solution only by the trace of softness, with impulses of millions that nearly cancel.
  private mutating func isPlausible(_ island: Island) -> Bool {
    let most = 20 * model.settings.maximumSpeed
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      guard contact.pointee.normalImpulse * contact.pointee.normalResponse < most else { return false }
    }
    return true
  }

  private mutating func saveImpulses(_ island: Island) {
    for i in island.contacts {
      scratch.savedImpulses[i] = SIMD2(
        scratch.contacts[i].normalImpulse, scratch.contacts[i].tangentImpulse)
    }
  }

  /// Takes the impulses from before `solveSubspace` again.
  mutating func forgetSubspace(_ island: Island, _ h: Double) {
    for i in island.contacts {
      scratch.contacts[i].normalImpulse = scratch.savedImpulses[i].x
      scratch.contacts[i].tangentImpulse = scratch.savedImpulses[i].y
    }
    restartMotions(island, h)
  }

  /// How every slot's motion (vx, vy, ω) answers to an impulse, with its support friction in the present state.
  private mutating func findMobilities(_ island: Island, _ h: Double) {
    for slot in island.bodies where scratch.isTouched[slot] {
      scratch.mobilities[slot] =
        model.constants[slot].maximumSupportForce > 0
        ? support[slot].mobility(motionOnSurface(slot), model.constants[slot], h: h)
        : JointMatrix(diagonal: scratch.inverseMasses[slot])
    }
    scratch.mobilities[scratch.jawSlot] = JointMatrix(diagonal: scratch.inverseMasses[scratch.jawSlot])
  }

  private mutating func chooseModes(_ island: Island) {
    for i in island.contacts {
      if scratch.contacts[i].normalImpulse <= 0 {
        scratch.contacts[i].mode = .open
      } else if scratch.contacts[i].mode == .open {
        scratch.contacts[i].mode = .sticking
      }
    }
  }

  private mutating func push(_ i: Int, normal: Double, tangent: Double) {
    let contact = (scratch.contacts.base + i).pointee
    scratch.contacts[i].normalImpulse += normal
    scratch.contacts[i].tangentImpulse += tangent
    scratch.motions[contact.a] += scratch.mobilities[contact.a].times(
      contact.normalA * normal + contact.tangentA * tangent)
    scratch.motions[contact.b] += scratch.mobilities[contact.b].times(
      contact.normalB * normal + contact.tangentB * tangent)
    if contact.arm >= 0 {
      let rows = scratch.armRows[contact.arm]
      arm.velocity += rows.normalResponse * normal + rows.tangentResponse * tangent
    }
  }

  /// One row per unknown; impulses that the modes fix are brought to their values.
  private mutating func collectSubspaceRows(_ island: Island) {
    scratch.subspace.removeAll()
    for i in island.contacts {
      let mode = scratch.contacts[i].mode
      let contact = scratch.contacts[i]
      if mode == .open {
        if contact.normalImpulse != 0 || contact.tangentImpulse != 0 {
          push(i, normal: -contact.normalImpulse, tangent: -contact.tangentImpulse)
        }
        continue
      }
      let pull = mode.side * contact.friction
      if mode != .sticking {
        push(i, normal: 0, tangent: pull * contact.normalImpulse - contact.tangentImpulse)
      }
      let mobilityA = scratch.mobilities[contact.a]
      let mobilityB = scratch.mobilities[contact.b]
      let joints = contact.arm >= 0 ? scratch.armRows[contact.arm] : ArmRows()
      // What sticks to the table on both sides is for the sweeps to set free.
      guard contact.arm >= 0 || mobilityA.row0.x > 0 || mobilityB.row0.x > 0 else { continue }
      guard scratch.subspace.count <= World.maximumSubspace else { return }
      scratch.subspace.append(
        SubspaceRow(
          contact: i, isTangent: false, a: contact.a, b: contact.b,
          rowA: contact.normalA, rowB: contact.normalB, rowJoints: joints.normal,
          responseA: mobilityA.times(contact.normalA + contact.tangentA * pull),
          responseB: mobilityB.times(contact.normalB + contact.tangentB * pull),
          responseJoints: joints.normalResponse + joints.tangentResponse * pull))
      guard mode == .sticking else { continue }
      scratch.subspace.append(
        SubspaceRow(
          contact: i, isTangent: true, a: contact.a, b: contact.b,
          rowA: contact.tangentA, rowB: contact.tangentB, rowJoints: joints.tangent,
          responseA: mobilityA.times(contact.tangentA),
          responseB: mobilityB.times(contact.tangentB), responseJoints: joints.tangentResponse))
    }
  }

  /// The system of all rows, with the speeds that are missing on its right-hand side.
  private mutating func assembleSubspace() {
    let count = scratch.subspace.count
    let joints = arm.velocity
    scratch.system.resize(count)
    for i in 0..<count {
      let row = scratch.subspace.base + i
      let a = row.pointee.a
      let b = row.pointee.b
      let isArm = a == scratch.jawSlot
      for j in 0..<count {
        let other = scratch.subspace.base + j
        var product = SIMD4<Double>.zero
        if isArm, other.pointee.a == a {
          product = row.pointee.rowJoints * other.pointee.responseJoints
        }
        if a == other.pointee.a { product += row.pointee.rowA * other.pointee.responseA }
        if a == other.pointee.b { product += row.pointee.rowA * other.pointee.responseB }
        if b == other.pointee.a { product += row.pointee.rowB * other.pointee.responseA }
        if b == other.pointee.b { product += row.pointee.rowB * other.pointee.responseB }
        scratch.system[i, j] = product.sum()
      }
      let contact = scratch.contacts.base + row.pointee.contact
      // A trace of softness tells redundant impulses apart, such as friction at two corners of one face.
      scratch.system[i, i] +=
        row.pointee.isTangent
        ? 1e-3 * contact.pointee.tangentResponse : 1e-6 * contact.pointee.normalResponse
      let speed =
        (row.pointee.rowA * scratch.motions[a] + row.pointee.rowB * scratch.motions[b]
        + row.pointee.rowJoints * joints).sum()
      scratch.system[i, count] =
        (row.pointee.isTangent ? 0 : contact.pointee.targetSpeed) - speed
    }
  }

  private mutating func applySubspace() {
    let count = scratch.subspace.count
    for i in 0..<count {
      let row = scratch.subspace[i]
      let change = scratch.system[i, count]
      if row.isTangent {
        scratch.contacts[row.contact].tangentImpulse += change
      } else {
        scratch.contacts[row.contact].normalImpulse += change
        scratch.contacts[row.contact].tangentImpulse +=
          scratch.contacts[row.contact].mode.side * scratch.contacts[row.contact].friction * change
      }
      scratch.motions[row.a] += row.responseA * change
      scratch.motions[row.b] += row.responseB * change
      arm.velocity += row.responseJoints * change
    }
  }

  /// Changes the modes that impulses or motions contradict, or the first of them; false where there is none.
  private mutating func reviseModes(_ island: Island, one: Bool) -> Bool {
    var changed = false
    let tolerance = model.settings.tolerance
    for i in island.contacts {
      let contact = scratch.contacts[i]
      switch contact.mode {
      case .open:
        var speeds =
          contact.normalA * scratch.motions[contact.a]
          + contact.normalB * scratch.motions[contact.b]
        if contact.arm >= 0 { speeds += scratch.armRows[contact.arm].normal * arm.velocity }
        guard contact.normalResponse > 0, speeds.sum() < contact.targetSpeed - tolerance else {
          continue
        }
        scratch.contacts[i].mode = .sticking
      case .sticking:
        let most = contact.friction * contact.normalImpulse
        if contact.normalImpulse < 0 {
          scratch.contacts[i].mode = .open
        } else if abs(contact.tangentImpulse) > most * (1 + 1e-9) + 1e-15 {
          scratch.contacts[i].mode = contact.tangentImpulse > 0 ? .slidingForward : .slidingBackward
        } else {
          continue
        }
      case .slidingForward, .slidingBackward:
        if contact.normalImpulse < 0 {
          scratch.contacts[i].mode = .open
        } else {
          var speeds =
            contact.tangentA * scratch.motions[contact.a]
            + contact.tangentB * scratch.motions[contact.b]
          if contact.arm >= 0 { speeds += scratch.armRows[contact.arm].tangent * arm.velocity }
          guard speeds.sum() * contact.mode.side > tolerance else { continue }
          scratch.contacts[i].mode = .sticking
        }
      }
      if one { return true }
      changed = true
    }
    return changed
  }
}

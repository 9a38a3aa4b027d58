// The end of a substep: positions, then bounces and the relief of what only pushed overlaps apart.

import PlanarCore

extension World {
  /// Cuts speeds beyond `maximumSpeed`.
  mutating func cutSpeeds(_ island: Island) {
    let limit = model.settings.maximumSpeed
    if island.hasArm {
      arm.cutSpeed(to: limit)
      let jaw = scratch.jawSlot
      scratch.motions[jaw].x = min(max(scratch.motions[jaw].x, -limit), limit)
    }
    for i in island.bodies {
      let motion = scratch.motions[i]
      let square = motion.x * motion.x + motion.y * motion.y
      if square > limit * limit {
        let scale = limit / square.squareRoot()
        scratch.motions[i] *= SIMD4(scale, scale, 1, 1)
      }
      let rim = abs(motion.z) * model.constants[i].circumradius
      if rim > limit { scratch.motions[i].z *= limit / rim }
    }
  }

  /// Share of the kinetic energy that the relief of overlaps, and friction at an arm without motors, may add in a substep
  /// before it is cut: what the solver's tolerance explains.
  static let toleratedGain = 1e-3

  /// Slows everything by one factor where the sweeps have made kinetic energy: contacts with what does not move by itself
  /// can only take it.
  ///
  /// - Parameter gain: the share of the energy that is left alone.
  mutating func cutEnergy(_ island: Island, _ h: Double, beyond gain: Double = 0) {
    let gravity = inPlaneAcceleration * h
    var free = 0.0
    var now = 0.0
    if island.hasArm {
      free += scratch.drive.energy(at: scratch.drive.freeVelocity)
      now += scratch.drive.energy(at: arm.velocity)
    }
    if island.hasArm, let gripper = arm.gripper {
      let jaw = scratch.motions[scratch.jawSlot].x
      let freeJaw = scratch.jawDrive.freeVelocity
      free += gripper.jawMass * freeJaw * freeJaw / 2
      now += gripper.jawMass * jaw * jaw / 2
    }
    for i in island.bodies {
      let body = model.constants + i
      guard !body.pointee.isKinematic, !isCarried(i) else { return }
      let velocity = states[i].velocity + gravity
      let spin = states[i].spin
      let motion = scratch.motions[i]
      let mass = 1 / body.pointee.inverseMass
      let inertia = 1 / body.pointee.inverseInertia
      free += (mass * velocity.lengthSquared + inertia * spin * spin) / 2
      now += (mass * (motion.x * motion.x + motion.y * motion.y) + inertia * motion.z * motion.z) / 2
    }
    guard now > free * (1 + gain) else { return }
    let scale = (free / now).squareRoot()
    for i in island.bodies { scratch.motions[i] *= scale }
    guard island.hasArm else { return }
    arm.velocity *= scale
    scratch.motions[scratch.jawSlot] *= scale
  }

  /// Moves joints and bodies by the settled velocities.
  ///
  /// Contacts were looked for within a body's margin, which follows from its speed before. A body that something much
  /// faster has struck since does not get farther than the margin and its own half thickness, so that it cannot jump
  /// what nobody looked for; in the next substep the margin knows its speed.
  mutating func move(_ h: Double) {
    arm.q += h * arm.velocity
    if arm.gripper != nil { arm.jaw.opening += h * scratch.motions[scratch.jawSlot].x }
    if scratch.mayJam {
      scratch.jointWay = h * arm.velocity
      scratch.ways[scratch.jawSlot] = h * scratch.motions[scratch.jawSlot]
    }
    for i in scratch.awake.values {
      let start = states[i]
      let motion = scratch.motions[i]
      let body = model.constants + i
      let travel =
        ((motion.x * motion.x + motion.y * motion.y).squareRoot()
          + abs(motion.z) * body.pointee.circumradius) * h
      let most = scratch.margins[i] + body.pointee.inradius
      let time = travel > most && !body.pointee.isKinematic ? h * most / travel : h
      states[i].position += Vec2(motion.x, motion.y) * time
      states[i].angle += motion.z * time
      if scratch.isTouched[i], !body.pointee.isKinematic { keepInside(i) }
      if scratch.mayJam {
        let way = states[i].position - start.position
        scratch.ways[i] = SIMD4(way.x, way.y, states[i].angle - start.angle, 0)
      }
    }
  }

  /// The last resort against motors without limits that press a body through a wall: its centre stops on the wall's
  /// line.
  mutating func keepInside(_ i: Int) {
    for w in 0..<model.wallCount {
      let wall = model.wallTable + w
      let normal = wall.pointee.normal
      let height = (states[i].position - wall.pointee.point).dot(normal)
      guard height < 0 else { continue }
      states[i].position -= normal * height
      let speed = scratch.motions[i].x * normal.x + scratch.motions[i].y * normal.y
      if speed < 0 { scratch.motions[i] -= SIMD4(normal.x, normal.y, 0, 0) * speed }
    }
  }

  /// Whether some contact bounces or was pushed out of an overlap, or a joint or the jaw was taken back from beyond a
  /// limit: then the velocities that were right for moving are not those to go on with.
  mutating func needsRelief(_ island: Island) -> Bool {
    // Less is what settling leaves anyway.
    let least = scratch.bodyCount > World.mostBodiesOfOneIsland ? model.settings.tolerance : 0
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      guard contact.pointee.normalImpulse > 0 else { continue }
      if contact.pointee.bounce > 0 || contact.pointee.targetSpeed > least { return true }
    }
    return island.hasArm
      && arm.leavesLimit(
        fasterThan: model.settings.tolerance, jawVelocity: scratch.motions[scratch.jawSlot].x)
  }

  /// The greatest restitution of what bounces in this substep.
  ///
  /// Newton's law of restitution may itself add energy where there is friction, or where several contacts act at once. With
  /// Δ the change of velocity, the impulses do work of e·|Δ|·|v₀| at most where all contacts bounce, and energy grows by
  /// e·|Δ|·|v₀| − ½·|Δ|² ≤ e²·½·|v₀|² (in the norm of the mass matrix). Contacts that do not bounce, pressed between those
  /// that do, know no bound.
  func restitution(of island: Island) -> Double {
    var greatest = 0.0
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      if contact.pointee.bounce > 0, contact.pointee.normalImpulse > 0 {
        greatest = max(greatest, contact.pointee.restitution)
      }
    }
    return greatest
  }

  /// New target speeds: off at the speed of the bounce, at rest where the gap is closed, and free to close where not.
  mutating func aimAtRelief(_ island: Island, _ h: Double) {
    for i in island.contacts {
      let contact = scratch.contacts[i]
      if contact.normalImpulse > 0 {
        scratch.contacts[i].targetSpeed = contact.bounce
      } else if contact.separation > 0 {
        var speeds =
          contact.normalA * scratch.motions[contact.a]
          + contact.normalB * scratch.motions[contact.b]
        if contact.arm >= 0 { speeds += scratch.armRows[contact.arm].normal * arm.velocity }
        let gap = contact.separation + h * speeds.sum()
        scratch.contacts[i].targetSpeed = -max(0, gap) / h
      } else {
        scratch.contacts[i].targetSpeed = 0
      }
    }
  }

  /// How many times the momentum that an island can have an impulse may be before it tells of a jam.
  static let mostOfMomentum = 4.0

  /// Whether the impulses of a crowd are on their way to what carries it.
  ///
  /// A pile of many needs more sweeps than a substep does, and finds its impulses over several substeps as long as it
  /// keeps them. Those of a jam grow beyond what all of the island's momentum, gravity and the way out of overlaps could
  /// ask for.
  mutating func isConverging(_ island: Island, _ h: Double) -> Bool {
    guard scratch.bodyCount > World.mostBodiesOfOneIsland, !island.hasArm else { return false }
    let speed = inPlaneAcceleration.length * h + model.settings.restitutionThreshold
    var momentum = 0.0
    for i in island.bodies { momentum += (states[i].velocity.length + speed) / model.constants[i].inverseMass }
    let most = World.mostOfMomentum * momentum
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      guard contact.pointee.normalImpulse < most else { return false }
    }
    return true
  }

  /// Starts anew without impulses. Where things are jammed, pushing them apart asks for what cannot be: the impulses
  /// grow from substep to substep, and would throw everything about once the jam breaks.
  mutating func forgetImpulses(_ island: Island, _ h: Double) {
    for i in island.contacts {
      scratch.contacts[i].normalImpulse = 0
      scratch.contacts[i].tangentImpulse = 0
    }
    if island.hasArm {
      arm.frictionImpulse = .zero
      arm.limitImpulse = .zero
      arm.jaw.limitImpulse = 0
    }
    restartMotions(island, h)
  }

  /// Hands the solver's motions back to the bodies.
  mutating func keepMotions() {
    for i in scratch.awake.values {
      let motion = scratch.motions[i]
      states[i].velocity = Vec2(motion.x, motion.y)
      states[i].spin = motion.z
    }
    if arm.gripper != nil { arm.jaw.velocity = scratch.motions[scratch.jawSlot].x }
  }
}

extension Arm {
  /// Whether a motor can do work: then contacts may have it do more than it would without them.
  var isDriven: Bool {
    any(motors.torqueLimit .> 0) || (gripper.map { $0.forceLimit > 0 && $0.stiffness > 0 } ?? false)
  }

  /// Whether a joint or the jaw is beyond a limit, and is moved back at more than `least` (rad/s or m/s).
  @inline(__always)
  func leavesLimit(fasterThan least: Double, jawVelocity: Double) -> Bool {
    let low = (q .< lowerLimits) .& (limitImpulse .> 0) .& (velocity .> least)
    let high = (q .> upperLimits) .& (limitImpulse .< 0) .& (velocity .< -least)
    if any(low .| high) { return true }
    guard let gripper else { return false }
    return jaw.limitImpulse > 0 && jaw.opening < 0 && jawVelocity > least
      || jaw.limitImpulse < 0 && jaw.opening > gripper.maximumOpening && jawVelocity < -least
  }

  /// Slows all joints by one factor where the tip could be faster than `limit` (m/s).
  @inline(__always)
  mutating func cutSpeed(to limit: Double) {
    var spin = 0.0
    var speed = 0.0
    for i in 0..<jointCount {
      spin += velocity[i]
      speed += abs(spin) * lengths[i]
    }
    if speed > limit { velocity *= limit / speed }
  }
}

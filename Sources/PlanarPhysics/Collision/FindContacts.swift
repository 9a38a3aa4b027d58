// Who may touch whom, and where: from bounding circles to contact points.

import PlanarCore

extension World {
  /// In how many parts to take the step, so that no body moves farther than its own half thickness in one, and the
  /// arm no farther than the thinnest body's and its own thinnest part's together; as far as `maximumSubsteps` allows.
  mutating func substepCount() -> Int {
    let settings = model.settings
    var parts = Double(settings.substeps)
    for i in states.indices {
      let state = states[i]
      let v = state.velocity
      guard v.x != 0 || v.y != 0 || state.spin != 0 else { continue }
      let body = model.constants[i]
      let travel =
        (v.length + abs(state.spin) * body.circumradius) * settings.timeStep
      parts = max(parts, travel / body.inradius)
    }
    if arm.jointCount > 0, model.leastInradius.isFinite {
      var spin = 0.0
      var speed = 0.0
      for i in 0..<arm.jointCount {
        spin += arm.velocity[i]
        speed += abs(spin) * arm.lengths[i]
      }
      parts = max(parts, speed * settings.timeStep / (model.leastInradius + arm.leastRadius))
    }
    return Int(min(parts, Double(max(settings.maximumSubsteps, settings.substeps))).rounded(.up))
  }

  /// Finds the bodies that move or may be moved, and the contact points of these, the arm and the walls.
  mutating func findContacts(_ kinematics: ArmKinematics, _ h: Double) {
    swap(&scratch.contacts, &scratch.previousContacts)
    scratch.contacts.removeAll()
    scratch.armRows.removeAll()
    scratch.armPairs.removeAll()
    scratch.bodyPairs.removeAll()
    scratch.awake.removeAll()
    arm.place(
      &scratch.colliders, kinematics, velocity: scratch.drive.freeVelocity,
      jawVelocity: scratch.jawDrive.freeVelocity, baseMargin: model.settings.speculativeMargin, h: h)
    placeBodies(h)
    wakeOverlapping()
    pairArmWithBodies()
    let isCrowd = scratch.bodyCount > World.mostBodiesOfOneIsland
    if !isCrowd { pairBodies() }
    makeRoomForContacts()
    collideArmWithWalls(kinematics)
    for pair in scratch.armPairs.values { collideArm(pair.a, with: pair.b) }
    if isCrowd {
      collideCrowd()
    } else {
      for pair in scratch.bodyPairs.values { collideBodies(pair.a, pair.b) }
      for body in scratch.awake.values { collideWithWalls(body) }
    }
    endSleep()
  }

  private mutating func placeBodies(_ h: Double) {
    let gravity = inPlaneAcceleration
    let isPulled = gravity.x != 0 || gravity.y != 0
    for i in states.indices {
      let state = states[i]
      let body = model.constants + i
      let v = state.velocity
      let moves = v.x != 0 || v.y != 0 || state.spin != 0
      var margin = model.settings.speculativeMargin
      if moves { margin += (v.length + abs(state.spin) * body.pointee.circumradius) * h }
      if scratch.angles[i] != state.angle {
        scratch.angles[i] = state.angle
        scratch.poses[i].rotation = Rotation(angle: state.angle)
      }
      scratch.poses[i].position = state.position
      scratch.margins[i] = margin
      scratch.reaches[i] = body.pointee.circumradius + margin
      scratch.isAwake[i] = moves || (isPulled && !body.pointee.isKinematic && !sleepsOn(i)) || isCarried(i)
      scratch.isTouched[i] = false
      scratch.isPaired[i] = false
      if scratch.isAwake[i] { scratch.awake.append(i) }
    }
  }

  /// Keeps bodies awake that still overlap: what comes to rest in another must go on moving apart.
  private mutating func wakeOverlapping() {
    let depth = jamDepth
    for contact in scratch.previousContacts.values where contact.separation < -depth {
      wake(contact.a)
      wake(contact.b)
    }
    if stepCount == 0 { for i in states.indices { wake(i) } }
  }

  private mutating func wake(_ slot: Int) {
    guard slot < scratch.bodyCount, !scratch.isAwake[slot] else { return }
    scratch.isAwake[slot] = true
    scratch.awake.append(slot)
  }

  private mutating func pairArmWithBodies() {
    for c in scratch.colliders.indices {
      let collider = scratch.colliders[c]
      let reach = collider.radius + collider.margin
      for b in 0..<scratch.bodyCount {
        let limit = reach + scratch.reaches[b]
        let offset = scratch.poses[b].position - collider.center
        let circle = limit + collider.halfLength
        guard offset.lengthSquared < circle * circle else { continue }
        let nearest = nearestPoint(to: states[b].position, from: collider.start, to: collider.end)
        guard (states[b].position - nearest).lengthSquared < limit * limit else { continue }
        scratch.armPairs.append(CandidatePair(a: c, b: b))
        if !scratch.isAwake[b] {
          scratch.isAwake[b] = true
          scratch.awake.append(b)
        }
      }
    }
  }

  /// Pairs every awake body with those near it, which wakes them: the list grows while it is read.
  private mutating func pairBodies() {
    var read = 0
    while read < scratch.awake.count {
      let i = scratch.awake[read]
      scratch.isPaired[i] = true
      let position = scratch.poses[i].position
      for j in 0..<scratch.bodyCount where !scratch.isPaired[j] {
        let limit = scratch.reaches[i] + scratch.reaches[j]
        guard (position - scratch.poses[j].position).lengthSquared < limit * limit else { continue }
        if !scratch.isAwake[j] {
          scratch.isAwake[j] = true
          scratch.awake.append(j)
        }
        scratch.bodyPairs.append(CandidatePair(a: min(i, j), b: max(i, j)))
      }
      read += 1
    }
  }

  /// Two points for every pair of parts that may touch.
  private mutating func makeRoomForContacts() {
    var most = 2 * scratch.colliders.count * model.wallCount + scratch.dormant.count
    for pair in scratch.armPairs.values { most += 2 * model.constants[pair.b].parts.count }
    for pair in scratch.bodyPairs.values {
      most += 2 * model.constants[pair.a].parts.count * model.constants[pair.b].parts.count
    }
    for body in scratch.awake.values {
      most += 2 * model.constants[body].parts.count * model.wallCount
    }
    if most > scratch.contacts.capacity { scratch = scratch.copied(contacts: 2 * most) }
  }

  // MARK: Contact points

  @inline(__always)
  private mutating func polygon(_ part: ShapePart, of body: Int) -> PlacedPolygon {
    PlacedPolygon(
      corners: model.corners + part.firstCorner, normals: model.normals + part.firstCorner,
      count: part.cornerCount, pose: scratch.poses[body])
  }

  private mutating func collideArm(_ c: Int, with b: Int) {
    let collider = scratch.colliders[c]
    let body = model.constants[b]
    let margin = collider.margin + scratch.margins[b]
    for p in body.parts {
      let part = model.parts[p]
      let manifold: Manifold
      if part.cornerCount == 0 {
        let nearest = nearestPoint(to: states[b].position, from: collider.start, to: collider.end)
        manifold = collideDiscs(
          nearest, collider.radius, states[b].position, part.radius, margin: margin)
      } else {
        manifold = collide(
          segmentFrom: collider.start, to: collider.end, radius: collider.radius,
          polygon(part, of: b), margin: margin)
      }
      for i in 0..<manifold.count {
        addArmContact(
          manifold[i], normal: manifold.normal, collider: c, body: b,
          key: contactKey(.armAndBody, c, p, manifold[i].feature),
          friction: collider.rootFriction * body.rootFriction, restitution: body.restitution)
      }
    }
  }

  private mutating func collideArmWithWalls(_ kinematics: ArmKinematics) {
    guard scratch.colliders.count > 0 else { return }
    // How far anything of the arm reaches from its joints and its tip. Links beyond the last have no length, so that
    // four joints and the tip are the ends of every arm.
    var farthest = 0.0
    for c in scratch.colliders.indices {
      let collider = scratch.colliders.base + c
      farthest = max(farthest, collider.pointee.radius + collider.pointee.margin)
    }
    if let gripper = arm.gripper { farthest += gripper.fingerLength + arm.jaw.opening }
    for w in 0..<model.wallCount {
      let wall = model.wallTable[w]
      let heights =
        (kinematics.jointsX - wall.point.x) * wall.normal.x
        + (kinematics.jointsY - wall.point.y) * wall.normal.y
      let tip = (kinematics.tip - wall.point).dot(wall.normal)
      guard min(heights.min(), tip) < farthest else { continue }
      for c in scratch.colliders.indices { collideArm(c, withWall: w) }
    }
  }

  private mutating func collideArm(_ c: Int, withWall w: Int) {
    let collider = scratch.colliders[c]
    let wall = model.wallTable[w]
    let reach = collider.radius + collider.margin
    for end in 0..<(collider.halfLength > 0 ? 2 : 1) {
      let point = end == 0 ? collider.start : collider.end
      let height = (point - wall.point).dot(wall.normal)
      guard height < reach else { continue }
      addArmContact(
        ManifoldPoint(
          position: point - wall.normal * collider.radius, separation: height - collider.radius,
          feature: 0),
        normal: wall.normal, collider: c, body: nil,
        key: contactKey(.armAndWall, c, w, UInt64(end)),
        friction: collider.rootFriction * wall.friction.squareRoot(),
        restitution: wall.restitution)
    }
  }

  mutating func collideBodies(_ a: Int, _ b: Int) {
    let bodyA = model.constants[a]
    let bodyB = model.constants[b]
    guard !(bodyA.isKinematic && bodyB.isKinematic) else { return }
    let margin = scratch.margins[a] + scratch.margins[b]
    for p in bodyA.parts {
      let partA = model.parts[p]
      for q in bodyB.parts {
        let partB = model.parts[q]
        let manifold: Manifold
        switch (partA.cornerCount > 0, partB.cornerCount > 0) {
        case (false, false):
          manifold = collideDiscs(
            states[a].position, partA.radius, states[b].position, partB.radius, margin: margin)
        case (true, false):
          manifold = collide(
            polygon(partA, of: a), discAt: states[b].position, radius: partB.radius,
            margin: margin)
        case (false, true):
          manifold =
            collide(
              polygon(partB, of: b), discAt: states[a].position, radius: partA.radius,
              margin: margin
            ).reversed
        case (true, true):
          let first = polygon(partA, of: a)
          let second = polygon(partB, of: b)
          manifold = collide(first, second, margin: margin, scratch: scratch.corners)
        }
        for i in 0..<manifold.count {
          addContact(
            manifold[i], normal: manifold.normal, a: a, b: b,
            key: contactKey(.bodies, p, q, manifold[i].feature),
            friction: bodyA.rootFriction * bodyB.rootFriction,
            restitution: max(bodyA.restitution, bodyB.restitution))
        }
      }
    }
  }

  mutating func collideWithWalls(_ b: Int) {
    let body = model.constants[b]
    guard !body.isKinematic else { return }
    for w in 0..<model.wallCount {
      let wall = model.wallTable[w]
      let height = (states[b].position - wall.point).dot(wall.normal)
      guard height < scratch.reaches[b] else { continue }
      for p in body.parts {
        let part = model.parts[p]
        var manifold: Manifold
        if part.cornerCount > 0 {
          manifold = collide(wall, polygon(part, of: b), margin: scratch.margins[b])
        } else {
          manifold = Manifold(normal: wall.normal)
          if height - part.radius < scratch.margins[b] {
            manifold.append(
              ManifoldPoint(
                position: states[b].position - wall.normal * part.radius,
                separation: height - part.radius, feature: 0))
          }
        }
        for i in 0..<manifold.count {
          addContact(
            manifold[i], normal: manifold.normal, a: nil, b: b,
            key: contactKey(.wallAndBody, w, p, manifold[i].feature),
            friction: wall.friction.squareRoot() * body.rootFriction,
            restitution: max(wall.restitution, body.restitution))
        }
      }
    }
  }
}

/// What kinds of things a contact is between.
private enum PairKind: UInt64 { case bodies, wallAndBody, armAndBody, armAndWall }

@inline(__always)
private func contactKey(_ kind: PairKind, _ a: Int, _ b: Int, _ feature: UInt64) -> UInt64 {
  kind.rawValue << 62 | UInt64(a) << 40 | UInt64(b) << 16 | feature
}

/// The parts that a contact's key names: of two bodies, or of the body in `b` where the other is the arm or a wall.
@inline(__always)
func contactParts(_ key: UInt64) -> (a: Int, b: Int) {
  (Int(key >> 40 & 0x3F_FFFF), Int(key >> 16 & 0xFF_FFFF))
}

/// The point of the segment from `start` to `end` that is nearest to `point`.
@inline(__always)
func nearestPoint(to point: Vec2, from start: Vec2, to end: Vec2) -> Vec2 {
  let along = end - start
  let square = along.lengthSquared
  guard square > 0 else { return start }
  let share = min(max((point - start).dot(along) / square, 0), 1)
  return start + along * share
}

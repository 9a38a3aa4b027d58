// What lies still in an overlap that impulses do not undo is parted by geometry alone: without masses, speeds, friction
// and motors.

import PlanarCore

extension World {
  /// Overlap from which on what lies still is parted, and what sleeps otherwise is kept awake, m.
  @inline(__always)
  var jamDepth: Double { 2 * model.settings.slop }
  /// Sweeps of the projection.
  private static let jamSweeps = 30
  /// Speed below which what is jammed stays so by itself, m/s: faster jams come apart by their motion.
  private static let stillSpeed = 0.01

  /// Whether an island overlaps deeply and nothing in it moves.
  private func liesInOverlap(_ island: Island) -> Bool {
    let depth = jamDepth
    guard island.contacts.contains(where: { scratch.contacts[$0].separation < -depth }) else { return false }
    return extent(of: scratch.motions, joints: arm.velocity, island) < World.stillSpeed
  }

  /// Whether the arm lies still in an overlap, be it small, after sweeps that did not settle: a motor without limit can have
  /// led it a long way meanwhile.
  private func isArmJammed(_ island: Island) -> Bool {
    guard island.hasArm, island.isJammed,
      armExtent(of: scratch.motions[scratch.jawSlot].x, joints: arm.velocity) < World.stillSpeed
    else { return false }
    return island.contacts.contains { scratch.contacts[$0].arm >= 0 && scratch.contacts[$0].separation < 0 }
  }

  /// Parts what lies still in overlaps. Impulses that belong to a jam are forgotten.
  mutating func unjamIslands() {
    for i in scratch.islands.indices where liesInOverlap(scratch.islands[i]) {
      scratch.islands[i].liesInOverlap = true
      // Impulses know each contact's own way only, and would lead back where it is turned.
      if chooseWays(scratch.islands[i]) { scratch.islands[i].isJammed = true }
    }
    for i in scratch.islands.indices {
      let island = scratch.islands[i]
      if island.liesInOverlap, island.isJammed { takeBack(island) } else if isArmJammed(island) { takeArmBack() }
    }
    for slot in 0..<scratch.slotCount { scratch.motions[slot] = scratch.ways[slot] }
    for i in scratch.islands.indices where scratch.islands[i].liesInOverlap {
      let island = scratch.islands[i]
      unjam(island)
      guard island.isJammed else { continue }
      for k in island.contacts {
        scratch.contacts[k].normalImpulse = 0
        scratch.contacts[k].tangentImpulse = 0
      }
    }
  }

  /// Takes back where a substep brought a jam: its sweeps did not settle, and their ways lead anywhere. A motor without limit
  /// could press together in a substep what is parted in one.
  private mutating func takeBack(_ island: Island) {
    if island.hasArm { takeArmBack() }
    for i in island.bodies where !model.constants[i].isKinematic {
      states[i].position -= Vec2(scratch.ways[i].x, scratch.ways[i].y)
      states[i].angle -= scratch.ways[i].z
      scratch.ways[i] = .zero
    }
  }

  private mutating func takeArmBack() {
    arm.q -= scratch.jointWay
    if arm.gripper != nil { arm.jaw.opening -= scratch.ways[scratch.jawSlot].x }
    scratch.jointWay = .zero
    scratch.ways[scratch.jawSlot] = .zero
  }

  /// Moves bodies, joints and jaw of an island on from where they are, until overlaps have shrunk as the substep should have
  /// shrunk them: the projection of positions (nonlinear Gauss–Seidel, Müller et al. 2007, "Position based dynamics").
  ///
  /// Where impulses did what they should, that is nowhere. A light thing between a heavy one and a wall is what they settle
  /// worst; so everything weighs the same here. How a jam comes apart is free, as long as it does.
  private mutating func unjam(_ island: Island) {
    weighAlike(island)
    var joints = scratch.jointWay
    for _ in 0..<World.jamSweeps {
      for i in island.contacts { project(i, &joints) }
      if island.hasArm { keepRanges(&joints) }
    }
    for i in island.bodies { scratch.motions[i] -= scratch.ways[i] }
    let jaw = scratch.jawSlot
    scratch.motions[jaw] -= scratch.ways[jaw]
    joints -= scratch.jointWay
    // Nothing gets farther than contacts are looked for.
    let most = model.settings.speculativeMargin
    let longest = extent(of: scratch.motions, joints: joints, island)
    let share = longest > most ? most / longest : 1
    if island.hasArm {
      arm.q += share * joints
      if arm.gripper != nil { arm.jaw.opening += share * scratch.motions[jaw].x }
    }
    for i in island.bodies where !model.constants[i].isKinematic {
      let way = share * scratch.motions[i]
      states[i].position += Vec2(way.x, way.y)
      states[i].angle += way.z
      if scratch.isTouched[i] { keepInside(i) }
    }
  }

  /// The greatest speed (or way) of anything in an island, where `motions` and `joints` are its speeds (or ways).
  private func extent(
    of motions: UnsafeMutablePointer<SIMD4<Double>>, joints: SIMD4<Double>, _ island: Island
  ) -> Double {
    var greatest = island.hasArm ? armExtent(of: motions[scratch.jawSlot].x, joints: joints) : 0
    for i in island.bodies {
      let motion = motions[i]
      greatest = max(
        greatest,
        (motion.x * motion.x + motion.y * motion.y).squareRoot() + abs(motion.z) * model.constants[i].circumradius)
    }
    return greatest
  }

  /// The same of the arm alone, from those of its jaw and joints.
  private func armExtent(of jaw: Double, joints: SIMD4<Double>) -> Double {
    var spin = 0.0
    var reach = 0.0
    for i in 0..<arm.jointCount {
      spin += joints[i]
      reach += abs(spin) * arm.lengths[i]
    }
    return max(abs(jaw), reach)
  }

  /// Gives all bodies one mass, and each joint what moves the arm's end as easily.
  private mutating func weighAlike(_ island: Island) {
    for i in island.bodies {
      let body = model.constants + i
      scratch.inverseMasses[i] =
        body.pointee.isKinematic
        ? .zero : SIMD4(1, 1, body.pointee.inverseInertia / body.pointee.inverseMass, 0)
    }
    guard island.hasArm else { return }
    scratch.inverseMasses[scratch.jawSlot] = arm.gripper == nil ? .zero : SIMD4(1, 0, 0, 0)
    var reach = arm.gripper?.fingerLength ?? 0
    scratch.jointMobility = .zero
    for i in stride(from: arm.jointCount - 1, through: 0, by: -1) {
      reach += arm.lengths[i]
      scratch.jointMobility[i] = 1 / (reach * reach)
    }
  }

  /// Turns the contacts that are against the shortest way out of a compound: its parts push what goes all through it each to
  /// their own nearest sides. A way that is gone grows shorter, so that the next step chooses it again. Answers whether any is
  /// turned.
  ///
  /// The second of a contact's two saved numbers is how far its parts go through each other from side to side, where it is
  /// turned, and 0 where it is not.
  private mutating func chooseWays(_ island: Island) -> Bool {
    var isTurned = false
    var first = -1
    var way = Vec2.zero
    for i in island.contacts {
      if first < 0 || !isOfSamePair(first, i) {
        first = i
        way = wayOut(i, island)
      }
      let contact = scratch.contacts[i]
      let isAgainst = contact.normal.dot(way) < -0.5
      scratch.savedImpulses[i] = SIMD2(0, isAgainst ? thickness(contact) : 0)
      isTurned = isTurned || isAgainst
    }
    return isTurned
  }

  private func isOfSamePair(_ i: Int, _ k: Int) -> Bool {
    let (one, other) = (scratch.contacts.base + i, scratch.contacts.base + k)
    return one.pointee.a == other.pointee.a && one.pointee.b == other.pointee.b
      && one.pointee.collider == other.pointee.collider
  }

  /// The direction in which the second of a contact's pair is clear of the first the soonest, along the normal of their deepest
  /// contact or against it; zero where neither is a compound or they lie in no deep overlap.
  private func wayOut(_ i: Int, _ island: Island) -> Vec2 {
    let contact = scratch.contacts[i]
    guard contact.b < scratch.bodyCount, contact.a != scratch.fixedSlot,
      parts(of: contact.b).count > 1 || contact.collider < 0 && parts(of: contact.a).count > 1
    else { return .zero }
    var deepest = i
    for k in island.contacts where isOfSamePair(i, k) {
      if scratch.contacts[k].separation < scratch.contacts[deepest].separation { deepest = k }
    }
    guard scratch.contacts[deepest].separation < -jamDepth else { return .zero }
    let normal = scratch.contacts[deepest].normal
    return distanceOut(contact, along: normal) <= distanceOut(contact, along: -normal) ? normal : -normal
  }

  private func parts(of body: Int) -> Range<Int> { model.constants[body].parts }

  /// How far the second of a contact's pair must go in a direction until no part of it is in the other, m.
  private func distanceOut(_ contact: Contact, along direction: Vec2) -> Double {
    let across = direction.perpendicular
    var distance = 0.0
    var isBlocked = true
    while isBlocked {
      isBlocked = false
      for p in contact.collider >= 0 ? 0..<1 : parts(of: contact.a) {
        let (stands, beside) = (firstSpan(contact, p, direction), firstSpan(contact, p, across))
        for q in parts(of: contact.b) {
          let (moves, strip) = (span(of: q, contact.b, direction), span(of: q, contact.b, across))
          let end = stands.high - moves.low
          guard min(beside.high, strip.high) - max(beside.low, strip.low) > jamDepth,
            moves.high + distance > stands.low + jamDepth, end > distance + jamDepth
          else { continue }
          distance = end
          isBlocked = true
        }
      }
    }
    return distance
  }

  /// How far the two parts of a contact go through each other along its normal from side to side, m.
  private func thickness(_ contact: Contact) -> Double {
    let parts = contactParts(contact.key)
    let first = firstSpan(contact, parts.a, contact.normal)
    let second = span(of: parts.b, contact.b, contact.normal)
    return first.high - first.low + second.high - second.low
  }

  /// From where to where the first of a contact's pair reaches along a direction, m: the arm's collider, or a part of a body.
  private func firstSpan(_ contact: Contact, _ part: Int, _ direction: Vec2) -> (low: Double, high: Double) {
    guard contact.collider >= 0 else { return span(of: part, contact.a, direction) }
    let collider = scratch.colliders[contact.collider]
    let (start, end) = (collider.start.dot(direction), collider.end.dot(direction))
    return (min(start, end) - collider.radius, max(start, end) + collider.radius)
  }

  private func span(of part: Int, _ body: Int, _ direction: Vec2) -> (low: Double, high: Double) {
    let part = model.parts[part]
    let pose = scratch.poses[body]
    let middle = pose.position.dot(direction)
    guard part.cornerCount > 0 else { return (middle - part.radius, middle + part.radius) }
    let local = pose.rotation.unapply(direction)
    var (low, high) = (Double.infinity, -Double.infinity)
    for k in part.firstCorner..<part.firstCorner + part.cornerCount {
      let height = model.corners[k].dot(local)
      (low, high) = (min(low, height), max(high, height))
    }
    return (middle + low, middle + high)
  }

  /// Opens one contact as far as it is to be opened, or lets it close as far as it may: up to the overlap that is left alone,
  /// which frees what is wedged.
  private mutating func project(_ i: Int, _ joints: inout SIMD4<Double>) {
    let contact = scratch.contacts[i]
    let through = scratch.savedImpulses[i].y
    let turn = through > 0 ? -1.0 : 1.0
    let (normalA, normalB) = (turn * contact.normalA, turn * contact.normalB)
    let (massA, massB) = (scratch.inverseMasses[contact.a], scratch.inverseMasses[contact.b])
    var response = (normalA * normalA * massA + normalB * normalB * massB).sum()
    var way = (normalA * scratch.motions[contact.a] + normalB * scratch.motions[contact.b]).sum()
    var jointResponse = SIMD4<Double>.zero
    if contact.arm >= 0 {
      let row = turn * scratch.armRows[contact.arm].normal
      jointResponse = scratch.jointMobility * row
      response += (row * jointResponse).sum()
      way += (row * joints).sum()
    }
    guard response > World.leastResponse else { return }
    let settings = model.settings
    let excess = (through > 0 ? through + contact.separation : -contact.separation) - settings.slop
    let wanted = min(settings.correction * max(0, excess), settings.speculativeMargin) + min(0, excess)
    let old = scratch.savedImpulses[i].x
    let push = max(0, old + (wanted - way) / response)
    let change = push - old
    scratch.savedImpulses[i].x = push
    scratch.motions[contact.a] += normalA * massA * change
    scratch.motions[contact.b] += normalB * massB * change
    joints += jointResponse * change
  }

  /// Response below which nothing yields along a normal.
  private static let leastResponse = 1e-3

  /// Keeps joints and jaw within their limits, or leads them back by the share of an overlap, no farther than anything is to
  /// get: else a jaw far beyond its range would leave nothing of the way to what lies deep.
  private mutating func keepRanges(_ joints: inout SIMD4<Double>) {
    let share = model.settings.correction
    let start = arm.q - scratch.jointWay
    for i in 0..<arm.jointCount {
      let low = arm.lowerLimits[i] - start[i]
      let high = arm.upperLimits[i] - start[i]
      let most = model.settings.speculativeMargin * scratch.jointMobility[i].squareRoot()
      joints[i] = min(
        max(joints[i], low > 0 ? min(share * low, most) : low), high < 0 ? max(share * high, -most) : high)
    }
    guard let gripper = arm.gripper else { return }
    let jaw = scratch.jawSlot
    let low = scratch.ways[jaw].x - arm.jaw.opening
    let high = gripper.maximumOpening + low
    let most = model.settings.speculativeMargin
    scratch.motions[jaw].x = min(
      max(scratch.motions[jaw].x, low > 0 ? min(share * low, most) : low), high < 0 ? max(share * high, -most) : high)
  }
}

// The sweeps of large islands: four manifolds at a time that have no body in common.

import PlanarCore

extension World {
  /// Contacts from which on an island is swept four manifolds at a time.
  static let leastWideContacts = 32

  /// Lays out an island's manifolds in fours, each in the first four with a free lane behind all earlier ones of its two
  /// bodies (list scheduling, Graham 1969).
  ///
  /// So the sweeps do the same, to the bit, as one after the other in the contacts' order: that order starts at the
  /// bottom of what was stacked first and carries a heap in fewer sweeps than colours, each spread over all of it, do.
  mutating func packWide(_ index: Int, _ h: Double) {
    let island = scratch.islands[index]
    let start = scratch.wide.count
    for i in island.bodies { scratch.lastFours[i] = start - 1 }
    var firstOpen = start
    var k = 0
    while k < island.contacts.count {
      let i = island.contacts[k]
      let contact = scratch.contacts.base + i
      let (a, b) = (contact.pointee.a, contact.pointee.b)
      let movesA = a < scratch.bodyCount && !model.constants[a].isKinematic
      let movesB = b < scratch.bodyCount && !model.constants[b].isKinematic
      let last = max(movesA ? scratch.lastFours[a] : start - 1, movesB ? scratch.lastFours[b] : start - 1)
      var four = max(last + 1, firstOpen)
      while four < scratch.wide.count, scratch.laneCounts[four] == 4 { four += 1 }
      if four == scratch.wide.count {
        scratch.wide.append(WideContact(unused: scratch.fixedSlot))
        scratch.laneCounts[four] = 0
      }
      let hasSecond = isSecond(island, k + 1)
      pack(
        i, hasSecond ? island.contacts[k + 1] : nil, into: scratch.wide.base + four, lane: scratch.laneCounts[four])
      scratch.laneCounts[four] += 1
      while firstOpen < scratch.wide.count, scratch.laneCounts[firstOpen] == 4 { firstOpen += 1 }
      if movesA { scratch.lastFours[a] = four }
      if movesB { scratch.lastFours[b] = four }
      k += hasSecond ? 2 : 1
    }
    scratch.islands[index].wide = start..<scratch.wide.count
    packSupport(index, h)
  }

  /// Whether the contact at `k` is the second point of the manifold before it.
  @inline(__always)
  private func isSecond(_ island: Island, _ k: Int) -> Bool {
    guard k < island.contacts.count else { return false }
    let (first, second) = (scratch.contacts.base + island.contacts[k - 1], scratch.contacts.base + island.contacts[k])
    return first.pointee.key >> 16 == second.pointee.key >> 16 && first.pointee.a == second.pointee.a
      && first.pointee.b == second.pointee.b
  }

  @inline(__always)
  private mutating func pack(_ i: Int, _ j: Int?, into wide: UnsafeMutablePointer<WideContact>, lane: Int) {
    let contact = scratch.contacts.base + i
    let massA = scratch.inverseMasses[contact.pointee.a]
    let massB = scratch.inverseMasses[contact.pointee.b]
    wide.pointee.a[lane] = Int32(truncatingIfNeeded: contact.pointee.a)
    wide.pointee.b[lane] = Int32(truncatingIfNeeded: contact.pointee.b)
    wide.pointee.firstContact[lane] = Int32(truncatingIfNeeded: i)
    wide.pointee.normalX[lane] = contact.pointee.normal.x
    wide.pointee.normalY[lane] = contact.pointee.normal.y
    wide.pointee.friction[lane] = contact.pointee.friction
    wide.pointee.inverseMassA[lane] = massA.x
    wide.pointee.inverseInertiaA[lane] = massA.z
    wide.pointee.inverseMassB[lane] = massB.x
    wide.pointee.inverseInertiaB[lane] = massB.z
    wide.pointee.first.set(contact, lane: lane)
    if let j {
      wide.pointee.secondContact[lane] = Int32(truncatingIfNeeded: j)
      wide.pointee.second.set(scratch.contacts.base + j, lane: lane)
    }
  }

  private mutating func packSupport(_ index: Int, _ h: Double) {
    let island = scratch.islands[index]
    let start = scratch.wideSupport.count
    for (k, i) in island.supported.enumerated() {
      let lane = k % 4
      if lane == 0 { scratch.wideSupport.append(WideSupport(unused: scratch.fixedSlot)) }
      let wide = scratch.wideSupport.base + scratch.wideSupport.count - 1
      let body = model.constants + i
      wide.pointee.slots[lane] = Int32(truncatingIfNeeded: i)
      wide.pointee.inverseMass[lane] = body.pointee.inverseMass
      wide.pointee.inverseInertia[lane] =
        body.pointee.supportRadius * body.pointee.supportRadius * body.pointee.inverseInertia
      wide.pointee.most[lane] = body.pointee.maximumSupportForce * h
      wide.pointee.radius[lane] = body.pointee.supportRadius
      wide.pointee.inverseRadius[lane] = body.pointee.inverseSupportRadius
      wide.pointee.impulseX[lane] = support[i].value.x
      wide.pointee.impulseY[lane] = support[i].value.y
      wide.pointee.impulseSpin[lane] = support[i].value.z
      wide.pointee.norm[lane] = support[i].value.w
    }
    scratch.islands[index].wideSupport = start..<scratch.wideSupport.count
  }

  /// `settle` for an island whose contacts are packed.
  ///
  /// - Returns: the last sweep's greatest change of a speed, m/s.
  mutating func settleWide(_ island: Island) -> Double {
    loadWide(island)
    let motions = scratch.motions
    var last = Double.infinity
    var change = 0.0
    // Relief starts near its answer, and positions do not depend on it.
    let most = scratch.isRelieving ? max(1, model.settings.iterations / 2) : model.settings.iterations
    for _ in 1...most {
      var greatest = Lanes.zero
      for k in island.wideSupport {
        let square = scratch.wideSupport.base[k].solve(motions)
        greatest = greatest.replacing(with: square, where: square .> greatest)
      }
      for k in island.wide {
        let contact = scratch.wide.base + k
        var motionA = WideMotion(motions, contact.pointee.a)
        var motionB = WideMotion(motions, contact.pointee.b)
        let first = contact.pointee.first.solve(contact, &motionA, &motionB)
        let second = contact.pointee.second.solve(contact, &motionA, &motionB)
        motionA.store(motions, contact.pointee.a)
        motionB.store(motions, contact.pointee.b)
        let square = first.replacing(with: second, where: second .> first)
        greatest = greatest.replacing(with: square, where: square .> greatest)
      }
      change = greatest.max().squareRoot()
      let ratio = change / last
      let left = ratio > 0 && ratio < 1 ? change * max(1, ratio / (1 - ratio)) : change
      if left <= model.settings.tolerance { break }
      last = change
    }
    storeWide(island)
    return change
  }

  /// Takes target speeds and impulses from the contacts.
  private mutating func loadWide(_ island: Island) {
    for k in island.wide {
      let wide = scratch.wide.base + k
      for lane in 0..<4 {
        let (i, j) = (Int(wide.pointee.firstContact[lane]), Int(wide.pointee.secondContact[lane]))
        if i >= 0 { wide.pointee.first.load(scratch.contacts.base + i, lane: lane) }
        if j >= 0 { wide.pointee.second.load(scratch.contacts.base + j, lane: lane) }
      }
    }
  }

  /// Hands impulses back to contacts and bodies.
  private mutating func storeWide(_ island: Island) {
    for k in island.wide {
      let wide = scratch.wide.base + k
      for lane in 0..<4 {
        let (i, j) = (Int(wide.pointee.firstContact[lane]), Int(wide.pointee.secondContact[lane]))
        if i >= 0 {
          scratch.contacts[i].normalImpulse = wide.pointee.first.normalImpulse[lane]
          scratch.contacts[i].tangentImpulse = wide.pointee.first.tangentImpulse[lane]
        }
        if j >= 0 {
          scratch.contacts[j].normalImpulse = wide.pointee.second.normalImpulse[lane]
          scratch.contacts[j].tangentImpulse = wide.pointee.second.tangentImpulse[lane]
        }
      }
    }
    for (k, i) in island.supported.enumerated() {
      let wide = scratch.wideSupport.base + island.wideSupport.lowerBound + k / 4
      support[i].value = SIMD4(
        wide.pointee.impulseX[k % 4], wide.pointee.impulseY[k % 4], wide.pointee.impulseSpin[k % 4],
        wide.pointee.norm[k % 4])
    }
  }
}

extension WidePoint {
  /// Takes what stays the same while an island is settled.
  @inline(__always)
  fileprivate mutating func set(_ contact: UnsafeMutablePointer<Contact>, lane: Int) {
    normalA[lane] = -contact.pointee.normalA.z
    tangentA[lane] = -contact.pointee.tangentA.z
    normalB[lane] = contact.pointee.normalB.z
    tangentB[lane] = contact.pointee.tangentB.z
    let normal = contact.pointee.normalResponse
    guard normal > 0 else { return }
    normalResponse[lane] = normal
    tangentResponse[lane] = contact.pointee.tangentResponse
    crossResponse[lane] = contact.pointee.crossResponse
    inverseDeterminant[lane] = contact.pointee.inverseDeterminant
    let cross = contact.pointee.friction * contact.pointee.crossResponse
    inverseForward[lane] = 1 / max(normal + cross, 0.5 * normal)
    inverseBackward[lane] = 1 / max(normal - cross, 0.5 * normal)
  }

  @inline(__always)
  fileprivate mutating func load(_ contact: UnsafeMutablePointer<Contact>, lane: Int) {
    targetSpeed[lane] = contact.pointee.targetSpeed
    normalImpulse[lane] = contact.pointee.normalImpulse
    tangentImpulse[lane] = contact.pointee.tangentImpulse
  }
}

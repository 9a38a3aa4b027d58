// What touches, directly or through others, is solved together; what does not, apart.

import PlanarCore

/// Contacts and bodies that can act on each other in this substep.
///
/// Walls and kinematic bodies do not pass anything on, and belong to no island. The lists lie in the step's memory.
struct Island {
  /// Indices of its contacts.
  var contacts: UnsafeBufferPointer<Int>
  /// Its bodies with support friction and contacts.
  var supported: UnsafeBufferPointer<Int>
  /// All of its bodies.
  var bodies: UnsafeBufferPointer<Int>
  /// Whether the arm is part of it.
  var hasArm: Bool
  /// Its contacts as `WideContacts` has them, where it is large.
  var wide: Range<Int> = 0..<0
  var wideSupport: Range<Int> = 0..<0
  /// By how much the last sweep changed a speed, m/s.
  var unsettled = 0.0

  /// Whether sweeps do not settle it, and are not on the way to.
  var isJammed = false

  /// Whether it does not move and overlaps deeply.
  var liesInOverlap = false

  /// Whether its contacts are solved several at a time.
  var isWide: Bool { !wide.isEmpty }
}

extension World {
  /// Worlds of up to so many bodies are one island: sweeps over all of them cost less than telling them apart.
  static let mostBodiesOfOneIsland = 16

  /// All that is awake, as one island.
  var everything: Island {
    Island(
      contacts: UnsafeBufferPointer(start: scratch.order, count: scratch.contacts.count),
      supported: scratch.supported.values, bodies: scratch.awake.values, hasArm: true)
  }

  /// Sorts contacts and bodies into islands, in the order of the first contact of each; the arm's comes first.
  mutating func findIslands() {
    scratch.islands.removeAll()
    scratch.wide.removeAll()
    scratch.wideSupport.removeAll()
    let contacts = scratch.contacts
    guard scratch.bodyCount > World.mostBodiesOfOneIsland else {
      for i in contacts.indices { scratch.order[i] = i }
      scratch.islands.append(everything)
      return
    }
    joinTouching()
    numberIslands()
    let count = scratch.islands.count
    let first = scratch.islandStarts
    // Counting sort of contacts, then of bodies, by island.
    first.update(repeating: .zero, count: count + 1)
    for i in contacts.indices { first[scratch.islandOfContact[i]].x += 1 }
    for i in scratch.awake.values where scratch.isTouched[i] && !model.constants[i].isKinematic {
      let island = scratch.islandNumbers[scratch.root(of: i)]
      first[island].y += 1
      if model.constants[i].maximumSupportForce > 0 { first[island].z += 1 }
    }
    var next = SIMD4<Int>.zero
    for island in 0..<count {
      let size = first[island]
      first[island] = next
      let contactCount = size.x
      scratch.islands[island].contacts = UnsafeBufferPointer(start: scratch.order + next.x, count: contactCount)
      scratch.islands[island].bodies = UnsafeBufferPointer(start: scratch.islandBodies + next.y, count: size.y)
      scratch.islands[island].supported = UnsafeBufferPointer(start: scratch.islandSupported + next.z, count: size.z)
      next &+= size
    }
    for i in contacts.indices {
      let island = scratch.islandOfContact[i]
      scratch.order[first[island].x] = i
      first[island].x += 1
    }
    for i in scratch.awake.values where scratch.isTouched[i] && !model.constants[i].isKinematic {
      let island = scratch.islandNumbers[scratch.root(of: i)]
      scratch.islandBodies[first[island].y] = i
      first[island].y += 1
      if model.constants[i].maximumSupportForce > 0 {
        scratch.islandSupported[first[island].z] = i
        first[island].z += 1
      }
    }
  }

  /// Joins the two sides of every contact (Galler & Fischer 1964, with path halving); the least slot is the root.
  private mutating func joinTouching() {
    for i in scratch.awake.values { scratch.parents[i] = i }
    scratch.parents[scratch.jawSlot] = scratch.jawSlot
    for i in scratch.contacts.indices {
      let contact = scratch.contacts.base + i
      let (a, b) = (contact.pointee.a, contact.pointee.b)
      guard passesOn(a), passesOn(b) else { continue }
      let (rootA, rootB) = (scratch.root(of: a), scratch.root(of: b))
      if rootA != rootB { scratch.parents[max(rootA, rootB)] = min(rootA, rootB) }
    }
  }

  @inline(__always)
  private func passesOn(_ slot: Int) -> Bool {
    slot < scratch.bodyCount ? !model.constants[slot].isKinematic : slot == scratch.jawSlot
  }

  /// Gives every root of a contact its island's number.
  private mutating func numberIslands() {
    let numbers = scratch.islandNumbers
    for i in scratch.awake.values { scratch.islandNumbers[i] = -1 }
    scratch.islandNumbers[scratch.jawSlot] = -1
    func add(_ root: Int) {
      guard numbers[root] < 0 else { return }
      scratch.islandNumbers[root] = scratch.islands.count
      let none = UnsafeBufferPointer<Int>(start: nil, count: 0)
      scratch.islands.append(Island(contacts: none, supported: none, bodies: none, hasArm: scratch.islands.count == 0))
    }
    add(scratch.root(of: scratch.jawSlot))
    for i in scratch.contacts.indices {
      let contact = scratch.contacts.base + i
      let b = contact.pointee.b
      let slot = passesOn(b) ? b : contact.pointee.a
      let root = scratch.root(of: slot)
      add(root)
      scratch.islandOfContact[i] = numbers[root]
    }
  }
}

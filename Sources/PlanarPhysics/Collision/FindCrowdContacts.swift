// Contacts in worlds of many bodies: who is awake wakes what it touches, not all that is near it.

import PlanarCore

extension World {
  /// Contact points of all awake bodies with each other, with those that they touch and thereby wake, and with walls.
  ///
  /// Pairs are looked for and collided in one go, so that a grid of resting bodies close to each other is not woken by one
  /// of them that moves.
  mutating func collideCrowd() {
    let usesGrid = scratch.bodyCount >= BodyGrid.leastBodies && scratch.awake.count > 0
    if usesGrid { scratch.grid.fill(scratch.poses, reaches: scratch.reaches) }
    var read = 0
    while read < scratch.awake.count {
      let i = scratch.awake[read]
      scratch.isPaired[i] = true
      if usesGrid {
        var near = neighbours(of: i)
        if makeRoom(for: i, near: near.count) {
          // The memory is another one now.
          scratch.grid.fill(scratch.poses, reaches: scratch.reaches)
          near = neighbours(of: i)
        }
        for j in near { collide(i, Int(j)) }
      } else {
        _ = makeRoom(for: i, near: scratch.bodyCount)
        for j in 0..<scratch.bodyCount where isNear(i, j) { collide(i, j) }
      }
      collideWithWalls(i)
      read += 1
    }
    // Those that fall asleep keep their impulses in as much room.
    let most = scratch.contacts.count + scratch.dormant.count
    if most > scratch.contacts.capacity { scratch = scratch.copied(contacts: 2 * most) }
  }

  @inline(__always)
  private func neighbours(of i: Int) -> UnsafeBufferPointer<Int32> {
    scratch.grid.neighbours(of: i, scratch.poses, reaches: scratch.reaches, excluded: scratch.isPaired)
  }

  /// Whether the circles of two bodies meet that have not been paired yet.
  @inline(__always)
  private func isNear(_ i: Int, _ j: Int) -> Bool {
    let limit = scratch.reaches[i] + scratch.reaches[j]
    return !scratch.isPaired[j]
      && (scratch.poses[i].position - scratch.poses[j].position).lengthSquared < limit * limit
  }

  /// Collides two bodies that are near each other, and wakes the second if they may touch.
  @inline(__always)
  private mutating func collide(_ i: Int, _ j: Int) {
    let before = scratch.contacts.count
    collideBodies(min(i, j), max(i, j))
    if scratch.contacts.count > before, !scratch.isAwake[j] {
      scratch.isAwake[j] = true
      scratch.awake.append(j)
    }
  }

  /// Room for the contacts of a body with `near` others and all walls.
  ///
  /// - Returns: whether everything was moved to other memory.
  @inline(__always)
  private mutating func makeRoom(for i: Int, near: Int) -> Bool {
    let parts = model.constants[i].parts.count
    let most = scratch.contacts.count + 2 * parts * (near * model.mostParts + model.wallCount)
    guard most > scratch.contacts.capacity else { return false }
    scratch = scratch.copied(contacts: 2 * most)
    return true
  }
}

// Room for a substep's work, at fixed addresses: no bounds, no reference counts, no allocation in the loops.

import PlanarCore

/// Two things close enough to collide.
struct CandidatePair {
  var a: Int
  var b: Int
}

/// A list in memory that someone else owns; its capacity is the owner's business.
struct FixedList<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    base = .allocate(capacity: max(1, capacity))
    self.capacity = capacity
  }

  var indices: Range<Int> { 0..<count }
  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  @inline(__always)
  subscript(i: Int) -> Element {
    get { base[i] }
    nonmutating _modify { yield &base[i] }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    (base + count).initialize(to: element)
    count += 1
  }

  @inline(__always)
  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func removeLast(_ number: Int) { count -= number }

  mutating func copy(_ other: FixedList) {
    base.update(from: other.base, count: other.count)
    count = other.count
  }
}

/// The memory behind one world's step. Elements are plain data.
///
/// Copies of a world share it until one of them steps (`World.step`); the contacts are the only part that a step
/// needs of the one before.
struct StepScratch: @unchecked Sendable {
  private final class Owner: Sendable {
    private let release: @Sendable () -> Void
    init(_ release: @escaping @Sendable () -> Void) { self.release = release }
    deinit { release() }
  }
  private var owner: Owner

  /// Contacts of the last substep and, within a substep, of the one before.
  var contacts: FixedList<Contact>
  var previousContacts: FixedList<Contact>
  var armRows: FixedList<ArmRows>
  /// Normal and tangent impulses of all contacts before the subspace was solved.
  let savedImpulses: UnsafeMutablePointer<SIMD2<Double>>
  var colliders: FixedList<ArmCollider>
  /// Collider (a) and body (b).
  var armPairs: FixedList<CandidatePair>
  var bodyPairs: FixedList<CandidatePair>
  var grid: BodyGrid
  /// Of `previousContacts`, where it is asked for.
  var contactIndex: ContactIndex
  /// Bodies that move or may be moved in this substep; the others are left alone.
  var awake: FixedList<Int>
  /// Awake bodies with support friction and contacts.
  var supported: FixedList<Int>
  /// Impulses of those that sleep.
  var dormant: FixedList<DormantContact>
  /// Indices of contacts, island by island; then what `findIslands` makes of slots and contacts.
  let order: UnsafeMutablePointer<Int>
  let islandOfContact: UnsafeMutablePointer<Int>
  var islands: FixedList<Island>
  /// Contacts and support friction of large islands, the last four of each body, and how full each four is.
  var wide: FixedList<WideContact>
  var wideSupport: FixedList<WideSupport>
  let lastFours: UnsafeMutablePointer<Int>
  let laneCounts: UnsafeMutablePointer<Int>
  let islandStarts: UnsafeMutablePointer<SIMD4<Int>>
  let islandBodies: UnsafeMutablePointer<Int>
  let islandSupported: UnsafeMutablePointer<Int>
  let islandNumbers: UnsafeMutablePointer<Int>
  let parents: UnsafeMutablePointer<Int>
  let isAwake: UnsafeMutablePointer<Bool>
  let isPaired: UnsafeMutablePointer<Bool>
  let isTouched: UnsafeMutablePointer<Bool>
  let poses: UnsafeMutablePointer<Pose>
  /// The angles that `poses` hold the rotations of.
  let angles: UnsafeMutablePointer<Double>
  /// Gaps at which contacts are prepared, and how far each body reaches with it, m.
  let margins: UnsafeMutablePointer<Double>
  let reaches: UnsafeMutablePointer<Double>
  let corners: UnsafeMutablePointer<Vec2>
  /// (vx, vy, ω, 0) of every body; then the slot that never moves, then the jaw's.
  let motions: UnsafeMutablePointer<SIMD4<Double>>
  /// (1/m, 1/m, 1/I, 0) in the same slots.
  let inverseMasses: UnsafeMutablePointer<SIMD4<Double>>
  let mobilities: UnsafeMutablePointer<JointMatrix>
  /// How far the slots and the joints went in this substep, where something may lie jammed.
  let ways: UnsafeMutablePointer<SIMD4<Double>>
  var jointWay = SIMD4<Double>.zero
  /// What a joint answers with where overlaps are undone by geometry alone.
  var jointMobility = SIMD4<Double>.zero
  var subspace: FixedList<SubspaceRow>
  var system: LinearSystem
  /// The arm's and the jaw's part of the present substep.
  var drive: ArmDrive
  var jawDrive: JawDrive
  let bodyCount: Int
  var armIsTouched = false
  /// Whether positions have been moved, so that velocities are to keep nothing of what undid overlaps.
  var isRelieving = false
  /// Whether some contact overlaps deeper than `World.jamDepth`.
  var isDeep = false
  /// Whether something may lie jammed after the substep: it overlaps deeply, or the arm's impulses were not found.
  var mayJam = false

  var fixedSlot: Int { bodyCount }
  var jawSlot: Int { bodyCount + 1 }
  var slotCount: Int { bodyCount + 2 }

  init(bodies: Int, contacts contactCapacity: Int = 64) {
    bodyCount = bodies
    drive = ArmDrive(.none, ArmKinematics(.none, at: .zero), gravity: .zero, h: 1)
    jawDrive = JawDrive(.none, h: 1)
    func room<T>(_ count: Int, _ value: T) -> UnsafeMutablePointer<T> {
      let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(1, count))
      pointer.initialize(repeating: value, count: max(1, count))
      return pointer
    }
    contacts = FixedList(capacity: contactCapacity)
    previousContacts = FixedList(capacity: contactCapacity)
    armRows = FixedList(capacity: contactCapacity)
    savedImpulses = room(contactCapacity, .zero)
    colliders = FixedList(capacity: Arm.maximumColliders)
    armPairs = FixedList(capacity: Arm.maximumColliders * bodies)
    // A crowd is collided without a list of pairs.
    bodyPairs = FixedList(capacity: bodies > World.mostBodiesOfOneIsland ? 1 : bodies * (bodies + 1) / 2)
    grid = BodyGrid(bodies: bodies)
    contactIndex = ContactIndex(contacts: contactCapacity)
    awake = FixedList(capacity: bodies)
    supported = FixedList(capacity: bodies)
    order = room(contactCapacity, 0)
    islandOfContact = room(contactCapacity, 0)
    islands = FixedList(capacity: bodies + 1)
    dormant = FixedList(capacity: contactCapacity)
    let isCrowd = bodies > World.mostBodiesOfOneIsland
    wide = FixedList(capacity: isCrowd ? contactCapacity : 1)
    wideSupport = FixedList(capacity: isCrowd ? bodies : 1)
    lastFours = room(bodies, 0)
    laneCounts = room(isCrowd ? contactCapacity : 1, 0)
    islandStarts = room(bodies + 2, .zero)
    islandBodies = room(bodies, 0)
    islandSupported = room(bodies, 0)
    islandNumbers = room(bodies + 2, 0)
    parents = room(bodies + 2, 0)
    isAwake = room(bodies, false)
    isPaired = room(bodies, false)
    isTouched = room(bodies, false)
    poses = room(bodies, Pose(position: .zero, rotation: .identity))
    angles = room(bodies, 0)
    margins = room(bodies, 0)
    reaches = room(bodies, 0)
    corners = room(ShapeTable.maximumCorners, .zero)
    motions = room(bodies + 2, .zero)
    inverseMasses = room(bodies + 2, .zero)
    mobilities = room(bodies + 2, JointMatrix(diagonal: .zero))
    ways = room(bodies + 2, .zero)
    subspace = FixedList(capacity: World.maximumSubspace + 2)
    system = LinearSystem(capacity: World.maximumSubspace)
    var all = grid.blocks
    all.append(system.base)
    all.append(contactIndex.block)
    func own<T>(_ block: UnsafeMutablePointer<T>) { all.append(UnsafeMutableRawPointer(block)) }
    own(contacts.base)
    own(previousContacts.base)
    own(armRows.base)
    own(savedImpulses)
    own(colliders.base)
    own(armPairs.base)
    own(bodyPairs.base)
    own(awake.base)
    own(supported.base)
    own(isAwake)
    own(isPaired)
    own(isTouched)
    own(poses)
    own(angles)
    own(margins)
    own(reaches)
    own(corners)
    own(motions)
    own(inverseMasses)
    own(mobilities)
    own(ways)
    own(subspace.base)
    own(order)
    own(dormant.base)
    own(islandOfContact)
    own(islands.base)
    own(islandStarts)
    own(islandBodies)
    own(islandSupported)
    own(islandNumbers)
    own(parents)
    own(wide.base)
    own(wideSupport.base)
    own(lastFours)
    own(laneCounts)
    nonisolated(unsafe) let blocks = all
    owner = Owner { for block in blocks { block.deallocate() } }
  }

  /// The island's root that a slot belongs to.
  @inline(__always)
  func root(of slot: Int) -> Int {
    var slot = slot
    while parents[slot] != slot {
      parents[slot] = parents[parents[slot]]
      slot = parents[slot]
    }
    return slot
  }

  /// Whether no other world shares this memory.
  @inline(__always)
  mutating func isUnshared() -> Bool { isKnownUniquelyReferenced(&owner) }

  /// The same contacts in memory of its own, with room for at least `contacts` of them.
  func copied(contacts count: Int = 0) -> StepScratch {
    var copy = StepScratch(bodies: bodyCount, contacts: max(contacts.capacity, count))
    copy.drive = drive
    copy.jawDrive = jawDrive
    copy.contacts.copy(contacts)
    copy.previousContacts.copy(previousContacts)
    copy.armRows.copy(armRows)
    copy.colliders.copy(colliders)
    copy.armPairs.copy(armPairs)
    copy.bodyPairs.copy(bodyPairs)
    copy.awake.copy(awake)
    copy.dormant.copy(dormant)
    for i in 0..<bodyCount {
      copy.isAwake[i] = isAwake[i]
      copy.isTouched[i] = isTouched[i]
      copy.isPaired[i] = isPaired[i]
      copy.poses[i] = poses[i]
      copy.angles[i] = angles[i]
      copy.margins[i] = margins[i]
      copy.reaches[i] = reaches[i]
    }
    return copy
  }
}

// Which of the last substep's contacts has a key, without asking all of them.

/// A hash table with open addressing of contacts' keys, rebuilt for every substep that needs it.
struct ContactIndex: @unchecked Sendable {
  /// Contacts, or −1.
  private let slots: UnsafeMutablePointer<Int32>
  private let slotCount: Int
  private var mask = 0

  /// Memory that whoever makes the index frees.
  var block: UnsafeMutableRawPointer { .init(slots) }

  /// Room for that many contacts.
  init(contacts: Int) {
    var count = 4
    while count < 2 * contacts { count *= 2 }
    slotCount = count
    slots = .allocate(capacity: count)
    slots.initialize(repeating: -1, count: count)
  }

  /// Takes in the keys of all contacts.
  mutating func fill(_ contacts: FixedList<Contact>) {
    var count = 4
    while count < 2 * contacts.count { count *= 2 }
    mask = count - 1
    for slot in 0..<count { slots[slot] = -1 }
    for i in contacts.indices {
      var slot = place(of: contacts.base[i].key)
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(truncatingIfNeeded: i)
    }
  }

  /// The contact with that key among those taken in.
  @inline(__always)
  func find(_ key: UInt64, in contacts: FixedList<Contact>) -> Int? {
    var slot = place(of: key)
    while slots[slot] >= 0 {
      let i = Int(slots[slot])
      if contacts.base[i].key == key { return i }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(__always)
  private func place(of key: UInt64) -> Int {
    let hash = key &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: hash >> 32) & mask
  }
}

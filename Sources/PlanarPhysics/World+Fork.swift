// Forks and restores that reuse storage.

extension World {
  /// Makes `other` a copy of this world in its own storage: with one that was made so before, nothing is allocated
  /// unless there are now more contacts than it has room for.
  ///
  /// It is also the restore: keep a fork, and fork it back.
  public func fork(into other: inout World) {
    if other.model !== model || !other.scratch.isUnshared()
      || other.scratch.contacts.capacity < max(scratch.contacts.count, scratch.dormant.count)
    {
      other.model = model
      other.scratch = scratch.copied()
    } else {
      other.scratch.contacts.copy(scratch.contacts)
      other.scratch.dormant.copy(scratch.dormant)
    }
    other.arm = arm
    other.tableAcceleration = tableAcceleration
    other.strip = strip
    other.stepCount = stepCount
    other.lastSubstep = lastSubstep
    refill(&other.states, from: states)
    refill(&other.support, from: support)
    refill(&other.commands, from: commands)
    refill(&other.sleep, from: sleep)
  }
}

/// Copies elements into an array's own storage.
@inline(__always)
private func refill<Element>(_ array: inout [Element], from source: [Element]) {
  if array.count == source.count {
    array.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
    }
  } else {
    array.removeAll(keepingCapacity: true)
    array.append(contentsOf: source)
  }
}

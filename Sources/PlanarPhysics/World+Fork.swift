// Forks and restores that reuse storage.

extension World {
  /// Makes `other` a copy of this world in its own storage: with a world of the same bodies, nothing is allocated.
  ///
  /// It is also the restore: keep a fork, and fork it back.
  public func fork(into other: inout World) {
    if other.model !== model {
      other.model = model
      other.scratch.resize(bodies: states.count)
    }
    other.arm = arm
    other.stepCount = stepCount
    other.lastSubstep = lastSubstep
    refill(&other.states, from: states)
    refill(&other.support, from: support)
    refill(&other.contacts, from: contacts)
    refill(&other.commands, from: commands)
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

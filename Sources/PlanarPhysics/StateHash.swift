// A fingerprint of the state that the future depends on.

import PlanarCore

extension World {
  /// Equal for equal histories, on every machine, in every build and for any number of threads. It takes in the state
  /// only: neither what the world is made of nor the arm's `base` and `motorGain`.
  public var stateHash: UInt64 {
    var hash = StateHash()
    hash.add(UInt64(stepCount))
    for i in 0..<arm.jointCount {
      hash.add(arm.q[i])
      hash.add(arm.velocity[i])
      hash.add(arm.target[i])
      hash.add(arm.activation[i])
      hash.add(arm.frictionImpulse[i])
      hash.add(arm.limitImpulse[i])
    }
    if arm.gripper != nil {
      for value in [arm.jaw.opening, arm.jaw.velocity, arm.jaw.target, arm.jaw.limitImpulse] {
        hash.add(value)
      }
    }
    for command in commands { for i in 0..<arm.jointCount { hash.add(command[i]) } }
    for (state, support) in zip(states, support) {
      hash.add(state.position.x)
      hash.add(state.position.y)
      hash.add(state.angle)
      hash.add(state.velocity.x)
      hash.add(state.velocity.y)
      hash.add(state.spin)
      for lane in 0..<4 { hash.add(support.value[lane]) }
    }
    for i in scratch.contacts.indices {
      let contact = scratch.contacts[i]
      hash.add(contact.key)
      hash.add(contact.normalImpulse)
      hash.add(contact.tangentImpulse)
    }
    for state in sleep {
      hash.add(state.time)
      hash.add(state.isAsleep ? 1 : 0 as UInt64)
    }
    for dormant in scratch.dormant.values {
      hash.add(dormant.key)
      hash.add(dormant.normalImpulse)
      hash.add(dormant.tangentImpulse)
    }
    return hash.value
  }
}

/// FNV-1a over 64-bit words, with a last mixing so that high bits matter.
private struct StateHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01b3 }
  mutating func add(_ number: Double) {
    let bits = number.bitPattern
    add(bits ^ bits >> 32)
  }
  var value: UInt64 { (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9 }
}

// Islands at rest that are left out of the step, also where gravity pulls at them.

import PlanarCore

/// For how long a body has rested, and where it fell asleep.
struct SleepState: Hashable, Sendable {
  /// Seconds since it was last faster than `World.restingSpeed`.
  var time = 0.0
  var isAsleep = false
  /// Its pose, and what pulled at everything, m/s², as it fell asleep: it wakes if somebody changes them.
  var position = Vec2.zero
  var angle = 0.0
  var pull = Vec2.zero
}

/// The impulses that carried a body as it fell asleep: they start its first substep after.
struct DormantContact {
  var key: UInt64
  var b: Int
  var normalImpulse: Double
  var tangentImpulse: Double
}

extension World {
  /// Speed of centre or rim below which a body rests, m/s: what the tolerance leaves a heap.
  static let restingSpeed = 0.01

  /// Whether islands can fall asleep.
  @inline(__always)
  var canSleep: Bool { model.settings.sleepDelay != nil }

  /// Makes room for what is remembered of bodies, where anything can sleep.
  mutating func prepareSleep() {
    guard canSleep, sleep.count != states.count else { return }
    sleep = Array(repeating: SleepState(), count: states.count)
  }

  /// Whether a body sleeps on: it has fallen asleep, and neither it nor what pulls at it was changed from outside.
  @inline(__always)
  func sleepsOn(_ i: Int) -> Bool {
    guard !sleep.isEmpty, sleep[i].isAsleep else { return false }
    return sleep[i].position == states[i].position && sleep[i].angle == states[i].angle
      && sleep[i].pull == inPlaneAcceleration
  }

  /// Ends the sleep of all that is awake after contacts were found.
  mutating func endSleep() {
    guard !sleep.isEmpty else { return }
    for i in scratch.awake.values where sleep[i].isAsleep { sleep[i] = SleepState() }
  }

  /// Forgets the impulses of those that are awake by now.
  mutating func forgetDormantOfAwake() {
    guard scratch.dormant.count > 0 else { return }
    var kept = 0
    for i in scratch.dormant.indices where !scratch.isAwake[scratch.dormant[i].b] {
      scratch.dormant[kept] = scratch.dormant[i]
      kept += 1
    }
    scratch.dormant.removeLast(scratch.dormant.count - kept)
  }

  /// Counts for how long bodies have rested, and puts islands to sleep all of whose bodies have rested for long enough.
  mutating func fallAsleep(_ h: Double) {
    guard let delay = model.settings.sleepDelay else { return }
    for i in scratch.awake.values {
      let state = states[i]
      let rim = state.spin * model.constants[i].circumradius
      let rests = state.velocity.lengthSquared + rim * rim < World.restingSpeed * World.restingSpeed
      sleep[i].time = rests ? sleep[i].time + h : 0
    }
    for i in scratch.islands.indices {
      let island = scratch.islands[i]
      if rests(island, for: delay) { putToSleep(island) }
    }
  }

  /// Whether nothing in an island or at it has moved for `delay` seconds, and no overlap is left to be undone.
  private func rests(_ island: Island, for delay: Double) -> Bool {
    guard island.contacts.count > 0, !(island.hasArm && scratch.armIsTouched) else { return false }
    for i in island.bodies where !model.constants[i].isKinematic {
      guard scratch.isTouched[i], sleep[i].time >= delay, !isCarried(i) else { return false }
    }
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      guard contact.pointee.separation > -jamDepth else { return false }
      guard !isDriven(contact.pointee.a), !isDriven(contact.pointee.b) else { return false }
    }
    return true
  }

  /// Whether a slot is a kinematic body that moves.
  @inline(__always)
  private func isDriven(_ slot: Int) -> Bool {
    guard slot < scratch.bodyCount, model.constants[slot].isKinematic else { return false }
    return states[slot].velocity != .zero || states[slot].spin != 0
  }

  private mutating func putToSleep(_ island: Island) {
    for i in island.bodies where !model.constants[i].isKinematic {
      states[i].velocity = .zero
      states[i].spin = 0
      sleep[i].isAsleep = true
      sleep[i].position = states[i].position
      sleep[i].angle = states[i].angle
      sleep[i].pull = inPlaneAcceleration
    }
    for i in island.contacts {
      let contact = scratch.contacts.base + i
      // A kinematic body that stands still is never awake: the other one is asked.
      let b = contact.pointee.b
      let slot = b < scratch.bodyCount && !model.constants[b].isKinematic ? b : contact.pointee.a
      scratch.dormant.append(
        DormantContact(
          key: contact.pointee.key, b: slot, normalImpulse: contact.pointee.normalImpulse,
          tangentImpulse: contact.pointee.tangentImpulse))
    }
  }
}

// The physics of PushT: a kinematic pusher and a T without inertia, exactly as gym-pusht steps them.

import PlanarCore

/// The quasi-static world of PushT, in pixels and seconds; a value, so that a copy is a fork.
///
/// A substep moves the pusher by its controller and the T by the velocity that the contacts of the substep
/// before gave it; then contacts are found anew and the T gets just the velocity that keeps them apart, none
/// otherwise. So the T moves as on an ellipsoidal limit surface with c² = moment / mass about its centre of
/// gravity, pushed without friction.
///
/// Impulses are remembered as Chipmunk 7 does: a contact that also existed in the substep before starts from
/// its impulse; one that was away for one or two substeps starts from it without applying it.
///
/// Two kinds of contact exist: the round pusher with the T's bar and stem, and four walls with the same.
/// Nothing is allocated per substep, and only +, −, ×, ÷ and square roots are used: results are the same bits
/// everywhere.
public struct PushTSimulation: Sendable {
  /// The pusher's centre, px.
  public private(set) var pusher: Vec2
  /// px/s
  public private(set) var pusherVelocity: Vec2
  /// The T's centre of gravity, px.
  private(set) var center: Vec2
  /// The T's angle, rad; it is not wrapped.
  public private(set) var blockAngle: Double
  private(set) var rotation: Rotation
  private var motion: PushTMotion
  private var correction = PushTMotion()
  private var substepIndex = 0
  /// Of the pairs pusher–bar, pusher–stem, wall 0–bar, wall 0–stem, and so on.
  private var memories = InlineArray<10, PushTTouchMemory>(repeating: PushTTouchMemory())
  private var pairOrder = PushTPairOrder()
  /// Counts the substeps that moved the T, so that what depends on its pose alone is not computed twice.
  private(set) var blockVersion = 0
  /// The contacts of the latest substep.
  public private(set) var contactCount = 0

  /// The pusher makes one contact with a box, a wall up to two.
  private static let maximumContacts = 18

  /// A world with nothing remembered.
  ///
  /// - Parameters:
  ///   - pusher: the pusher's centre, px.
  ///   - pusherVelocity: px/s.
  ///   - blockPosition: the T's origin, the middle of its bar's outer edge, px.
  ///   - blockAngle: rad.
  ///   - blockVelocity: of the centre of gravity, left by the contacts of the substep before, px/s.
  ///   - blockSpin: rad/s.
  public init(
    pusher: Vec2, pusherVelocity: Vec2 = .zero, blockPosition: Vec2, blockAngle: Double,
    blockVelocity: Vec2 = .zero, blockSpin: Double = 0
  ) {
    let rotation = Rotation(angle: blockAngle)
    self.init(
      pusher: pusher, pusherVelocity: pusherVelocity,
      center: blockPosition + rotation.apply(PushTConstants.centerOfGravity),
      blockAngle: blockAngle)
    orderPairs(isNew: true)
    motion = PushTMotion(velocity: blockVelocity, spin: blockSpin)
  }

  /// A world before its first substep, at rest, the T given by its centre of gravity.
  init(pusher: Vec2, pusherVelocity: Vec2 = .zero, center: Vec2, blockAngle: Double) {
    self.pusher = pusher
    self.pusherVelocity = pusherVelocity
    self.center = center
    self.blockAngle = blockAngle
    rotation = Rotation(angle: blockAngle)
    motion = PushTMotion()
  }

  /// The T's origin, px.
  public var blockPosition: Vec2 { center - rotation.apply(PushTConstants.centerOfGravity) }
  /// The velocity of the T's centre of gravity, px/s, with which the next substep begins.
  public var blockVelocity: Vec2 { motion.velocity }
  /// rad/s
  public var blockSpin: Double { motion.spin }
  /// The part of the goal that the T covers, 0 to 1.
  public var coverage: Double {
    PushTSimulation.coverage(position: blockPosition, rotation: rotation)
  }

  /// A hash of the bits of positions and velocities: equal on every machine, in every build.
  public var stateHash: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: Double) { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
    for vector in [pusher, pusherVelocity, center, motion.velocity, correction.velocity] {
      mix(vector.x)
      mix(vector.y)
    }
    for value in [blockAngle, motion.spin, correction.spin] { mix(value) }
    return hash
  }

  /// One action: ten substeps towards a target, px.
  public mutating func act(target: Vec2) {
    for _ in 0..<PushTConstants.substepsPerAction { substep(target: target) }
  }

  /// One hundredth of a second under the pusher's controller, whose target need not lie in the window.
  public mutating func substep(target: Vec2) {
    let pull = (target - pusher) * PushTConstants.pusherStiffness
    let drag = pusherVelocity * PushTConstants.pusherDamping
    pusherVelocity += (pull - drag) * PushTConstants.timeStep
    advance()
  }

  /// One hundredth of a second at the pusher's present velocity.
  mutating func advance() {
    substepIndex += 1
    pusher += pusherVelocity * PushTConstants.timeStep
    let moved = moveBlock()
    orderPairs(isNew: moved || substepIndex == 1)
    motion = PushTMotion()
    correction = PushTMotion()
    contactCount = 0
    guard pairOrder.count > 0 else { return }
    withUnsafeTemporaryAllocation(of: PushTContact.self, capacity: Self.maximumContacts) { buffer in
      findContacts(buffer)
      guard contactCount > 0 else { return }
      let contacts = UnsafeMutableBufferPointer(rebasing: buffer[..<contactCount])
      solve(contacts, motion: &motion, correction: &correction)
      remember(contacts)
    }
  }

  /// Whether the T had a velocity to move with.
  private mutating func moveBlock() -> Bool {
    if motion.isZero && correction.isZero { return false }
    center += (motion.velocity + correction.velocity) * PushTConstants.timeStep
    blockAngle += (motion.spin + correction.spin) * PushTConstants.timeStep
    rotation = Rotation(angle: blockAngle)
    blockVersion += 1
    return true
  }

  // MARK: Contacts

  /// Brings the order of the pairs up to date; the T is looked at only where its pose is new.
  private mutating func orderPairs(isNew: Bool) {
    var newBar: PushTBounds?
    var newStem: PushTBounds?
    if isNew {
      let origin = blockPosition
      let bar = PushTConstants.bar.bounds(origin: origin, rotation: rotation)
      let stem = PushTConstants.stem.bounds(origin: origin, rotation: rotation)
      if pairOrder.isLeft(.bar, by: bar) { newBar = bar.grown(moving: motion.velocity) }
      if pairOrder.isLeft(.stem, by: stem) { newStem = stem.grown(moving: motion.velocity) }
    }
    let round = PushTBounds(ofPusher: pusher)
    let newRound =
      pairOrder.isLeft(.pusher, by: round) ? round.grown(moving: pusherVelocity) : nil
    pairOrder.update(bar: newBar, stem: newStem, pusher: newRound)
  }

  private mutating func findContacts(_ buffer: UnsafeMutableBufferPointer<PushTContact>) {
    for i in 0..<pairOrder.count {
      let pair = pairOrder.pairs[i]
      let box = pair & 1 == 0 ? PushTConstants.bar : PushTConstants.stem
      if pair < 2 {
        guard let touch = pusherTouch(box) else { continue }
        add(touch, of: pair, to: buffer)
      } else {
        guard let touch = wallTouch(PushTConstants.wall(pair / 2 - 1), box) else { continue }
        add(touch, of: pair, to: buffer)
      }
    }
  }

  /// Tests a box in the T's frame, where it is upright.
  private func pusherTouch(_ box: PushTBox) -> PushTTouch? {
    let cog = PushTConstants.centerOfGravity
    let local = rotation.unapply(pusher - center) + cog
    let (point, inward, distance) = box.nearest(to: local)
    guard distance <= PushTConstants.pusherRadius else { return nil }
    var touch = PushTTouch(normal: rotation.apply(inward))
    touch.approach = pusherVelocity.dot(touch.normal)
    touch.append(
      point: rotation.apply(point - cog), distance: distance - PushTConstants.pusherRadius,
      feature: 0)
    return touch
  }

  private func wallTouch(_ wall: PushTWall, _ box: PushTBox) -> PushTTouch? {
    let origin = blockPosition
    guard PushTBounds(wall).overlaps(box.bounds(origin: origin, rotation: rotation)) else {
      return nil
    }
    var touch = wall.touch(PushTPlacedBox(box, origin: origin, rotation: rotation))
    touch?.point0 -= center
    touch?.point1 -= center
    return touch
  }

  /// Makes a pair's contacts, points being relative to the centre of gravity, with the impulses remembered of
  /// them.
  private mutating func add(
    _ touch: PushTTouch, of pair: Int, to buffer: UnsafeMutableBufferPointer<PushTContact>
  ) {
    let memory = memories[pair]
    let remembers = substepIndex - memory.substep <= PushTConstants.persistence
    let continues = substepIndex - memory.substep == 1
    for index in 0..<touch.count {
      let feature = index == 0 ? touch.feature0 : touch.feature1
      let contact = PushTContact(
        normal: touch.normal, arm: index == 0 ? touch.point0 : touch.point1,
        distance: index == 0 ? touch.distance0 : touch.distance1, approach: touch.approach,
        impulse: remembers ? memory.impulse(of: feature) : 0, pair: pair, index: index)
      if continues { motion.apply(contact.impulse, at: contact) }
      buffer.initializeElement(at: contactCount, to: contact)
      contactCount += 1
    }
    memories[pair] = PushTTouchMemory(
      substep: substepIndex, count: touch.count, feature0: touch.feature0,
      feature1: touch.feature1)
  }

  private mutating func remember(_ contacts: UnsafeMutableBufferPointer<PushTContact>) {
    for contact in contacts {
      if contact.index == 0 {
        memories[contact.pair].impulse0 = contact.impulse
      } else {
        memories[contact.pair].impulse1 = contact.impulse
      }
    }
  }
}

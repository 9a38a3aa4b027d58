// The parts of the arm that touch things: links, tip, fingers.

import PlanarCore

/// A part of the arm that can touch bodies and walls.
public enum ArmPart: Hashable, Sendable {
  /// From the base, beginning with 0.
  case link(Int)
  /// The round tip.
  case tip
  /// 0 is on the left of the last link, 1 on its right.
  case finger(Int)
}

/// A round-ended segment (or a disc, where both ends are one) fixed to a link.
struct ArmCollider {
  var part: ArmPart
  var link: Int
  var start: Vec2
  var end: Vec2
  var radius: Double
  /// Half of the segment's length, m, and its middle.
  var halfLength: Double
  var center: Vec2
  /// Gap at which contacts are prepared, m.
  var margin: Double
  /// How the segment moves with the jaw: m/s per m/s of the opening.
  var jawMotion: Vec2
  var rootFriction: Double
}

extension Arm {
  /// Four links, a tip and two fingers.
  static let maximumColliders = maximumJoints + 3

  /// Fills `colliders` with the parts that touch things, as they lie now.
  ///
  /// - Parameters:
  ///   - velocity: of the joints, as it will be if nothing is touched, rad/s; a motor can bring it about within a
  ///     substep.
  ///   - jawVelocity: the same of the jaw, m/s.
  ///   - h: seconds that the margins must cover.
  func place(
    _ colliders: inout FixedList<ArmCollider>, _ kinematics: ArmKinematics,
    velocity: SIMD4<Double>, jawVelocity: Double, baseMargin: Double, h: Double
  ) {
    colliders.removeAll()
    let rootFriction = friction.squareRoot()
    // The speeds of joints and tip bound those of every point between.
    var spin = 0.0
    var motion = Vec2.zero
    var speed = 0.0
    for i in 0..<jointCount {
      spin += velocity[i]
      motion += kinematics.rotation(i).direction.perpendicular * (lengths[i] * spin)
      let ends = max(speed, motion.length)
      speed = motion.length
      guard linkRadii[i] >= 0 else { continue }
      let start = kinematics.point(i)
      let end = kinematics.point(i + 1)
      colliders.append(
        ArmCollider(
          part: .link(i), link: i, start: start, end: end, radius: linkRadii[i],
          halfLength: lengths[i] / 2, center: (start + end) * 0.5,
          margin: baseMargin + ends * h, jawMotion: .zero, rootFriction: rootFriction))
    }
    guard jointCount > 0 else { return }
    let last = jointCount - 1
    let tip = kinematics.tip
    if tipRadius > 0 {
      colliders.append(
        ArmCollider(
          part: .tip, link: last, start: tip, end: tip, radius: tipRadius, halfLength: 0,
          center: tip, margin: baseMargin + speed * h, jawMotion: .zero,
          rootFriction: rootFriction))
    }
    if let gripper {
      let along = kinematics.rotation(last).direction
      let reach = Swift.max(0, gripper.fingerLength - gripper.fingerRadius)
      let quickest = speed + abs(spin) * gripper.fingerLength + abs(jawVelocity)
      for finger in 0..<2 {
        let side = along.perpendicular * (finger == 0 ? 1 : -1)
        let start = tip + side * (jaw.opening / 2 + gripper.fingerRadius)
        let end = start + along * reach
        colliders.append(
          ArmCollider(
            part: .finger(finger), link: last, start: start, end: end,
            radius: gripper.fingerRadius, halfLength: reach / 2, center: (start + end) * 0.5,
            margin: baseMargin + quickest * h, jawMotion: side * 0.5,
            rootFriction: gripper.friction.squareRoot()))
      }
    }
  }
}

// Where the arm's points are and how they move with the joints.

import PlanarCore

/// Joint positions and link directions of an arm in one configuration.
public struct ArmKinematics: Sendable {
  /// As the arm's.
  public let jointCount: Int
  /// Absolute directions of the links; entries beyond the last link are unused.
  let cosines: SIMD4<Double>
  let sines: SIMD4<Double>
  /// Positions of the joints, m.
  let jointsX: SIMD4<Double>
  let jointsY: SIMD4<Double>
  /// The end of the last link, m.
  public let tip: Vec2

  /// Forward kinematics of `arm` at joint angles `q` (rad).
  @inline(__always)
  public init(_ arm: Arm, at q: SIMD4<Double>) {
    jointCount = arm.jointCount
    let a0 = q.x
    let a1 = a0 + q.y
    let a2 = a1 + q.z
    let (s, c) = sineAndCosine(SIMD4(a0, a1, a2, a2 + q.w))
    sines = s
    cosines = c
    // Links beyond the last have length 0, so that the last point is the tip for any number of joints.
    let stepX = c * arm.lengths
    let stepY = s * arm.lengths
    let x1 = arm.base.x + stepX.x
    let x2 = x1 + stepX.y
    let x3 = x2 + stepX.z
    let y1 = arm.base.y + stepY.x
    let y2 = y1 + stepY.y
    let y3 = y2 + stepY.z
    jointsX = SIMD4(arm.base.x, x1, x2, x3)
    jointsY = SIMD4(arm.base.y, y1, y2, y3)
    tip = Vec2(x3 + stepX.w, y3 + stepY.w)
  }

  /// The absolute rotation of link `link`.
  public func rotation(_ link: Int) -> Rotation {
    Rotation(cosine: cosines[link], sine: sines[link])
  }

  /// The position of joint `index`, or of the tip for `index == jointCount`, m.
  public func point(_ index: Int) -> Vec2 {
    index < jointCount ? Vec2(jointsX[index], jointsY[index]) : tip
  }

  /// Rows (d/dq of x, d/dq of y) of the Jacobian of a point that is fixed to link `link`, m/rad.
  @inline(__always)
  public func jacobian(of point: Vec2, onLink link: Int) -> (x: SIMD4<Double>, y: SIMD4<Double>) {
    let mask = jointMask(upTo: link)
    return ((jointsY - point.y) * mask, (point.x - jointsX) * mask)
  }

  /// The Jacobian of the tip's centre, m/rad.
  public var tipJacobian: (x: SIMD4<Double>, y: SIMD4<Double>) {
    jacobian(of: tip, onLink: jointCount - 1)
  }
}

/// 1 for joints that move link `link`, 0 for those behind it; all 0 for link −1.
@inline(__always)
func jointMask(upTo link: Int) -> SIMD4<Double> {
  SIMD4(link >= 0 ? 1 : 0, link >= 1 ? 1 : 0, link >= 2 ? 1 : 0, link >= 3 ? 1 : 0)
}

extension Arm {
  /// At the present joint angles.
  public var kinematics: ArmKinematics { ArmKinematics(self, at: q) }
  /// The tip's centre, m.
  public var tip: Vec2 { kinematics.tip }

  /// The tip's velocity, m/s.
  public var tipVelocity: Vec2 {
    let (x, y) = kinematics.tipJacobian
    return Vec2((x * velocity).sum(), (y * velocity).sum())
  }

  /// The tip's acceleration while the joints keep their velocities, J̇·q̇, m/s².
  public var tipVelocityProduct: Vec2 {
    let kinematics = self.kinematics
    var spin = 0.0
    var acceleration = Vec2.zero
    for i in 0..<jointCount {
      spin += velocity[i]
      acceleration -= kinematics.rotation(i).direction * (lengths[i] * spin * spin)
    }
    return acceleration
  }
}

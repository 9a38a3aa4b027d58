// Where the arm's points are, how they move with the joints, and joint targets for a tip position.

import PlanarCore

/// Joint positions and link directions of an arm in one configuration.
public struct ArmKinematics: Sendable {
  public let jointCount: Int
  /// Absolute rotation of each link; entries beyond the last link are unused.
  public private(set) var rotations: (Rotation, Rotation, Rotation, Rotation) = (
    .identity, .identity, .identity, .identity
  )
  /// Positions of the joints, then the tip, m.
  public private(set) var points: (Vec2, Vec2, Vec2, Vec2, Vec2) = (.zero, .zero, .zero, .zero, .zero)

  /// Forward kinematics of `arm` at joint angles `q` (rad).
  public init(_ arm: Arm, at q: SIMD4<Double>) {
    jointCount = arm.jointCount
    var angle = 0.0
    var point = arm.base
    setPoint(0, point)
    for i in 0..<jointCount {
      angle += q[i]
      let rotation = Rotation(angle: angle)
      setRotation(i, rotation)
      point += rotation.direction * arm.links[i].length
      setPoint(i + 1, point)
    }
  }

  public func rotation(_ link: Int) -> Rotation {
    switch link {
    case 0: rotations.0
    case 1: rotations.1
    case 2: rotations.2
    default: rotations.3
    }
  }

  /// The position of joint `index`, or of the tip for `index == jointCount`, m.
  public func point(_ index: Int) -> Vec2 {
    switch index {
    case 0: points.0
    case 1: points.1
    case 2: points.2
    case 3: points.3
    default: points.4
    }
  }

  public var tip: Vec2 { point(jointCount) }

  /// Rows (d/dq of x, d/dq of y) of the Jacobian of a point that is fixed to link `link`, m/rad.
  public func jacobian(of point: Vec2, onLink link: Int) -> (x: SIMD4<Double>, y: SIMD4<Double>) {
    var x = SIMD4<Double>.zero
    var y = SIMD4<Double>.zero
    for j in 0...link {
      let arm = point - self.point(j)
      x[j] = -arm.y
      y[j] = arm.x
    }
    return (x, y)
  }

  /// The Jacobian of the tip's centre, m/rad.
  public var tipJacobian: (x: SIMD4<Double>, y: SIMD4<Double>) {
    jacobian(of: tip, onLink: jointCount - 1)
  }

  private mutating func setRotation(_ i: Int, _ value: Rotation) {
    switch i {
    case 0: rotations.0 = value
    case 1: rotations.1 = value
    case 2: rotations.2 = value
    default: rotations.3 = value
    }
  }

  private mutating func setPoint(_ i: Int, _ value: Vec2) {
    switch i {
    case 0: points.0 = value
    case 1: points.1 = value
    case 2: points.2 = value
    case 3: points.3 = value
    default: points.4 = value
    }
  }
}

extension Arm {
  public var kinematics: ArmKinematics { ArmKinematics(self, at: q) }
  /// The tip's centre, m.
  public var tip: Vec2 { kinematics.tip }

  /// The tip's velocity, m/s.
  public var tipVelocity: Vec2 {
    let (x, y) = kinematics.tipJacobian
    return Vec2((x * velocity).sum(), (y * velocity).sum())
  }

  /// Joint angles that bring the tip to `position`, by damped least squares from `start` (Wampler 1986),
  /// drawn towards `posture` in the directions that do not move the tip.
  ///
  /// - Parameters:
  ///   - damping: m/rad; larger is steadier near stretched and folded poses.
  ///   - postureGain: share of the way to `posture` taken per iteration in the null space.
  public func jointAngles(
    reaching position: Vec2, from start: SIMD4<Double>, posture: SIMD4<Double>,
    iterations: Int = 4, damping: Double = 0.02, postureGain: Double = 0.1
  ) -> SIMD4<Double> {
    var q = start
    for _ in 0..<iterations {
      let kinematics = ArmKinematics(self, at: q)
      let (jx, jy) = kinematics.tipJacobian
      // (J Jᵀ + λ²)⁻¹ is 2 × 2.
      let a = (jx * jx).sum() + damping * damping
      let b = (jx * jy).sum()
      let d = (jy * jy).sum() + damping * damping
      let determinant = a * d - b * b
      let solve = { (v: Vec2) in
        Vec2((d * v.x - b * v.y) / determinant, (a * v.y - b * v.x) / determinant)
      }
      let error = solve((position - kinematics.tip).clamped(toLength: 0.1))
      let pull = (posture - q) * postureGain
      let moved = solve(Vec2((jx * pull).sum(), (jy * pull).sum()))
      q += jx * (error.x - moved.x) + jy * (error.y - moved.y) + pull
    }
    return q
  }
}

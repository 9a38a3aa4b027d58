// Joint targets for a tip position.

import PlanarCore

extension Arm {
  /// Joint angles that bring the tip to `position`, by damped least squares from `start` (Wampler 1986),
  /// drawn towards `posture` in the directions that do not move the tip. Joint limits are not regarded.
  ///
  /// - Parameters:
  ///   - iterations: each brings the tip nearer by 0.1 m at most.
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

// Joint targets for a position of the tip or of a gripper's grasp point.

import PlanarCore

extension Arm {
  /// Joint angles that bring the tool (tip or grasp point) to `position`, by damped least squares from `start`
  /// (Wampler 1986), drawn towards `posture` in the directions that do not move the tool. Joint limits are not regarded.
  ///
  /// - Parameters:
  ///   - iterations: each brings the tip nearer by 0.1 m at most.
  ///   - damping: m/rad; larger is steadier near stretched and folded poses.
  ///   - postureGain: share of the way to `posture` taken per iteration in the null space.
  ///   - handAngle: the absolute angle of the last link that it is drawn to, rad, in place of `posture`: a gripper
  ///     on three joints keeps its direction wherever it goes.
  public func jointAngles(
    reaching position: Vec2, from start: SIMD4<Double>, posture: SIMD4<Double>,
    iterations: Int = 4, damping: Double = 0.02, postureGain: Double = 0.1,
    handAngle: Double? = nil
  ) -> SIMD4<Double> {
    var q = start
    for _ in 0..<iterations {
      let kinematics = ArmKinematics(self, at: q)
      let tool = tool(at: kinematics)
      let (jx, jy) = kinematics.jacobian(of: tool, onLink: jointCount - 1)
      // (J Jᵀ + λ²)⁻¹ is 2 × 2.
      let a = (jx * jx).sum() + damping * damping
      let b = (jx * jy).sum()
      let d = (jy * jy).sum() + damping * damping
      let determinant = a * d - b * b
      let solve = { (v: Vec2) in
        Vec2((d * v.x - b * v.y) / determinant, (a * v.y - b * v.x) / determinant)
      }
      let error = solve((position - tool).clamped(toLength: 0.1))
      // All joints turn the hand alike; no more than three times the gain reaches it, which 0.5 keeps stable.
      let pull =
        handAngle.map { jointMask(upTo: jointCount - 1) * (($0 - q.sum()) * 0.5) }
        ?? (posture - q) * postureGain
      let moved = solve(Vec2((jx * pull).sum(), (jy * pull).sum()))
      q += jx * (error.x - moved.x) + jy * (error.y - moved.y) + pull
    }
    return q
  }
}

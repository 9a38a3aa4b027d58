// The arm's equation of motion, M(q)·q̈ + c(q, q̇) + g(q) = τ − damping·q̇.

import PlanarCore

/// The terms of the equation of motion in one state.
public struct ArmDynamics: Sendable {
  /// M(q) with the armature, kg·m²; rows beyond the last joint are those of the identity.
  public var mass: JointMatrix
  /// c(q, q̇), Coriolis and centrifugal torques, N·m.
  public var coriolis: SIMD4<Double>
  /// g(q), torques against in-plane gravity, N·m.
  public var gravity: SIMD4<Double>
}

extension Arm {
  /// Mass matrix, Coriolis and gravity torques in the present state under in-plane `gravity` (m/s²).
  ///
  /// M = Σ mᵢ·Jᵢᵀ·Jᵢ + Iᵢ·wᵢᵀ·wᵢ + armature, with Jᵢ the Jacobian of link i's centre of mass and wᵢ that of
  /// its angle; c = Σ mᵢ·Jᵢᵀ·aᵢ, with aᵢ the centre's acceleration at q̈ = 0; g = −Σ mᵢ·Jᵢᵀ·gravity. (Link angles have
  /// constant Jacobians in the plane, so inertias add nothing to c.)
  @inline(__always)
  public func dynamics(_ kinematics: ArmKinematics, gravity: Vec2) -> ArmDynamics {
    let unused = SIMD4(repeating: 1) - jointMask(upTo: jointCount - 1)
    var mass = JointMatrix(diagonal: armature + unused)
    var coriolis = SIMD4<Double>.zero
    var weight = SIMD4<Double>.zero
    var spin = 0.0
    var acceleration = Vec2.zero
    for i in 0..<jointCount {
      spin += velocity[i]
      let direction = Vec2(kinematics.cosines[i], kinematics.sines[i])
      let arm = Vec2(
        direction.x * centersX[i] - direction.y * centersY[i],
        direction.y * centersX[i] + direction.x * centersY[i])
      let joint = Vec2(kinematics.jointsX[i], kinematics.jointsY[i])
      let (jx, jy) = kinematics.jacobian(of: joint + arm, onLink: i)
      mass.addOuter(jx, weight: masses[i])
      mass.addOuter(jy, weight: masses[i])
      mass.addOuter(jointMask(upTo: i), weight: inertias[i])
      let center = acceleration - arm * (spin * spin)
      coriolis += masses[i] * (jx * center.x + jy * center.y)
      weight -= masses[i] * (jx * gravity.x + jy * gravity.y)
      acceleration -= direction * (lengths[i] * spin * spin)
    }
    return ArmDynamics(mass: mass, coriolis: coriolis, gravity: weight)
  }

  /// Joint accelerations under joint torques `torque` (N·m) with in-plane `gravity` (m/s²) and joint damping, rad/s².
  public func forwardDynamics(torque: SIMD4<Double>, gravity: Vec2 = .zero) -> SIMD4<Double> {
    let terms = dynamics(kinematics, gravity: gravity)
    return terms.mass.inverse.times(
      torque - damping * velocity - terms.coriolis - terms.gravity)
  }

  /// Kinetic energy of links and rotors, J.
  public var kineticEnergy: Double {
    (velocity * dynamics(kinematics, gravity: .zero).mass.times(velocity)).sum() / 2
  }

  /// Potential energy in in-plane `gravity` (m/s²), zero at the plane's origin, J.
  public func potentialEnergy(gravity: Vec2) -> Double {
    let kinematics = self.kinematics
    return (0..<jointCount).reduce(0) { $0 - masses[$1] * center(of: $1, kinematics).dot(gravity) }
  }

  /// The centre of mass of a link, m.
  public func center(of link: Int, _ kinematics: ArmKinematics) -> Vec2 {
    kinematics.point(link)
      + kinematics.rotation(link).apply(Vec2(centersX[link], centersY[link]))
  }
}

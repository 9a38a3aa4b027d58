// The arm's equation of motion, M(q)·q̈ + c(q, q̇) = τ, and its implicit step.

import PlanarCore

/// A symmetric 4 × 4 matrix; rows beyond the arm's last joint are those of the identity.
public struct JointMatrix: Hashable, Sendable {
  public var rows: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)

  public init() {
    rows = (
      SIMD4(1, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1)
    )
  }

  public subscript(row: Int) -> SIMD4<Double> {
    get {
      switch row {
      case 0: rows.0
      case 1: rows.1
      case 2: rows.2
      default: rows.3
      }
    }
    set {
      switch row {
      case 0: rows.0 = newValue
      case 1: rows.1 = newValue
      case 2: rows.2 = newValue
      default: rows.3 = newValue
      }
    }
  }

  @inlinable public func times(_ v: SIMD4<Double>) -> SIMD4<Double> {
    // Symmetric, so columns serve as rows: no horizontal sums.
    rows.0 * v.x + rows.1 * v.y + rows.2 * v.z + rows.3 * v.w
  }

  /// The inverse, by Gauss–Jordan without pivoting, which is stable for positive definite matrices.
  public var inverse: JointMatrix {
    var left = self
    var right = JointMatrix()
    for column in 0..<4 {
      let scale = 1 / left[column][column]
      left[column] *= scale
      right[column] *= scale
      for row in 0..<4 where row != column {
        let factor = left[row][column]
        left[row] -= left[column] * factor
        right[row] -= right[column] * factor
      }
    }
    return right
  }

  public static func == (a: JointMatrix, b: JointMatrix) -> Bool { a.rows == b.rows }
  public func hash(into hasher: inout Hasher) {
    for row in 0..<4 { hasher.combine(self[row]) }
  }
}

extension Arm {
  /// Mass matrix M(q), kg·m², and bias c(q, q̇) of Coriolis and centrifugal torques, N·m.
  ///
  /// M = Σ mᵢ·Jᵢᵀ·Jᵢ + Iᵢ·wᵢᵀ·wᵢ + armature, with Jᵢ the Jacobian of link i's centre of mass and wᵢ that of
  /// its angle; c = Σ mᵢ·Jᵢᵀ·aᵢ, with aᵢ the centre's acceleration at q̈ = 0. (Link angles have constant
  /// Jacobians in the plane, so inertias add nothing to c.)
  public func massMatrixAndBias(_ kinematics: ArmKinematics) -> (mass: JointMatrix, bias: SIMD4<Double>) {
    var mass = JointMatrix()
    for i in 0..<jointCount { mass[i][i] = armature }
    var bias = SIMD4<Double>.zero
    var spin = 0.0
    var jointAcceleration = Vec2.zero
    var angular = SIMD4<Double>.zero
    for i in 0..<jointCount {
      let link = links[i]
      spin += velocity[i]
      angular[i] = 1
      let rotation = kinematics.rotation(i)
      let arm = rotation.apply(link.centerOfMass)
      let (jx, jy) = kinematics.jacobian(of: kinematics.point(i) + arm, onLink: i)
      for row in 0...i {
        mass[row] += link.mass * (jx * jx[row] + jy * jy[row]) + link.inertia * angular
      }
      let acceleration = jointAcceleration - arm * (spin * spin)
      bias += link.mass * (jx * acceleration.x + jy * acceleration.y)
      jointAcceleration -= rotation.direction * (link.length * spin * spin)
    }
    return (mass, bias)
  }
}

/// The arm's part of one step: its velocity without contacts, and how impulses change it.
struct ArmStep {
  /// Velocity after the step if nothing is touched, rad/s.
  var freeVelocity: SIMD4<Double>
  /// Turns joint impulses into velocity changes.
  var inverseMass: JointMatrix

  /// Servo and damping are taken implicitly, at the end of the step of `h` seconds: explicit damping is
  /// off by up to 0.46 rad at 5 ms, or blows up. Where the servo's torque at the end of the step would pass its
  /// limit, the joint gets the limit as a constant torque instead.
  init(_ arm: Arm, _ kinematics: ArmKinematics, h: Double) {
    let (mass, bias) = arm.massMatrixAndBias(kinematics)
    let momentum = mass.times(arm.velocity)
    var saturated: SIMD4<Double> = .zero
    var isSaturated = SIMDMask<SIMD4<Int64>>(repeating: false)
    freeVelocity = .zero
    inverseMass = JointMatrix()
    for _ in 0...arm.jointCount {
      var implicit = mass
      var drive = momentum - h * bias
      for i in 0..<arm.jointCount {
        implicit[i][i] += h * arm.damping
        if isSaturated[i] {
          drive[i] += h * saturated[i]
        } else {
          implicit[i][i] += h * (arm.servo.derivative + h * arm.servo.stiffness)
          drive[i] += h * arm.servo.stiffness * (arm.target[i] - arm.q[i])
        }
      }
      inverseMass = implicit.inverse
      freeVelocity = inverseMass.times(drive)
      var changed = false
      for i in 0..<arm.jointCount where !isSaturated[i] {
        let torque =
          arm.servo.stiffness * (arm.target[i] - arm.q[i] - h * freeVelocity[i])
          - arm.servo.derivative * freeVelocity[i]
        if abs(torque) > arm.servo.torqueLimit {
          saturated[i] = torque > 0 ? arm.servo.torqueLimit : -arm.servo.torqueLimit
          isSaturated[i] = true
          changed = true
        }
      }
      if !changed { break }
    }
  }
}

// The arm's part of one substep: motors and damping, taken implicitly, and how impulses change the velocity.

import PlanarCore

/// Solves (M + h·D + h·K_v + h²·K_p)·v = M·v₀ + h·(motors − c − g) for the velocity at the end of the substep.
///
/// Motors and damping act at the end of the substep: explicit damping is off by up to 0.46 rad at 5 ms, or blows
/// up. A joint whose torque there would pass its limit gets the limit as a constant torque instead, and the system
/// is solved again; contacts can saturate further joints (`saturate`).
struct ArmDrive {
  private let h: Double
  private let mass: JointMatrix
  private let momentum: SIMD4<Double>
  private let damping: SIMD4<Double>
  /// Motor torque = push − stiffness·h·v − derivative·v, before it is clamped.
  private let push: SIMD4<Double>
  private let stiffness: SIMD4<Double>
  private let derivative: SIMD4<Double>
  private let limit: SIMD4<Double>
  private var isSaturated = SIMDMask<SIMD4<Int64>>(repeating: false)
  private var saturation: SIMD4<Double> = .zero

  /// Velocity at the end of the substep if nothing is touched, rad/s.
  private(set) var freeVelocity: SIMD4<Double> = .zero
  /// Turns joint impulses into velocity changes.
  private(set) var inverseMass = JointMatrix(diagonal: SIMD4(repeating: 1))

  @inline(__always)
  init(_ arm: Arm, _ kinematics: ArmKinematics, gravity: Vec2, h: Double) {
    self.h = h
    let terms = arm.dynamics(kinematics, gravity: gravity)
    mass = terms.mass
    momentum = terms.mass.times(arm.velocity) - h * (terms.coriolis + terms.gravity)
    damping = arm.damping
    let motors = arm.motors
    limit = motors.torqueLimit
    var command = arm.activation
    var engaged = SIMD4<Double>(repeating: arm.motorGain)
    if motors.hasBacklash {
      let error = command - arm.q
      let play = error.clamped(lowerBound: -motors.halfBacklash, upperBound: motors.halfBacklash)
      command -= play
      let isFree = (error .== play) .& (motors.halfBacklash .> 0)
      engaged.replace(with: 0, where: isFree)
    }
    push = engaged * (motors.commandGain * command - motors.stiffness * arm.q)
    stiffness = engaged * motors.stiffness
    derivative = engaged * motors.derivative
    solve()
    while saturate(at: freeVelocity) {}
  }

  private mutating func solve() {
    let active = SIMD4<Double>(repeating: 1).replacing(with: 0, where: isSaturated)
    var implicit = mass
    implicit.add(diagonal: h * (damping + active * (derivative + h * stiffness)))
    inverseMass = implicit.inverse
    freeVelocity = inverseMass.times(momentum + h * (active * push + saturation))
  }

  /// Motor torques at the end of the substep for joint velocities `v` (rad/s), N·m.
  @inline(__always)
  func torque(at v: SIMD4<Double>) -> SIMD4<Double> {
    let free = push - (stiffness * h + derivative) * v
    return free.replacing(with: saturation, where: isSaturated)
  }

  /// Clamps the joints whose torque at velocity `v` (rad/s) passes its limit; true if there was one, and then
  /// `freeVelocity` and `inverseMass` are new.
  @inline(__always)
  mutating func saturate(at v: SIMD4<Double>) -> Bool {
    let torque = self.torque(at: v)
    let size = torque.replacing(with: -torque, where: torque .< 0)
    let over = (size .> limit * (1 + 1e-9)) .& .!isSaturated
    guard any(over) else { return false }
    isSaturated = isSaturated .| over
    saturation.replace(with: limit.replacing(with: -limit, where: torque .< 0), where: over)
    solve()
    return true
  }
}

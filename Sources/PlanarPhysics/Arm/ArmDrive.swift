// The arm's part of one substep: motors and damping, and how impulses change the velocity.

import PlanarCore

/// Solves (M + h·D + h·K_v + E)·v = M·v₀ + h·(motors − c − g) for the velocity at the end of the substep.
///
/// Damping, the motors' too, acts at the end of the substep: explicit damping is off by up to 0.46 rad at 5 ms, or
/// blows up. Stiffness acts at its beginning: together with q ← q + h·v that neither damps nor drives a vibration,
/// where stiffness at the end would damp it as h·K_p. Only what a substep cannot carry so is taken at its end:
/// E = max(0, h²·K_p − 1/(M⁻¹)ᵢᵢ), which leaves every gain stable. (The scheme is stable while M + E/2 > h²·K_p/4, that
/// is M + E/4 > (h²·K_p − E)/4; the right-hand side is at most diag(s)/4 with sᵢ = 1/(M⁻¹)ᵢᵢ, and Σ (M⁻¹)ᵢᵢ·sᵢ/4 ≤ 1
/// over four joints keeps that below M.)
///
/// A joint whose torque at the end would pass its limit gets the limit as a constant torque instead. Which joints
/// those are is found by Newton's iteration (`clampMotors`), since one motor's torque moves the other joints too;
/// contacts with the arm can change the answer.
struct ArmDrive {
  private let h: Double
  private let mass: JointMatrix
  private let momentum: SIMD4<Double>
  private let damping: SIMD4<Double>
  /// Motor torque = push − drag·v, before it is clamped.
  private let push: SIMD4<Double>
  private let drag: SIMD4<Double>
  private let limit: SIMD4<Double>
  private var isSaturated = SIMDMask<SIMD4<Int64>>(repeating: false)
  private var saturation: SIMD4<Double> = .zero

  /// Velocity at the beginning of the substep, rad/s.
  let startVelocity: SIMD4<Double>
  /// Velocity at the end of the substep if nothing is touched, rad/s.
  private(set) var freeVelocity: SIMD4<Double> = .zero
  /// Turns joint impulses into velocity changes.
  private(set) var inverseMass = JointMatrix(diagonal: SIMD4(repeating: 1))

  @inline(__always)
  init(_ arm: Arm, _ kinematics: ArmKinematics, gravity: Vec2, h: Double) {
    self.h = h
    startVelocity = arm.velocity
    let terms = arm.dynamics(kinematics, gravity: gravity)
    mass = terms.mass
    momentum = terms.mass.times(arm.velocity) - h * (terms.coriolis + terms.gravity)
    damping = arm.damping
    let motors = arm.motors
    limit = motors.torqueLimit
    var command = arm.meanActivation
    var engaged = SIMD4<Double>(repeating: arm.motorGain)
    if motors.hasBacklash {
      let error = command - arm.q
      let play = error.clamped(lowerBound: -motors.halfBacklash, upperBound: motors.halfBacklash)
      command -= play
      let isFree = (error .== play) .& (motors.halfBacklash .> 0)
      engaged.replace(with: 0, where: isFree)
    }
    push = engaged * (motors.commandGain * command - motors.stiffness * arm.q)
    var drag = engaged * motors.derivative
    let stiffness = engaged * motors.stiffness * (h * h)
    // M is no less than the armature, so that most arms need not look further.
    if any(stiffness .> arm.armature) {
      let carried = SIMD4(repeating: 1) / terms.mass.inverse.diagonal
      let excess = stiffness - carried
      drag += excess.replacing(with: 0, where: excess .< 0) / h
    }
    self.drag = drag
    // Piecewise linear and monotone: Newton's iteration ends, mostly where it began, with the torques at the present
    // velocity.
    findClamped(at: arm.velocity)
    solve()
    for _ in 0..<8 {
      guard clampMotors(at: freeVelocity) else { break }
    }
  }

  private mutating func solve() {
    let active = SIMD4<Double>(repeating: 1).replacing(with: 0, where: isSaturated)
    var implicit = mass
    implicit.add(diagonal: h * (damping + active * drag))
    inverseMass = implicit.inverse
    freeVelocity = inverseMass.times(momentum + h * (active * push + saturation))
  }

  /// Kinetic energy of links and rotors at joint velocities `v` (rad/s) where the substep began, J.
  func energy(at v: SIMD4<Double>) -> Double { (v * mass.times(v)).sum() / 2 }

  /// Clamps the motors whose torque at joint velocities `v` (rad/s) passes its limit, and frees those whose torque no
  /// longer does; true if that changed one, and then `freeVelocity` and `inverseMass` are new.
  @inline(__always)
  mutating func clampMotors(at v: SIMD4<Double>) -> Bool {
    guard findClamped(at: v) else { return false }
    solve()
    return true
  }

  /// Finds the motors at their limits at joint velocities `v` (rad/s); true where they are others than before.
  @inline(__always)
  @discardableResult
  private mutating func findClamped(at v: SIMD4<Double>) -> Bool {
    let torque = push - drag * v
    // A motor that is at its limit leaves it a hair below, so that rounding does not make it come and go.
    let bound = limit.replacing(with: limit * (1 - 1e-9), where: isSaturated)
    // A motor goes from one limit to the other by way of neither: else Newton's iteration can go to and fro.
    let above = (torque .> bound) .& (saturation .>= 0)
    let below = (torque .< -bound) .& (saturation .<= 0)
    let over = above .| below
    let clamped = SIMD4<Double>.zero.replacing(with: limit, where: above)
      .replacing(with: -limit, where: below)
    guard any(over .!= isSaturated) || clamped != saturation else { return false }
    isSaturated = over
    saturation = clamped
    return true
  }
}

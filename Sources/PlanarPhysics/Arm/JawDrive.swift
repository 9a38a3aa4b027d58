// The gripper's part of one substep: its servo, whose damping and stiffness both act at the substep's end.

/// Solves (m + h·d + h²·k)·v = m·v₀ + h·k·(target − opening), with a constant force where the servo's would pass its
/// limit. A servo that is at its limit once stays there for the substep.
struct JawDrive {
  private let gripper: Gripper?
  private let jaw: Jaw
  private let h: Double
  private var force: Double?
  /// m/s.
  private(set) var freeVelocity = 0.0
  /// 1/kg; 0 without a gripper.
  private(set) var inverseMass = 0.0

  @inline(__always)
  init(_ arm: Arm, h: Double) {
    gripper = arm.gripper
    jaw = arm.jaw
    self.h = h
    guard gripper != nil else { return }
    solve()
    _ = clampMotor(at: freeVelocity)
  }

  private mutating func solve() {
    guard let gripper else { return }
    if let force {
      inverseMass = 1 / gripper.jawMass
      freeVelocity = jaw.velocity + h * force * inverseMass
    } else {
      inverseMass =
        1 / (gripper.jawMass + h * gripper.derivative + h * h * gripper.stiffness)
      freeVelocity =
        inverseMass
        * (gripper.jawMass * jaw.velocity + h * gripper.stiffness * (jaw.target - jaw.opening))
    }
  }

  /// As `ArmDrive.clampMotors`, for the jaw's velocity `v` (m/s).
  @inline(__always)
  mutating func clampMotor(at v: Double) -> Bool {
    guard let gripper, force == nil else { return false }
    let wanted =
      gripper.stiffness * (jaw.target - jaw.opening - h * v) - gripper.derivative * v
    guard abs(wanted) > gripper.forceLimit * (1 + 1e-9) else { return false }
    force = wanted > 0 ? gripper.forceLimit : -gripper.forceLimit
    solve()
    return true
  }
}

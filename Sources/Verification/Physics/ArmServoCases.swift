// arm_pd.json and arm_motor_lag.json: position and torque motors with limits, and with a lag.

import Foundation
import PlanarCore
import PlanarPhysics

/// Our step is first order. Held to:
/// - at 5 ms and at 1 ms, twice the error that the file records of MuJoCo's first-order integrator
///   (implicitfast);
/// - order of convergence 1 between 1 and 0.5 ms;
/// - the lagged command to its closed form, 1e-9.
func armServoCases(file: String) -> @Sendable (Data) throws -> [VerificationCase] {
  { data in
    try decodeReference(ArmServoFile.self, from: data).tests.map { test in
      let arm = try test.start()
      return VerificationCase("\(file)/\(test.name)") { test.checks(arm) }
    }
  }
}

private struct ArmServoFile: Decodable {
  struct Control: Decodable {
    var t: [Double]
    var u: [JointRow]
  }
  struct Errors: Decodable {
    var at1ms, at5ms: Double
    enum CodingKeys: String, CodingKey {
      case at1ms = "mujocoImplicitfast1MsMaxQError"
      case at5ms = "mujocoImplicitfast5MsMaxQError"
    }
  }
  struct Checks: Decodable { var maxAbsErrorOf: Errors }
  struct Test: Decodable {
    var name: String
    var model: ReferenceArm
    var actuators: [ReferenceArm.Actuator]
    var q0, qd0: JointRow
    var control: Control
    var t: [Double]
    var q: [JointRow]
    var activation: [JointRow]?
    var checks: Checks
  }
  var tests: [Test]
}

extension ArmServoFile.Test {
  func start() throws -> Arm {
    try requireJoints(
      q + control.u + (activation ?? []) + [q0, qd0], model.links.count, of: name)
    try requireCount(q.count, t.count, "samples", of: name)
    try requireTimes(t + control.t, of: name)
    try requireCount(control.u.count, control.t.count, "commands", of: name)
    if let activation { try requireCount(activation.count, t.count, "activations", of: name) }
    var arm = try model.arm(actuators, of: name)
    arm.q = q0.values
    arm.velocity = qd0.values
    return arm
  }

  func checks(_ arm: Arm) -> [VerificationCheck] {
    let controls = zip(control.t, control.u).map { (time: $0, command: $1.values) }
    func trace(_ h: Double) -> ArmTrace {
      ArmTrace(arm, gravity: model.gravity.vector, h: h, times: t, controls: controls)
    }
    func error(_ h: Double) -> Double { trace(h).angleErrors(q).max() ?? 0 }
    let coarse = trace(5e-3)
    let fine = error(1e-3)
    var result = [
      VerificationCheck(
        "joint angles at 5 ms, rad", error: coarse.angleErrors(q).max() ?? 0,
        tolerance: 2 * checks.maxAbsErrorOf.at5ms),
      VerificationCheck(
        "joint angles at 1 ms, rad", error: fine, tolerance: 2 * checks.maxAbsErrorOf.at1ms),
      VerificationCheck(
        "order of convergence below 1", error: orderShortfall(fine, error(5e-4)), tolerance: 0.3),
    ]
    if let activation {
      let lags = (0..<arm.jointCount).filter { actuators[$0].timeConstant > 0 }
      let errors = zip(coarse.activation, activation).map { ours, theirs in
        lags.map { abs(ours[$0] - theirs.values[$0]) }.max() ?? 0
      }
      result.append(
        VerificationCheck(
          "lagged command at 5 ms", error: errors.max() ?? 0,
          tolerance: 1e-9 * max(1, control.u.map { greatest($0.values) }.max() ?? 1)))
    }
    return result
  }
}

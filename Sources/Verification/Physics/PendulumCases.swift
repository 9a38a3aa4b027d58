// pendulum.json: free chains under gravity.

import Foundation
import PlanarCore
import PlanarPhysics

/// Our step is first order (semi-implicit Euler). Held to:
/// - at 1 ms, twice the error that the file records of semi-implicit Euler, up to `t_comparable`, and twice
///   its energy error over all 5 s;
/// - order of convergence 1 between 0.2 and 0.1 ms, while the error at 0.2 ms is below 0.02 rad (beyond,
///   chaos and not the step decides);
/// - runs named `small`: the hanging equilibrium bears no torque and oscillates in the recorded modes, by the
///   engine's own mass matrix and gravity torques, to 1e-7.
@Sendable func pendulumCases(_ data: Data) throws -> [VerificationCase] {
  try decodeReference(PendulumFile.self, from: data).tests.map { test in
    let arm = try test.start()
    return VerificationCase("pendulum/\(test.name)") {
      var checks = test.trajectoryChecks(arm)
      if test.name.hasSuffix("_small") { checks += test.oscillationChecks(arm) }
      return checks
    }
  }
}

private struct PendulumFile: Decodable {
  struct Errors: Decodable {
    var maxQErrorToTComparable, energyErrorOverPotentialSwing: Double
  }
  struct FixedStepErrors: Decodable {
    var semiImplicitEuler: Errors
    enum CodingKeys: String, CodingKey { case semiImplicitEuler = "semiImplicitEuler1Ms" }
  }
  struct Test: Decodable {
    var name: String
    var model: ReferenceArm
    var q0, qd0, hangingEquilibrium, smallOscillationModesHz: JointRow
    var t, kinetic, potential: [Double]
    var q: [JointRow]
    var tComparable: Double
    var fixedStepErrors: FixedStepErrors
  }
  var tests: [Test]
}

extension PendulumFile.Test {
  func start() throws -> Arm {
    let joints = model.links.count
    try requireJoints(
      q + [q0, qd0, hangingEquilibrium, smallOscillationModesHz], joints, of: name)
    try requireCount(q.count, t.count, "samples", of: name)
    try requireTimes(t, of: name)
    try requireCount(potential.count, t.count, "energies", of: name)
    var arm = try model.arm(of: name)
    arm.q = q0.values
    arm.velocity = qd0.values
    return arm
  }

  func trajectoryChecks(_ arm: Arm) -> [VerificationCheck] {
    let gravity = model.gravity.vector
    let trace = ArmTrace(arm, gravity: gravity, h: 1e-3, times: t)
    let comparable = t.count { $0 <= tComparable + 1e-9 }
    let bounds = fixedStepErrors.semiImplicitEuler
    let swing = (potential.max() ?? 0) - (potential.min() ?? 0)
    let energyError = trace.energy.map { abs($0 - trace.energy[0]) }.max() ?? 0

    let coarse = ArmTrace(arm, gravity: gravity, h: 2e-4, times: t).angleErrors(q)
    let fine = ArmTrace(arm, gravity: gravity, h: 1e-4, times: t).angleErrors(q)
    let regular = coarse.prefix(comparable).prefix { $0 < 0.02 }.count
    return [
      VerificationCheck(
        "joint angles at 1 ms, rad", error: trace.angleErrors(q).prefix(comparable).max() ?? 0,
        tolerance: 2 * bounds.maxQErrorToTComparable),
      VerificationCheck(
        "energy at 1 ms, share of the swing", error: energyError / swing,
        tolerance: 2 * bounds.energyErrorOverPotentialSwing),
      VerificationCheck(
        "order of convergence below 1",
        error: orderShortfall(
          coarse.prefix(regular).max() ?? 0, fine.prefix(regular).max() ?? 0), tolerance: 0.3),
    ]
  }

  func oscillationChecks(_ start: Arm) -> [VerificationCheck] {
    let n = start.jointCount
    let gravity = model.gravity.vector
    func torques(_ q: SIMD4<Double>) -> SIMD4<Double> {
      var arm = start
      arm.q = q
      arm.velocity = .zero
      return arm.dynamics(arm.kinematics, gravity: gravity).gravity
    }
    var hanging = start
    hanging.q = hangingEquilibrium.values
    let mass = hanging.dynamics(hanging.kinematics, gravity: gravity).mass
    // Columns of the stiffness ∂g/∂q, by central differences.
    let stiffness = (0..<n).map { i in
      var step = SIMD4<Double>.zero
      step[i] = 1e-5
      return (torques(hanging.q + step) - torques(hanging.q - step)) / 2e-5
    }
    func determinant(_ eigenvalue: Double) -> Double {
      squareDeterminant((0..<n).map { i in (0..<n).map { stiffness[$0][i] - eigenvalue * mass[i][$0] } })
    }
    let modes = (0..<n).map { i in
      let rate = 2 * Double.pi * smallOscillationModesHz.values[i]
      let eigenvalue = rate * rate
      let slope =
        (determinant(eigenvalue * (1 + 1e-4)) - determinant(eigenvalue * (1 - 1e-4)))
        / (2e-4 * eigenvalue)
      return abs(determinant(eigenvalue) / slope / eigenvalue) / 2
    }
    let weight = stiffness.map(greatest).max() ?? 1
    return [
      VerificationCheck(
        "torque at the hanging equilibrium, share of the stiffness",
        error: greatest(torques(hanging.q)) / weight, tolerance: 1e-9),
      VerificationCheck(
        "small-oscillation frequencies, relative", error: modes.max() ?? 0, tolerance: 1e-7),
    ]
  }
}

/// The determinant of a square matrix, by elimination with row exchanges.
private func squareDeterminant(_ matrix: [[Double]]) -> Double {
  var rows = matrix
  var result = 1.0
  for i in rows.indices {
    let pivot = rows.indices[i...].max { abs(rows[$0][i]) < abs(rows[$1][i]) } ?? i
    if pivot != i {
      rows.swapAt(i, pivot)
      result = -result
    }
    guard rows[i][i] != 0 else { return 0 }
    result *= rows[i][i]
    for j in rows.indices[(i + 1)...] {
      let factor = rows[j][i] / rows[i][i]
      for k in i..<rows.count { rows[j][k] -= factor * rows[i][k] }
    }
  }
  return result
}

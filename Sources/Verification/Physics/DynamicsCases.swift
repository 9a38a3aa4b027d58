// dynamics_states.json: the terms of the equation of motion and the kinematics at random states.

import Foundation
import PlanarCore
import PlanarPhysics

/// Algebra: every quantity agrees to 1e-9 of its greatest entry (the files have 12 digits); the potential
/// energy, whose terms may cancel, to 1e-9 of the arm's weight times its reach.
@Sendable func dynamicsCases(_ data: Data) throws -> [VerificationCase] {
  try decodeReference(DynamicsFile.self, from: data).models.flatMap { model in
    let arm = try model.model.arm(of: model.name)
    return try model.states.enumerated().map { index, state in
      let name = "dynamics_states/\(model.name)/\(index)"
      try state.check(joints: arm.jointCount, of: name)
      return VerificationCase(name) {
        state.checks(arm, gravity: model.model.gravity.vector, weight: model.weight)
      }
    }
  }
}

private struct DynamicsFile: Decodable {
  struct State: Decodable {
    var q, qd, tau, coriolis, gravity, qdd, linkAngle: JointRow
    var massMatrix, tipJacobian: [JointRow]
    var jointsAndTip, com: [Row<Two>]
    var tipPose, tipVelocity, tipAccelerationAtZeroQdd: Row<Three>
    var kinetic, potential: Double
  }
  struct Model: Decodable {
    var name: String
    var model: ReferenceArm
    var states: [State]

    /// Σ m·g times the farthest that a mass can be from the origin, J.
    var weight: Double {
      let reach = model.links.reduce(model.base.vector.length) { $0 + $1.length }
      return model.links.reduce(0) { $0 + $1.mass } * model.gravity.vector.length * reach
    }
  }
  var models: [Model]
}

extension DynamicsFile.State {
  func check(joints: Int, of name: String) throws {
    try requireJoints(
      [q, qd, tau, coriolis, gravity, qdd, linkAngle] + massMatrix + tipJacobian, joints, of: name)
    try requireCount(massMatrix.count, joints, "rows of the mass matrix", of: name)
    try requireCount(tipJacobian.count, 3, "rows of the Jacobian", of: name)
    try requireCount(jointsAndTip.count, joints + 1, "points", of: name)
    try requireCount(com.count, joints, "centres of mass", of: name)
  }

  func checks(_ start: Arm, gravity field: Vec2, weight: Double) -> [VerificationCheck] {
    var arm = start
    arm.q = q.values
    arm.velocity = qd.values
    let n = arm.jointCount
    let kinematics = arm.kinematics
    let terms = arm.dynamics(kinematics, gravity: field)
    let acceleration = arm.forwardDynamics(torque: tau.values, gravity: field)
    let jacobian = kinematics.tipJacobian
    let velocity = arm.tipVelocity
    let bias = arm.tipVelocityProduct
    let spin = qd.values.sum()
    let angle = arm.q.sum()
    func relative(_ name: String, _ pairs: [(Double, Double)]) -> VerificationCheck {
      let scale = pairs.map { abs($0.1) }.max() ?? 0
      let error = pairs.map { abs($0.0 - $0.1) }.max() ?? 0
      return VerificationCheck(
        name + ", relative", error: scale > 0 ? error / scale : error, tolerance: 1e-9)
    }
    func joints(_ name: String, _ ours: SIMD4<Double>, _ theirs: JointRow) -> VerificationCheck {
      relative(name, (0..<n).map { (ours[$0], theirs.values[$0]) })
    }
    func points(_ name: String, _ ours: [Vec2], _ theirs: [Row<Two>]) -> VerificationCheck {
      relative(name, zip(ours, theirs).flatMap { [($0.x, $1[0]), ($0.y, $1[1])] })
    }
    return [
      relative(
        "mass matrix",
        (0..<n).flatMap { i in (0..<n).map { (terms.mass[i][$0], massMatrix[i].values[$0]) } }),
      joints("Coriolis torques", terms.coriolis, coriolis),
      joints("gravity torques", terms.gravity, gravity),
      joints("accelerations", acceleration, qdd),
      points("joints and tip", (0...n).map { kinematics.point($0) }, jointsAndTip),
      points("centres of mass", (0..<n).map { arm.center(of: $0, kinematics) }, com),
      relative(
        "link directions",
        (0..<n).flatMap { i in
          let expected = Rotation(angle: linkAngle.values[i])
          let ours = kinematics.rotation(i)
          return [(ours.cosine, expected.cosine), (ours.sine, expected.sine)]
        }),
      relative(
        "tip pose",
        [(kinematics.tip.x, tipPose[0]), (kinematics.tip.y, tipPose[1]), (angle, tipPose[2])]),
      relative(
        "tip velocity",
        [(velocity.x, tipVelocity[0]), (velocity.y, tipVelocity[1]), (spin, tipVelocity[2])]),
      relative(
        "tip acceleration at constant joint velocities",
        [
          (bias.x, tipAccelerationAtZeroQdd[0]), (bias.y, tipAccelerationAtZeroQdd[1]),
          (0, tipAccelerationAtZeroQdd[2]),
        ]),
      relative(
        "tip Jacobian",
        (0..<n).flatMap {
          [
            (jacobian.x[$0], tipJacobian[0].values[$0]), (jacobian.y[$0], tipJacobian[1].values[$0]),
            (1, tipJacobian[2].values[$0]),
          ]
        }),
      relative("kinetic energy", [(arm.kineticEnergy, kinetic)]),
      VerificationCheck(
        "potential energy, share of weight times reach",
        error: abs(arm.potentialEnergy(gravity: field) - potential) / max(weight, 1e-12),
        tolerance: 1e-9),
    ]
  }
}

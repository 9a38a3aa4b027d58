// The arm's dynamics against MuJoCo's numbers, and its servo against what a servo must do.

import Foundation
import PlanarCore
import PlanarPhysics
import Testing

/// Chains and states from `shared/reference/physics/dynamics_states.json`.
struct ArmCases: Decodable {
  struct Link: Decodable {
    var length, mass: Double
    var com: [Double]
    var inertia_about_com, joint_armature: Double
  }
  struct State: Decodable {
    var q, qd, coriolis, tip_pose: [Double]
    var mass_matrix, tip_jacobian: [[Double]]
    var kinetic: Double
  }
  struct Model: Decodable {
    var base: [Double]
    var links: [Link]
    var states: [State]
  }
  var models: [Model]
}

func resource<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
  let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources"))
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

func makeArm(links: [ArmLink], base: Vec2 = .zero, armature: Double = 0) -> Arm {
  Arm(
    base: base, links: links, armature: armature, damping: 0,
    servo: PositionServo(stiffness: 0, derivative: 0, torqueLimit: 0), tipRadius: 0.01,
    tipFriction: 0.3)
}

@Test func massMatrixBiasAndKinematicsMatchMuJoCo() throws {
  let cases = try resource("arm_dynamics", as: ArmCases.self)
  #expect(cases.models.count == 3)
  for model in cases.models {
    var arm = makeArm(
      links: model.links.map {
        ArmLink(
          length: $0.length, mass: $0.mass, centerOfMass: Vec2($0.com[0], $0.com[1]),
          inertia: $0.inertia_about_com)
      }, base: Vec2(model.base[0], model.base[1]))
    for state in model.states {
      for i in 0..<arm.jointCount {
        arm.q[i] = state.q[i]
        arm.velocity[i] = state.qd[i]
      }
      let (mass, bias) = arm.massMatrixAndBias(arm.kinematics)
      for i in 0..<arm.jointCount {
        #expect(abs(bias[i] - state.coriolis[i]) < 1e-9 * max(1, abs(state.coriolis[i])))
        for j in 0..<arm.jointCount {
          let armature = i == j ? model.links[i].joint_armature : 0
          #expect(abs(mass[i][j] + armature - state.mass_matrix[i][j]) < 1e-9)
        }
      }
      let tip = arm.tip
      #expect(abs(tip.x - state.tip_pose[0]) < 1e-11 && abs(tip.y - state.tip_pose[1]) < 1e-11)
      let jacobian = arm.kinematics.tipJacobian
      for j in 0..<arm.jointCount {
        #expect(abs(jacobian.x[j] - state.tip_jacobian[0][j]) < 1e-11)
        #expect(abs(jacobian.y[j] - state.tip_jacobian[1][j]) < 1e-11)
      }
    }
  }
}

@Test func inverseOfTheMassMatrixUndoesIt() {
  var arm = makeArm(links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 2), .rod(length: 0.2, mass: 0.5)])
  arm.q = SIMD4(0.3, -1.1, 0.7, 0)
  let (mass, _) = arm.massMatrixAndBias(arm.kinematics)
  let v = SIMD4(1.0, -2.0, 0.5, 0)
  let back = mass.inverse.times(mass.times(v))
  for i in 0..<4 { #expect(abs(back[i] - v[i]) < 1e-9) }
}

@Test func servoReachesItsTargetAndRespectsItsTorqueLimit() {
  func settle(torqueLimit: Double, steps: Int) -> Double {
    var arm = makeArm(links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)], armature: 0.05)
    arm.servo = PositionServo(stiffness: 200, derivative: 20, torqueLimit: torqueLimit)
    arm.target = SIMD4(0.8, -0.5, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<steps { world.step() }
    return abs(world.arm.q[0] - 0.8) + abs(world.arm.q[1] + 0.5)
  }
  #expect(settle(torqueLimit: 50, steps: 400) < 1e-3)
  // A weak motor is under way after a tenth of a second, a strong one is nearly there.
  #expect(settle(torqueLimit: 1, steps: 20) > 5 * settle(torqueLimit: 50, steps: 60))
}

@Test func jointAnglesBringTheTipToReachablePlaces() {
  let arm = makeArm(links: [.rod(length: 0.36, mass: 1), .rod(length: 0.3, mass: 1), .rod(length: 0.2, mass: 1)], base: Vec2(0, -0.2))
  let posture = SIMD4(2.5, -1.3, -1.0, 0)
  for x in stride(from: -0.34, through: 0.34, by: 0.17) {
    for y in stride(from: 0.01, through: 0.49, by: 0.12) {
      let q = arm.jointAngles(reaching: Vec2(x, y), from: posture, posture: posture, iterations: 100)
      #expect((ArmKinematics(arm, at: q).tip - Vec2(x, y)).length < 2e-3)
    }
  }
}

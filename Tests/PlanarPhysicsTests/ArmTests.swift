// The arm: its motors against what motors must do, and inverse kinematics. Its dynamics and the motors' accuracy are
// held by the reference cases of VerificationTests.

import PlanarCore
import PlanarPhysics
import Testing

/// An arm of equal joints.
func makeArm(
  links: [ArmLink], base: Vec2 = .zero, armature: Double = 0, damping: Double = 0,
  coulombFriction: Double = 0, limits: ClosedRange<Double>? = nil,
  actuator: JointActuator = .none, tipRadius: Double = 0.01, commandDelay: Int = 0
) -> Arm {
  let joint = ArmJoint(
    armature: armature, damping: damping, coulombFriction: coulombFriction, limits: limits,
    actuator: actuator)
  return Arm(
    base: base, links: links, joints: links.map { _ in joint }, tipRadius: tipRadius, friction: 0.3,
    commandDelay: commandDelay)
}

@Suite struct ArmTests {
  @Test func inverseOfTheMassMatrixUndoesIt() {
    var arm = makeArm(
      links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 2), .rod(length: 0.2, mass: 0.5)])
    arm.q = SIMD4(0.3, -1.1, 0.7, 0)
    let mass = arm.dynamics(arm.kinematics, gravity: .zero).mass
    let v = SIMD4(1.0, -2.0, 0.5, 0)
    let back = mass.inverse.times(mass.times(v))
    for i in 0..<4 { #expect(abs(back[i] - v[i]) < 1e-9) }
  }

  @Test func servoReachesItsTargetAndRespectsItsTorqueLimit() {
    func settle(torqueLimit: Double, steps: Int) -> Double {
      var arm = makeArm(
        links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)], armature: 0.05,
        actuator: .position(stiffness: 200, derivative: 20, torqueLimit: torqueLimit))
      arm.target = SIMD4(0.8, -0.5, 0, 0)
      var world = World(arm: arm)
      for _ in 0..<steps { world.step() }
      return abs(world.arm.q[0] - 0.8) + abs(world.arm.q[1] + 0.5)
    }
    #expect(settle(torqueLimit: 50, steps: 400) < 1e-3)
    // A weak motor is under way after a tenth of a second, a strong one is nearly there.
    #expect(settle(torqueLimit: 1, steps: 20) > 5 * settle(torqueLimit: 50, steps: 60))
  }

  /// Far beyond what an explicit step bears: h²·k is up to a million times a link's inertia.
  @Test(arguments: [1e3, 1e4, 1e5, 1e7], [0.0, 5, 500])
  func noGainMakesAServoUnstable(stiffness: Double, derivative: Double) {
    var arm = makeArm(
      links: [
        .rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 0.5), .rod(length: 0.2, mass: 0.05),
        .rod(length: 0.1, mass: 0.01),
      ],
      actuator: .position(stiffness: stiffness, derivative: derivative))
    arm.q = SIMD4(0.3, -0.4, 0.2, 0.1)
    arm.target = arm.q + SIMD4(0.02, -0.02, 0.02, -0.02)
    var world = World(arm: arm)
    var farthest = 0.0
    for _ in 0..<2_000 {
      world.step()
      let error = world.arm.q - arm.target
      farthest = max(farthest, (error * error).sum().squareRoot())
    }
    #expect(farthest < 0.2)
  }

  @Test func aMotorAtItsLimitPushesWithJustThat() {
    var arm = makeArm(
      links: [.rod(length: 1, mass: 3)],
      actuator: .position(stiffness: 1000, derivative: 10, torqueLimit: 2))
    arm.target = SIMD4(1, 0, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<20 { world.step() }
    // Inertia about the joint: 3·1²/3 = 1.
    #expect(abs(world.arm.velocity[0] - 2 * 20 * 0.005) < 1e-12)
  }

  @Test func jointLimitsHold() {
    var arm = makeArm(
      links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)], limits: -0.5...0.7,
      actuator: .position(stiffness: 200, derivative: 5, torqueLimit: 20))
    arm.target = SIMD4(2, -2, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<400 {
      world.step()
      #expect(world.arm.q[0] < 0.7 + 1e-3 && world.arm.q[1] > -0.5 - 1e-3)
    }
    #expect(abs(world.arm.q[0] - 0.7) < 1e-3 && abs(world.arm.q[1] + 0.5) < 1e-3)
    #expect(abs(world.arm.velocity[0]) < 1e-3)
  }

  @Test func coulombFrictionHoldsUpToItsTorque() {
    func speed(torque: Double) -> Double {
      var arm = makeArm(
        links: [.rod(length: 1, mass: 3)], coulombFriction: 0.5, actuator: .torque())
      arm.target = SIMD4(torque, 0, 0, 0)
      var world = World(arm: arm)
      for _ in 0..<100 { world.step() }
      return world.arm.velocity[0]
    }
    #expect(speed(torque: 0.45) == 0)
    #expect(speed(torque: -0.45) == 0)
    #expect(abs(speed(torque: 0.7) - 0.2 * 0.5) < 1e-3)
  }

  @Test func backlashLeavesTheJointFreeWithinIt() {
    var actuator = JointActuator.position(stiffness: 100, derivative: 10)
    actuator.backlash = 0.2
    var arm = makeArm(links: [.rod(length: 1, mass: 3)], actuator: actuator)
    arm.q = SIMD4(0.09, 0, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<100 { world.step() }
    #expect(world.arm.q[0] == 0.09)
    world.arm.q[0] = 0.3
    for _ in 0..<1_000 { world.step() }
    #expect(abs(world.arm.q[0]) < 0.11)
  }

  @Test func commandsArriveAfterTheirDelay() {
    var arm = makeArm(
      links: [.rod(length: 1, mass: 3)], actuator: .torque(), commandDelay: 7)
    arm.target = SIMD4(1, 0, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<7 { world.step() }
    #expect(world.arm.velocity[0] == 0)
    world.step()
    #expect(world.arm.velocity[0] > 0)
  }

  @Test func aStiffMotorNearItsLimitDoesNotChatter() {
    // h·K_v is five times the inertia: full torque one way overshoots, full torque the other way too.
    var arm = makeArm(
      links: [.rod(length: 0.1, mass: 1e-6)], armature: 0.01,
      actuator: .position(stiffness: 5, derivative: 10, torqueLimit: 1))
    arm.target = SIMD4(0.3, 0, 0, 0)
    var world = World(arm: arm)
    var last = 0.125
    for _ in 0..<200 {
      world.step()
      // The speed that stiffness and damping agree on, falling slowly as the joint comes near.
      #expect(world.arm.velocity[0] > 0.08 && world.arm.velocity[0] < 0.15)
      #expect(abs(world.arm.velocity[0] - last) < 0.03)
      last = world.arm.velocity[0]
    }
  }

  @Test func aMotorDoesNotPassItsLimitAgainstJointFriction() {
    var arm = makeArm(
      links: [.rod(length: 0.3, mass: 1)], armature: 0.01, coulombFriction: 1.2,
      actuator: .position(stiffness: 200, derivative: 10, torqueLimit: 1))
    arm.target = SIMD4(1, 0, 0, 0)
    var world = World(arm: arm)
    for _ in 0..<200 { world.step() }
    #expect(abs(world.arm.q[0]) < 1e-6)
  }

  @Test func anotherArmWithALongerDelayTakesOver() {
    func arm(delay: Int) -> Arm {
      var arm = makeArm(
        links: [.rod(length: 0.3, mass: 1)], armature: 0.01, actuator: .position(stiffness: 100, derivative: 10),
        commandDelay: delay)
      arm.target = SIMD4(0.5, 0, 0, 0)
      return arm
    }
    var world = World(arm: arm(delay: 2))
    for _ in 0..<7 { world.step() }
    world.arm = arm(delay: 20)
    for _ in 0..<20 { world.step() }
    #expect(world.arm.q[0] == 0)
    for _ in 0..<400 { world.step() }
    #expect(abs(world.arm.q[0] - 0.5) < 1e-3)
  }

  @Test func jointAnglesBringTheTipToReachablePlaces() {
    let arm = makeArm(
      links: [.rod(length: 0.36, mass: 1), .rod(length: 0.3, mass: 1), .rod(length: 0.2, mass: 1)],
      base: Vec2(0, -0.2))
    let posture = SIMD4(2.5, -1.3, -1.0, 0)
    for x in stride(from: -0.34, through: 0.34, by: 0.17) {
      for y in stride(from: 0.01, through: 0.49, by: 0.12) {
        let q = arm.jointAngles(
          reaching: Vec2(x, y), from: posture, posture: posture, iterations: 100)
        #expect((ArmKinematics(arm, at: q).tip - Vec2(x, y)).length < 2e-3)
      }
    }
  }
}

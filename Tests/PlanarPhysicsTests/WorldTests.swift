// Bodies and the arm among them: pushing, links, gripper, forks and the state hash. Friction, impacts and stacks are
// held by the reference cases of VerificationTests.

import PlanarCore
import PlanarPhysics
import Testing

private let servo = JointActuator.position(stiffness: 300, derivative: 20, torqueLimit: 30)

/// The scene of `push`, in small: an arm that sweeps through three bodies between walls.
@Sendable func sweepScene() -> World {
  var arm = makeArm(
    links: [.rod(length: 0.36, mass: 1), .rod(length: 0.3, mass: 0.8), .rod(length: 0.2, mass: 0.5)],
    base: Vec2(0, -0.2), armature: 0.05, actuator: servo)
  arm.q = SIMD4(2.5, -1.3, -1.0, 0)
  arm.target = arm.q
  var world = World(
    arm: arm,
    walls: [
      Wall(point: Vec2(-0.35, 0), normal: Vec2(1, 0), friction: 0.2),
      Wall(point: Vec2(0.35, 0.5), normal: Vec2(-1, 0), friction: 0.2),
      Wall(point: Vec2(-0.35, 0), normal: Vec2(0, 1), friction: 0.2),
      Wall(point: Vec2(0.35, 0.5), normal: Vec2(0, -1), friction: 0.2),
    ])
  func model(_ shape: BodyShape) -> BodyModel {
    BodyModel(shape: shape, mass: 0.2, contactFriction: 0.3, supportFriction: 0.35)
  }
  world.addBody(model(.disc(radius: 0.03)), at: BodyState(position: Vec2(0.12, 0.2), angle: 0))
  world.addBody(
    model(.polygon(.box(halfWidth: 0.03, halfHeight: 0.03))),
    at: BodyState(position: Vec2(0.2, 0.22), angle: 0.3))
  world.addBody(
    model(.polygon(.triangle(circumradius: 0.04))),
    at: BodyState(position: Vec2(0.1, 0.33), angle: 1))
  return world
}

/// The tip is led around a circle through the bodies, at 0.25 m/s.
@Sendable func commandSweep(_ world: inout World) {
  let (s, c) = sineAndCosine(0.01 * Double(world.stepCount) + 2.2)
  world.arm.target = world.arm.jointAngles(
    reaching: Vec2(0.12 + 0.12 * c, 0.26 + 0.12 * s), from: world.arm.target,
    posture: SIMD4(2.5, -1.3, -1.0, 0))
}

private func sweep(_ world: inout World, steps: Int) {
  for _ in 0..<steps {
    commandSweep(&world)
    world.step()
  }
}

@Test func bodiesMoveOnlyWhenPushed() {
  var world = sweepScene()
  let start = world.states
  for _ in 0..<400 { world.step() }
  #expect(world.states == start)
  sweep(&world, steps: 600)
  #expect((0..<3).contains { (world.states[$0].position - start[$0].position).length > 0.02 })
}

@Test func nothingOverlapsByAMillimetreInASweep() {
  var world = sweepScene()
  for _ in 0..<2_000 {
    sweep(&world, steps: 1)
    let tip = world.arm.tip
    for i in 0..<3 {
      let p = world.states[i].position
      #expect(abs(p.x) < 0.35 && p.y > 0 && p.y < 0.5)
      if case .disc(let radius) = world.models[i].shape {
        #expect((p - tip).length > radius + world.arm.tipRadius - 0.001)
      }
    }
  }
}

@Test func aForkGoesItsOwnWayAndRepeatsTheOriginalExactly() {
  var world = sweepScene()
  sweep(&world, steps: 300)
  var fork = world
  sweep(&world, steps: 300)
  #expect(fork.stateHash != world.stateHash)
  sweep(&fork, steps: 300)
  #expect(fork.stateHash == world.stateHash)
}

@Test func anOffCentrePushTurnsABodyTheRightWay() {
  // The tip comes from the left, above the box's centre: the box must turn clockwise.
  var arm = makeArm(
    links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)], base: Vec2(-0.3, -0.2),
    armature: 0.05, actuator: servo)
  let posture = SIMD4(1.6, -1.4, 0, 0)
  arm.q = arm.jointAngles(reaching: Vec2(-0.1, 0.02), from: posture, posture: posture, iterations: 100, postureGain: 0)
  arm.target = arm.q
  var world = World(arm: arm)
  world.addBody(
    BodyModel(
      shape: .polygon(.box(halfWidth: 0.04, halfHeight: 0.04)), mass: 0.2, contactFriction: 0.3,
      supportFriction: 0.3), at: BodyState(position: .zero, angle: 0))
  for i in 0..<200 {
    world.arm.target = arm.jointAngles(
      reaching: Vec2(-0.1 + 0.0006 * Double(i), 0.02), from: world.arm.target, posture: posture, postureGain: 0)
    world.step()
  }
  #expect(world.states[0].position.x > 0.02)
  #expect(world.states[0].angle < -0.05)
}

@Test func aLinkSweepsABodyAside() {
  var arm = makeArm(
    links: [
      .rod(length: 0.4, mass: 1, radius: 0.02), .rod(length: 0.3, mass: 1, radius: 0.02),
    ], armature: 0.05, actuator: servo)
  arm.target = SIMD4(0.8, 0, 0, 0)
  var world = World(arm: arm)
  world.addBody(
    BodyModel(shape: .disc(radius: 0.03), mass: 0.2, contactFriction: 0.3, supportFriction: 0.3),
    at: BodyState(position: Vec2(0.3, 0.15), angle: 0))
  var touched = false
  for _ in 0..<300 {
    world.step()
    touched = touched || world.touch(of: .link(0)).isTouching
    #expect(world.deepestOverlap < 1e-3)
  }
  #expect(touched)
  // It lies where the link has led it: on the side that the link came from none is left.
  #expect(world.states[0].position.dot(world.arm.kinematics.rotation(0).direction.perpendicular) > 0.049)
}

@Test func aGripperHoldsABoxAndTakesItAlong() {
  var arm = Arm(
    base: .zero, links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)],
    joints: Array(repeating: ArmJoint(armature: 0.05, actuator: servo), count: 2),
    gripper: Gripper())
  arm.q = SIMD4(0.4, -0.8, 0, 0)
  arm.target = arm.q
  let tip = arm.tip
  let along = arm.kinematics.rotation(1).direction
  var world = World(arm: arm)
  let angle = arm.q[0] + arm.q[1]
  let start = tip + along * 0.03
  world.addBody(
    BodyModel(
      shape: .box(halfWidth: 0.02, halfHeight: 0.02), mass: 0.1, contactFriction: 0.8,
      supportFriction: 0.3), at: BodyState(position: start, angle: angle))
  world.arm.jaw.target = 0.02
  for _ in 0..<100 { world.step() }
  #expect(abs(world.arm.jaw.opening - 0.04) < 1e-3)
  #expect(world.touch(of: .finger(0)).force.length > 5)
  for i in 0..<400 {
    world.arm.target[0] = 0.4 + 0.002 * Double(i)
    world.step()
    #expect(world.deepestOverlap < 1e-3)
  }
  let place = Pose(position: world.arm.tip, rotation: world.arm.kinematics.rotation(1))
  #expect((place.toLocal(world.states[0].position) - Vec2(0.03, 0)).length < 5e-3)
  #expect((world.states[0].position - start).length > 0.3)
}

@Test func nothingTunnelsThroughAThinBody() {
  var world = World()
  world.addBody(
    BodyModel(
      shape: .box(halfWidth: 0.005, halfHeight: 0.2), mass: 5, contactFriction: 0.3,
      supportFriction: 0.5), at: BodyState(position: .zero, angle: 0))
  world.addBody(
    BodyModel(shape: .disc(radius: 0.01), mass: 0.05, contactFriction: 0.3, supportFriction: 0.3),
    at: BodyState(position: Vec2(-0.7, 0.05), angle: 0, velocity: Vec2(40, 0)))
  for _ in 0..<200 { world.step() }
  #expect(world.states[1].position.x < world.states[0].position.x)
}

@Test func theFirstStepBouncesAsEveryOther() {
  // The body stands right before the wall, so that it meets it in the world's first step.
  func speedAfter(distance: Double) -> Double {
    var world = World(
      walls: [Wall(point: .zero, normal: Vec2(1, 0), friction: 0, restitution: 0.5)])
    world.addBody(
      BodyModel(
        shape: .disc(radius: 0.02), mass: 1, contactFriction: 0, supportFriction: 0,
        restitution: 0.5),
      at: BodyState(position: Vec2(0.02 + distance, 0), angle: 0, velocity: Vec2(-2, 0)))
    for _ in 0..<20 { world.step() }
    return world.states[0].velocity.x
  }
  #expect(abs(speedAfter(distance: 0.001) - 1) < 1e-9)
  #expect(abs(speedAfter(distance: 0.1) - 1) < 1e-9)
}

@Test func raysAndShapesFindWhatIsThere() {
  var world = World(walls: [Wall(point: Vec2(0.5, 0), normal: Vec2(-1, 0), friction: 0)])
  let disc = BodyModel(
    shape: .disc(radius: 0.05), mass: 1, contactFriction: 0, supportFriction: 0)
  world.addBody(disc, at: BodyState(position: Vec2(0.2, 0), angle: 0))
  world.addBody(disc, at: BodyState(position: Vec2(0.2, 0.3), angle: 0))
  let first = world.castRay(from: .zero, direction: Vec2(1, 0))
  #expect(first?.target == .body(0) && abs((first?.distance ?? 0) - 0.15) < 1e-12)
  let second = world.castRay(from: Vec2(0, 0.1), direction: Vec2(1, 0))
  #expect(second?.target == .wall(0) && second?.distance == 0.5)
  #expect(world.bodies(at: Vec2(0.2, 0.32)) == [1])
  let place = Pose(position: Vec2(0.2, 0.1), rotation: .identity)
  #expect(world.bodies(overlapping: .box(halfWidth: 0.02, halfHeight: 0.06), at: place) == [0])
}

@Test func heavyBodiesRestOnLightOnes() {
  // 10 kg on 10 g on 10 kg on 10 g, under gravity: all stay where they are.
  var settings = PhysicsSettings()
  settings.inPlaneGravity = Vec2(0, -9.81)
  var world = World(
    walls: [Wall(point: .zero, normal: Vec2(0, 1), friction: 0.6)], settings: settings)
  for i in 0..<4 {
    world.addBody(
      BodyModel(
        shape: .box(halfWidth: 0.05, halfHeight: 0.03), mass: i % 2 == 0 ? 0.01 : 10,
        contactFriction: 0.6, supportFriction: 0),
      at: BodyState(position: Vec2(0, 0.03 + 0.06 * Double(i)), angle: 0))
  }
  var deepest = 0.0
  for step in 0..<2_000 {
    world.step()
    if step > 200 { deepest = max(deepest, world.deepestOverlap) }
  }
  #expect(deepest < 0.001)
  for i in 0..<4 {
    #expect(abs(world.states[i].position.x) < 0.001 && abs(world.states[i].angle) < 0.002)
    #expect(abs(world.states[i].position.y - (0.03 + 0.06 * Double(i))) < 0.001 * Double(i + 1))
  }
}

@Test func theTipFeelsWhatTheMotorsPressWith() {
  // One joint presses a tip at the end of a 0.5 m link against a wall: force = torque / lever.
  var arm = Arm(
    base: .zero, links: [.rod(length: 0.5, mass: 1)],
    joints: [ArmJoint(armature: 0.01, damping: 0.1, actuator: .torque(limit: 3))], tipRadius: 0.02,
    friction: 0)
  arm.target = SIMD4(2, 0, 0, 0)
  var world = World(
    arm: arm, walls: [Wall(point: Vec2(0, 0.05), normal: Vec2(0, -1), friction: 0)])
  #expect(!world.touch(of: .tip).isTouching)
  for _ in 0..<600 { world.step() }
  let touch = world.touch(of: .tip)
  // The lever is the tip's distance from the joint along the wall.
  #expect(touch.isTouching)
  #expect(abs(touch.force.y + 2 / world.arm.tip.x) < 0.02 && abs(touch.force.x) < 0.02)
  #expect(abs(touch.position.y - 0.05) < 0.001 && abs(touch.position.x - world.arm.tip.x) < 0.001)
}

@Test func anArmAmongManyWallsHasRoomForItsContacts() {
  let joint = ArmJoint(armature: 0.01, actuator: .torque())
  var arm = Arm(
    base: .zero, links: (0..<4).map { _ in .rod(length: 0.2, mass: 0.2, radius: 0.02) },
    joints: Array(repeating: joint, count: 4), tipRadius: 0.03, gripper: Gripper())
  arm.velocity = SIMD4(60, 20, 20, 20)
  arm.target = SIMD4(2, 1, 1, 1)
  let walls = (0..<32).map { i in
    let normal = Rotation(angle: Double(i) * 0.2).direction
    return Wall(point: normal * -0.3, normal: normal, friction: 0.5)
  }
  var world = World(arm: arm, walls: walls)
  for _ in 0..<200 { world.step() }
  #expect(world.arm.tip.length < 1 && world.arm.velocity[0].isFinite)
}

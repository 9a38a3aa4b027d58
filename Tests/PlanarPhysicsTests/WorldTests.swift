// Bodies: support friction against the reference, contacts, forks and the state hash.

import Foundation
import PlanarCore
import PlanarPhysics
import Testing

struct SlideCases: Decodable {
  struct Shape: Decodable {
    var type: String
    var radius: Double?
    var half_extents: [Double]?
  }
  struct Case: Decodable {
    var name: String
    var shape: Shape
    var mass, mu, stop_time: Double
    var initial, final_pose: [Double]
  }
  var cases: [Case]
}

/// An arm far away from everything.
private let absentArm = makeArm(links: [.rod(length: 0.1, mass: 1)], base: Vec2(100, 100))

private func slide(_ test: SlideCases.Case, timeStep: Double) -> (time: Double, state: BodyState) {
  var settings = PhysicsSettings()
  settings.timeStep = timeStep
  var world = World(arm: absentArm, settings: settings)
  let shape: BodyShape
  if let half = test.shape.half_extents {
    shape = .polygon(.box(halfWidth: half[0], halfHeight: half[1]))
  } else {
    shape = .disc(radius: test.shape.radius ?? 0)
  }
  let i = test.initial
  world.addBody(
    BodyModel(shape: shape, mass: test.mass, contactFriction: 0.3, supportFriction: test.mu),
    at: BodyState(position: Vec2(i[0], i[1]), angle: i[2], velocity: Vec2(i[3], i[4]), spin: i[5]))
  while world.states[0].velocity.length > 0 || world.states[0].spin != 0 { world.step() }
  return (Double(world.stepCount) * timeStep, world.states[0])
}

@Test func slidingBodiesStopWhereTheLimitSurfaceSays() throws {
  let cases = try resource("support_friction", as: SlideCases.self).cases
  #expect(cases.count >= 8)
  for test in cases {
    // First-order integration misses the end by about v·h/2, and the stop by a step.
    let h = 0.0005
    let (time, state) = slide(test, timeStep: h)
    let speed = (test.initial[3] * test.initial[3] + test.initial[4] * test.initial[4]).squareRoot()
    #expect(abs(time - test.stop_time) < 2 * h, "\(test.name)")
    #expect(abs(state.position.x - test.final_pose[0]) < speed * h + 1e-5, "\(test.name)")
    #expect(abs(state.position.y - test.final_pose[1]) < speed * h + 1e-5, "\(test.name)")
    #expect(abs(state.angle - test.final_pose[2]) < abs(test.initial[5]) * h + 1e-4, "\(test.name)")
  }
}

/// The scene of `push`, in small: an arm that sweeps through three bodies between walls.
private func sweepScene() -> World {
  var arm = makeArm(
    links: [.rod(length: 0.36, mass: 1), .rod(length: 0.3, mass: 0.8), .rod(length: 0.2, mass: 0.5)],
    base: Vec2(0, -0.2), armature: 0.05)
  arm.servo = PositionServo(stiffness: 300, derivative: 20, torqueLimit: 30)
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
private func sweep(_ world: inout World, steps: Int) {
  let posture = SIMD4(2.5, -1.3, -1.0, 0)
  for _ in 0..<steps {
    let (s, c) = sineAndCosine(0.01 * Double(world.stepCount) + 2.2)
    world.arm.target = world.arm.jointAngles(
      reaching: Vec2(0.12 + 0.12 * c, 0.26 + 0.12 * s), from: world.arm.target, posture: posture)
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

/// The hash is that of our own run: any change of the physics shows here, and must be meant. No libm, no fused
/// or reordered arithmetic is used, so that it should not depend on the machine.
@Test func theStateHashOfTheSweepIsTheRecordedOne() {
  var world = sweepScene()
  sweep(&world, steps: 1_000)
  #expect(String(world.stateHash, radix: 16) == "2a2594deb33c0ec3")
}

@Test func anOffCentrePushTurnsABodyTheRightWay() {
  // The tip comes from the left, above the box's centre: the box must turn clockwise.
  var arm = makeArm(links: [.rod(length: 0.4, mass: 1), .rod(length: 0.3, mass: 1)], base: Vec2(-0.3, -0.2), armature: 0.05)
  arm.servo = PositionServo(stiffness: 300, derivative: 20, torqueLimit: 30)
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

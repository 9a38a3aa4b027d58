// One recorded hash per scene: the same for every number of threads, after forks and restores, in debug and release
// builds, and whatever instructions the compiler may use.
//
// A hash is that of our own run: any change of the physics shows here, and must be meant. To record new ones, run the
// tests and take the values from the failures.

import PlanarCore
import PlanarPhysics
import Testing

/// A scene that drives itself.
struct GoldenScene: Sendable, CustomTestStringConvertible {
  var name: String
  var steps: Int
  var hash: String
  var start: @Sendable () -> World
  /// Sets the commands of the coming step.
  var command: @Sendable (inout World) -> Void = { _ in }

  var testDescription: String { name }

  func advance(_ world: inout World, steps: Int) {
    for _ in 0..<steps {
      command(&world)
      world.step()
    }
  }

  static let all = [
    GoldenScene(
      name: "a tip sweeps through three bodies", steps: 1_000, hash: "99824a3fad0d735d",
      start: sweepScene, command: commandSweep),
    GoldenScene(
      name: "links knock boxes about, motors at their limits", steps: 1_500, hash: "e31776982bb4a381",
      start: knockScene, command: commandKnock),
    GoldenScene(
      name: "a gripper behind delay, lag, backlash, friction and limits takes a box along", steps: 800,
      hash: "49492345cc773124", start: gripScene, command: commandGrip),
    GoldenScene(
      name: "compounds and discs fall on one another and bounce, masses 1 to 1000", steps: 800,
      hash: "1a33b6b93e70a1cb", start: heapScene),
    GoldenScene(
      name: "seventy boxes fall on one another", steps: 400, hash: "f31a221b9dbe85b6", start: pileScene),
  ]
}

@Test(arguments: GoldenScene.all)
func theStateHashIsTheRecordedOneForAnyNumberOfThreads(_ scene: GoldenScene) throws {
  for threads in [1, 2, 8] {
    let hashes = try parallelMap(count: 8, threads: threads) { _ in
      var world = scene.start()
      scene.advance(&world, steps: scene.steps)
      return String(world.stateHash, radix: 16)
    }
    #expect(Set(hashes) == [scene.hash], "\(threads) threads")
  }
}

@Test(arguments: GoldenScene.all)
func aRestoredWorldRepeatsItsRun(_ scene: GoldenScene) {
  var world = scene.start()
  scene.advance(&world, steps: scene.steps / 2)
  var kept = scene.start()
  world.fork(into: &kept)
  scene.advance(&world, steps: 37)
  kept.fork(into: &world)
  #expect(world.stateHash == kept.stateHash)
  scene.advance(&world, steps: scene.steps - scene.steps / 2)
  #expect(String(world.stateHash, radix: 16) == scene.hash)
}

private func knockScene() -> World {
  let joint = { (limit: Double) in
    ArmJoint(
      armature: 0.02, damping: 0.3,
      actuator: .position(stiffness: 40, derivative: 4, torqueLimit: limit))
  }
  var arm = Arm(
    base: Vec2(0, -0.36),
    links: [
      .rod(length: 0.3, mass: 1, radius: 0.025), .rod(length: 0.25, mass: 0.7, radius: 0.025),
      .rod(length: 0.2, mass: 0.4, radius: 0.02),
    ], joints: [joint(12), joint(8), joint(3)])
  arm.q = SIMD4(2.6, -0.9, -0.9, 0)
  var world = World(arm: arm, walls: room(halfWidth: 0.4, restitution: 0))
  for place in [Vec2(0.05, 0.12), Vec2(0.18, 0.12), Vec2(0.05, 0.25), Vec2(0.18, 0.25)] {
    world.addBody(
      BodyModel(
        shape: .box(halfWidth: 0.06, halfHeight: 0.06), mass: 0.2, contactFriction: 0.5,
        supportFriction: 0.3), at: BodyState(position: place, angle: 0))
  }
  return world
}

@Sendable private func commandKnock(_ world: inout World) {
  guard world.stepCount % 20 == 0 else { return }
  var random = RandomStream(seed: 1, purpose: "knock", index: world.stepCount)
  world.arm.target = SIMD4(
    random.uniform(in: 0.6...2.5), random.uniform(in: -1.5...1.5),
    random.uniform(in: -1.5...1.5), 0)
}

private func gripScene() -> World {
  let joint = ArmJoint(
    armature: 0.03, damping: 0.5, coulombFriction: 0.2, limits: -3...3,
    actuator: JointActuator(
      law: .position(stiffness: 200, derivative: 15), torqueLimit: 20, timeConstant: 0.02,
      backlash: 0.004, gain: 0.95))
  var arm = Arm(
    base: .zero,
    links: [.rod(length: 0.3, mass: 1), .rod(length: 0.25, mass: 0.7), .rod(length: 0.1, mass: 0.4)],
    joints: [joint, joint, joint], gripper: Gripper(), commandDelay: 3)
  arm.q = SIMD4(1.2, -0.8, -0.4, 0)
  arm.target = arm.q
  arm.activation = arm.q
  var world = World(arm: arm, walls: room(halfWidth: 1, restitution: 0))
  let ahead = arm.kinematics.rotation(2).direction
  world.addBody(
    BodyModel(
      shape: .box(halfWidth: 0.02, halfHeight: 0.02), mass: 0.1, contactFriction: 0.8,
      supportFriction: 0.3),
    at: BodyState(position: arm.tip + ahead * 0.03, angle: 0))
  return world
}

@Sendable private func commandGrip(_ world: inout World) {
  if world.stepCount == 50 { world.arm.jaw.target = 0 }
  if world.stepCount > 150 {
    let (s, c) = sineAndCosine(0.01 * Double(world.stepCount - 150))
    world.arm.target = SIMD4(1.2 + 0.5 * s, -0.8 - 0.3 * s, -0.7 + 0.3 * c, 0)
  }
}

private func heapScene() -> World {
  var settings = PhysicsSettings()
  settings.inPlaneGravity = Vec2(0, -9.81)
  var world = World(walls: room(halfWidth: 0.3, restitution: 0.3), settings: settings)
  let tee = BodyShape.compound([
    [Vec2(-0.05, 0), Vec2(0.05, 0), Vec2(0.05, 0.025), Vec2(-0.05, 0.025)],
    [Vec2(-0.0125, -0.075), Vec2(0.0125, -0.075), Vec2(0.0125, 0), Vec2(-0.0125, 0)],
  ])
  let shapes: [BodyShape] = [tee, .disc(radius: 0.03), .box(halfWidth: 0.04, halfHeight: 0.02)]
  for i in 0..<9 {
    world.addBody(
      BodyModel(
        shape: shapes[i % 3], mass: i % 2 == 0 ? 10 : 0.01, contactFriction: 0.6, supportFriction: 0,
        restitution: 0.4),
      at: BodyState(
        position: Vec2(-0.15 + 0.15 * Double(i % 3), -0.1 + 0.13 * Double(i / 3)), angle: 0.3 * Double(i)))
  }
  return world
}

private func room(halfWidth: Double, restitution: Double) -> [Wall] {
  [Vec2(1, 0), Vec2(-1, 0), Vec2(0, 1), Vec2(0, -1)].map {
    Wall(point: $0 * -halfWidth, normal: $0, friction: 0.5, restitution: restitution)
  }
}

// A step allocates nothing, whatever it touches; nor do forks and restores in used memory.

import CPlanarAllocations
import PlanarCore
import PlanarPhysics
import Testing
import PlanarVerification

/// How often `body` asks for memory on this thread.
private func allocations(_ body: () -> Void) -> UInt64 {
  let before = thread_allocations().calls
  body()
  return thread_allocations().calls - before
}

@Suite(.enabled(if: counts_allocations(), "a sanitizer has taken the place of the allocation functions"))
struct AllocationTests {
  @Test func theCounterSeesArrays() {
    var kept: [Double] = []
    let count = allocations { kept = Array(repeating: 1, count: 100 + Int.random(in: 0...1)) }
    #expect(count >= 1)
    #expect(kept.count >= 100)
  }

  @Test func aStepThroughContactsAllocatesNothing() {
    var scene = PlanarScene(seed: 4)
    scene.runEpisode()
    #expect(allocations { scene.runEpisode() } == 0)
    // The episode was one with contacts, and is the same in every run.
    #expect(scene.contactPairs.mean > 0.3)
    var again = PlanarScene(seed: 4)
    again.runEpisode()
    again.runEpisode()
    #expect(again.world.stateHash == scene.world.stateHash)
  }

  @Test func forkAndRestoreIntoUsedMemoryAllocateNothing() {
    var scene = PlanarScene(seed: 1)
    scene.runEpisode()
    var world = scene.world
    var other = world
    func lookAhead() {
      world.fork(into: &other)
      for _ in 0..<20 { other.step() }
      world.fork(into: &other)
      other.fork(into: &world)
    }
    let hash = world.stateHash
    // The first time, the two part from what they shared as copies.
    lookAhead()
    #expect(allocations { for _ in 0..<10 { lookAhead() } } == 0)
    #expect(world.stateHash == hash)
  }

  @Test func everyKindOfPartStepsWithoutAllocating() {
    // Gripper, tip and links, compound, disc, polygons, kinematic body, walls, gravity in the plane, limits, delay.
    let joints = (0..<3).map { _ in
      ArmJoint(
        damping: 0.1, coulombFriction: 0.05, limits: -2.5...2.5,
        actuator: .position(stiffness: 20, derivative: 1, torqueLimit: 5))
    }
    let links = [0.2, 0.15, 0.1].map { ArmLink.rod(length: $0, mass: 0.5, radius: 0.015) }
    var arm = Arm(
      base: Vec2(0, -0.3), links: links, joints: joints, tipRadius: 0.02, gripper: Gripper(),
      commandDelay: 3)
    arm.q = SIMD4(1.6, 0.1, 0.1, 0)
    arm.target = arm.q
    arm.activation = arm.q
    var settings = PhysicsSettings()
    settings.inPlaneGravity = Vec2(0, -3)
    var world = World(
      arm: arm,
      walls: [Vec2(1, 0), Vec2(-1, 0), Vec2(0, 1), Vec2(0, -1)].map {
        Wall(point: $0 * -0.4, normal: $0, friction: 0.5, restitution: 0.3)
      }, settings: settings)
    let bar = [Vec2(-0.06, 0), Vec2(0.06, 0), Vec2(0.06, 0.03), Vec2(-0.06, 0.03)]
    let stem = [Vec2(-0.015, -0.09), Vec2(0.015, -0.09), Vec2(0.015, 0), Vec2(-0.015, 0)]
    let shapes: [BodyShape] = [
      .compound([bar, stem]), .disc(radius: 0.04), .polygon(.triangle(circumradius: 0.05)),
      .box(halfWidth: 0.03, halfHeight: 0.05),
    ]
    for (i, shape) in shapes.enumerated() {
      world.addBody(
        BodyModel(
          shape: shape, mass: 0.3, contactFriction: 0.5, supportFriction: 0.3, restitution: 0.4),
        at: BodyState(position: Vec2(-0.2 + 0.13 * Double(i), 0.25), angle: 0.2 * Double(i)))
    }
    world.addBody(
      .kinematic(shape: .disc(radius: 0.05), contactFriction: 0.4),
      at: BodyState(position: Vec2(0.3, -0.2), angle: 0, velocity: Vec2(-0.02, 0.01)))
    func sweep(_ steps: Int) -> Int {
      var pairs = 0
      for step in 0..<steps {
        if step % 25 == 0 {
          let turn = Double(step / 25 % 5) - 2
          world.arm.target = SIMD4(1.6 + 0.5 * turn, -0.4 * turn, 0.3 * turn, 0)
          world.arm.jaw.target = step % 50 == 0 ? 0 : 0.08
        }
        world.step()
        pairs += world.contactPairCount
      }
      return pairs
    }
    _ = sweep(500)
    var pairs = 0
    #expect(allocations { pairs = sweep(1000) } == 0)
    #expect(pairs > 2000)
  }
}

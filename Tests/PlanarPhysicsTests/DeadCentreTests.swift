// An arm of one joint whose tip meets a wall just before its dead centre: there friction is strong enough to hold the tip
// against being pushed off, and sliding has no solution (the paradox of Painlevé).

import PlanarCore
import PlanarPhysics
import Testing

@Suite struct DeadCentreTests {
  /// A motor without limit turns a tip against a wall, at which the arm would have to grow shorter to pass.
  private func press(friction: Double, restitution: Double, stiffness: Double, speed: Double) -> World {
    let joint = ArmJoint(actuator: .position(stiffness: stiffness, derivative: stiffness / 100))
    var arm = Arm(
      base: .zero, links: [.rod(length: 0.25, mass: 0.1)], joints: [joint], tipRadius: 0.005, friction: friction)
    arm.q.x = 0.8
    arm.velocity.x = -speed
    arm.target.x = -0.8
    arm.activation.x = 0.8
    let wall = Wall(point: Vec2(0.22, 0), normal: Vec2(-1, 0), friction: friction, restitution: restitution)
    return World(arm: arm, walls: [wall])
  }

  @Test(arguments: [0.0, 0.5, 1, 1.5, 2], [0.0, 0.5, 0.9])
  func aTipAtAWallStaysOnItsSide(friction: Double, restitution: Double) {
    for stiffness in [1.0, 10, 100, 1000] {
      for speed in [0.0, 5, 50] {
        var world = press(friction: friction, restitution: restitution, stiffness: stiffness, speed: speed)
        // Before the tip meets the wall, its angle is this one or more.
        let least = 0.52
        var lowest = Double.infinity
        var deepest = 0.0
        for _ in 0..<1_000 {
          world.step()
          lowest = min(lowest, world.arm.q.x)
          deepest = max(deepest, world.deepestOverlap)
        }
        let isKept = lowest > least && deepest < 0.001
        #expect(isKept, "stiffness \(stiffness), speed \(speed): \(lowest) rad, \(deepest) m")
      }
    }
  }
}

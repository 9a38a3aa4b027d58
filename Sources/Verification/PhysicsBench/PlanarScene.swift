// The scene that Planar and MuJoCo are timed on: an arm of three links that knocks four boxes about between walls.

import PlanarCore
import PlanarPhysics

/// The scene of the peers' benchmark: position servos with random targets every 20 steps of 5 ms, from the start again
/// every 1,000 steps. Friction 0.5 everywhere; each box lies on the table with 0.6 N of support friction.
public struct PlanarScene: Sendable {
  /// Steps for which a target stays.
  public static let stepsPerTarget = 20
  /// Steps until the scene begins again.
  public static let stepsPerEpisode = 1000

  /// The scene at an episode's start.
  public let start: World
  /// The scene now.
  public private(set) var world: World
  /// Sums over all finished episodes: pairs in contact at each new target, and displacement of a box's coordinate (m).
  public private(set) var contactPairs = RunningStatistics()
  /// How far a box's coordinate was moved in an episode, m.
  public private(set) var boxDisplacement = RunningStatistics()
  private var random: RandomStream
  private let positions = [Vec2(0.05, 0.12), Vec2(0.18, 0.12), Vec2(0.05, 0.25), Vec2(0.18, 0.25)]

  /// The scene; its targets follow from the seed.
  public init(seed: UInt64) {
    let half = 0.4
    let friction = 0.5
    let motors: [(damping: Double, armature: Double, stiffness: Double, derivative: Double, limit: Double)] = [
      (0.5, 0.02, 40, 6, 12), (0.3, 0.02, 25, 3, 8), (0.1, 0.01, 10, 0.8, 3),
    ]
    let links: [(length: Double, radius: Double, mass: Double)] = [
      (0.3, 0.025, 1.0), (0.25, 0.025, 0.7), (0.2, 0.02, 0.4),
    ]
    var arm = Arm(
      base: Vec2(0, -0.36),
      links: links.map { PlanarScene.capsule(length: $0.length, radius: $0.radius, mass: $0.mass) },
      joints: motors.map {
        ArmJoint(
          armature: $0.armature, damping: $0.damping,
          actuator: .position(
            stiffness: $0.stiffness, derivative: $0.derivative, torqueLimit: $0.limit))
      }, friction: friction)
    arm.q = SIMD4(2.6, -0.9, -0.9, 0)
    arm.target = arm.q
    var world = World(
      arm: arm,
      walls: [
        Wall(point: Vec2(half, 0), normal: Vec2(-1, 0), friction: friction),
        Wall(point: Vec2(-half, 0), normal: Vec2(1, 0), friction: friction),
        Wall(point: Vec2(0, half), normal: Vec2(0, -1), friction: friction),
        Wall(point: Vec2(0, -half), normal: Vec2(0, 1), friction: friction),
      ])
    let mass = 0.2
    for position in positions {
      world.addBody(
        BodyModel(
          shape: .box(halfWidth: 0.06, halfHeight: 0.06), mass: mass, contactFriction: friction,
          supportFriction: 0.6 / (mass * world.settings.tableGravity)),
        at: BodyState(position: position, angle: 0))
    }
    start = world
    self.world = world
    random = RandomStream(seed: seed, purpose: "planar scene")
  }

  /// One episode of 1,000 steps.
  public mutating func runEpisode() {
    start.fork(into: &world)
    for _ in 0..<(PlanarScene.stepsPerEpisode / PlanarScene.stepsPerTarget) {
      world.arm.target = SIMD4(
        random.uniform(in: 0.6...2.5), random.uniform(in: -1.5...1.5),
        random.uniform(in: -1.5...1.5), 0)
      for _ in 0..<PlanarScene.stepsPerTarget { world.step() }
      contactPairs.add(Double(world.contactPairCount))
    }
    for (state, position) in zip(world.states, positions) {
      boxDisplacement.add(abs(state.position.x - position.x))
      boxDisplacement.add(abs(state.position.y - position.y))
    }
  }

  /// A solid capsule of even density, as MuJoCo weighs it: a cylinder with half a ball at each end (in space, seen from above).
  private static func capsule(length: Double, radius: Double, mass: Double) -> ArmLink {
    let cylinder = length
    let balls = 4.0 / 3 * radius
    let cylinderMass = mass * cylinder / (cylinder + balls)
    let ballMass = mass - cylinderMass
    let inertia =
      cylinderMass * (length * length / 12 + radius * radius / 4)
      + ballMass
      * (2.0 / 5 * radius * radius + length * length / 4 + 3.0 / 8 * length * radius)
    return ArmLink(
      length: length, mass: mass, centerOfMass: Vec2(length / 2, 0), inertia: inertia,
      radius: radius)
  }
}

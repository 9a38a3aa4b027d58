// The task: into the named zone, around the bar in front of it, to the left or to the right.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// A fork with two ways of the same length: what averaging policies fail at and generative ones do not.
///
/// ```
///                (far)
///               ═══════
///        ╲╲                ╱╱         ● is where the tip begins
///          ╲╲     ●      ╱╱           every zone has a bar in front of it, square to the way there and
///   (left)   ╲         ╱   (right)    middle on it: neither end is nearer
/// ```
///
/// Each bar stands square to the line from the tip's start to its zone, with its middle on it, close to the start; so
/// the layout is its own mirror image about that line as far as the way there goes. All bars of a scene are equal, so
/// that nothing but the command tells the goal.
///
/// - Touching a bar with the tip or a finger breaks the rule: the episode fails at once with a reward of −1.
/// - Success: the tip is in the zone, at rest; a reward of 1.
public struct DetourTask: ArmTask {
  /// From the tip's start to a bar's near face, m.
  public var distance: ClosedRange<Double>
  /// Half of a bar's length, m.
  public var halfWidth: ClosedRange<Double>
  /// m.
  public var thickness: Double
  /// One bar per zone.
  public var furnishedObstacles: Int

  /// Which of the two ways the episode takes.
  public enum Branch: Double, Sendable { case left = 1, none = 0, right = -1 }

  static let kind = TaskKind("detour", fields: fields) { try DetourTask($0) }

  private static let fields: [SpecificationField] = [
    .section(
      "detour",
      SpecificationSection(
        "detour",
        [
          SpecificationField("distance", .rangeOrNumber, .length, 0.02...1, "from the tip's start to the bars"),
          SpecificationField(
            "half_width", .rangeOrNumber, .length, 0.02...1,
            "half of a bar's length; less where a way would be too narrow"),
          .number("thickness", .length, 0.005...0.2, "of a bar"),
        ]), "a bar before each zone, square to the way from the tip's start")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("detour")
    try section.allowKnown()
    distance = try section.rangeOrNumber("distance")
    halfWidth = try section.rangeOrNumber("half_width")
    thickness = try section.number("thickness")
    for (key, range) in [("distance", distance), ("half_width", halfWidth)] {
      guard range.lowerBound >= 0.02, range.upperBound <= 1 else {
        throw section.error(at: key, "must be a number or [least, greatest] from 0.02 to 1 m")
      }
    }
    furnishedObstacles = try top.section("zones").section("centers").keys.count
  }

  /// An expert that goes left or right, by chance.
  public var expert: (any Expert<ArmEnvironment>)? { DetourExpert() }

  /// Every zone that the tip does not begin in.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.tipIntoZones
  }

  /// A bar before each zone, after the obstacles of the file and in the zones' order.
  public func furnish(
    _ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64
  ) {
    var random = RandomStream(seed: seed, purpose: "detour")
    let distance = random.uniform(in: self.distance)
    var halfWidth = random.uniform(in: self.halfWidth)
    let given = scene.obstacles
    let margin = specification.robot.tipRadius + Self.margin
    // Where a neighbour closes one of the ways, all bars become a little shorter.
    while true {
      let bars = scene.zones.map { bar(before: $0, in: scene, distance, halfWidth) }
      scene.obstacles = given + bars
      let map = WayMap(around: scene.obstacles, margin: margin)
      let isFair = zip(scene.zones, bars).allSatisfy { zone, bar in
        let (left, right) = map.ways(around: bar, from: scene.tipStart, to: zone.center)
        return abs(left.length - right.length) < 1e-6
      }
      if isFair || halfWidth < 0.005 { break }
      halfWidth *= 0.95
    }
    scene.draws["bar_distance"] = distance
    scene.draws["bar_half_width"] = halfWidth
  }

  /// What the expert keeps between the tip's rim and the bars, m.
  static let margin = 0.012

  private func bar(
    before zone: Zone, in scene: Scene, _ distance: Double, _ halfWidth: Double
  ) -> Obstacle {
    let axis = (zone.center - scene.tipStart).normalized()
    return Obstacle(
      shape: .box(halfWidth: thickness / 2, halfHeight: halfWidth),
      position: scene.tipStart + axis * (distance + thickness / 2), angle: angle(of: axis))
  }

  /// The bar before the goal's zone.
  func bar(_ environment: ArmEnvironment) -> Obstacle? {
    guard let goal = environment.goalZone,
      let zone = environment.scene.zones.firstIndex(where: { $0.name == goal.name })
    else { return nil }
    return environment.scene.obstacles[environment.specification.obstacles.count + zone]
  }

  /// No way has been taken yet.
  public func begin(in scene: Scene) -> Branch { .none }

  /// The way is taken when the tip is level with the bar.
  public func note(_ environment: ArmEnvironment, in branch: inout Branch) {
    guard branch == .none, let bar = bar(environment) else { return }
    let offset = bar.pose.toLocal(environment.tip)
    if offset.x > -thickness / 2 { branch = offset.y > 0 ? .left : .right }
  }

  /// Success in the zone; a touch of a bar ends the episode with the reward −1.
  public func judge(_ environment: ArmEnvironment, _ branch: Branch) -> Judgement {
    if environment.hasTouchedObstacle { return Judgement(succeeded: false, failed: true, reward: -1) }
    let succeeded = environment.holds(environment.goal)
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }

  /// The length of the shortest way around the bars; much more after a touch.
  public func cost(_ environment: ArmEnvironment, _ branch: Branch) -> Double {
    guard let zone = environment.goalZone else { return 0 }
    let map = WayMap(around: environment.scene.obstacles, margin: environment.specification.robot.tipRadius + 0.006)
    let way = map.way(from: environment.tip, to: zone.center)
    return 2.5 * max(0, way.length - 0.5 * zone.radius) + (environment.hasTouchedObstacle ? 5 : 0)
  }

  /// `collisions`: 1 where a bar was touched; `left_share`: 1 where the tip went by on the left, 0 on the right, a half
  /// where it has done neither.
  public func metrics(_ environment: ArmEnvironment, _ branch: Branch) -> [String: Double] {
    [
      "collisions": environment.hasTouchedObstacle ? 1 : 0,
      "left_share": 0.5 + 0.5 * branch.rawValue,
    ]
  }
}

/// The angle of a unit vector, rad in [−π, π], from sums and products alone, so that it has the same bits everywhere.
private func angle(of direction: Vec2) -> Double {
  // Near enough to start with: the error of a step of a + sin(error) is its cube.
  var angle = (direction.y < 0 ? -1.0 : 1.0) * (Double.pi / 2) * (1 - direction.x)
  for _ in 0..<6 { angle += Rotation(angle: angle).direction.cross(direction) }
  return angle
}

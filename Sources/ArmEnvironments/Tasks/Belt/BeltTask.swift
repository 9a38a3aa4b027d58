// The task: push the named object off a moving belt, through one of two gates, into the named bin.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Objects ride past on a belt. What was right when a policy looked is wrong when its answer comes: inference delay, the
/// execution horizon and how chunks are switched cost success here, and so does waiting. Each bin has two gates side by
/// side; while an object comes towards both, either is as good, and who changes between them meets the post.
///
/// - Success: the named object is behind the fence of the named side, at rest; a reward of 1.
/// - What is still on the belt at its end is lost, and so is what lies in the other bin: the episode fails with a
///   reward of −1.
public struct BeltTask: ArmTask {
  /// Of the belt, m/s.
  public var speed: Double
  /// The belt's edges along y, m.
  public var edges: ClosedRange<Double>
  /// Of each gate, m.
  public var gate: Double
  /// Of the post between two gates, m.
  public var post: Double
  /// Of the fences, m.
  public var thickness: Double
  /// Where the posts lie along x, drawn for each side, m.
  public var place: ClosedRange<Double>
  /// Where what is still on the belt is lost, along x, m.
  public var end: Double

  /// What became of the named object so far.
  public struct Ride: Equatable, Sendable {
    /// Which gate it went through; the raw values are those of the metric `first_gate_share`.
    public enum Passage: Double, Sendable {
      /// The gate that objects come to first, none yet, or the other one.
      /// The gate that objects come to first.
      case first = 1
      /// None yet.
      case none = 0.5
      /// The gate behind it.
      case second = 0
    }
    /// The gate it went through.
    public internal(set) var passage = Passage.none
    /// Whether it was carried off, or lies in the wrong bin.
    public internal(set) var isLost = false
  }

  static let kind = TaskKind("belt", fields: fields) { try BeltTask($0) }

  private static let fields: [SpecificationField] = [
    .section(
      "belt",
      SpecificationSection(
        "belt",
        [
          .number("speed", .speed, 0.001...1, "of its surface, towards smaller x"),
          SpecificationField("edges", .range, .length, "its near and far edge along y, where the fences stand"),
          .number("gate", .length, 0.02...0.5, "the width of each gate; every fence has two, side by side"),
          .number("post", .length, 0.005...0.5, "the width of the post between two gates"),
          .number("thickness", .length, 0.005...0.1, "of the fences"),
          SpecificationField(
            "place", .rangeOrNumber, .length, -100...100, "where the posts lie along x, drawn for each side alone"),
          SpecificationField(
            "end", .number, .length, -100...100, "where what is still on the belt is lost, along x"),
        ]), "what carries the objects past the bins, which are the zones")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("belt")
    try section.allowKnown()
    speed = try section.number("speed")
    edges = try section.range("edges")
    gate = try section.number("gate")
    post = try section.number("post")
    thickness = try section.number("thickness")
    place = try section.rangeOrNumber("place")
    end = try section.number("end")
    try BeltChecks(task: self, top: top, section: section).run()
  }

  /// An expert that meets the object and pushes it through the gate that its coin prefers.
  public var expert: (any Expert<ArmEnvironment>)? { BeltExpert() }
  /// Both fences.
  public var furnishedObstacles: Int { 2 * Belt.fences }

  /// Every object into either bin.
  public func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] {
    scene.objectsIntoZones
  }

  /// Draws where the gates are, and sets up fences and belt. The zones move to their gates.
  public func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "belt")
    let table = specification.table
    let middle = (edges.lowerBound + edges.upperBound) / 2
    var sides: [Belt.Side] = []
    for index in scene.zones.indices {
      let post = random.uniform(in: place)
      scene.zones[index].center.x = post
      sides.append(Belt.Side(direction: scene.zones[index].center.y > middle ? 1 : -1, post: post))
      scene.draws["\(scene.zones[index].name)_post"] = post
    }
    let belt = Belt(
      speed: speed, middle: middle, halfWidth: (edges.upperBound - edges.lowerBound) / 2, thickness: thickness,
      gate: gate, post: post, end: end, ends: table.min.x...table.max.x, sides: sides)
    scene[Belt.self] = belt
    scene.strip = belt.strip
    scene.obstacles += belt.obstacles
  }

  /// The object behind the fence of the bin that is named.
  ///
  /// - Throws: `UserError` that says what is not on the table.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    var goal = try Goal(instruction, in: scene)
    goal.conditions = goal.conditions.map { condition in
      guard let inside = condition as? ObjectInZone, let object = inside.object, let zone = inside.zone else {
        return condition
      }
      return ObjectInBin(object: object, bin: zone)
    }
    return goal
  }

  /// Nothing has happened yet.
  public func begin(in scene: Scene) -> Ride { Ride() }

  /// Remembers the gate, and whether the object was lost.
  public func note(_ environment: ArmEnvironment, in ride: inout Ride) {
    guard let belt = environment.scene[Belt.self], let bin = environment.goal.conditions.first as? ObjectInBin
    else { return }
    let position = environment.physics.states[bin.objectIndex].position
    let side = belt.sides[bin.binIndex]
    let depth = belt.depth(of: position, side)
    if depth > belt.outside, ride.passage == .none { ride.passage = position.x > side.post ? .first : .second }
    if depth < -belt.outside || abs(depth) <= belt.halfWidth && position.x < belt.end { ride.isLost = true }
  }

  /// Success in the named bin; a lost object ends the episode with the reward −1.
  public func judge(_ environment: ArmEnvironment, _ ride: Ride) -> Judgement {
    if environment.holds(environment.goal) { return Judgement(succeeded: true, reward: 1) }
    return ride.isLost
      ? Judgement(succeeded: false, failed: true, reward: -1) : Judgement(succeeded: false, reward: 0)
  }

  /// The condition's cost; much more where the object is lost.
  public func cost(_ environment: ArmEnvironment, _ ride: Ride) -> Double {
    (environment.goal.conditions.first?.cost(in: environment) ?? 0) + (ride.isLost ? 5 : 0)
  }

  /// The belt with marks that ride on it.
  public func drawing(of environment: ArmEnvironment, _ ride: Ride) -> [DrawItem] {
    guard let belt = environment.scene[Belt.self] else { return [] }
    return belt.drawing(travel: Double(environment.stepIndex) * environment.controlPeriod * belt.speed)
  }

  /// `lost`: 1 where the object was; `first_gate_share`: 1 where it went through the gate that it came to first, 0 through
  /// the other, a half where through none; `fence_touches`: 1 where the robot touched a fence.
  public func metrics(_ environment: ArmEnvironment, _ ride: Ride) -> [String: Double] {
    [
      "lost": ride.isLost ? 1 : 0, "first_gate_share": ride.passage.rawValue,
      "fence_touches": environment.hasTouchedObstacle ? 1 : 0,
    ]
  }
}

/// The object's centre is behind the fence of a bin, at rest.
public struct ObjectInBin: Condition {
  let objectIndex: Int
  let binIndex: Int
  /// The object that is moved.
  public var object: Int? { objectIndex }
  /// The zone that stands for the bin.
  public var zone: Int? { binIndex }

  /// The condition of an object and a bin, by their indices in the scene.
  public init(object: Int, bin: Int) { (objectIndex, binIndex) = (object, bin) }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    guard let belt = environment.scene[Belt.self] else { return false }
    let depth = belt.depth(of: environment.physics.states[objectIndex].position, belt.sides[binIndex])
    return depth > belt.outside && environment.isAtRest(objectIndex)
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m through the nearer gate.
  public func cost(in environment: ArmEnvironment) -> Double {
    guard let belt = environment.scene[Belt.self], !holds(in: environment) else { return 0 }
    let position = environment.physics.states[objectIndex].position
    let side = belt.sides[binIndex]
    let ways = belt.gates(side).map { Vec2($0, belt.middle + side.direction * (belt.outside + 0.02)) - position }
    let way = ways.min { $0.length < $1.length } ?? .zero
    let missing = belt.depth(of: position, side) > belt.outside ? 0 : way.length
    return ArmEnvironment.costPerMetre * missing + environment.pushingCost(of: objectIndex, along: way) + 0.02
  }
}

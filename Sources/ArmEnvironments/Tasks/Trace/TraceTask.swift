// The task: stay in a winding corridor that a belt carries past the tip, for as many segments as one likes.

import PlanarCore
import PlanarPolicyInterface

/// Tracing: "follow the corridor". The task for measuring error against horizon (Ross & Bagnell 2010, "Efficient
/// reductions for imitation learning": a learner that errs with probability ε a step may cost εT² over T steps).
///
/// Why a belt. An arm's reach bounds the table, so a long corridor lying on it would have to turn back at the edges, and
/// segments there would differ from those in the middle; and who stands still in it would pay nothing. On a belt every
/// bend's place across is drawn independently from one distribution, so every segment has the same law, wherever it
/// lies; a corridor of T segments is the beginning of one of T + 1; and every episode of T segments takes the same
/// number of steps, whatever the policy does.
///
/// - Reward: −1 for each control step that ends outside of the corridor, 0 inside; so J(T) = −return = steps outside.
///   The episode goes on.
/// - Success: the tip is inside when the end arrives. Outside then, the episode is truncated.
/// - Observed: where the centre line is, relative to the tip, at places up to `sight` ahead along the belt; nothing
///   tells how much of the corridor has passed.
public struct TraceTask: ArmTask {
  /// How many segments pass in an episode.
  public var segments: Int
  /// Along the belt, m.
  public var length: Double
  /// From the centre line to the edges, m.
  public var halfWidth: Double
  /// How far bends lie to either side of the table's middle at most, m.
  public var reach: Double
  /// Of the belt, m/s.
  public var speed: Double

  /// How far ahead the corridor is observed, m, and how densely.
  static let sight = 0.16
  static let sightStep = 0.02

  /// What only this task's file has.
  static let fields: [SpecificationField] = [
    .section(
      "corridor",
      SpecificationSection(
        "corridor",
        [
          SpecificationField("segments", .wholeNumber, .count, 1...10_000, "how many pass in an episode"),
          .number("length", .length, 0.01...1, "of a segment, along the belt"),
          .number("half_width", .length, 0.002...0.2, "from the centre line to an edge"),
          .number("reach", .length, 0...1, "how far bends lie to either side of the table's middle at most"),
          .number("speed", .speed, 0.001...1, "of the belt"),
        ]), "what a belt carries past the tip")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("corridor")
    try section.allowKnown()
    segments = try section.integer("segments", in: Self.allowedSegments)
    length = try section.number("length")
    halfWidth = try section.number("half_width")
    reach = try section.number("reach")
    speed = try section.number("speed")
  }

  static let allowedSegments = 1...10_000

  public var expert: (any Expert<ArmEnvironment>)? { TraceExpert() }
  public var duration: Double? { Double(segments) * length / speed }

  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    [.onlyGoal]
  }

  /// Draws the bends, and puts the tip on the first one.
  ///
  /// Bends ahead and bends behind have streams of their own, so that a longer corridor begins as a shorter one does.
  public func furnish(
    _ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64
  ) {
    let table = specification.table
    let visible = Int((table.width / length).rounded(.up)) + 2
    var ahead = RandomStream(seed: seed, purpose: "corridor")
    var behind = RandomStream(seed: seed, purpose: "corridor behind")
    func bends(_ count: Int, _ random: inout RandomStream) -> [Double] {
      (0..<count).map { _ in table.center.y + random.uniform(in: -reach...reach) }
    }
    let past = bends(visible, &behind)
    let future = bends(segments + 1 + visible, &ahead)
    let first = scene.tipStart.x - Double(visible) * length
    let points = (past.reversed() + future).enumerated().map { index, y in
      Vec2(first + Double(index) * length, y)
    }
    scene.corridor = Corridor(
      points: points, length: length, halfWidth: halfWidth, speed: speed,
      end: scene.tipStart.x + Double(segments) * length)
    scene.tipStart = points[visible]
    scene.draws["tip_start.y"] = scene.tipStart.y
  }

  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    let most = specification.table.height + reach + 1
    return Self.places.map { TaskElement("corridor_y_at_\($0.name) (m)", -most...most) }
  }

  public func observe(_ environment: ArmEnvironment) -> [Double] {
    guard let corridor = environment.scene.corridor else { return [] }
    let tip = environment.tip
    let x = tip.x + environment.beltTravel
    return Self.places.map { corridor.height(at: x + $0.ahead) - tip.y }
  }

  /// Where along the belt the centre line is observed, from the tip.
  private static let places = (0...Int((sight / sightStep).rounded())).map { index in
    let centimetres = index * Int((sightStep * 100).rounded())
    return (name: centimetres < 10 ? "0.0\(centimetres)" : "0.\(centimetres)", ahead: Double(centimetres) / 100)
  }

  public func note(_ environment: inout ArmEnvironment) {
    if !environment.isTipInCorridor {
      environment.tally.violations += 1
    } else if environment.tally.violations == 0 {
      environment.tally.progress = Double(environment.stepIndex) / Double(environment.maximumSteps)
    }
  }

  public func judge(_ environment: ArmEnvironment) -> Judgement {
    Judgement(
      succeeded: environment.holds(environment.goal), reward: environment.isTipInCorridor ? 0 : -1)
  }

  /// The distance from the centre line, and a step up at the edge.
  public func cost(_ environment: ArmEnvironment) -> Double {
    let distance = environment.distanceToCorridor ?? 0
    return 2.5 * distance + (distance > 0.8 * halfWidth ? 0.5 : 0)
      + 0.2 * abs(environment.tip.x - environment.scene.tipStart.x)
  }

  /// `outside_steps`, `outside_share` of the steps so far, and `progress`: the share of the corridor that had passed
  /// when the tip first left it.
  public func metrics(_ environment: ArmEnvironment) -> [String: Double] {
    let outside = Double(environment.tally.violations)
    return [
      "outside_steps": outside,
      "outside_share": outside / Double(max(1, environment.stepIndex)),
      "progress": environment.tally.progress,
    ]
  }
}

extension EnvironmentSpecification {
  /// Gives the corridor another number of segments, and the episode the time that they take.
  ///
  /// - Throws: `UserError` where the task has no corridor, or the number is out of range.
  mutating func setOptions(_ options: [String: Double]) throws {
    for (option, value) in options.sorted(by: { $0.key < $1.key }) {
      guard option == "segments" else { throw UserError("environment '\(name)' has no option '\(option)'") }
      guard let count = Int(exactly: value) else {
        throw UserError("the option 'segments' must be a whole number, not \(value)")
      }
      try setSegments(count)
    }
  }

  private mutating func setSegments(_ segments: Int) throws {
    guard var trace = task as? TraceTask else {
      throw UserError("environment '\(name)' has no corridor, so its segments cannot be set; 'trace' has one")
    }
    guard TraceTask.allowedSegments.contains(segments) else {
      throw UserError(
        "a corridor has from \(TraceTask.allowedSegments.lowerBound) to \(TraceTask.allowedSegments.upperBound) segments, not \(segments)"
      )
    }
    let perSegment = Double(maximumSteps) / Double(trace.segments)
    trace.segments = segments
    maximumSteps = Int((perSegment * Double(segments)).rounded())
    task = trace
  }
}

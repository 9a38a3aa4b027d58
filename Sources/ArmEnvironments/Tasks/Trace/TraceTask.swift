// The task: stay in a winding corridor that a belt carries past the tip, for as many segments as one likes.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

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
///   tells how much of the corridor has passed. Where the file says that the corridor is not seen from outside, all places
///   read 0 there: a mistake then takes the sight of the way back, and can compound.
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
  /// Whether the corridor is seen from outside of it too.
  public var isSeenOutside: Bool
  /// Whether the corridor is seen in a mirror from outside of it, above for below.
  public var isMirroredOutside = false

  /// How far ahead the corridor is observed, m, and how densely.
  static let sight = 0.16
  static let sightStep = 0.02

  /// How well the tip has kept to the corridor.
  public struct Following: Equatable, Sendable {
    /// Control steps that ended outside of the corridor.
    public internal(set) var stepsOutside = 0
    /// The share of the corridor that had passed when the tip first left it.
    public internal(set) var progress = 0.0
  }

  static let kind = TaskKind(
    "trace", fields: fields,
    options: [
      TaskOption(
        "segments", Double(allowedSegments.lowerBound)...Double(allowedSegments.upperBound), isWhole: true,
        "how many segments the corridor has, and with them how long an episode is"),
      TaskOption(
        "mirrored_outside", 0...1, isWhole: true,
        "1: while the tip is outside, the corridor is seen in a mirror, above for below, which no demonstration shows"),
    ], hasTimeLimit: false
  ) { try TraceTask($0) }

  private static let fields: [SpecificationField] = [
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
          SpecificationField(
            "seen_outside", .flag, standard: "true",
            "whether a policy sees the corridor while the tip is outside; where not, its places read 0"),
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
    isSeenOutside = section.has("seen_outside") ? try section.bool("seen_outside") : true
  }

  static let allowedSegments = 1...10_000

  /// Sets the number of segments, or how the corridor is seen from outside.
  public mutating func set(option name: String, to value: Double) {
    if name == "mirrored_outside" { isMirroredOutside = value == 1 } else { segments = Int(value) }
  }

  /// An expert that follows the centre line.
  public var expert: (any Expert<ArmEnvironment>)? { TraceExpert() }
  /// How long the belt carries the corridor past, s.
  public var duration: Double? { Double(segments) * length / speed }

  /// The one command.
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
    scene[Corridor.self] = Corridor(
      points: points, length: length, halfWidth: halfWidth, speed: speed,
      end: scene.tipStart.x + Double(segments) * length)
    scene.tipStart = points[visible]
    scene.draws["tip_start.y"] = scene.tipStart.y
  }

  /// The corridor's centre line ahead of the tip.
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    let most = specification.table.height + reach + 1
    return Self.places.map { TaskElement("corridor_y_at_\($0.name) (m)", -most...most) }
  }

  /// Where the corridor's centre line is, ahead of the tip.
  public func observe(_ environment: ArmEnvironment, _ following: Following) -> [Double] {
    guard let corridor = environment.scene[Corridor.self] else { return [] }
    guard isSeenOutside || environment.isTipInCorridor else { return Self.places.map { _ in 0 } }
    let tip = environment.tip
    let x = tip.x + corridor.travel(in: environment)
    let sign: Double = isMirroredOutside && !environment.isTipInCorridor ? -1 : 1
    return Self.places.map { sign * (corridor.height(at: x + $0.ahead) - tip.y) }
  }

  /// Where along the belt the centre line is observed, from the tip.
  private static let places = (0...Int((sight / sightStep).rounded())).map { index in
    let centimetres = index * Int((sightStep * 100).rounded())
    return (name: centimetres < 10 ? "0.0\(centimetres)" : "0.\(centimetres)", ahead: Double(centimetres) / 100)
  }

  /// To be in the corridor when its end has come.
  ///
  /// - Throws: nothing; every instruction of the task means the same.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    Goal(instruction: instruction, conditions: [TipAtCorridorEnd()])
  }

  /// Nothing has been followed yet.
  public func begin(in scene: Scene) -> Following { Following() }

  /// Remembers the steps outside of the corridor.
  public func note(_ environment: ArmEnvironment, in following: inout Following) {
    if !environment.isTipInCorridor {
      following.stepsOutside += 1
    } else if following.stepsOutside == 0 {
      following.progress = Double(environment.stepIndex) / Double(environment.maximumSteps)
    }
  }

  /// Success when the goal holds; a step outside of the corridor has the reward −1.
  public func judge(_ environment: ArmEnvironment, _ following: Following) -> Judgement {
    Judgement(
      succeeded: environment.holds(environment.goal), reward: environment.isTipInCorridor ? 0 : -1)
  }

  /// The distance from the centre line, and a step up at the edge.
  public func cost(_ environment: ArmEnvironment, _ following: Following) -> Double {
    let distance = environment.distanceToCorridor ?? 0
    return 2.5 * distance + (distance > 0.8 * halfWidth ? 0.5 : 0)
      + 0.2 * abs(environment.tip.x - environment.scene.tipStart.x)
  }

  /// The part of the corridor that lies on the table.
  public func drawing(of environment: ArmEnvironment, _ following: Following) -> [DrawItem] {
    environment.scene[Corridor.self]?.drawing(in: environment) ?? []
  }

  /// `outside_steps`, `outside_share` of the steps so far, and `progress`: the share of the corridor that had passed
  /// when the tip first left it.
  public func metrics(_ environment: ArmEnvironment, _ following: Following) -> [String: Double] {
    let outside = Double(following.stepsOutside)
    return [
      "outside_steps": outside,
      "outside_share": outside / Double(max(1, environment.stepIndex)),
      "progress": following.progress,
    ]
  }
}

// The task: strike pucks so that they slide into a zone beyond a line that the tip must not cross.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Sliding: "slide the puck into the far zone". How hard to strike depends on the friction, which is one number for an
/// episode and is not observed: a policy that has known one friction only fails at others, and one that looks back at
/// how earlier pucks slid can adapt (Peng et al. 2018, "Sim-to-real transfer of robotic control with dynamics
/// randomization", where an arm slides a puck for this reason).
///
/// ```
///        (left)   (far)   (right)      zones
///                (near)
///   ───────────────────────────────    the line: no tip beyond it
///                  ○                   the puck's place
///                  ●            ○      the tip, and the tray
/// ```
///
/// Several pucks are played, one after the other; the last one counts. A puck has been played when it has left its place
/// and come to rest. Then the next one lies in the tray for a pause, and is put to the place as soon as the tip is behind
/// it again. There is only ever one puck: when the next strike is due, nothing on the table tells how the last puck
/// slid. The pause is there for actions in chunks: what is decided while the puck's rest is seen has been executed
/// before the next strike.
///
/// - A puck counts as in the zone only where the tip has not been beyond the line while it was played.
/// - Success: the last puck comes to rest in the named zone; a reward of 1. Elsewhere, the episode has failed.
/// - Observed: the puck as any object, and how many pucks are left.
public struct SlideTask: ArmTask {
  /// How many pucks are played in an episode.
  public var pucks: Int
  /// What the tip must not cross: a line across the table, y, m.
  public var line: Double
  /// Where the next puck lies during the pause, m.
  public var tray: Vec2
  /// How long it lies there at least, s.
  public var pause: Double

  /// A puck that is farther from its place than this has been struck, m.
  static let struck = 0.03
  /// Kept between tip and puck where one is laid, m between the rims.
  static let room = 0.01

  /// How the pucks have gone so far.
  public struct Round: Equatable, Sendable {
    /// Pucks that have been played.
    public internal(set) var played = 0
    /// Those of them that came to rest in the named zone.
    public internal(set) var hits = 0
    /// Whether the first one did.
    public internal(set) var hitFirst = false
    /// Whether the one that was played last did.
    public internal(set) var hitLast = false
    /// Pucks for which the tip was beyond the line.
    public internal(set) var fouls = 0
    /// Whether the tip has been beyond the line since the present puck was put to its place.
    public internal(set) var isFoul = false
    /// Control steps since the present puck was put into the tray; nil where it is not there.
    public internal(set) var stepsInTray: Int?
    /// Where the puck is to be put now.
    var laying: Vec2?
  }

  static let kind = TaskKind("slide", fields: fields) { try SlideTask($0) }

  private static let fields: [SpecificationField] = [
    .section(
      "slide",
      SpecificationSection(
        "slide",
        [
          SpecificationField("pucks", .wholeNumber, .count, 1...100, "how many are played, one after the other"),
          .number("line", .length, -100...100, "y of the line that the tip must not cross"),
          SpecificationField("tray", .point, .length, "where the next puck lies during the pause"),
          .number("pause", .time, 0...60, "how long it lies there at least, while the robot goes back"),
        ]), "how pucks are struck towards zones beyond a line")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("slide")
    try section.allowKnown()
    pucks = try section.integer("pucks", in: 1...100)
    line = try section.number("line")
    tray = try section.point("tray")
    pause = try section.number("pause")
    let objects = try top.section("objects")
    guard try objects.rangeOrNumber("count") == 1...1 else {
      throw objects.error(at: "count", "must be 1: pucks are played one after the other")
    }
    guard try objects.section("shapes").keys == ["disc"] else {
      throw objects.error(at: "shapes", "must be 'disc' alone: a puck is round")
    }
    if top.has("zones") {
      let (zones, disc) = (try top.section("zones"), try objects.section("shapes").number("disc"))
      let (radius, centers) = (try zones.number("radius"), try zones.section("centers"))
      for zone in centers.keys where try centers.point(zone).y - radius < line + disc {
        throw centers.error(
          at: zone,
          "begins nearer than y = \((line + disc).plain) m, where the tip can push a puck without crossing 'slide.line'"
        )
      }
    }
    let table = try top.section("table")
    guard try table.range("x").contains(tray.x), try table.range("y").contains(tray.y) else {
      throw section.error(at: "tray", "lies beside the table; put it where neither tip nor pucks go")
    }
    guard try objects.range("spawn_y").upperBound < line else {
      throw section.error(
        at: "line", "is \(line.plain) m, but pucks are put as far as \(try objects.range("spawn_y").upperBound.plain) m"
      )
    }
  }

  /// An expert that knows the friction, but for the first puck.
  public var expert: (any Expert<ArmEnvironment>)? { SlideExpert() }

  /// Every zone that the puck does not begin in.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    guard let puck = scene.objects.first else { return [] }
    return scene.zonesAway(from: puck.start.position).map { Instruction(requests: [Request(target: .zone($0.name))]) }
  }

  /// The last puck in the named zone.
  ///
  /// - Throws: `UserError` where there is no such zone.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    let named = try Goal(instruction, in: scene)
    return Goal(
      instruction: instruction,
      conditions: named.conditions.compactMap { $0.zone.map { LastPuckInZone(zoneIndex: $0, pucks: pucks) } })
  }

  /// No puck has been played.
  public func begin(in scene: Scene) -> Round { Round() }

  /// Watches the line, and follows the puck from its place to where it rests and to the tray.
  public func note(_ environment: ArmEnvironment, in round: inout Round) {
    round.laying = nil
    let place = environment.scene.objects[0].start.position
    if let steps = round.stepsInTray {
      round.stepsInTray = steps + 1
      let reach = environment.scene.objects[0].circumradius + environment.specification.robot.tipRadius + Self.room
      if Double(steps + 1) * environment.controlPeriod >= pause - 1e-9, environment.tip.y < place.y - reach {
        round.laying = place
        round.stepsInTray = nil
      }
      return
    }
    guard round.played < pucks else { return }
    if environment.tip.y > line { round.isFoul = true }
    let puck = environment.physics.states[0].position
    guard (puck - place).length > Self.struck, environment.isAtRest(0) else { return }
    let zone = environment.goalZone
    round.hitLast = !round.isFoul && zone.map { (puck - $0.center).length <= $0.radius } == true
    if round.hitLast { round.hits += 1 }
    if round.played == 0 { round.hitFirst = round.hitLast }
    if round.isFoul { round.fouls += 1 }
    round.played += 1
    guard round.played < pucks else { return }
    round.isFoul = false
    round.stepsInTray = 0
    round.laying = tray
  }

  /// The next puck goes into the tray, and from there to its place.
  public func relocation(_ environment: ArmEnvironment, _ round: Round) -> Relocation? {
    guard let place = round.laying else { return nil }
    return Relocation(
      object: 0, to: BodyState(position: place, angle: environment.scene.objects[0].start.angle))
  }

  /// Success where the last puck rests in the zone; elsewhere the episode has failed.
  public func judge(_ environment: ArmEnvironment, _ round: Round) -> Judgement {
    guard round.played >= pucks else { return Judgement(succeeded: false, reward: 0) }
    return Judgement(succeeded: round.hitLast, failed: !round.hitLast, reward: round.hitLast ? 1 : 0)
  }

  /// How many pucks are left, the present one among them.
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    [TaskElement("pucks_left", -1...Double(pucks + 1))]
  }

  /// Pucks that have not been played.
  public func observe(_ environment: ArmEnvironment, _ round: Round) -> [Double] { [Double(pucks - round.played)] }

  /// The line, the puck's place, how far it has slid, and the tray with a dot for each puck after this one.
  public func drawing(of environment: ArmEnvironment, _ round: Round) -> [DrawItem] {
    let table = environment.specification.table
    let object = environment.scene.objects[0]
    let place = object.start.position
    let puck = environment.physics.states[0].position
    let red = Color(hex: round.isFoul ? 0xE02A1A : 0xB8402F)
    let ink = Color(hex: 0x6B6558)
    var items: [DrawItem] = [
      .polyline(
        [Vec2(table.min.x, line), Vec2(table.max.x, line)], width: round.isFoul ? 0.01 : 0.005, color: red,
        roundedCaps: false),
      .disc(
        center: place, radius: object.circumradius + 0.006, fill: ink.opacity(0.08),
        outline: Outline(color: ink.opacity(0.5), width: 0.002)),
      .disc(
        center: tray, radius: object.circumradius + 0.012, fill: ink.opacity(0.2),
        outline: Outline(color: ink.opacity(0.6), width: 0.002)),
    ]
    if round.stepsInTray == nil, (puck - place).length > Self.struck {
      items.append(.polyline([place, puck], width: 0.008, color: object.color.opacity(0.35)))
    }
    for index in 0..<max(0, pucks - round.played - 1) {
      let offset = Vec2(0.018 * Double(index), -object.circumradius - 0.024)
      items.append(.disc(center: tray + offset, radius: 0.006, fill: object.color))
    }
    return items
  }

  /// `hits` of all pucks; `first_hit` and `last_hit`: 1 where that puck came to rest in the zone; `fouls`: pucks for
  /// which the tip was beyond the line.
  public func metrics(_ environment: ArmEnvironment, _ round: Round) -> [String: Double] {
    [
      "hits": Double(round.hits),
      "first_hit": round.hitFirst ? 1 : 0,
      "last_hit": round.played >= pucks && round.hitLast ? 1 : 0,
      "fouls": Double(round.fouls),
    ]
  }
}

/// The last puck has come to rest in the zone.
struct LastPuckInZone: Condition {
  let zoneIndex: Int
  let pucks: Int
  var object: Int? { 0 }
  var zone: Int? { zoneIndex }

  func holds(in environment: ArmEnvironment) -> Bool {
    guard let round = environment.memory(as: SlideTask.Round.self), round.played >= pucks else { return false }
    let zone = environment.scene.zones[zoneIndex]
    return round.hitLast && (environment.physics.states[0].position - zone.center).length <= zone.radius
  }

  func cost(in environment: ArmEnvironment) -> Double {
    guard !holds(in: environment) else { return 0 }
    let way = environment.scene.zones[zoneIndex].center - environment.physics.states[0].position
    return ArmEnvironment.costPerMetre * way.length + environment.pushingCost(of: 0, along: way) + 0.02
  }
}

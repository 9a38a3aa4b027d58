// The task: a lamp shows a zone for a moment; after a time in the dark, bring the tip to where it was.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Recall: "go to where the lamp was". What the goal is was seen once; afterwards no observation tells it.
///
/// ```
///   control steps   0 ─── lit ───►│◄────── dark ──────►│ go
///   the lamp        ●●●●●●●●●●●●●●│○○○○○○○○○○○○○○○○○○○○│○○○○○○○○○○○
///   the tip         held at home, whatever is commanded│ is led
/// ```
///
/// The robot is held until the signal, so that nothing of the world can keep the goal through the dark: no tip that set
/// out early, no arm that leans. Two episodes that differ in the lamp alone look alike from the moment it goes out, as
/// long as actions are the same. Who sees only the present guesses among the zones; to stop in a wrong one ends the
/// episode, so that nobody succeeds by trying them all. A policy must look back as far as the lamp was lit, or remember.
///
/// A chunk of actions is a memory too: one that was made in the light and is executed until after the signal carries the
/// goal through the dark. The dark therefore lasts longer than chunks usually are.
///
/// - Success: the tip is in the lamp's zone, at rest; a reward of 1.
/// - Failure: the tip is at rest in another zone; a reward of −1.
/// - Observed: which zone's lamp is lit, and whether the signal has been given.
public struct RecallTask: ArmTask {
  /// How long the lamp is lit, s.
  public var lit: Double
  /// From the lamp's going out to the signal, s.
  public var dark: ClosedRange<Double>
  /// What the zones are called, in the file's order.
  private let zones: [String]

  /// What has been seen of the episode.
  public struct Progress: Equatable, Sendable {
    /// Control steps until the lamp goes out.
    public internal(set) var stepsLit: Int
    /// Control steps until the signal.
    public internal(set) var stepsHeld: Int
    /// Control steps so far.
    public internal(set) var steps = 0
    /// The tip has come to rest in a zone that was not the lamp's.
    public internal(set) var hasErred = false

    /// Whether the lamp is lit now.
    public var isLit: Bool { steps < stepsLit }
    /// Whether the signal has been given.
    public var mayGo: Bool { steps >= stepsHeld }
  }

  static let kind = TaskKind("recall", fields: fields) { try RecallTask($0) }

  private static let fields: [SpecificationField] = [
    .section(
      "recall",
      SpecificationSection(
        "recall",
        [
          .number("lit", .time, 0.05...60, "how long the lamp is lit, from the episode's start"),
          SpecificationField(
            "dark", .rangeOrNumber, .time, 0...120,
            "from the lamp's going out to the signal; the robot is held until then"),
        ]), "a lamp that shows the goal before the robot may move")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("recall")
    try section.allowKnown()
    lit = try section.number("lit")
    dark = try section.rangeOrNumber("dark")
    zones = try top.section("zones").section("centers").keys
    guard zones.count > 1 else {
      throw try top.section("zones").error(
        at: "centers", "names \(zones.count) zone, which leaves nothing to remember; name at least two")
    }
    let limit = try top.number("time_limit")
    guard lit + dark.upperBound < limit else {
      throw top.error(
        at: "time_limit",
        "is \(limit.plain) s, but the robot is held for \((lit + dark.upperBound).plain) s: 'recall.lit' and 'recall.dark' together; make it longer"
      )
    }
  }

  /// An expert that remembers.
  public var expert: (any Expert<ArmEnvironment>)? { RecallExpert() }

  /// The one command: it does not name the zone.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.zonesAway(from: scene.tipStart).isEmpty ? [] : [.onlyGoal]
  }

  /// Draws the lamp's zone and the length of the dark, each from a stream of its own.
  public func furnish(
    _ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64
  ) {
    var place = RandomStream(seed: seed, purpose: "lamp")
    var time = RandomStream(seed: seed, purpose: "dark")
    let away = scene.zonesAway(from: scene.tipStart)
    let zone = away[place.integer(below: away.count)]
    let dark = time.uniform(in: dark)
    let period = Double(specification.stepsPerAction) * specification.physics.timeStep
    let stepsLit = max(1, Int((lit / period).rounded()))
    let lamp = Lamp(
      zone: scene.zones.firstIndex { $0.name == zone.name }!, stepsLit: stepsLit,
      stepsDark: Int((dark / period).rounded()))
    scene[Lamp.self] = lamp
    scene.draws["lamp_zone"] = Double(lamp.zone)
    scene.draws["dark"] = Double(lamp.stepsDark) * period
  }

  /// To be at rest in the lamp's zone.
  ///
  /// - Throws: nothing; every instruction of the task means the same.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    Goal(instruction: instruction, conditions: scene[Lamp.self].map { [TipInZone(zone: $0.zone)] } ?? [])
  }

  /// The lamp is lit.
  public func begin(in scene: Scene) -> Progress {
    let lamp = scene[Lamp.self]
    return Progress(stepsLit: lamp?.stepsLit ?? 0, stepsHeld: lamp.map { $0.stepsLit + $0.stepsDark } ?? 0)
  }

  /// Until the signal.
  public func holdsRobot(_ environment: ArmEnvironment, _ progress: Progress) -> Bool { !progress.mayGo }

  /// Counts the steps, and notices where the tip has stopped.
  public func note(_ environment: ArmEnvironment, in progress: inout Progress) {
    progress.steps += 1
    for zone in environment.scene.zones.indices where zone != environment.goal.conditions.first?.zone {
      if TipInZone(zone: zone).holds(in: environment) { progress.hasErred = true }
    }
  }

  /// Success in the lamp's zone; a stop in another one ends the episode with the reward −1.
  public func judge(_ environment: ArmEnvironment, _ progress: Progress) -> Judgement {
    if environment.holds(environment.goal) { return Judgement(succeeded: true, reward: 1) }
    return Judgement(succeeded: false, failed: progress.hasErred, reward: progress.hasErred ? -1 : 0)
  }

  /// The lamps, in the zones' order, and the signal.
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    (zones.map { "lamp_\($0)" } + ["may_go"]).map { TaskElement($0, -1...2) }
  }

  /// 1 for a lamp that is lit and for a signal that has been given, else 0.
  public func observe(_ environment: ArmEnvironment, _ progress: Progress) -> [Double] {
    var values = [Double](repeating: 0, count: zones.count + 1)
    if progress.isLit, let lamp = environment.scene[Lamp.self] { values[lamp.zone] = 1 }
    if progress.mayGo { values[zones.count] = 1 }
    return values
  }

  /// A lamp in each zone, and a ring around home: red while the robot is held, green after the signal.
  public func drawing(of environment: ArmEnvironment, _ progress: Progress) -> [DrawItem] {
    let scene = environment.scene
    let lamp = progress.isLit ? scene[Lamp.self]?.zone : nil
    let lamps = scene.zones.indices.flatMap { index -> [DrawItem] in
      let zone = scene.zones[index]
      guard index == lamp else {
        return [
          .disc(
            center: zone.center, radius: 0.5 * zone.radius, fill: Color(hex: 0x9A9484).opacity(0.35),
            outline: Outline(color: Color(hex: 0x6B6558), width: 0.002))
        ]
      }
      return [
        .disc(center: zone.center, radius: zone.radius, fill: Color(hex: 0xFFE27A).opacity(0.6)),
        .disc(
          center: zone.center, radius: 0.5 * zone.radius, fill: Color(hex: 0xFFC400),
          outline: Outline(color: Color(hex: 0xB07F00), width: 0.002)),
      ]
    }
    let ring = Color(hex: progress.mayGo ? 0x4F8A3C : 0xB8402F)
    return lamps + [
      .disc(
        center: scene.tipStart, radius: 0.035, fill: ring.opacity(0.15), outline: Outline(color: ring, width: 0.005))
    ]
  }

  /// `wrong_zone`: 1 where the tip stopped in a zone that was not the lamp's.
  public func metrics(_ environment: ArmEnvironment, _ progress: Progress) -> [String: Double] {
    ["wrong_zone": progress.hasErred ? 1 : 0]
  }
}

/// What shows the goal, and for how long.
struct Lamp: Equatable, Sendable {
  /// By its index in the scene.
  var zone: Int
  /// Control steps.
  var stepsLit: Int
  /// Control steps from its going out to the signal.
  var stepsDark: Int
}

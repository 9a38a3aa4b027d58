// A task in one folder: through the gate, then into the named zone.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// The tip must pass a gate upwards before the zone counts.
struct GateTask: ArmTask {
  /// The gate's middle and half of its width, m.
  let center: Vec2
  let halfWidth: Double

  /// The door: its name, the keys of its file, and how they are read.
  static let kind = TaskKind(
    "gate",
    fields: [
      .section(
        "gate",
        SpecificationSection(
          "gate",
          [
            SpecificationField("center", .point, .length, "the middle between its posts"),
            .number("width", .length, 0.04...0.4, "between its posts"),
          ]), "what the tip passes before the zone counts")
    ]
  ) { try GateTask($0) }

  init(_ top: SpecReader) throws {
    let section = try top.section("gate")
    try section.allowKnown()
    center = try section.point("center")
    halfWidth = try section.number("width") / 2
  }

  func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] {
    scene.tipIntoZones
  }

  /// What it remembers of an episode.
  struct Passage: Equatable, Sendable {
    var hasPassed = false
    /// Where the tip was at the last control step, m.
    var last: Vec2
  }

  func begin(in scene: Scene) -> Passage { Passage(last: scene.tipStart) }

  func note(_ environment: ArmEnvironment, in passage: inout Passage) {
    let tip = environment.tip
    if passage.last.y < center.y, tip.y >= center.y, abs(tip.x - center.x) < halfWidth { passage.hasPassed = true }
    passage.last = tip
  }

  func judge(_ environment: ArmEnvironment, _ passage: Passage) -> Judgement {
    let succeeded = passage.hasPassed && environment.holds(environment.goal)
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }

  func drawing(of environment: ArmEnvironment, _ passage: Passage) -> [DrawItem] {
    let color = Color(hex: passage.hasPassed ? 0x7A9E6B : 0x8E8672)
    return [-1.0, 1.0].map { side in
      .disc(center: center + Vec2(side * halfWidth, 0), radius: 0.01, fill: color)
    }
  }

  func metrics(_ environment: ArmEnvironment, _ passage: Passage) -> [String: Double] {
    ["passed_gate": passage.hasPassed ? 1 : 0]
  }

  var expert: (any Expert<ArmEnvironment>)? { GateExpert() }
}

/// Below the gate, through it, and to the zone.
struct GateExpert: Expert {
  mutating func beginEpisode(seed: UInt64) {}

  func action(in world: ArmEnvironment) -> Action {
    guard let task = world.specification.task as? GateTask, let zone = world.goalZone,
      let passage = world.memory(as: GateTask.Passage.self)
    else { return world.action(moving: .zero) }
    let isBelow = world.tip.y < task.center.y && abs(world.tip.x - task.center.x) < task.halfWidth / 2
    let next = isBelow ? task.center + Vec2(0, 0.05) : task.center - Vec2(0, 0.05)
    let way = (passage.hasPassed ? zone.center : next) - world.commandedTip
    return world.action(moving: way.clamped(toLength: 1 / 15) * 3)
  }
}

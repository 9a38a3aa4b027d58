// A task: lead the tip once round a ring, with a success rule, a memory and a drawing of its own.

import Foundation
import Planar

/// Once round the ring, either way. Only what is gone on the ring counts; who leaves it goes on where he comes back.
struct OrbitTask: ArmTask {
  /// Of the ring's middle line, m.
  let radius: Double
  /// From edge to edge, m.
  let width: Double

  static let kind = TaskKind(
    "orbit",
    fields: [
      .section(
        "ring",
        SpecificationSection(
          "ring",
          [
            .number("radius", .length, 0.02...0.2, "of the middle line"),
            .number("width", .length, 0.005...0.1, "from edge to edge"),
          ]), "what the tip is led round")
    ]
  ) { try OrbitTask($0) }

  init(_ top: SpecReader) throws {
    let section = try top.section("ring")
    try section.allowKnown()
    radius = try section.number("radius")
    width = try section.number("width")
  }

  /// How far the tip has come, and where it was.
  struct Progress: Equatable, Sendable {
    /// The angle gone round on the ring, rad, counterclockwise.
    var turned = 0.0
    var last = Vec2.zero

    var isDone: Bool { abs(turned) >= 2 * Double.pi }
  }

  /// Where the tip is, seen from the ring's middle.
  func offset(in environment: ArmEnvironment) -> Vec2 {
    environment.tip - environment.specification.table.center
  }

  func begin(in scene: Scene) -> Progress { Progress() }

  func note(_ environment: ArmEnvironment, in progress: inout Progress) {
    let now = offset(in: environment)
    func isOnRing(_ offset: Vec2) -> Bool { abs(offset.length - radius) <= width / 2 }
    if isOnRing(now), isOnRing(progress.last) {
      progress.turned += atan2(progress.last.cross(now), progress.last.dot(now))
    }
    progress.last = now
  }

  func judge(_ environment: ArmEnvironment, _ progress: Progress) -> Judgement {
    Judgement(succeeded: progress.isDone, reward: progress.isDone ? 1 : 0)
  }

  func cost(_ environment: ArmEnvironment, _ progress: Progress) -> Double {
    progress.isDone ? 0 : 1 - abs(progress.turned) / (2 * Double.pi) + abs(offset(in: environment).length - radius)
  }

  func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] { [.onlyGoal] }

  func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    Goal(instruction: instruction, conditions: [GoneRound()])
  }

  /// How much of the turn is left is observed, so that a policy need not remember.
  func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    [TaskElement("turned (rad)", -8...8)]
  }

  func observe(_ environment: ArmEnvironment, _ progress: Progress) -> [Double] { [progress.turned] }

  func metrics(_ environment: ArmEnvironment, _ progress: Progress) -> [String: Double] {
    ["turns": progress.turned / (2 * Double.pi)]
  }

  func drawing(of environment: ArmEnvironment, _ progress: Progress) -> [DrawItem] {
    let center = environment.specification.table.center
    let line = (0...48).map { step in
      center + Rotation(angle: 2 * Double.pi * Double(step) / 48).direction * radius
    }
    return [.polyline(line, width: width, color: Color(hex: 0xd8c8a8))]
  }

  var expert: (any Expert<ArmEnvironment>)? { OrbitExpert(radius: radius) }
}

/// The tip has been once round.
struct GoneRound: Condition {
  func holds(in environment: ArmEnvironment) -> Bool {
    environment.memory(as: OrbitTask.Progress.self)?.isDone ?? false
  }

  func cost(in environment: ArmEnvironment) -> Double { holds(in: environment) ? 0 : 1 }
}

/// Goes to the ring, then along it.
struct OrbitExpert: Expert {
  let radius: Double
  // m/s
  private let speed = 0.15

  init(radius: Double) { self.radius = radius }

  mutating func beginEpisode(seed: UInt64) {}

  func action(in world: ArmEnvironment) -> Action {
    let offset = world.commandedTip - world.specification.table.center
    let outward = offset.length > 0.01 ? offset.normalized() : Vec2(1, 0)
    let error = radius - offset.length
    // Along the ring where it is near, towards it where it is far.
    let along = outward.perpendicular * max(0, 1 - abs(error) / 0.03)
    let towards = outward * (error / 0.03)
    return world.action(moving: (along + towards).clamped(toLength: 1) * speed)
  }
}

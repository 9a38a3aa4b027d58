// What `Environments/<name>/environment.yaml` says, checked.

import Foundation
import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// The settings of an environment. Lengths in m, angles in rad, masses in kg, times in s.
public struct EnvironmentSpecification: Sendable {
  /// The longest side of a table, m.
  private static let mostTableSide = 100.0

  /// Its name in files, commands and reports.
  public var name: String
  /// One line for lists; empty where the file has none.
  public var summary: String
  /// What can be learnt from it, in a line; empty where the file does not say.
  public var purpose: String
  /// How many rungs the file has, of which this is one.
  public var rungs: Int
  /// What is to be done.
  public var task: any ArmTask
  /// The slots and relations that commands may have: the common ones and the task's own.
  public let vocabulary: CommandVocabulary
  /// Physics steps per action.
  public var stepsPerAction: Int
  /// Actions until an episode is truncated.
  public var maximumSteps: Int
  /// What the numbers of an action mean where nobody says otherwise.
  public var actionKind: ActionSpace.Kind
  /// How far the commanded tip is led in a control step at most, m.
  public var actionStep: Double
  /// The plane, m.
  public var table: WorldRectangle
  /// Friction coefficient of the walls.
  public var wallFriction: Double
  /// The robot.
  public var robot: RobotSpecification
  /// What lies on the table and can be moved.
  public var objects: ObjectSpecification
  /// Discs that commands can name.
  public var zones: [Zone]
  /// What yields to nothing.
  public var obstacles: [Obstacle]
  /// When a thing counts as at rest.
  public var success: SuccessSpecification
  /// What is observed besides the state.
  public var sensors: SensorSpecification
  /// The levels of domain randomization.
  public var levels: [RandomizationLevel]
  /// The solver's settings.
  public var physics = PhysicsSettings()

  /// Reads and checks the file.
  ///
  /// - Parameters:
  ///   - kind: its task; nil for the one that the file names.
  ///   - robot: a model of `Environments/robots` in place of the file's.
  ///   - actionSpace: what the numbers of an action mean, in place of the file's.
  ///   - options: of the task, by name.
  ///   - rung: how hard the task is; 1 as the file stands.
  /// - Throws: `UserError` naming file, line and key, or the option.
  public init(
    contentsOf url: URL, of kind: TaskKind? = nil, robot: String? = nil, actionSpace: ActionSpace.Kind? = nil,
    options: [String: Double] = [:], rung: Int = 1
  ) throws {
    let written = try SpecReader.open(url)
    let rungs = try EnvironmentRungs(written)
    let file = try rungs.file(written, at: rung)
    self.rungs = rungs.count
    let kind = try kind ?? taskRegistry.kind(of: file)
    guard let own = kind.table else {
      throw file.error(
        at: "task",
        "is '\(kind.name)', which has a world of its own, where a task on a table is needed; name another environment")
    }
    let top = try file.read(as: kind.section(of: file))
    try top.allowKnown()
    name = try top.string("name")
    summary = top.has("description") ? try top.string("description") : ""
    purpose = top.has("purpose") ? try top.string("purpose") : ""
    let rate = try top.number("control_rate")
    stepsPerAction = Int((1 / rate / physics.timeStep).rounded())
    var task = try own.read(top)
    try kind.set(options, of: &task, in: name)
    self.task = task
    vocabulary = kind.vocabulary
    if let duration = task.duration {
      guard !top.has("time_limit") else {
        throw top.error(at: "time_limit", "does not belong here: the task itself says how long it takes")
      }
      maximumSteps = Int((duration * rate).rounded())
    } else {
      maximumSteps = Int((try top.number("time_limit") * rate).rounded())
    }
    actionKind = try actionSpace ?? top.choice("action", default: .tipMove)
    actionStep = top.has("action_step") ? try top.number("action_step") : 0.025

    let table = try top.section("table")
    try table.allowKnown()
    let x = try table.range("x")
    let y = try table.range("y")
    for (key, side) in [("x", x), ("y", y)] where side.lowerBound == side.upperBound {
      throw table.error(at: key, "is empty: both edges are at \(side.lowerBound.plain)")
    }
    for (key, side) in [("x", x), ("y", y)] where side.upperBound - side.lowerBound > Self.mostTableSide {
      throw table.error(
        at: key,
        "spans \((side.upperBound - side.lowerBound).plain) m; a table is at most \(Self.mostTableSide.plain) m wide")
    }
    self.table = WorldRectangle(
      min: Vec2(x.lowerBound, y.lowerBound), max: Vec2(x.upperBound, y.upperBound))
    wallFriction = try table.number("wall_friction")
    self.robot = try RobotSpecification(top.section("robot"), model: robot)
    objects = try top.has("objects") ? ObjectSpecification(top.section("objects")) : .none
    zones = try top.has("zones") ? Zone.read(top.section("zones")) : []
    obstacles = try top.has("obstacles") ? top.sections("obstacles").map { try Obstacle($0) } : []
    success = try SuccessSpecification(top.section("success"))
    sensors = try top.has("features") ? SensorSpecification(top.section("features")) : SensorSpecification()
    levels = try RandomizationLevel.readAll(top)
    try SpecificationChecks(specification: self, top: top).run()
  }

  /// - Throws: `UserError` that lists the levels there are.
  public func level(named name: String) throws -> RandomizationLevel {
    guard let level = levels.first(where: { $0.name == name }) else {
      throw UserError(
        "environment '\(self.name)' has no randomization level '\(name)'; choose one of \(levels.map(\.name).joined(separator: ", "))"
      )
    }
    return level
  }

  /// What the numbers of an action mean, of the environment's table and robot.
  public var actionSpace: ActionSpace {
    ActionSpace(
      kind: actionKind, step: actionStep, table: table, tipRadius: robot.tipRadius,
      hasGripper: robot.gripper != nil)
  }

  /// The nearest place where the whole tip is on the table, m.
  public func workspace(_ point: Vec2) -> Vec2 { actionSpace.workspace(point) }
}

/// When something counts as at rest.
public struct SuccessSpecification: Sendable {
  /// m/s.
  public var restSpeed: Double
  /// s that it must have been slower.
  public var restTime: Double

  init(_ section: SpecReader) throws {
    try section.allowKnown()
    restSpeed = try section.number("speed")
    restTime = try section.number("rest_time")
  }
}

/// Senses besides joints and object tokens.
public struct SensorSpecification: Sendable {
  /// The camera's picture, px; nil where it is off.
  public var image: (width: Int, height: Int)?
  /// Whether contact forces at the tip are observed.
  public var touch = false

  init() {}

  init(_ section: SpecReader) throws {
    try section.allowKnown()
    if section.has("image"), !section.isOff("image") {
      let size = try section.numbers("image", count: 2)
      guard size.allSatisfy({ (16...512).contains($0) && $0 == $0.rounded() }) else {
        throw section.error(at: "image", "must be [width, height] in whole pixels from 16 to 512")
      }
      image = (Int(size[0]), Int(size[1]))
    }
    if section.has("touch") { touch = try section.bool("touch") }
  }
}

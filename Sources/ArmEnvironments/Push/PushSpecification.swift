// What `Environments/push/environment.yaml` says, checked.

import Foundation
import PlanarCore
import PlanarPhysics
import SceneDrawing

/// The settings of a pushing task. Lengths in m, angles in rad, masses in kg, times in s.
public struct PushSpecification: Sendable {
  public enum Shape: String, CaseIterable, Sendable { case disc, square, triangle }

  public var name: String
  /// Physics steps per action.
  public var stepsPerAction: Int
  public var maximumSteps: Int
  public var actionStep: Double
  public var table: WorldRectangle
  public var wallFriction: Double
  /// The arm at rest, with `target` unset.
  public var arm: Arm
  public var posture: SIMD4<Double>
  public var tipLead: Double
  public var startX: ClosedRange<Double>
  public var startY: ClosedRange<Double>
  public var objectCount: Int
  public var colors: [(name: String, color: Color)]
  public var shapes: [(shape: Shape, circumradius: Double)]
  public var mass: Double
  public var contactFriction: Double
  public var supportFriction: Double
  public var spawnX: ClosedRange<Double>
  public var spawnY: ClosedRange<Double>
  public var clearance: Double
  public var zoneRadius: Double
  public var zones: [(name: String, center: Vec2)]
  public var restSpeed: Double
  public var restTime: Double
  public var levels: [RandomizationLevel]
  public var physics = PhysicsSettings()

  /// Reads and checks the file.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url)
    try top.allow(only: [
      "name", "task", "control_rate", "time_limit", "action_step", "table", "robot", "objects",
      "zones", "success", "randomization",
    ])
    name = try top.string("name")
    let rate = try top.number("control_rate", in: 1...100)
    stepsPerAction = Int((1 / rate / physics.timeStep).rounded())
    maximumSteps = Int((try top.number("time_limit", in: 1...600) * rate).rounded())
    actionStep = try top.number("action_step", in: 0.001...0.5)

    let table = try top.section("table")
    try table.allow(only: ["x", "y", "wall_friction"])
    let x = try table.range("x")
    let y = try table.range("y")
    guard x.lowerBound < x.upperBound, y.lowerBound < y.upperBound else {
      throw UserError("\(url.path): 'table' is empty: x and y must be [least, greatest]")
    }
    self.table = WorldRectangle(
      min: Vec2(x.lowerBound, y.lowerBound), max: Vec2(x.upperBound, y.upperBound))
    wallFriction = try table.number("wall_friction", in: 0...10)

    let robot = try top.section("robot")
    let settings = try RobotSpecification(robot, alsoAllowing: ["start_x", "start_y"])
    arm = settings.arm
    posture = settings.posture
    tipLead = settings.tipLead
    startX = try robot.range("start_x")
    startY = try robot.range("start_y")

    let objects = try top.section("objects")
    try objects.allow(only: [
      "count", "colors", "shapes", "mass", "contact_friction", "support_friction", "spawn_x",
      "spawn_y", "clearance",
    ])
    let colors = try objects.section("colors")
    self.colors = try colors.keys.map {
      ($0, Color(hex: UInt32(try colors.integer($0, in: 0...0xffffff))))
    }
    let shapes = try objects.section("shapes")
    try shapes.allow(only: Shape.allCases.map(\.rawValue))
    self.shapes = try shapes.keys.map {
      (Shape(rawValue: $0)!, try shapes.number($0, in: 0.005...0.2))
    }
    objectCount = try objects.integer("count", in: 1...self.colors.count * self.shapes.count)
    mass = try objects.number("mass", in: 0.001...100)
    contactFriction = try objects.number("contact_friction", in: 0...10)
    supportFriction = try objects.number("support_friction", in: 0.01...10)
    spawnX = try objects.range("spawn_x")
    spawnY = try objects.range("spawn_y")
    clearance = try objects.number("clearance", in: 0...1)

    let zones = try top.section("zones")
    try zones.allow(only: ["radius", "centers"])
    zoneRadius = try zones.number("radius", in: 0.01...1)
    let centers = try zones.section("centers")
    self.zones = try centers.keys.map { ($0, try centers.point($0)) }

    let success = try top.section("success")
    try success.allow(only: ["speed", "rest_time"])
    restSpeed = try success.number("speed", in: 1e-6...1)
    restTime = try success.number("rest_time", in: 0...60)

    let randomization = try top.section("randomization")
    levels = try randomization.keys.map { try RandomizationLevel.read($0, from: randomization) }
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
}

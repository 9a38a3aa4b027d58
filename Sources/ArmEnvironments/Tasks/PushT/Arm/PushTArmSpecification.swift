// What `Environments/pusht-arm/environment.yaml` says, checked.

import Foundation
import PlanarCore
import PlanarPhysics

/// The settings of PushT with an arm. Lengths in m, angles in rad, masses in kg, times in s.
public struct PushTArmSpecification: Sendable {
  /// Its name in files, commands and reports.
  public var name: String
  /// One line for lists; empty where the file has none.
  public var summary: String
  /// Actions after which an episode is truncated.
  public var maximumSteps: Int
  /// The arm at rest, with `target` unset.
  public var arm: Arm
  /// Where the arm folds to in the directions that do not move the tip.
  public var posture: SIMD4<Double>
  /// How far the commanded tip may run ahead of the measured one.
  public var tipLead: Double
  /// Of the T.
  public var mass: Double
  /// Friction coefficient of the block's rim.
  public var contactFriction: Double
  /// Friction coefficient between the block and the table.
  public var supportFriction: Double
  /// Friction coefficient of the walls.
  public var wallFriction: Double
  /// The levels of domain randomization.
  public var levels: [RandomizationLevel]
  /// The solver's settings.
  public var physics = PhysicsSettings()

  /// Physics steps per action.
  public var stepsPerAction: Int {
    Int((PushTConstants.controlPeriod / physics.timeStep).rounded())
  }

  /// Reads and checks the file.
  ///
  /// - Throws: `UserError` naming file, line and key.
  public init(contentsOf url: URL) throws {
    let top = try SpecReader.open(url, as: .pushtArm)
    try top.allowKnown()
    name = try top.string("name")
    summary = top.has("description") ? try top.string("description") : ""
    try PushTPusher.arm.require(in: top)
    maximumSteps = try PushTConstants.maximumSteps(top)
    let robot = try RobotSpecification(top.section("robot"))
    guard case .arm(let description) = robot.body else {
      throw top.error(at: "robot", "must be an arm; 'pusht' with 'pusher: point' has none")
    }
    arm = description.arm(RobotDraws(), timeStep: physics.timeStep)
    posture = description.posture
    tipLead = robot.tipLead

    let block = try top.section("block")
    try block.allowKnown()
    mass = try block.number("mass")
    contactFriction = try block.number("contact_friction")
    supportFriction = try block.number("support_friction")
    let walls = try top.section("walls")
    try walls.allowKnown()
    wallFriction = try walls.number("friction")

    levels = try RandomizationLevel.readAll(top)
    try requireReach(file: url.path)
  }

  /// Refuses an arm that is too short for a corner of the square.
  private func requireReach(file: String) throws {
    let side = PushTConstants.windowSide * PushTPicture.metresPerPixel
    let corners = [Vec2(0, 0), Vec2(side, 0), Vec2(side, side), Vec2(0, side)].map(workspace)
    let farthest = corners.map { ($0 - arm.base).length }.max()!
    guard farthest < arm.reach else {
      func text(_ length: Double) -> String { String(format: "%.3f", length) }
      throw UserError(
        "\(file): the arm is \(text(arm.reach)) m long, but the farthest corner of the square is \(text(farthest)) m from its base; move 'robot.base' or lengthen 'robot.link_lengths'"
      )
    }
  }

  /// The nearest place, m, where the whole tip is between the walls.
  func workspace(_ point: Vec2) -> Vec2 {
    let walls = PushTArmScene.freeSquare
    let r = arm.tipRadius
    return Vec2(
      min(max(point.x, walls.min.x + r), walls.max.x - r),
      min(max(point.y, walls.min.y + r), walls.max.y - r))
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

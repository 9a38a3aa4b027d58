// The `robot` section of an environment's file: an arm and how it is led.

import PlanarCore
import PlanarPhysics

/// An arm as a file describes it. Lengths in m, angles in rad, masses in kg.
struct RobotSpecification: Sendable {
  /// The arm at rest, with `target` unset.
  var arm: Arm
  /// Where the arm folds to in the directions that do not move the tip.
  var posture: SIMD4<Double>
  /// How far the commanded tip may run ahead of the measured one, m.
  var tipLead: Double

  /// Reads and checks a section.
  ///
  /// - Parameter keys: what the section may hold besides, for the task to read.
  /// - Throws: `UserError` naming file, line and key.
  init(_ robot: SpecReader, alsoAllowing keys: [String] = []) throws {
    try robot.allow(
      only: [
        "base", "link_lengths", "link_masses", "armature", "joint_damping", "servo_stiffness",
        "servo_derivative", "torque_limit", "posture", "tip_radius", "tip_friction", "tip_lead",
      ] + keys)
    let lengths = try robot.numbers("link_lengths")
    guard (1...Arm.maximumJoints).contains(lengths.count), lengths.allSatisfy({ $0 > 0 }) else {
      throw UserError("\(robot.file): 'robot.link_lengths' must list one to four positive lengths")
    }
    let masses = try robot.numbers("link_masses", count: lengths.count)
    let joint = ArmJoint(
      armature: try robot.number("armature", in: 0...10),
      damping: try robot.number("joint_damping", in: 0...100),
      actuator: .position(
        stiffness: try robot.number("servo_stiffness", in: 0...1e5),
        derivative: try robot.number("servo_derivative", in: 0...1e4),
        torqueLimit: try robot.number("torque_limit", in: 0...1e4)))
    arm = Arm(
      base: try robot.point("base"),
      links: zip(lengths, masses).map { .rod(length: $0, mass: $1) },
      joints: lengths.map { _ in joint },
      tipRadius: try robot.number("tip_radius", in: 0.001...0.1),
      friction: try robot.number("tip_friction", in: 0...10))
    posture = .zero
    for (i, angle) in try robot.numbers("posture", count: lengths.count).enumerated() {
      posture[i] = angle
    }
    tipLead = try robot.number("tip_lead", in: 0.001...1)
  }
}

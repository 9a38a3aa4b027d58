// The `robot` section of an environment's file: what is led over the table, and how.

import Foundation
import PlanarCore
import PlanarPhysics

/// A robot as a file describes it. Lengths in m, angles in rad, masses in kg.
public struct RobotSpecification: Sendable {
  /// How it moves.
  public enum Body: Sendable {
    /// Revolute joints; the links run above the table.
    case arm(ArmSpecification)
    /// A round tip on a gantry, led along both axes.
    case gantry(GantrySpecification)
  }

  /// Such as `arm3`: a file under `Environments/robots`, or the environment's own.
  public var model: String
  /// An arm or a gantry.
  public var body: Body
  /// Radius of the round tip.
  public var tipRadius: Double
  /// How far the commanded tip may run ahead of the measured one.
  public var tipLead: Double
  /// Where the tip begins.
  public var startX: ClosedRange<Double>
  /// Where the tip begins, along y, m.
  public var startY: ClosedRange<Double>

  /// 0 for a gantry.
  public var jointCount: Int {
    if case .arm(let arm) = body { arm.joints.count } else { 0 }
  }

  /// The gripper's greatest opening, or nil.
  public var gripper: Gripper? {
    if case .arm(let arm) = body { arm.gripper } else { nil }
  }

  /// Numbers in an action: the tip's two, and one for a gripper.
  public var actionCount: Int { gripper == nil ? 2 : 3 }

  /// Reads and checks the section `robot`; where it names a `model`, what it does not say itself comes from
  /// `Environments/robots/<model>.yaml`.
  ///
  /// - Parameter model: replaces the section's own.
  /// - Throws: `UserError` naming file, line and key.
  init(_ section: SpecReader, model replacement: String? = nil) throws {
    try section.allowKnown()
    let named = try replacement ?? (section.has("model") ? section.string("model") : nil)
    var reader = section
    if let named {
      reader = try RobotLibrary.open(named, wantedBy: replacement == nil ? section : nil)
      try reader.allowKnown()
    }
    self.model = named ?? "own"
    let kind: Kind = try reader.choice("kind", default: .arm)
    tipRadius = try reader.number("tip_radius")
    let lead = section.has("tip_lead") && replacement == nil ? section : reader
    tipLead = try lead.number("tip_lead")
    startX = section.has("start_x") ? try section.range("start_x") : 0...0
    startY = section.has("start_y") ? try section.range("start_y") : 0...0
    switch kind {
    case .arm:
      body = .arm(
        try ArmSpecification(
          reader, base: section.point("base"), tipRadius: tipRadius,
          posture: section.has("posture") && replacement == nil ? section : reader))
    case .gantry: body = .gantry(try GantrySpecification(reader))
    }
  }

  /// Reads and checks a file of `Environments/robots` by itself.
  ///
  /// - Throws: `UserError` naming file, line and key.
  init(robotFile url: URL) throws {
    let reader = try SpecReader.open(url, as: .robotFile)
    try reader.allowKnown()
    try self.init(reader, base: .zero, model: url.deletingPathExtension().lastPathComponent)
  }

  private init(_ reader: SpecReader, base: Vec2, model: String) throws {
    self.model = model
    tipRadius = try reader.number("tip_radius")
    tipLead = try reader.number("tip_lead")
    (startX, startY) = (0...0, 0...0)
    switch try reader.choice("kind", default: Kind.arm) {
    case .arm: body = .arm(try ArmSpecification(reader, base: base, tipRadius: tipRadius, posture: reader))
    case .gantry: body = .gantry(try GantrySpecification(reader))
    }
  }

  private enum Kind: String, CaseIterable { case arm, gantry }
}

/// An arm of revolute joints.
public struct ArmSpecification: Sendable {
  /// Where the first joint stands, m.
  public var base: Vec2
  /// The links, from the base.
  public var links: [ArmLink]
  /// The joints, from the base; one per link.
  public var joints: [ArmJoint]
  /// Of the round tip, m.
  public var tipRadius: Double
  /// Friction coefficient of the tip.
  public var tipFriction: Double
  /// Two parallel fingers at the end; nil for a round tip.
  public var gripper: Gripper?
  /// Where the arm folds to in the directions that do not move the tip.
  public var posture: SIMD4<Double>
  /// The direction that the last link keeps instead, where it is given.
  public var handAngle: Double?

  init(_ reader: SpecReader, base: Vec2, tipRadius: Double, posture postureReader: SpecReader) throws {
    let lengths = try reader.numbers("link_lengths")
    guard (1...Arm.maximumJoints).contains(lengths.count), lengths.allSatisfy({ $0 > 0 }) else {
      throw reader.error(at: "link_lengths", "must list one to four positive lengths")
    }
    let masses = try reader.numbers("link_masses", count: lengths.count)
    let joint = ArmJoint(
      armature: try reader.number("armature"),
      damping: try reader.number("joint_damping"),
      actuator: .position(
        stiffness: try reader.number("servo_stiffness"),
        derivative: try reader.number("servo_derivative"),
        torqueLimit: try reader.number("torque_limit")))
    self.base = base
    links = zip(lengths, masses).map { .rod(length: $0, mass: $1) }
    joints = lengths.map { _ in joint }
    self.tipRadius = tipRadius
    tipFriction = try reader.number("tip_friction")
    posture = .zero
    for (i, angle) in try postureReader.numbers("posture", count: lengths.count).enumerated() {
      posture[i] = angle
    }
    handAngle = postureReader.has("hand_angle") ? try postureReader.number("hand_angle") : nil
    if reader.has("gripper") {
      let section = try reader.section("gripper")
      try section.allowKnown()
      gripper = Gripper(
        fingerLength: try section.number("finger_length"),
        fingerRadius: try section.number("finger_radius"),
        fingerMass: try section.number("finger_mass"),
        maximumOpening: try section.number("maximum_opening"),
        stiffness: try section.number("stiffness"),
        derivative: try section.number("derivative"),
        forceLimit: try section.number("force_limit"),
        friction: try section.number("friction"))
    }
  }

  /// The arm of an episode, at rest at q = 0.
  func arm(_ draws: RobotDraws, timeStep: Double) -> Arm {
    let joints = self.joints.map { joint in
      var joint = joint
      joint.actuator.timeConstant = draws.motorLag
      joint.actuator.backlash = draws.backlash
      joint.coulombFriction = draws.jointFriction
      return joint
    }
    let links = self.links.map { link in
      var link = link
      link.mass *= draws.linkMass
      link.inertia *= draws.linkMass
      return link
    }
    var arm = Arm(
      base: base, links: links, joints: joints, tipRadius: gripper == nil ? tipRadius : 0,
      friction: tipFriction, gripper: gripper,
      commandDelay: Int((draws.commandDelay / timeStep).rounded()))
    arm.motorGain = draws.motorGain
    return arm
  }
}

/// A round tip that servos along both axes lead over the table, as a plotter's pen is led.
public struct GantrySpecification: Sendable {
  /// kg.
  public var mass: Double
  /// N/m.
  public var stiffness: Double
  /// N·s/m.
  public var derivative: Double
  /// N, along each axis.
  public var forceLimit: Double
  /// Friction coefficient of the tip.
  public var tipFriction: Double

  init(_ reader: SpecReader) throws {
    mass = try reader.number("mass")
    stiffness = try reader.number("servo_stiffness")
    derivative = try reader.number("servo_derivative")
    forceLimit = try reader.number("force_limit")
    tipFriction = try reader.number("tip_friction")
  }
}

/// The robots that environments can name: `Environments/robots/<model>.yaml`.
public enum RobotLibrary {
  /// The names of all models, sorted.
  public static var names: [String] {
    ProjectFolder.names(in: folder).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
  }

  private static let folder = "Environments/robots"

  /// - Parameter section: where the model is named, for the message; nil where the command line names it.
  static func open(_ model: String, wantedBy section: SpecReader?) throws -> SpecReader {
    guard let file = ProjectFolder.find("\(folder)/\(model).yaml") else {
      let all = names
      let hint =
        nearestName(to: model, among: all).map { "did you mean '\($0)'?" }
        ?? "there are: \(all.joined(separator: ", "))"
      if let section { throw section.error(at: "model", "is '\(model)', but there is no such robot; \(hint)") }
      throw UserError("there is no robot '\(model)'; \(hint)")
    }
    return try SpecReader.open(file, as: .robotFile)
  }
}

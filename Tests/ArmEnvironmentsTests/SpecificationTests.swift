// What is wrong in environment.yaml is told in one sentence: file, line, what was expected, nearest name.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

/// An edit of push's file, and what is said about it. `at` is a text of the line that is named.
struct BrokenFile: Sendable, CustomTestStringConvertible {
  var old: String
  var new: String
  var at: String
  var message: String
  init(_ old: String, _ new: String, at: String? = nil, _ message: String) {
    (self.old, self.new, self.at, self.message) = (old, new, at ?? old, message)
  }
  var testDescription: String { new }
}

let brokenFiles = [
  // Unknown keys.
  BrokenFile("time_limit: 25", "time_limt: 25", "unknown key 'time_limt'; did you mean 'time_limit'?"),
  BrokenFile(
    "wall_friction: 0.2", "wallfriction: 0.2", "unknown key 'table.wallfriction'; did you mean 'wall_friction'?"),
  BrokenFile(
    "rest_time: 0.5", "patience: 0.5", "unknown key 'success.patience'; known keys are speed, rest_time"),
  BrokenFile(
    "triangle: 0.040}", "hexagon: 0.040}", at: "triangle: 0.040",
    "unknown key 'objects.shapes.hexagon'; known keys are disc, square, triangle"),
  BrokenFile(
    "    color: 0.1\n", "    colour: 0.1\n", at: "    color: 0.1",
    "unknown key 'randomization.train.colour'; did you mean 'color'?"),
  BrokenFile(
    "task: push\n", "task: pussh\n", at: "task: push",
    "'task' is 'pussh', but must be one of: \(taskNames); did you mean 'push'?"),
  BrokenFile(
    "model: arm3 ", "model: arm33 ", "'robot.model' is 'arm33', but there is no such robot; did you mean 'arm3'?"),
  // Types.
  BrokenFile(
    "time_limit: 25", "time_limit: soon", "'time_limit' must be a number (in s; also '12 ms' or '12 min'), not 'soon'"),
  BrokenFile(
    "time_limit: 25", "time_limit: \"25\"",
    "'time_limit' must be a number (in s; also '12 ms' or '12 min'), not the text \"25\""),
  BrokenFile(
    "time_limit: 25", "time_limit:",
    "'time_limit' must be a number (in s; also '12 ms' or '12 min'), but nothing stands there"),
  BrokenFile(
    "time_limit: 25", "time_limit: [25]",
    "'time_limit' must be a number (in s; also '12 ms' or '12 min'), not a list of 1"),
  BrokenFile(
    "time_limit: 25", "time_limit: .inf", "'time_limit' must be a number (in s; also '12 ms' or '12 min'), not '.inf'"),
  BrokenFile("name: push\n", "name: [push]\n", at: "name: push", "'name' must be a text, not a list of 1"),
  BrokenFile("  x: [-0.35, 0.35]", "  x: 0.35", "'table.x' must be a range [least, greatest], not '0.35'"),
  BrokenFile(
    "  x: [-0.35, 0.35]", "  x: [-0.35, 0, 0.35]", "'table.x' must be a range [least, greatest], not a list of 3"),
  BrokenFile("base: [0.0, -0.2]", "base: -0.2", "'robot.base' must be a point [x, y], not '-0.2'"),
  BrokenFile(
    "red: 0xD93636,", "red: crimson,", at: "red: 0xD93636",
    "'objects.colors.red' must be a colour such as 0xD93636: red, green and blue, two digits each, not 'crimson'"),
  BrokenFile(
    "  count: 3", "  count: 2.5", "'objects.count' must be a whole number, or [least, greatest] in whole numbers"),
  BrokenFile(
    "  clearance: 0.025", "  twins: maybe\n  clearance: 0.025", at: "clearance: 0.025",
    "'objects.twins' must be true or false, not 'maybe'"),
  BrokenFile(
    "  rest_time: 0.5", "  rest_time: {s: 0.5}",
    "'success.rest_time' must be a number (in s; also '12 ms' or '12 min'), not a mapping"),
  BrokenFile(
    "    angle_noise: 0.01\n", "    angle_noise: [0, 0.01]\n", at: "angle_noise: 0.01",
    "'randomization.train.angle_noise' must be one number, not a range: noise of the objects' observed angles"),
  BrokenFile(
    "  none: {}", "  none: 1",
    "'randomization.none' must be a mapping of keys to values, such as color, background, light, not '1'"),
  // Units.
  BrokenFile(
    "time_limit: 25", "time_limit: 25 m", "'time_limit' is '25 m', but 'm' measures a length; it must be a time in s"),
  BrokenFile(
    "time_limit: 25", "time_limit: 25 sec",
    "'time_limit' is '25 sec', but there is no unit 'sec' for a time; use s, ms, min"),
  BrokenFile(
    "clearance: 0.025", "clearance: 2 kg",
    "'objects.clearance' is '2 kg', but 'kg' measures a mass; it must be a length in m"),
  BrokenFile(
    "mass: 0.2", "mass: 20 deg", "'objects.mass' is '20 deg', but 'deg' measures an angle; it must be a mass in kg"),
  BrokenFile(
    "contact_friction: 0.3", "contact_friction: 0.3 N",
    "'objects.contact_friction' is '0.3 N', but 'N' measures a force; it must be a plain number or a percentage"),
  BrokenFile(
    "  count: 3", "  count: 3 m", "'objects.count' is '3 m', but 'm' measures a length; it must be a plain number"),
  BrokenFile(
    "speed: 0.005", "speed: 5 mm", "'success.speed' is '5 mm', but 'mm' measures a length; it must be a speed in m/s"),
  // Ranges and limits.
  BrokenFile(
    "  x: [-0.35, 0.35]", "  x: [0.35, -0.35]",
    "'table.x' is empty: it is [least, greatest], but 0.35 is more than -0.35"),
  BrokenFile("  x: [-0.35, 0.35]", "  x: [0.35, 0.35]", "'table.x' is empty: both edges are at 0.35"),
  BrokenFile("time_limit: 25", "time_limit: 2500", "'time_limit' is 2500 s, but must lie between 1 and 600 s"),
  BrokenFile("time_limit: 25", "time_limit: 10 ms", "'time_limit' is 0.01 s, but must lie between 1 and 600 s"),
  BrokenFile("mass: 0.2", "mass: -0.2", "'objects.mass' is -0.2 kg, but must lie between 0.001 and 100 kg"),
  BrokenFile("  count: 3", "  count: 0", "'objects.count' is 0, but must lie between 1 and 16"),
  BrokenFile(
    "  count: 3", "  count: 13",
    "'objects.count' is up to 13, but 4 colours and 3 shapes make 12 objects that differ; add some, or 'twins: true'"),
  BrokenFile(
    "    size: [0.7, 1.3]", "    size: [1.3, 0.7]",
    "'randomization.train.size' is empty: it is [least, greatest], but 1.3 is more than 0.7"),
  BrokenFile(
    "    mass: [0.5, 2.0]", "    mass: [0, 2.0]", "'randomization.train.mass' is 0, but must lie between 0.01 and 100"),
  BrokenFile(
    "    color: 0.1\n", "    color: 1.1\n", at: "    color: 0.1",
    "'randomization.train.color' is 1.1, but must lie between 0 and 1"),
  BrokenFile("control_rate: 10", "control_rate: 1000", "'control_rate' is 1000 Hz, but must lie between 1 and 100 Hz"),
  // Missing.
  BrokenFile("time_limit: 25\n", "", at: "# yaml-language-server", "'time_limit' is missing"),
  BrokenFile("  spawn_x: [-0.25, 0.25]\n", "", at: "objects:", "'objects.spawn_x' is missing"),
  BrokenFile("control_rate: 10", "# control_rate", at: "# yaml-language-server", "'control_rate' is missing"),
  // Places.
  BrokenFile(
    "  x: [-0.35, 0.35]", "  x: [-0.01, 0.01]",
    "'table.x' is 0.02 m wide, too little for the robot's tip, which is 0.024 m wide"),
  BrokenFile(
    "  start_x: [-0.1, 0.1]", "  start_x: [-0.1, 0.4]",
    "'robot.start_x' is [-0.1, 0.4], but the whole tip is on the table only from -0.338 m to 0.338 m"),
  BrokenFile(
    "  start_y: [0.15, 0.35]", "  start_y: [0.15, 0.5]",
    "'robot.start_y' is [0.15, 0.5], but the whole tip is on the table only from 0.012 m to 0.488 m"),
  BrokenFile(
    "  base: [0.0, -0.2]", "  base: [0.0, -0.6]", at: "start_x",
    "'robot.start_x' is out of reach: a tip start at (-0.1, 0.35) is 0.9552 m from the robot's base, but its arm reaches 0.8514 m"
  ),
  BrokenFile(
    "  base: [0.0, -0.2]", "  base: [0.0, -0.45]", at: "spawn_x",
    "'objects.spawn_x' is out of reach: an object at (-0.25, 0.41) is 0.8956 m from the robot's base, but its arm reaches 0.8514 m"
  ),
  BrokenFile(
    "left: [-0.25, 0.25],", "left: [-0.3, 0.25],", at: "centers:",
    "'zones.centers.left' puts the zone of radius 0.07 m over the table's edge; the table is x [-0.35, 0.35], y [0, 0.5]"
  ),
  BrokenFile(
    "  radius: 0.07", "  radius: 0.01",
    "'zones.radius' is 0.01 m, smaller than the robot's tip (0.012 m): nothing could be brought into it"),
  BrokenFile(
    "centers: {left: [-0.25, 0.25], right: [0.25, 0.25], top: [0.0, 0.4], bottom: [0.0, 0.1]}", "centers: {}",
    "'zones.centers' has no zones; name at least one"),
  BrokenFile(
    "  spawn_x: [-0.25, 0.25]", "  spawn_x: [-0.45, 0.25]",
    "'objects.spawn_x' is [-0.45, 0.25], which is not all on the table, [-0.35, 0.35]"),
  BrokenFile(
    "  spawn_y: [0.09, 0.41]", "  spawn_y: [0.03, 0.41]",
    "'objects.spawn_y' is [0.03, 0.41], but objects of up to 0.058 m from centre to rim (the largest shape at the level with the largest 'size') are wholly on the table only from 0.058 m to 0.442 m"
  ),
  BrokenFile(
    "  clearance: 0.025", "  clearance: 0.5", at: "spawn_x",
    "'objects.spawn_x' has no room: 3 objects of up to 0.04 m from centre to rim, 0.5 m apart, found no place in x [-0.25, 0.25], y [0.09, 0.41] in 200 tries; give them a larger area, less clearance, or make them fewer"
  ),
  BrokenFile(
    "zones: #", "obstacles:\n  - {center: [0, 0.25], radius: 0.1}\nzones: #",
    "'obstacles[0].center' puts the obstacle where the tip can begin (start_x [-0.1, 0.1], start_y [0.15, 0.35]); move one of them"
  ),
  BrokenFile(
    "zones: #", "obstacles: [{center: [0.25, 0.25], radius: 0.03}]\nzones: #", at: "centers:",
    "'zones.centers.right' lies under obstacles[0]; move one of them"),
  BrokenFile(
    "zones: #", "obstacles: [{center: [2, 0.25], radius: 0.03}]\nzones: #",
    "'obstacles[0].center' puts the obstacle beside the table; remove it, or move it onto the table"),
  BrokenFile(
    "zones: #", "obstacles: [{center: [0.2, 0.25]}]\nzones: #",
    "'obstacles[0].center' needs either a 'radius' (a disc) or a 'size' (a box) beside it"),
  BrokenFile(
    "yellow: 0xF2C933", "yellow: 0xD93636",
    "'objects.colors.yellow' is the same colour as 'red'; words could not tell them apart"),
  // YAML itself.
  BrokenFile("  x: [-0.35, 0.35]", "  x: [-0.35, 0.35]\n  x: [-0.3, 0.3]", "the key 'x' stands twice in one mapping"),
]

private let taskNames = {
  // The list grows with every task; it is not what is tested.
  var copy = ""
  if let broken = try? EnvironmentCopy() {
    try? broken.edit("task: push\n", to: "task: zzzzzzzzz\n")
    copy = broken.refusal()?.components(separatedBy: "one of: ").last ?? ""
  }
  return copy
}()

@Suite struct SpecificationTests {
  @Test(arguments: brokenFiles)
  func aMistakeIsToldInOneSentence(_ broken: BrokenFile) throws {
    let copy = try EnvironmentCopy()
    // A mistake that stands behind inserted lines is that much lower.
    var expected = try copy.line(of: broken.at.components(separatedBy: "\n")[0])
    let inserted = broken.new.components(separatedBy: "\n").count - broken.old.components(separatedBy: "\n").count
    if broken.at != broken.old, inserted > 0, try copy.line(of: broken.old.components(separatedBy: "\n")[0]) < expected
    {
      expected += inserted
    }
    try copy.edit(broken.old, to: broken.new)
    if broken.message.hasPrefix("'obstacles[0].center'"), inserted == 2 { expected += 1 }
    if broken.at == "# yaml-language-server" { expected = 1 }
    let refusal = try #require(copy.refusal(randomization: "train"), "\(broken.new) was accepted")
    #expect(refusal == "environment.yaml:\(expected): \(broken.message)")
  }

  @Test func brokenYAMLNamesItsLine() throws {
    let copy = try EnvironmentCopy()
    try copy.edit("  x: [-0.35, 0.35]", to: "  x: [-0.35, 0.35")
    let refusal = try #require(copy.refusal())
    #expect(refusal.hasPrefix("environment.yaml:"))
    #expect(refusal.contains("is not valid YAML"))
    #expect(!refusal.contains("\n"))
    try copy.write("")
    #expect(copy.refusal() == "environment.yaml is empty; it must hold an environment's settings")
    try copy.write("- a\n- b\n")
    #expect(copy.refusal() == "environment.yaml:1: the file must be a mapping of keys to values")
  }

  @Test func unitsAreConverted() throws {
    let plain = try ArmEnvironment(named: "push", randomization: "train")
    let copy = try EnvironmentCopy()
    try copy.edit("time_limit: 25", to: "time_limit: 25000 ms")
    try copy.edit("control_rate: 10", to: "control_rate: 10 Hz")
    try copy.edit("action_step: 0.025", to: "action_step: 25mm")
    try copy.edit("  x: [-0.35, 0.35]", to: "  x: [-35 cm, 0.35 m]")
    try copy.edit("mass: 0.2", to: "mass: 200 g")
    try copy.edit("contact_friction: 0.3", to: "contact_friction: 30 %")
    try copy.edit("speed: 0.005", to: "speed: 5e-3 m/s")
    try copy.edit("joint_noise: 0.0005", to: "joint_noise: 0.0286478897565412 deg")
    let other = try ArmEnvironment(folder: copy.folder, settings: EnvironmentSettings(randomization: "train"))
    let (a, b) = (plain.specification, other.specification)
    #expect(a.maximumSteps == b.maximumSteps && a.stepsPerAction == b.stepsPerAction)
    #expect(abs(a.actionStep - b.actionStep) < 1e-12)
    #expect(abs(a.table.min.x - b.table.min.x) < 1e-12 && a.table.max == b.table.max)
    #expect(abs(a.objects.mass - b.objects.mass) < 1e-12)
    #expect(abs(a.objects.contactFriction - b.objects.contactFriction) < 1e-12)
    #expect(abs(a.success.restSpeed - b.success.restSpeed) < 1e-12)
    #expect(abs(plain.level.most("joint_noise") - other.level.most("joint_noise")) < 1e-12)
  }

  @Test func namesThatNoCommandCanUseAreRefused() throws {
    let copy = try EnvironmentCopy()
    try copy.edit("yellow: 0xF2C933", to: "yelow: 0xF2C933")
    #expect(
      copy.refusal()
        == "commands.yaml: 'slots.color' has no names for 'yelow' of environment.yaml; did you mean 'yellow'?")
  }

  @Test func pinsThatLeaveNoRoomAreRefused() throws {
    var settings = EnvironmentSettings(randomization: "none")
    settings.pins = ["size": 5]
    let error = #expect(throws: UserError.self) { _ = try ArmEnvironment(named: "push", settings: settings) }
    #expect(
      error?.message
        == "size = 5 makes objects of up to 0.2 m from centre to rim, for which 'objects.spawn_x' and 'objects.spawn_y' of 'push' leave no place on the table"
    )
  }

  @Test func aPlaceWhereEverythingIsDoneAlreadyIsRefused() throws {
    // One zone as large as the area in which objects begin: no command is left that does not hold.
    let copy = try EnvironmentCopy()
    try copy.edit("  radius: 0.07", to: "  radius: 0.2")
    try copy.edit(
      "centers: {left: [-0.25, 0.25], right: [0.25, 0.25], top: [0.0, 0.4], bottom: [0.0, 0.1]}",
      to: "centers: {left: [0, 0.25]}")
    try copy.edit("  spawn_x: [-0.25, 0.25]", to: "  spawn_x: [-0.12, 0.12]")
    try copy.edit("  spawn_y: [0.09, 0.41]", to: "  spawn_y: [0.15, 0.35]")
    try copy.edit("  clearance: 0.025", to: "  clearance: 0")
    let refusal = try #require(copy.refusal())
    #expect(refusal.hasPrefix("environment 'push' has nothing to ask for with seed 0"))
  }

  @Test(arguments: try EnvironmentLibrary.names())
  func shippedEnvironmentsAreSound(name: String) throws {
    let check = EnvironmentCheck(try EnvironmentLibrary.folder(of: name), resets: 200, threads: 2)
    #expect(check.findings.map(\.message) == [])
  }

  @Test func robotsAreSound() throws {
    let folder = try EnvironmentLibrary.home().appendingPathComponent("Environments/robots")
    for name in RobotLibrary.names {
      #expect(EnvironmentCheck(folder.appendingPathComponent("\(name).yaml")).findings.isEmpty, "\(name)")
    }
  }

  @Test func aCheckFindsWhatResetsShow() throws {
    let copy = try EnvironmentCopy()
    // Room for a layout now and then, not for most.
    try copy.edit("  spawn_x: [-0.25, 0.25]", to: "  spawn_x: [-0.1, 0.1]")
    try copy.edit("  clearance: 0.025", to: "  clearance: 0.075")
    let findings = EnvironmentCheck(copy.folder, resets: 60).findings
    #expect(findings.contains { $0.message.contains("found no room with the full 'objects.clearance'") })
  }
}

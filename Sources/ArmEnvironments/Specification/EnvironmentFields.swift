// Every key of environment.yaml and of the robots' files, once.

import PlanarPhysics

extension SpecificationSection {
  /// The file of every task with a robot; a task's own keys come on top.
  static var environment: SpecificationSection {
    SpecificationSection(
      "environment",
      [
        SpecificationField("name", .text, "what commands and reports call it; the folder's name"),
        SpecificationField("description", .text, standard: "none", "one line for lists"),
        SpecificationField("purpose", .text, standard: "none", "what can be learnt from it, in one line for lists"),
        SpecificationField(
          "task", .word(taskRegistry.names.sorted()), standard: taskRegistry.standard,
          "what is to be done, and how it is judged"),
        .number("control_rate", .frequency, 1...100, "actions per second"),
        .number(
          "time_limit", .time, 1...600,
          standard: "required, but not of \(untimed), which says itself how long it takes",
          "after which an episode is truncated"),
        SpecificationField(
          "action", .word(ActionSpace.Kind.allCases.map(\.rawValue)), standard: "tip_move",
          "`tip_move`: the numbers shift the commanded tip; `tip_target`: they are its place, -1 and 1 the table's edges; `--action-space` takes the other one"
        ),
        .number(
          "action_step", .length, 0.001...0.5, standard: "0.025",
          "how far the commanded tip is led in a control step at most"),
        .section("table", table, "the plane, seen from above; x to the right, y away from the viewer"),
        .section("robot", robot, "what is led over the table"),
        .section("objects", objects, standard: "no objects", "what lies on the table and can be moved"),
        .section(
          "zones", zones, standard: "no zones", "discs that commands can name; a thing is inside when its centre is"),
        SpecificationField("obstacles", .list(obstacle), standard: "none", "solid things that yield to nothing"),
        .section("success", success, "when something counts as at rest"),
        .section(
          "features", features, standard: "no picture, no touch", "what is observed besides joints and object tokens"),
        .section("randomization", randomization, "the levels of domain randomization, by name"),
        .section(
          "rungs",
          SpecificationSection(
            "rungs", each: SpecificationField("key", .values, "one value for each further rung, or a range for each")),
          standard: "none",
          "what makes it harder, for `--rung 2` and up: keys of this file, such as `zones.radius`, each with a list of values; the first rung is the file as it stands"
        ),
      ])
  }

  static let table = SpecificationSection(
    "table",
    [
      SpecificationField("x", .range, .length, "left and right edge"),
      SpecificationField("y", .range, .length, "near and far edge"),
      .number("wall_friction", .ratio, 0...10, "friction coefficient of the walls along the edges"),
    ])

  /// What describes a robot wherever it stands: here or in `Environments/robots/<model>.yaml`.
  static let model: [SpecificationField] = [
    SpecificationField(
      "kind", .word(["arm", "gantry"]), standard: "arm", "revolute joints, or a tip led along both axes"),
    SpecificationField(
      "link_lengths", .numbers(1...Arm.maximumJoints), .length, standard: "none; an arm needs it",
      "of each link, from the base; as many joints"),
    SpecificationField(
      "link_masses", .numbers(1...Arm.maximumJoints), .mass, standard: "none; an arm needs it", "of each link"),
    .number("armature", .inertia, 0...10, standard: "none; an arm needs it", "rotor inertia that each joint feels"),
    .number(
      "joint_damping", .angularDamping, 0...100, standard: "none; an arm needs it", "viscous friction of each joint"),
    .number(
      "servo_stiffness", .count, 0...1e6,
      "position gain of each motor, in N·m/rad for an arm, in N/m for a gantry"),
    .number(
      "servo_derivative", .count, 0...1e5,
      "velocity gain of each motor, in N·m·s/rad for an arm, in N·s/m for a gantry"),
    .number("torque_limit", .torque, 0...1e4, standard: "none; an arm needs it", "the most that each motor does"),
    .number("tip_radius", .length, 0.001...0.1, "of the round tip"),
    .number("tip_friction", .ratio, 0...10, "friction coefficient of the tip"),
    .section("gripper", gripper, standard: "a round tip", "two parallel fingers at the end of an arm"),
    .number("mass", .mass, 0.01...100, standard: "none; a gantry needs it", "of a gantry's tip"),
    .number(
      "force_limit", .force, 0.1...1e4, standard: "none; a gantry needs it",
      "the most that a gantry does along each axis"),
    .number("tip_lead", .length, 0.001...1, "how far the commanded tip may run ahead of the measured one"),
    SpecificationField(
      "posture", .numbers(1...Arm.maximumJoints), .angle, standard: "none; an arm needs it",
      "where the arm folds to in the directions that do not move the tip"),
    .number(
      "hand_angle", .angle, -7...7, standard: "none: the arm folds to its posture",
      "the direction that the last link keeps, counter-clockwise from x"),
  ]

  /// A file of `Environments/robots`.
  static let robotFile = SpecificationSection("robots/<model>.yaml", model)

  static let robot = SpecificationSection(
    "robot",
    [
      SpecificationField(
        "model", .text, standard: "the robot's own keys here",
        "a file under `Environments/robots`, which says all but base and start"),
      SpecificationField("base", .point, .length, standard: "none; an arm needs it", "where the first joint stands"),
      SpecificationField("start_x", .range, .length, standard: "[0, 0]", "where the tip begins, along x"),
      SpecificationField("start_y", .range, .length, standard: "[0, 0]", "where the tip begins, along y"),
    ]
      + model.map { field in
        var field = field
        if field.standard == nil { field.standard = "the model's" }
        return field
      })

  static let gripper = SpecificationSection(
    "gripper",
    [
      .number("finger_length", .length, 0.005...0.3, "of each finger"),
      .number("finger_radius", .length, 0.002...0.05, "half of a finger's width"),
      .number("finger_mass", .mass, 0.001...5, "of each finger"),
      .number("maximum_opening", .length, 0.01...0.5, "between the open fingers"),
      .number("stiffness", .stiffness, 1...1e6, "position gain of the jaw's motor"),
      .number("derivative", .damping, 0...1e5, "velocity gain of the jaw's motor"),
      .number("force_limit", .force, 0.1...1000, "the most that the jaw's motor does"),
      .number("friction", .ratio, 0...10, "friction coefficient of the fingers"),
    ])

  static let objects = SpecificationSection(
    "objects",
    [
      SpecificationField("count", .rangeOrNumber, .count, 1...16, "how many; a range is drawn from at every reset"),
      .section(
        "colors",
        SpecificationSection("colors", each: SpecificationField("name", .color, "red, green, blue as 0xRRGGBB")),
        "colours by name; commands.yaml must have the same names"),
      .section("shapes", shapes, "which shapes there are, and how large"),
      .number("mass", .mass, 0.001...100, "of each"),
      .number("contact_friction", .ratio, 0...10, "friction coefficient of the rim"),
      .number("support_friction", .ratio, 0.01...10, "friction coefficient towards the table"),
      SpecificationField("spawn_x", .range, .length, "where centres begin, along x"),
      SpecificationField("spawn_y", .range, .length, "where centres begin, along y"),
      .number("clearance", .length, 0...1, "kept free between objects, and between objects and tip or obstacles"),
      SpecificationField(
        "twins", .flag, standard: "false", "whether two objects may look alike, so that only relations tell them apart"),
    ])

  static let shapes = SpecificationSection(
    "shapes",
    ObjectShape.allCases.map {
      .number(
        $0.rawValue, .length, 0.005...0.2, standard: "no such shape", "distance of the farthest point from the centre")
    })

  static let zones = SpecificationSection(
    "zones",
    [
      .number("radius", .length, 0.005...1, "of each"),
      .section(
        "centers", SpecificationSection("centers", each: SpecificationField("name", .point, .length, "its centre")),
        "centres by name; commands.yaml must have the same names"),
    ])

  static let obstacle = SpecificationSection(
    "obstacles",
    [
      SpecificationField("center", .point, .length, "its centre"),
      .number("angle", .angle, -7...7, standard: "0", "counter-clockwise"),
      .number("radius", .length, 0.002...1, standard: "none; a disc needs it", "of a disc"),
      SpecificationField(
        "size", .point, .length, 0.001...100, standard: "none; a box needs it", "width and height of a box"),
    ])

  static let success = SpecificationSection(
    "success",
    [
      .number("speed", .speed, 1e-6...1, "below which a thing is slow"),
      .number("rest_time", .time, 0...60, "for which it must have been slow"),
    ])

  static let features = SpecificationSection(
    "features",
    [
      SpecificationField("image", .picture, .pixels, 16...512, standard: "off", "the top camera's picture"),
      SpecificationField("touch", .flag, standard: "false", "contact forces at the tip or the fingers"),
    ])

  static var randomization: SpecificationSection {
    SpecificationSection(
      "randomization", [like],
      each: .section("level", level, "a range for each item; items that are not listed keep their nominal value"))
  }

  /// The tasks that say themselves how long an episode lasts.
  private static var untimed: String {
    taskRegistry.entries.filter { $0.table?.hasTimeLimit == false }.map { "`\($0.name)`" }.joined(separator: ", ")
  }

  private static let like = SpecificationField(
    "like", .text, standard: "none",
    "a file of levels under `Environments`, such as `randomization`, which come first; what stands here takes their items' place"
  )

  static var level: SpecificationSection {
    SpecificationSection("level", randomizationFactors.entries.map(\.field))
  }
}

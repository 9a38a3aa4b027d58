// Every key of the two forms of PushT's environment.yaml.

extension SpecificationSection {
  /// PushT as others have it.
  static let pusht = SpecificationSection(
    "pusht",
    pushtCommon(pusher: "point") + [
      .section(
        "randomization",
        SpecificationSection(
          "pusht randomization",
          each: .section(
            "level",
            SpecificationSection(
              "pusht level",
              level.fields.filter { ["position_noise", "angle_noise"].contains($0.key) }.map {
                var field = $0
                if field.dimension == .length { field.dimension = .pixels }
                return field
              }), "deviations of what is observed of the T")), "the levels of domain randomization, by name")
    ])

  /// PushT with an arm.
  static let pushtArm = SpecificationSection(
    "pusht-arm",
    pushtCommon(pusher: "arm") + [
      .section("robot", robot, "the arm that pushes"),
      .section(
        "block",
        SpecificationSection(
          "block", objects.fields.filter { ["mass", "contact_friction", "support_friction"].contains($0.key) }),
        "the T"),
      .section(
        "walls", SpecificationSection("walls", [.number("friction", .ratio, 0...10, "friction coefficient")]),
        "of the square"),
      .section(
        "randomization",
        SpecificationSection(
          "pusht-arm randomization",
          each: .section(
            "level",
            SpecificationSection(
              "pusht-arm level",
              level.fields.filter {
                [
                  "mass", "contact_friction", "support_friction", "motor_gain", "joint_noise", "position_noise",
                  "angle_noise",
                ].contains($0.key)
              }), "a range for each item")), "the levels of domain randomization, by name"),
    ])

  private static func pushtCommon(pusher: String) -> [SpecificationField] {
    [
      SpecificationField("name", .text, "what commands and reports call it; the folder's name"),
      SpecificationField("description", .text, standard: "none", "one line for lists"),
      SpecificationField("task", .word(["pusht"]), "the T onto its outline; shapes, reward and success cannot be set"),
      SpecificationField(
        "pusher", .word([pusher]), "`point`: a disc that goes where it is told; `arm`: a robot arm's tip"),
      .number("time_limit", .time, 0.1...600, "after which an episode is truncated; ten actions a second"),
    ]
  }
}

// That the reference cases pass, that a spoiled one fails, and how the report reads.
// The cases are those of the project's reference data, thinned; the layout is the same.

import Foundation
import PlanarCore
import Testing
import PlanarVerification

@Suite struct PhysicsVerificationTests {
  private var reference: URL {
    Bundle.module.url(forResource: "physics", withExtension: nil, subdirectory: "Resources")!
  }

  @Test func everyReferenceCasePassesForAnyNumberOfThreads() throws {
    let report = try PhysicsVerification.run(directory: reference, threads: 2)
    for result in report.cases {
      #expect(result.passed, "\(result.name): \(result.quantity) \(result.error) > \(result.tolerance)")
    }
    #expect(report.failed == 0 && report.skipped == 0 && report.absent.isEmpty)
    #expect(Set(report.cases.map(\.name)).count == report.cases.count)
    for file in PhysicsVerification.fileNames {
      let prefix = file.replacingOccurrences(of: ".json", with: "/")
      #expect(report.cases.contains { $0.name.hasPrefix(prefix) }, "\(file)")
    }
    #expect(report.cases.count { $0.name.hasPrefix("collisions/") } == 171)
    #expect(try PhysicsVerification.run(directory: reference, threads: 1) == report)
  }

  /// A number of a reference file, and how it is spoiled.
  struct Spoiling: CustomTestStringConvertible, Sendable {
    var file: String
    var path: String
    var factor = 1.0
    var shift = 0.0
    var testDescription: String { "\(file): \(path)" }
  }

  @Test(arguments: [
    Spoiling(file: "pendulum.json", path: "tests.0.model.links.0.inertia_about_com", factor: 1.2),
    Spoiling(file: "pendulum.json", path: "tests.0.small_oscillation_modes_hz.1", factor: 1.00001),
    Spoiling(file: "dynamics_states.json", path: "models.1.states.2.coriolis.0", factor: 1.00001),
    Spoiling(
      file: "dynamics_states.json", path: "models.2.states.0.tip_acceleration_at_zero_qdd.1",
      shift: 1e-6),
    Spoiling(file: "arm_pd.json", path: "tests.0.actuators.0.kv", factor: 1.1),
    Spoiling(file: "arm_pd.json", path: "tests.1.actuators.2.torque_limit", factor: 1.5),
    Spoiling(file: "arm_pd.json", path: "tests.2.model.links.1.inertia_about_com", factor: 2),
    Spoiling(file: "arm_motor_lag.json", path: "tests.1.actuators.0.time_constant", factor: 1.3),
    Spoiling(file: "support_friction.json", path: "tests.8.mu", factor: 1.1),
    Spoiling(file: "support_friction.json", path: "wrench_tables.3.rows.9.8", factor: 1.000001),
    Spoiling(file: "collisions.json", path: "tests.3.restitution", shift: 0.1),
    Spoiling(file: "collisions.json", path: "tests.170.after.0", shift: 0.1),
    Spoiling(file: "incline_stack.json", path: "tests.4.mu", factor: 1.1),
    Spoiling(file: "incline_stack.json", path: "tests.15.bodies.2.pose.0", shift: 0.08),
    Spoiling(file: "pusher_quasistatic.json", path: "tests.1.half_extents.1", factor: 1.2),
    Spoiling(file: "pusher_quasistatic.json", path: "tests.2.final_pose.2", shift: 0.03),
    Spoiling(file: "pusht_constants.json", path: "block.moment", factor: 2),
    Spoiling(file: "pusht_pd_coverage.json", path: "coverage.rows.1.3", shift: 1e-6),
    Spoiling(file: "pusht_pd_coverage.json", path: "free_space.runs.0.rows.5.2", shift: 1e-6),
    Spoiling(file: "pusht_episodes.json", path: "episodes.1.rows.60.4", shift: 1e-4),
    Spoiling(file: "pusht_episodes.json", path: "episodes.1.actions.20.0", shift: 0.01),
  ])
  func aSpoiledCaseFails(_ spoiling: Spoiling) throws {
    let folder = try TemporaryFolder()
    let source = reference.appendingPathComponent(spoiling.file)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: source))
    let spoiled = change(object, at: spoiling.path.split(separator: ".")[...]) {
      $0 * spoiling.factor + spoiling.shift
    }
    try JSONSerialization.data(withJSONObject: spoiled)
      .write(to: folder.url.appendingPathComponent(spoiling.file))
    let report = try PhysicsVerification.run(directory: folder.url, threads: 2)
    #expect((1...3).contains(report.failed))
    #expect(report.cases.count { !$0.passed } == report.failed)
    #expect(report.absent.count == PhysicsVerification.fileNames.count - 1)
  }

  @Test func theReportIsOneJSONObject() throws {
    let report = VerificationReport(
      cases: [
        CaseResult(name: "a/b", quantity: "m", error: 0.5, tolerance: 1, passed: true),
        CaseResult(name: "a/c", quantity: "m", error: 2, tolerance: 1, passed: false),
      ], skipped: 3, absent: ["d.json"])
    let data = try JSONEncoder().encode(report)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["failed"] as? Int == 1 && object["skipped"] as? Int == 3)
    #expect(object["absent"] as? [String] == ["d.json"])
    let cases = try #require(object["cases"] as? [[String: Any]])
    #expect(cases.count == 2)
    #expect(Set(cases[1].keys) == ["name", "quantity", "error", "tolerance", "passed"])
    #expect(cases[1]["name"] as? String == "a/c" && cases[1]["passed"] as? Bool == false)
    #expect(cases[1]["error"] as? Double == 2 && cases[1]["tolerance"] as? Double == 1)
  }

  @Test func aFolderWithoutReferenceFilesIsRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: UserError.self) {
      try PhysicsVerification.run(directory: folder.url, threads: 1)
    }
    #expect(
      error?.message
        == "there are no reference cases in '\(folder.url.path)'; expected a folder with files such as pendulum.json, as make_physics.py writes them"
    )
  }

  @Test(arguments: [
    ("{", "it is not valid JSON"),
    (#"{"models": []}"#, "it holds no cases"),
    ("{}", "at models there is nothing"),
    (
      #"{"models": [{"name": "x", "states": 3}]}"#,
      "at models.[0].model there is nothing"
    ),
  ])
  func aCorruptFileIsRefusedByName(content: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("dynamics_states.json")
    try Data(content.utf8).write(to: file)
    let error = #expect(throws: UserError.self) {
      try PhysicsVerification.run(directory: folder.url, threads: 1)
    }
    #expect(
      error?.message
        == "cannot use the reference file '\(file.path)': \(reason); make it again with make_physics.py"
    )
  }

  /// Every number is needed: rows of another length must be refused, not crash.
  @Test(arguments: ["q0", "q.3", "hanging_equilibrium", "model.links", "model.base", "t"])
  func aRowOfAnotherLengthIsRefused(path: String) throws {
    let folder = try TemporaryFolder()
    let source = reference.appendingPathComponent("pendulum.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: source))
    let parts = ("tests.1." + path).split(separator: ".")[...]
    let spoiled = replace(object, at: parts) { Array(($0 as? [Any] ?? []).dropLast()) }
    try JSONSerialization.data(withJSONObject: spoiled)
      .write(to: folder.url.appendingPathComponent("pendulum.json"))
    #expect(throws: UserError.self) {
      try PhysicsVerification.run(directory: folder.url, threads: 1)
    }
  }
}

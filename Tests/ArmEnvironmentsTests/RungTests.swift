// Rungs: numbers of a file that make its task harder, and nothing else.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

private func world(_ name: String, rung: Int) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: "none")
  settings.rung = rung
  return try ArmEnvironment(named: name, settings: settings)
}

@Suite struct RungTests {
  @Test func aRungTakesTheFilesPlace() throws {
    let radii = try (1...4).map { try world("push", rung: $0).scene.zones[0].radius }
    #expect(radii == [0.07, 0.05, 0.035, 0.02])
    // A range, and a key of the task's own.
    #expect(try world("push-crowd", rung: 3).specification.objects.count == 7...8)
    #expect(try world("trace", rung: 2).maximumSteps == 2 * world("trace", rung: 1).maximumSteps)
  }

  /// A policy of one rung can be put to every other.
  @Test(arguments: try EnvironmentLibrary.names())
  func whatIsObservedStays(name: String) throws {
    let summary = try EnvironmentSummary(folder: EnvironmentLibrary.folder(of: name))
    guard summary.rungs > 1 else { return }
    #expect(!summary.purpose.isEmpty, "\(name) has rungs, and does not say what it is for")
    let first = try world(name, rung: 1)
    for rung in 2...summary.rungs {
      let harder = try world(name, rung: rung)
      #expect(harder.features.hasLayout(of: first.features))
      #expect(harder.variation == ["rung": "\(rung)"])
    }
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    let good = "  zones.radius: [0.05, 0.035, 0.02]\n"
    func refusal(_ text: String, rung: Int = 2) throws -> String {
      let copy = try EnvironmentCopy()
      try copy.edit(good, to: text)
      var settings = EnvironmentSettings(randomization: "none")
      settings.rung = rung
      let error = #expect(throws: UserError.self) { try ArmEnvironment(folder: copy.folder, settings: settings) }
      let line = try copy.line(of: text.split(separator: "\n").last.map(String.init) ?? "")
      let message = error?.message ?? ""
      #expect(rung > 2 || message.contains("environment.yaml:\(line): "), "\(message)")
      return message
    }
    #expect(try refusal("  zones.radius: 0.05\n").contains("must be a list with a value for each rung"))
    #expect(try refusal("  zone.radius: [0.05]\n").contains("'rungs.zone.radius' names no key of this file"))
    #expect(
      try refusal("  zones.radius: [0.05]\n  time_limit: [20, 15]\n").contains(
        "has 2 values, but 'zones.radius' has 1"))
    #expect(try refusal("  zones.radius: [-1]\n").contains("is -1 m, but must lie between"))
    #expect(try refusal(good, rung: 9).contains("there is no rung 9: the environment has the rungs 1 to 4"))
  }

  /// A check looks at every rung: of a rung that nobody can climb it says so.
  @Test func aRungThatIsTooHardIsFound() throws {
    let copy = try EnvironmentCopy()
    try copy.edit("zones.radius: [0.05, 0.035, 0.02]", to: "time_limit: [1]")
    let check = EnvironmentCheck(copy.folder, resets: 5)
    #expect(
      check.findings.contains { $0.level == "none, rung 2" && $0.message.contains("the scripted expert obeyed only") })
    try copy.edit("time_limit: [1]", to: "objects.count: [[3, 4]]")
    let other = EnvironmentCheck(copy.folder, resets: 5)
    #expect(
      other.findings.contains { $0.message.contains("rung 2 changes the feature observation.environment_state") },
      "\(other.findings)")
  }
}

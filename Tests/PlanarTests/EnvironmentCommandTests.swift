// planar environment: what it lists, shows, finds and draws.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct EnvironmentCommandTests {
  private func object(_ arguments: String...) throws -> [String: Any] {
    let done = try run("planar", arguments)
    #expect(done.status == 0, "\(done.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String: Any])
  }

  @Test func everyEnvironmentIsListedWithWhatItIs() throws {
    let list = try object("environment", "list", "--json")
    let entries = try #require(list["environments"] as? [[String: Any]])
    func text(_ key: String, of entry: [String: Any]) -> String { entry[key] as? String ?? "" }
    let push = try #require(entries.first { text("name", of: $0) == "push" })
    #expect(text("task", of: push) == "push" && text("robot", of: push) == "arm3" && push["rungs"] as? Int == 4)
    for entry in entries { #expect(!text("description", of: entry).isEmpty, "\(entry)") }
    let lines = try planar("environment", "list").output.split(separator: "\n")
    #expect(lines.count == entries.count + entries.count { !text("purpose", of: $0).isEmpty })
  }

  @Test func showTellsFeaturesRandomizationAndCommands() throws {
    let shown = try object("environment", "show", "push", "--json")
    let features = try #require(shown["features"] as? [[String: Any]])
    #expect(
      features.compactMap { $0["name"] as? String } == ["observation.state", "observation.environment_state", "action"])
    let levels = try #require(shown["levels"] as? [[String: Any]])
    #expect(levels.compactMap { $0["name"] as? String }.starts(with: ["none", "train", "wide"]))
    let commands = try #require(shown["commands"] as? [[String: Any]])
    #expect(commands.compactMap { $0["language"] as? String } == ["en", "ko"])
    let gantry = try planar("environment", "show", "push", "--robot", "gantry")
    #expect(gantry.output.contains("robot     gantry") && !gantry.output.contains("joint0"))
    #expect(gantry.output.contains("contact_friction") && gantry.output.contains("support_friction, friction"))
  }

  @Test func checkTellsWhatIsWrongAndExitsWithOne() throws {
    let sound = try planar("environment", "check", "push")
    #expect(sound.status == 0 && sound.output.contains("is sound"))
    let folder = try TestFolder()
    let file = folder.url("environment.yaml")
    try Data("name: mine\ntime_limt: 3\n".utf8).write(to: file)
    let broken = try planar("environment", "check", file.path)
    #expect(broken.status == 1)
    #expect(broken.output == "\(file.path):2: unknown key 'time_limt'; did you mean 'time_limit'?\n")
    let missing = try planar("environment", "check", "psh")
    #expect(missing.status == 1 && missing.errors.contains("there is no environment 'psh'; did you mean 'push'?"))
  }

  @Test func renderDrawsAPicture() throws {
    let folder = try TestFolder()
    let run = try planar(
      "environment", "render", "push", "--level", "none", "--count", "2", "--size", "64", "--output",
      folder.path("sheet.png"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(try Data(contentsOf: folder.url("sheet.png")).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let wrong = try planar("environment", "render", "push", "--level", "wlde")
    #expect(wrong.errors.contains("environment 'push' has no randomization level 'wlde'; did you mean 'wide'?"))
  }
}

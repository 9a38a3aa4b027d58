// Runs the page Environments/ADD-A-TASK.md: its files make a task that the expert can do.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct WalkthroughTests {
  /// The page's blocks that begin with `# file: <name>`, written into a folder.
  private func folderFromPage() throws -> URL {
    let page = try String(
      contentsOf: EnvironmentLibrary.home().appendingPathComponent("Environments/ADD-A-TASK.md"),
      encoding: .utf8)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "walkthrough-\(UUID().uuidString)/together", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for block in page.components(separatedBy: "```yaml\n").dropFirst() {
      let text = try #require(block.components(separatedBy: "```").first)
      let first = try #require(text.split(separator: "\n").first)
      #expect(first.hasPrefix("# file: "))
      let name = String(first.dropFirst("# file: ".count))
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return folder
  }

  @Test func thePagesTaskIsUnderstoodAndSolved() throws {
    let folder = try folderFromPage()
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    var settings = EnvironmentSettings(randomization: "train")
    settings.language = .any
    let base = try ArmEnvironment(folder: folder, settings: settings)
    var languages: Set<CommandLanguage> = []
    var successes = 0
    for seed in 0..<40 as Range<UInt64> {
      var world = base
      _ = try world.reset(seed: seed, command: .drawn)
      languages.insert(CommandLanguage(of: world.info.command))
      #expect(try !world.achieves(command: world.info.command))
      var expert = try #require(world.scriptedExpert)
      expert.beginEpisode(seed: seed)
      var transition: Transition
      repeat {
        transition = world.step(expert.action(in: world))
      } while !transition.terminated && !transition.truncated
      successes += transition.succeeded ? 1 : 0
      if transition.succeeded { #expect(try world.achieves(command: world.info.command)) }
    }
    #expect(languages == [.english, .korean])
    #expect(successes >= 37)
  }

  @Test func thePagesCostFallsAsTheObjectsMeet() throws {
    let folder = try folderFromPage()
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    var world = try ArmEnvironment(folder: folder, settings: EnvironmentSettings(randomization: "none"))
    _ = try world.reset(seed: 1, command: .drawn)
    let start = world.planningCost
    var expert = try #require(world.scriptedExpert)
    expert.beginEpisode(seed: 1)
    while !world.advance(expert.action(in: world)) && world.stepIndex < world.maximumSteps {}
    #expect(start > 0.3)
    #expect(world.planningCost == 0)
  }
}

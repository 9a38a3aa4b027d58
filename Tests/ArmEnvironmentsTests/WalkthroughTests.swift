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

  // MARK: A task with code of its own

  /// A copy of `reach` with the page's gate.
  private func gateEnvironment() throws -> ArmEnvironment {
    let page = try folderFromPage()
    defer { try? FileManager.default.removeItem(at: page.deletingLastPathComponent()) }
    let gate = try String(contentsOf: page.appendingPathComponent("gate.yaml"), encoding: .utf8)
    let copy = try EnvironmentCopy(of: "reach")
    try copy.edit("\ntask: reach\n", to: "\n\(gate)")
    return try withExtendedLifetime(copy) {
      try ArmEnvironment(
        TaskKind.Files(folder: copy.folder), of: GateTask.kind, settings: EnvironmentSettings(randomization: "train"))
    }
  }

  @Test func thePagesCodeIsWhatTheseTestsRun() throws {
    let code = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("GateTask.swift")
    let page = try String(
      contentsOf: EnvironmentLibrary.home().appendingPathComponent("Environments/ADD-A-TASK.md"), encoding: .utf8)
    #expect(page.contains("```swift\n\(try String(contentsOf: code, encoding: .utf8))```"))
  }

  @Test func theZoneCountsOnlyAfterTheGate() throws {
    let base = try gateEnvironment()
    var successes = 0
    for seed in 0..<20 as Range<UInt64> {
      var world = base
      _ = try world.reset(seed: seed, command: .drawn)
      #expect(world.metrics["passed_gate"] == 0)
      let gate = try #require(GateTask.kind.isOnTable ? world.specification.task as? GateTask : nil)
      let posts = world.drawList.items.filter {
        if case .disc(let center, _, _, _, _) = $0 { abs(center.y - gate.center.y) < 1e-9 } else { false }
      }
      #expect(posts.count >= 2)
      // Straight to the zone it is not done, however long one waits, unless the way leads through the gate.
      var straight = world
      for _ in 0..<40 {
        let zone = try #require(straight.goalZone)
        let transition = straight.step(straight.action(moving: (zone.center - straight.commandedTip) * 3))
        #expect(transition.succeeded == (straight.metrics["passed_gate"] == 1 && straight.holds(straight.goal)))
        if transition.terminated { break }
      }
      var expert = try #require(world.scriptedExpert)
      expert.beginEpisode(seed: 0)
      var fork = world
      var transition: Transition
      repeat {
        world.fork(into: &fork)
        let action = expert.action(in: world)
        transition = world.step(action)
        _ = fork.advance(action)
        #expect(fork.memory(as: GateTask.Passage.self) == world.memory(as: GateTask.Passage.self))
      } while !transition.terminated && !transition.truncated
      if transition.succeeded {
        successes += 1
        #expect(world.metrics["passed_gate"] == 1)
      }
    }
    #expect(successes >= 18)
  }

  @Test func aForkRemembersForItself() throws {
    var world = try gateEnvironment()
    _ = try world.reset(seed: 0, command: .drawn)
    let fork = world
    var expert = try #require(world.scriptedExpert)
    expert.beginEpisode(seed: 0)
    for _ in 0..<80 where world.metrics["passed_gate"] == 0 { _ = world.step(expert.action(in: world)) }
    #expect(world.metrics["passed_gate"] == 1 && fork.metrics["passed_gate"] == 0)
    _ = try world.reset(seed: 1, command: .drawn)
    #expect(world.metrics["passed_gate"] == 0)
  }
}

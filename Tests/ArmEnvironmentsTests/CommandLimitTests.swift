// Command files that lack what a task asks for, and commands of any length: a sentence, and soon.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct CommandLimitTests {
  private static let environments = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Environments")

  /// What `environment check` says of an environment whose commands.yaml was edited.
  private func findings(_ name: String, _ edit: (String) -> String) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Self.environments.appendingPathComponent(name), to: folder)
    let file = folder.appendingPathComponent("commands.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try edit(text).write(to: file, atomically: true, encoding: .utf8)
    #expect(throws: UserError.self) { try EnvironmentDescription(folder: folder) }
    return EnvironmentCheck(folder, resets: 20).findings.map(\.message)
  }

  private func without(_ key: String, _ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix(key) }.joined(separator: "\n")
  }

  @Test func whatTheTaskAsksForMustHaveWords() throws {
    let messages = try findings("tidy") { without("every:", $0) }
    #expect(
      messages.contains { $0.contains("commands.yaml has no") && $0.hasSuffix("add 'every: {en: [every, all]}'") },
      "\(messages)")
  }

  @Test func twinsNeedRelations() throws {
    let messages = try findings("push-crowd") { text in
      String(text[..<(text.range(of: "\nrelations:")!.lowerBound)]) + "\n"
    }
    #expect(messages.contains { $0.contains("'relations.nearest' is missing") }, "\(messages)")
  }

  /// The square of the length would be minutes here.
  @Test func endlessWordsAreRefusedSoon() throws {
    let grammar = try CommandGrammar(
      contentsOf: Self.environments.appendingPathComponent("push/commands.yaml"))
    for text in [
      String(repeating: "으로", count: 1_600), String(repeating: "으로 ", count: 400),
      "빨간 " + String(repeating: "가나다", count: 1_000) + "을 왼쪽 구역으로 밀어", String(repeating: "wug", count: 6_400),
      "push the re" + String(repeating: "\u{301}\u{323}", count: 8_000) + "d square",
      String(repeating: "nearest to ", count: 2_900),
      String(repeating: "red square ", count: 2_900), String(repeating: "빨간 원에 가장 가까운 ", count: 1_000),
    ] {
      var said = ""
      do { _ = try grammar.parse(text) } catch { said = "\(error)" }
      #expect(!said.isEmpty && said.count < 600, "\(said.prefix(200))")
    }
  }

  /// Taking a text apart takes its time, and nobody says so much in one command.
  @Test func anEndlessCommandIsRefusedForItsLength() throws {
    let grammar = try CommandGrammar(
      contentsOf: EnvironmentLibrary.folder(of: "push").appendingPathComponent("commands.yaml"))
    for (text, words) in [
      (String(repeating: "push the red ", count: 4_000), "the command has 52000 bytes, and 32768 are read at most"),
      (String(repeating: "빨간 사각형을 ", count: 4_000), "명령이 너무 깁니다(80000바이트, 최대 32768바이트)"),
    ] {
      let error = #expect(throws: UserError.self) { try grammar.parse(text) }
      #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "")")
    }
  }
}

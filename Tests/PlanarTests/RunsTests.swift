// planar runs: every kind of run with its figure, newest first; what was stopped with what goes on with it.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct RunsTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func list(_ arguments: String...) throws -> [[String: Any]] {
    let listed = try run("planar", ["runs"] + arguments + ["--json"])
    #expect(listed.status == 0, "\(listed.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
  }

  private func make(_ arguments: String..., as name: String) throws {
    let made = try run("planar", arguments + ["--output", folder.path(name)])
    #expect(made.status == 0 || arguments[0] == "compare", "\(made.errors)")
  }

  @Test func everyKindIsListedWithItsFigureAndWhatOpensIt() throws {
    try make("record", "--environment", "reach", "--episodes", "6", as: "a-data")
    try make(
      "train", "regression", "--data", folder.path("a-data"), "--steps", "5", "--batch-size", "8", "--no-evaluation",
      as: "deeper/down/b-policy")
    try make("eval", "--policy", "expert", "--environment", "reach", "--episodes", "9", as: "c-eval")
    try make(
      "eval", "--policy", "expert", "--environment", "push", "--episodes", "2", "--sweep", "friction=0.5:1:2",
      as: "d-sweep")
    try make(
      "compare", "policies", "expert", "random", "--environment", "reach", "--episodes", "32", as: "e-comparison")
    try FileManager.default.createDirectory(at: folder.url("empty/nothing"), withIntermediateDirectories: true)
    let runs = try list(folder.root.path)
    let kinds = runs.map { $0["kind"] as? String }
    #expect(kinds == ["comparison", "sweep", "evaluation", "checkpoint", "data set"], "newest first")
    let headlines = runs.compactMap { $0["headline"] as? String }
    #expect(headlines[0].contains("expert is better than random") && headlines[0].contains("over 32 episodes"))
    #expect(headlines[1].contains("over 2 values of friction, 2 episodes each"))
    #expect(headlines[2].contains("of 9 episodes in reach"))
    #expect(headlines[3].contains("after 5 gradient steps"))
    #expect(headlines[4].hasPrefix("reach: 6 episodes, "))
    #expect(runs.allSatisfy { $0["state"] as? String == "finished" && ($0["bytes"] as? Int ?? 0) > 1_000 })
    #expect(runs[2]["command"] as? String == "xdg-open \(folder.path("c-eval"))/report.html")
    for run in [runs[3], runs[4]] {
      let opened = try runInShell(
        try #require(run["command"] as? String)
          + (run["kind"] as? String == "checkpoint" ? " --headless --episodes 1" : ""))
      #expect(opened.status == 0, "\(run): \(opened.errors)")
    }
    let text = try planar("runs", folder.path("c-eval"))
    #expect(
      text.output.contains("evaluation   \(folder.path("c-eval"))  (finished, ") && text.output.contains("1 run, "))
  }

  #if DEBUG
    private let manyEpisodes = "96"
  #else
    private let manyEpisodes = "3000"
  #endif

  @Test func whatWasStoppedIsGoneOnWithByThePastedCommand() throws {
    let output = folder.path("it's mine")
    let stopped = try run(
      "planar",
      [
        "eval", "--policy", "expert", "--episodes", manyEpisodes, "--threads", "1", "--output", output, "--overwrite",
      ]
    ) { FileManager.default.fileExists(atPath: output + "/episodes.jsonl") }
    #expect(stopped.status == 130, "\(stopped.errors)")
    let run = try #require(try list(folder.root.path).first)
    #expect(run["state"] as? String == "resumable" && run["kind"] as? String == "evaluation")
    #expect((run["headline"] as? String)?.hasSuffix(" of \(manyEpisodes) episodes") == true)
    let command = try #require(run["command"] as? String)
    #expect(command.contains(" --resume") && !command.contains("--overwrite"))
    try FileManager.default.removeItem(atPath: output + "/command.json")
    #expect(
      try planar("runs", output).output.contains("does not say how it was begun: repeat that command with --resume"))
    #expect(try runInShell(command).status == 0)
    let finished = try #require(try list(folder.root.path).first)
    #expect(finished["state"] as? String == "finished")
    #expect((finished["headline"] as? String)?.contains("of \(manyEpisodes) episodes in push") == true)
  }

  @Test func whatCannotBeReadIsNamedAndStopsNothing() throws {
    try make("eval", "--policy", "expert", "--environment", "reach", "--episodes", "3", as: "good")
    try FileManager.default.createDirectory(at: folder.url("bad"), withIntermediateDirectories: true)
    try Data("{\"episodes\": ".utf8).write(to: folder.url("bad/summary.json"))
    let runs = try list(folder.root.path)
    let bad = try #require(runs.first { ($0["folder"] as? String)?.hasSuffix("/bad") == true })
    #expect(bad["state"] as? String == "unreadable" && bad["command"] == nil)
    #expect((bad["headline"] as? String)?.contains("bad/summary.json") == true, "\(bad)")
    #expect(runs.contains { $0["state"] as? String == "finished" })
    let missing = try planar("runs", folder.path("none"))
    #expect(missing.status == 1 && missing.errors.hasPrefix("Error: cannot read the folder "), "\(missing.errors)")
  }

  @Test func whereThereIsNoneItSaysWhatMakesOne() throws {
    let none = try run("planar", ["runs"], in: folder.root)
    #expect(none.status == 0 && none.output.hasPrefix("There are no runs in runs.\n"))
    #expect(none.suggestions.count == 1 && none.suggestions[0].hasSuffix("planar eval --policy push-flow"))
    #expect(try run("planar", ["runs", "--json"], in: folder.root).output == "[]\n")
  }
}

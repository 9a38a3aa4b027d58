// The page that an evaluation leaves: its figures, its films, and the commands that show them again.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct EvaluationPageTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func page(_ output: String) throws -> String {
    try String(contentsOf: folder.url("\(output)/report.html"), encoding: .utf8)
  }

  private func unescaped(_ text: some StringProtocol) -> String {
    text.replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&#39;", with: "'")
      .replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&lt;", with: "<")
      .replacingOccurrences(of: "&amp;", with: "&")
  }

  /// The commands under the films.
  private func commands(_ page: String) -> [String] {
    page.components(separatedBy: "<pre><code>").dropFirst().map { unescaped($0.components(separatedBy: "</code>")[0]) }
  }

  /// Failures come first, and the command below each shows that episode: it fails again, and the last ones succeed.
  @Test func failedEpisodesAreShownFirstAndCanBeSeenAgain() throws {
    let policy = try TinyCheckpoint.shared.get().path
    let run = try planar(
      "eval", "--policy", policy, "--episodes", "40", "--execution-horizon", "4", "--output",
      folder.path("eval"))
    #expect(run.status == 0 && run.output.contains("/eval/report.html"), "\(run.errors)")
    let html = try page("eval")
    let lines = try String(contentsOf: folder.url("eval/episodes.jsonl"), encoding: .utf8).split(separator: "\n")
    let outcomes = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let failed = outcomes.filter { $0["success"] as? Bool == false }
    let shown = commands(html).filter { $0.contains(" demo ") && !$0.contains(" --film ") }
    let films = html.components(separatedBy: "<figure class=\"player\">").count - 1
    #expect(shown.count == films && films == min(4, failed.count) + min(2, outcomes.count - failed.count))
    #expect(html.contains("<p>policy obeyed its command in \(percent(40 - failed.count, of: 40))"))
    #expect(commands(html)[films].contains(" eval --policy "))
    for (command, isFailure) in [(shown[0], !failed.isEmpty), (shown.last!, failed.count == 40)] {
      let seen = try runInShell(command + " --headless --episodes 1")
      #expect(seen.status == 0, "\(seen.errors)")
      #expect(seen.output.contains(isFailure ? "0 of 1" : "1 of 1"), "\(command): \(seen.output)")
      // The same episode to the step, as far as the page and the demo say how long it took.
      let seed = try #require(command.firstMatch(of: /--seed (\d+)/)).output.1
      let outcome = try #require(outcomes.first { (($0["info"] as? [String: Any])?["seed"] as? Int) == Int(seed) })
      #expect(seen.output.contains("after \(try #require(outcome["steps"] as? Int)) steps"), "\(seen.output)")
    }
    let csv = try String(contentsOf: folder.url("eval/summary.csv"), encoding: .utf8)
    #expect(csv.contains("\n,,40,\(40 - failed.count),"))
  }

  private func percent(_ count: Int, of all: Int) -> String {
    String(format: "%.1f %% [", 100 * Double(count) / Double(all))
  }

  @Test func nothingIsFetchedAndScriptsAreNotNeeded() throws {
    let run = try planar(
      "eval", "--policy", "random", "--environment", "reach", "--episodes", "32", "--command", "blank", "--output",
      folder.path("eval"))
    #expect(run.status == 0, "\(run.errors)")
    let html = try page("eval")
    #expect(html.contains("reached the drawn goal, which nobody asked it for, in 0.0 %"))
    #expect(html.contains("<noscript><style>.films, .controls { display: none; } .strips { display: block; }"))
    #expect(html.components(separatedBy: "<div class=\"strips\"><p><strong>Episode 10").count - 1 == 4)
    #expect(html.contains("--seed 1000 --command blank"))
    let shown = try planar(
      "demo", "--policies", "random", "--environment", "reach", "--seed", "1000", "--command", "blank", "--headless",
      "--episodes", "1")
    #expect(shown.status == 0, "\(shown.errors)")
    let addresses = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
    #expect(!addresses.contains("http://") && !addresses.contains("https://") && !addresses.contains("src=\"/"))
  }

  /// A page is replaced with its evaluation, and only then.
  @Test func thePageBelongsToTheEvaluation() throws {
    func eval(_ arguments: String...) throws -> ProgramRun {
      try run(
        "planar",
        ["eval", "--policy", "expert", "--environment", "reach", "--output", folder.path("eval")] + arguments)
    }
    #expect(try eval("--episodes", "3").status == 0)
    let first = try page("eval")
    #expect(try eval("--episodes", "4").status == 1)
    #expect(try page("eval") == first)
    #expect(try eval("--episodes", "4", "--overwrite").status == 0)
    #expect(try page("eval").contains(" of 4 episodes"))
  }

  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func theSlidersOfAnEvaluationMoveItsFilms() throws {
    let run = try planar(
      "eval", "--policy", "random", "--episodes", "32", "--output", folder.path("eval"))
    #expect(run.status == 0, "\(run.errors)")
    let reports = try Browser.reports(on: page("eval"), script: Browser.movingEverySlider)
    #expect(reports == Array(repeating: "the film moved", count: 4))
  }

  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func theSlidersOfAnExperimentMoveItsFilms() throws {
    let run = try planar(
      "experiment", "run", "language", "--quick", "--episodes", "4", "--output", folder.path("experiment"))
    #expect(run.status == 0, "\(run.errors)")
    let reports = try Browser.reports(on: page("experiment"), script: Browser.movingEverySlider)
    #expect(!reports.isEmpty && reports.allSatisfy { $0 == "the film moved" }, "\(reports)")
    let csv = try String(contentsOf: folder.url("experiment/arms.csv"), encoding: .utf8).split(separator: "\n")
    #expect(csv[0].hasPrefix("arm,training_seeds,episodes,success,drawn_goal,interval_of,interval_low,interval_high,"))
    #expect(csv.count > 2 && csv.dropFirst().allSatisfy { $0.contains(",4,") }, "\(csv)")
  }
}

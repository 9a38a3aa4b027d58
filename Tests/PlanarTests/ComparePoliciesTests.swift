// planar compare policies: verdicts that scripts can read, episodes that can be seen again, work that is not lost.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct ComparePoliciesTests {
  private let folder: TestFolder
  private let reach = ["--environment", "reach"]
  init() throws { folder = try TestFolder() }

  private func compare(_ policies: [String], _ arguments: String...) throws -> ProgramRun {
    try run("planar", ["compare", "policies"] + policies + arguments)
  }

  private func object(_ name: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url(name))) as? [String: Any])
  }

  private func pairs(_ comparison: [String: Any]) throws -> [[String: Any]] {
    try #require(comparison["pairs"] as? [[String: Any]])
  }

  @Test func theExitCodeIsTheVerdict() throws {
    let better = try compare(
      ["expert", "random"], "--environment", "reach", "--episodes", "64", "--output", folder.path("better"))
    #expect(better.status == 0, "\(better.errors)")
    #expect(better.output.contains("expert is better than random: +"))
    for name in ["report.html", "comparison.csv", "comparison.json"] {
      #expect(FileManager.default.fileExists(atPath: folder.path("better/\(name)")), "\(name)")
    }
    let worse = try compare(
      ["random", "expert"], "--environment", "reach", "--episodes", "64", "--json", "--output", folder.path("worse"))
    #expect(worse.status == 2, "\(worse.errors)")
    let printed = try #require(try JSONSerialization.jsonObject(with: Data(worse.output.utf8)) as? NSDictionary)
    #expect(try object("worse/comparison.json") as NSDictionary == printed)
    #expect(try pairs(object("worse/comparison.json"))[0]["verdict"] as? String == "worse")
    let undecided = try compare(
      ["expert", "planner"], "--environment", "reach", "--episodes", "2", "--output", folder.path("undecided"))
    #expect(undecided.status == 3, "\(undecided.errors)")
    #expect(undecided.output.contains("is undecided") && undecided.output.contains("more episodes would settle it"))
  }

  /// The episodes are those of `planar eval`, byte by byte, and can be put into tables with others.
  @Test func episodesAreThoseOfEval() throws {
    let policy = try TinyCheckpoint.shared.get().path
    let both = try compare([policy, "expert"], "--episodes", "40", "--threads", "2", "--output", folder.path("both"))
    #expect([0, 2, 3].contains(both.status), "\(both.errors)")
    for (name, word) in [("policy", policy), ("expert", "expert")] {
      let alone = try planar(
        "eval", "--policy", word, "--episodes", "40", "--threads", "1", "--output", folder.path(name))
      #expect(alone.status == 0, "\(alone.errors)")
      #expect(
        try Data(contentsOf: folder.url("both/compared-policies/\(name)/episodes.jsonl"))
          == Data(contentsOf: folder.url("\(name)/episodes.jsonl")))
    }
    let table = try planar("table", folder.path("both"))
    #expect(table.status == 0 && table.output.contains("`expert`"), "\(table.errors)")
    let rows = try #require(try object("both/comparison.json")["policies"] as? [[String: Any]])
    #expect(rows.map { $0["training_seeds"] as? Int } == [1, 0])
  }

  /// Neither threads nor a stop in the middle change a byte.
  @Test func stoppingEarlyIsTheSameOnAnyNumberOfThreads() throws {
    func early(_ name: String, threads: String) throws -> [String: Any] {
      let run = try compare(
        ["expert", "random"], "--environment", "reach", "--episodes", "512", "--stop-early", "--threads", threads,
        "--output", folder.path(name))
      #expect(run.status == 0, "\(run.errors)")
      return try object("\(name)/comparison.json")
    }
    let one = try early("one", threads: "1")
    let pair = try pairs(one)[0]
    let figures = try #require(pair["figures"] as? [String: Any])
    let episodes = try #require(figures["episodes"] as? Int)
    #expect(episodes < 64 && figures["p"] == nil)
    let rows = try #require(one["policies"] as? [[String: Any]])
    #expect(rows.map { $0["episodes"] as? Int } == [64, 64])
    _ = try early("two", threads: "2")
    for file in ["comparison.json", "comparison.csv"] {
      let same = try Data(contentsOf: folder.url("one/\(file)")) == Data(contentsOf: folder.url("two/\(file)"))
      #expect(same, "\(file)")
    }
  }

  #if DEBUG
    private let manyEpisodes = "128"
  #else
    private let manyEpisodes = "1500"
  #endif

  @Test func anInterruptedComparisonGoesOn() throws {
    let arguments = ["compare", "policies", "expert", "random", "--episodes", manyEpisodes, "--threads", "1"]
    let output = folder.path("it's mine")
    let stopped = try run("planar", arguments + ["--output", output]) {
      FileManager.default.fileExists(atPath: output + "/compared-policies/random/episodes.jsonl")
    }
    #expect(stopped.status == 130, "\(stopped.output)\(stopped.errors)")
    #expect(!stopped.output.contains("better") && stopped.output.contains("Stopped after "))
    #expect(!FileManager.default.fileExists(atPath: output + "/comparison.json"))
    let refused = try run("planar", arguments + ["--output", output])
    #expect(refused.status == 1 && refused.errors.contains("already holds an unfinished comparison; go on with it by"))
    let other = try run("planar", arguments + ["--margin", "3", "--output", output, "--resume"])
    #expect(other.status == 1 && other.errors.contains("other policies or rules (comparison-plan.json)"))
    let resumed = try runInShell(try #require(stopped.suggestions.first))
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try run("planar", arguments + ["--output", folder.path("whole")])
    #expect(whole.status == 0)
    let same =
      try Data(contentsOf: URL(fileURLWithPath: output + "/comparison.json"))
      == Data(contentsOf: folder.url("whole/comparison.json"))
    #expect(same)
    #expect(
      try planar("compare", "policies", "expert", "random", "--resume").errors.contains("--resume needs --output"))
  }

  /// The command under an episode shows it: headless, the same policy succeeds and the other fails.
  @Test func discordantEpisodesCanBeSeenAgain() throws {
    let policy = try TinyCheckpoint.shared.get().path
    let run = try compare(
      [policy, "expert"], "--episodes", "32", "--randomization", "none", "--set", "friction=0.3", "--command",
      "swapped",
      "--execution-horizon", "6", "--output", folder.path("both"))
    #expect(run.status == 2, "\(run.output)\(run.errors)")
    let discordant = try #require(try pairs(object("both/comparison.json"))[0]["discordant"] as? [[String: Any]])
    let one = try #require(discordant.first)
    #expect(one["winner"] as? String == "expert")
    let replay = try #require(one["replay"] as? String)
    #expect(run.suggestions.contains(replay) && run.suggestions.count == min(10, discordant.count))
    let seen = try runInShell(replay + " --headless --episodes 1")
    #expect(seen.status == 0, "\(seen.errors)")
    #expect(seen.output.contains(try #require(one["command"] as? String)))
    let lines = seen.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("policy ") && $0.contains("0 of 1") })
    #expect(lines.contains { $0.hasPrefix("expert ") && $0.contains("1 of 1") })
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    let one = try compare(["expert"])
    #expect(one.status == 64 && one.errors.contains("Name at least two policies"), "\(one.errors)")
    let twice = try compare(["expert", "random", "expert"])
    #expect(
      twice.errors
        == "Error: planar compare policies names one driver twice: 'expert' and 'expert'; leave one of them away\n")
    let unknown = try compare(["push-flwo", "expert"])
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean 'push-flow'?"))
    let repeated = try compare(["expert", "random"], "--margin", "1", "--margin", "2")
    #expect(repeated.errors == "Error: --margin is given 2 times, but has one value; give it once\n")
    let margin = try compare(["expert", "random"], "--margin", "0")
    #expect(margin.status == 64 && margin.errors.contains("from 0.01 to 100"), "\(margin.errors)")
  }

  /// Several policies, in whatever way somebody writes them, lead from eval to here.
  @Test(
    arguments: [
      ["--policy", "push-flow", "--policy", "expert"], ["--policy=push-flow", "--policy", "expert"],
      ["--policy", "push-flow", "expert"], ["--policy", "push-flow,expert"],
      ["--policy", "push-flow", "expert", "--sweep", "friction=0.25:2:8"],
    ])
  func evalLeadsHere(arguments: [String]) throws {
    let refused = try run("planar", ["eval"] + arguments)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errors.hasPrefix(
        "Error: eval measures one policy, and 2 are given; to compare them on the same episodes: "))
    #expect(refused.errors.hasSuffix("planar compare policies push-flow expert\n"), "\(refused.errors)")
  }
}

// planar record: who drives, what is kept, and that every recording can be played again.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct RecordTests {
  let folder: TestFolder
  var data: String { folder.path("data") }

  init() throws { folder = try TestFolder() }

  private func record(_ arguments: String...) throws -> ProgramRun {
    try run("planar", ["record", "--output", data] + arguments)
  }

  private func object(_ run: ProgramRun) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  /// Every episode of the dataset shows, played again, what was recorded.
  private func expectFaithfulReplays(_ episodes: Int) throws {
    let json = try object(try planar("dataset", "show", data, "--count", "\(episodes)", "--json"))
    let shown = try #require(json["episodes"] as? [[String: Any]])
    #expect(shown.count == episodes)
    #expect(shown.allSatisfy { $0["replay_is_faithful"] as? Bool == true }, "\(shown)")
    let check = try planar("dataset", "check", data)
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func onlySuccessesOnDemand() throws {
    let all = try object(try record("--episodes", "40", "--randomization", "wide", "--action-noise", "0.8", "--json"))
    #expect(all["driven"] as? Int == 40 && all["kept"] as? Int == 40)
    let successes = try #require(all["successes"] as? Int)
    #expect(successes < 40, "the noise is meant to make some fail")
    try FileManager.default.removeItem(atPath: data)
    let some = try record(
      "--episodes", "40", "--randomization", "wide", "--action-noise", "0.8", "--keep", "successes")
    #expect(some.output.contains("40 episodes driven, \(successes) of them successful"))
    #expect(some.output.contains("\(successes) kept; \(data) holds \(successes) episodes"))
    let info = try object(try planar("dataset", "info", data, "--json"))
    #expect(info["success_rate"] as? Double == 1)
  }

  @Test func appendingGoesOnWithTheNextSeeds() throws {
    #expect(try record("--episodes", "10").status == 0)
    let again = try record("--episodes", "5")
    #expect(again.status == 1 && again.errors.contains("already holds a dataset"))
    let run = try record("--episodes", "5", "--append", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let dataset = try #require(try object(run)["dataset"] as? [String: Any])
    #expect(dataset["total_episodes"] as? Int == 15)
    let info = try object(try planar("dataset", "info", data, "--json"))
    #expect(
      info["seeds"] as? [String: Int] == [
        "first": 1_000_000, "last": 1_000_014, "evaluation": 0, "tuning": 0, "training": 15,
      ])
    try expectFaithfulReplays(15)
    let other = try record("--episodes", "5", "--append", "--randomization", "wide")
    #expect(other.status == 1)
    #expect(
      other.errors
        == "Error: \(data) holds episodes at randomization 'train', not 'wide'; append episodes of the same kind, or choose another folder\n"
    )
    let none = try planar("record", "--append", "--output", folder.path("none"))
    #expect(none.status == 1 && none.errors.contains("is no dataset"))
  }

  /// Language, pinned items, camera, touch and shoves are part of the record.
  @Test func variedRecordingsReplayExactly() throws {
    let run = try record(
      "--episodes", "6", "--language", "ko", "--set", "friction=0.7", "--image", "32", "--touch",
      "--shove-probability", "0.03")
    #expect(run.status == 0, "\(run.errors)")
    try expectFaithfulReplays(6)
    let text = try planar("dataset", "info", data).output
    for part in [
      "\n1 shard, ", "randomization train, image 32x32, language ko, set.friction 0.7, touch true, 10 actions a second",
      "\nko ", "observation.images.top [32, 32, 3]", "observation.touch [", "shove probability 0.03",
    ] { #expect(text.contains(part), "\(part)") }
    // State policies train on it all the same.
    let train = try planar(
      "train", "flow", "--data", data, "--steps", "2", "--batch-size", "8", "--output", folder.path("policy"))
    #expect(train.status == 0, "\(train.errors)")
    let pusht = try planar(
      "record", "--from", "planner", "--environment", "pusht-arm", "--shove-probability", "0.1", "--output",
      folder.path("pusht"))
    #expect(pusht.errors.hasPrefix("Error: 'pusht-arm' has no objects that could be shoved"))
  }

  @Test func thePlannerRecordsToo() throws {
    let run = try record("--from", "planner", "--environment", "reach", "--episodes", "3", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try object(run)
    let kept = try #require(result["kept"] as? Int)
    #expect(kept == result["successes"] as? Int && kept > 0)
    let dataset = try #require(result["dataset"] as? [String: Any])
    let provenance = try #require(dataset["provenance"] as? [String: String])
    #expect(provenance["source"] == "planner" && provenance["labels"] == "executed actions")
    #expect(provenance["action_noise"] == "0.0")
    try expectFaithfulReplays(kept)
  }

  @Test(arguments: [
    "reach", "detour", "trace", "push-crowd", "push-together", "pick-place", "tidy", "recall", "slide", "belt", "slot",
  ])
  func everyScriptedExpertRecordsAndItsDataTrains(environment: String) throws {
    let run = try record("--environment", environment, "--episodes", "8", "--label-stride", "4")
    #expect(run.status == 0, "\(run.errors)")
    try expectFaithfulReplays(8)
    let train = try planar(
      "train", "flow", "--data", data, "--steps", "2", "--batch-size", "8", "--output", folder.path("policy"))
    #expect(train.status == 0, "\(train.errors)")
    let eval = try planar(
      "eval", "--policy", folder.path("policy"), "--environment", environment, "--episodes", "2",
      "--output", folder.path("eval"))
    #expect(eval.status == 0, "\(eval.errors)")
  }

  @Test(arguments: ["expert", "planner"])
  func dAggerRunsWhereThereIsAnExpert(expert: String) throws {
    let run = try planar(
      "dagger", "--environment", "reach", "--expert", expert, "--head", "flow", "--budgets", "40,60",
      "--round-steps", "2", "--steps", "2", "--batch-size", "8", "--plan-samples", "16", "--output",
      folder.path("run"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("round 1: ") && run.output.contains("60 labels of "))
  }

  /// The first Ctrl-C ends the recording, and what is on the disk is whole.
  @Test func interruptingKeepsWhatIsDone() throws {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("planar")
    process.arguments = ["record", "--environment", "reach", "--episodes", "1000000", "--output", data]
    process.currentDirectoryURL = projectFolder
    let output = folder.url("output")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(120)
    while !FileManager.default.fileExists(atPath: data + "/stats.json"), Date() < deadline {
      Thread.sleep(forTimeInterval: 0.05)
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + SIGINT)
    let text = try String(contentsOf: output, encoding: .utf8)
    #expect(text.contains("\nStopped; go on with:\n") && text.contains(" --append --episodes "))
    let info = try object(try planar("dataset", "info", data, "--json"))
    let total = try #require(info["total"] as? [String: Int])
    #expect(total["episodes"]! >= 256)
    #expect(text.contains("holds \(total["episodes"]!) episodes"))
    #expect(try planar("dataset", "check", data).status == 0)
  }

  @Test func theRealRobotIsNotRecorded() throws {
    let run = try record("--randomization", "real")
    #expect(run.status == 1 && run.errors.contains("nobody has trained on"))
    #expect(!FileManager.default.fileExists(atPath: data))
  }
}

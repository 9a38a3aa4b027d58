// What the program reports: complete, and the same on every machine however many threads it may use.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct ResultTests {
  @Test func evaluationPrintsOneJSONObject() throws {
    let folder = try TestFolder()
    let run = try planar(
      "eval", "--policy", "expert", "--episodes", "20", "--json", "--output", folder.path("eval"))
    #expect(run.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["environment"] as? String == "push")
    #expect(object["policy"] as? String == "expert")
    #expect(object["randomization"] as? String == "train")
    #expect(object["episodes"] as? Int == 20)
    let rate = try #require(object["success_rate"] as? Double)
    let low = try #require(object["interval_low"] as? Double)
    let high = try #require(object["interval_high"] as? Double)
    #expect(0 <= low && low < rate && rate <= high && high <= 1)
    #expect(rate >= 0.8)
    let saved = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.url("eval/summary.json")))
    #expect(saved as? NSDictionary == object as NSDictionary)
  }

  /// The bytes of the episodes that a policy goes through.
  private func episodes(
    _ policy: String, environment: String = "push", threads: Int, seed: Int = 1000,
    in folder: TestFolder
  ) throws -> Data {
    let run = try planar(
      "eval", "--policy", policy, "--environment", environment, "--episodes", "40", "--seed", "\(seed)", "--threads",
      "\(threads)", "--overwrite", "--output", folder.path("eval"))
    #expect(run.status == 0, "\(run.errors)")
    return try Data(contentsOf: folder.url("eval/episodes.jsonl"))
  }

  @Test(arguments: ["expert", "random", "flow"])
  func episodesDoNotDependOnThreads(policy: String) throws {
    let folder = try TestFolder()
    let name = policy == "flow" ? try TinyCheckpoint.shared.get().path : policy
    let one = try episodes(name, threads: 1, in: folder)
    #expect(one.count { $0 == UInt8(ascii: "\n") } == 40)
    #expect(try episodes(name, threads: 2, in: folder) == one)
    #expect(try episodes(name, threads: 2, seed: 2000, in: folder) != one)
  }

  /// How chunks were executed stands in the summary, and late answers show in the episodes.
  @Test func delaysAreReported() throws {
    let folder = try TestFolder()
    let policy = try TinyCheckpoint.shared.get().path
    func evaluate(_ options: String...) throws -> [String: Any] {
      let result = try run(
        "planar",
        ["eval", "--policy", policy, "--episodes", "4", "--json", "--overwrite", "--output", folder.path("eval")]
          + options)
      #expect(result.status == 0, "\(result.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }
    let plain = try evaluate()
    #expect(
      plain["execution"] as? NSDictionary
        == ["horizon": 8, "delay": 0, "switching": "wait"] as NSDictionary)
    let naive = try evaluate("--delay", "3", "--switching", "naive", "--execution-horizon", "6")
    #expect(
      naive["execution"] as? NSDictionary
        == ["horizon": 6, "delay": 3, "switching": "naive"] as NSDictionary)
    let ensemble = try evaluate("--temporal-ensembling", "0.5")
    #expect(
      ensemble["execution"] as? NSDictionary
        == ["horizon": 1, "delay": 0, "switching": "naive", "temporal_ensembling": 0.5]
        as NSDictionary)
    func change(_ summary: [String: Any]) throws -> Double {
      try #require((summary["motion"] as? [String: Double])?["action_change"])
    }
    // A policy that knows little is mostly noise, and means are smooth.
    #expect(try change(ensemble) < 0.7 * change(plain))
  }

  @Test(arguments: ["pusht", "pusht-arm"])
  func pushTIsEvaluatedByCoverageToo(environment: String) throws {
    let folder = try TestFolder()
    let one = try episodes("random", environment: environment, threads: 1, in: folder)
    #expect(try episodes("random", environment: environment, threads: 2, in: folder) == one)
    #expect(String(decoding: one, as: UTF8.self).contains("\"metrics\":{\"final_coverage\":"))
    let run = try planar(
      "eval", "--policy", "random", "--environment", environment, "--episodes", "40", "--json",
      "--output", folder.path("eval-2"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let means = try #require(object["mean_metrics"] as? [String: Double])
    let final = try #require(means["final_coverage"])
    let most = try #require(means["max_coverage"])
    #expect(0 <= final && final < most && most < 1)
    // No random episode covers 0.95, so that the reward is nowhere cut off.
    let reward = try #require(means["max_reward"])
    #expect(abs(reward - most / 0.95) < 1e-9)
  }

  @Test func headlessDemoShowsPushT() throws {
    let run = try planar(
      "demo", "--headless", "--environment", "pusht-arm", "--policies", "random", "--episodes", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("0 of 1"))
  }

  @Test func trainingDoesNotDependOnThreads() throws {
    let folder = try TestFolder()
    let tiny = try TinyCheckpoint.shared.get()
    let run = try TinyCheckpoint.train(data: tiny.data, output: folder.path("policy"), threads: 1)
    #expect(run.status == 0)
    let weights = try Data(contentsOf: folder.url("policy/model.safetensors"))
    #expect(try Data(contentsOf: tiny.folder.url("policy/model.safetensors")) == weights)
  }

  @Test func headlessDemoObeysAGivenCommand() throws {
    let run = try planar(
      "demo", "--headless", "--policies", "expert", "--episodes", "3", "--command",
      "push the red square to the left zone")
    #expect(run.status == 0)
    #expect(run.output.contains("\"push the red square to the left zone\""))
    #expect(run.output.contains("3 of 3"))
  }

  /// All threads of the process are counted, which only a process of its own can do.
  @Test func benchedTrainingAllocatesNothing() throws {
    let run = try planar(
      "bench", "nn", "--only", "w1", "w4", "--seconds", "0.01", "--threads", "1", "2", "--json")
    #expect(run.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let results = try #require(object["results"] as? [[String: Any]])
    func values(_ name: String) -> [Double] {
      results.filter { $0["name"] as? String == name }.compactMap { $0["value"] as? Double }
    }
    for name in ["w1", "w4"] {
      #expect(values(name + "_train_bytes_per_step") == [0, 0])
      #expect(values(name + "_train_samples_per_s").count == 2)
      #expect(values(name + "_infer_bytes") == [0])
    }
    let table = try planar("bench", "nn", "--only", "w1", "--seconds", "0.01", "--threads", "1")
    #expect(table.output.contains("w1 int8"))
    let refused = try planar("bench", "nn", "--only", "w9")
    #expect(refused.status != 0)
    #expect(refused.errors.contains("there is no workload 'w9'"))
  }
}

@Suite struct HelpTests {
  @Test(arguments: [
    ["demo"], ["eval"], ["compare"], ["compare", "covariate-shift"], ["experiment"],
    ["experiment", "run"], ["experiment", "show"], ["record"], ["train"],
    ["dagger"], ["dataset"], ["dataset", "info"], ["dataset", "show"], ["dataset", "check"], ["bench"],
    ["bench", "physics"], ["bench", "camera"], ["bench", "learning"],
    ["bench", "nn"], ["bench", "policies"], ["table"], ["runs"], ["fuzz"],
  ])
  func everySubcommandShowsAnExample(command: [String]) throws {
    let help = try run("planar", command + ["--help"])
    #expect(help.status == 0)
    #expect(help.errors.isEmpty)
    #expect(help.output.contains("planar " + command.joined(separator: " ") + " "))
    #expect(help.output.contains("\nExample"))
    #expect(help.output.contains("USAGE: planar " + command.joined(separator: " ")))
  }

  @Test func theProgramListsItsSubcommands() throws {
    let help = try planar("--help")
    #expect(help.status == 0)
    for name in [
      "demo", "eval", "experiment", "compare", "record", "dataset", "train", "dagger", "table", "runs", "bench", "fuzz",
    ] {
      #expect(help.output.contains("\n  \(name) "))
    }
  }
}

// Commands are ended at random moments, again and again: nothing half-written is read as whole, and what is gone on with
// ends with the bytes of a run that nobody disturbed.
//
//   make torture KILLS=1000          as often as it is told; a moment's worth of it is part of `make test`

import Foundation
import PlanarProgramTesting
import Testing

/// How often a command is ended, all commands together.
private let kills = ProcessInfo.processInfo.environment["PLANAR_KILLS"].flatMap(Int.init) ?? 14

/// Where the random moments come from; printed, so that a failure can be had again.
private let torturesSeed =
  ProcessInfo.processInfo.environment["PLANAR_KILLS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)

/// A command under torture: how it runs, how it goes on, and what its folder may hold at any moment.
private struct Victim {
  var name: String
  /// The command without its output.
  var arguments: [String]
  /// Whether the output is a file.
  var writesFile = false
  /// The file that makes the output count; until it is there, nothing is read.
  var mark: String
  /// What must have the bytes of the undisturbed run where the mark is there.
  var results: [String]
  /// The file from which on the command goes on, with this flag; before, it is repeated.
  var begun = ""
  var flag = "--resume"
}

/// Small numbers, so that a run takes a second.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

@Suite(.serialized) struct TortureTests {
  private static func victims(in folder: TestFolder) -> [Victim] {
    let data = folder.path("data")
    let training = ["--steps", "60", "--batch-size", "16"]
    return [
      Victim(
        name: "train", arguments: ["train", "regression", "--data", data, "--no-evaluation"] + training,
        mark: "config.json", results: ["config.json", "model.safetensors", "log.jsonl"], begun: "recipe.json"),
      Victim(
        name: "dagger",
        arguments: [
          "dagger", "--environment", "reach", "--budgets", "40,80,160", "--round-steps", "10",
        ] + training, mark: "config.json", results: ["config.json", "model.safetensors", "log.jsonl", "rounds.jsonl"],
        begun: "recipe.json"),
      Victim(
        name: "eval", arguments: ["eval", "--policy", "expert", "--environment", "push", "--episodes", "200"],
        mark: "summary.json", results: ["summary.json", "episodes.jsonl", "evaluation.json"], begun: "evaluation.json"),
      Victim(
        name: "compare",
        arguments: [
          "compare", "covariate-shift", "--environment", "reach", "--budgets", "60,120", "--seeds", "1", "--steps",
          "10",
          "--episodes", "6",
        ], mark: "result.json", results: ["result.json"], begun: "plan.json"),
      Victim(name: "table", arguments: ["table", folder.path("evaluated")], writesFile: true, mark: "", results: [""]),
      Victim(
        name: "render", arguments: ["environment", "render", "reach", "--count", "4", "--size", "64"], writesFile: true,
        mark: "", results: [""]),
    ]
  }

  /// Ends everything but recordings, whose bytes depend on where they were ended.
  @Test func whatIsEndedGoesOnToTheSameBits() throws {
    let folder = try TestFolder()
    print("torture: \(kills) kills, PLANAR_KILLS_SEED=\(torturesSeed)")
    var random = SplitMix(state: torturesSeed)
    try prepare(folder)
    let victims = Self.victims(in: folder)
    for (number, victim) in victims.enumerated() {
      let whole = folder.path("\(victim.name)-whole")
      let began = Date()
      let reference = try run("planar", victim.arguments + ["--output", whole])
      try #require(reference.status == 0, "\(victim.name): \(reference.errors)")
      let seconds = Date().timeIntervalSince(began)
      let share = kills * 6 / 7 / victims.count + (number < kills * 6 / 7 % victims.count ? 1 : 0)
      var left = share
      while left > 0 {
        let output = folder.path("\(victim.name)-\(left)")
        try torment(victim, output: output, whole: whole, seconds: seconds, kills: &left, &random)
        try? FileManager.default.removeItem(atPath: output)
      }
    }
  }

  private func prepare(_ folder: TestFolder) throws {
    let record = try planar("record", "--environment", "reach", "--episodes", "40", "--output", folder.path("data"))
    try #require(record.status == 0, "\(record.errors)")
    let eval = try planar(
      "eval", "--policy", "expert", "--environment", "reach", "--episodes", "20", "--output", folder.path("evaluated"))
    try #require(eval.status == 0, "\(eval.errors)")
  }

  private func bytes(_ output: String, _ name: String) -> Data? {
    FileManager.default.contents(atPath: name.isEmpty ? output : output + "/" + name)
  }

  /// Ends a command, mostly more than once, then lets it come to its end.
  private func torment(
    _ victim: Victim, output: String, whole: String, seconds: Double, kills: inout Int, _ random: inout SplitMix
  ) throws {
    func exists(_ name: String) -> Bool { bytes(output, name) != nil }
    func command() -> [String] {
      let goesOn = !victim.begun.isEmpty && exists(victim.begun)
      return victim.arguments + ["--output", output] + (goesOn ? [victim.flag] : [])
    }
    func expectWholeOrNothing(_ moment: String) {
      guard exists(victim.mark) else { return }
      for name in victim.results {
        #expect(bytes(output, name) == bytes(whole, name), "\(victim.name) \(name), \(moment)")
      }
    }
    repeat {
      let signal = [SIGKILL, SIGKILL, SIGTERM, SIGINT, SIGHUP].randomElement(using: &random)!
      let delay = Double.random(in: 0...1.05 * seconds, using: &random)
      let run = try run("planar", command(), sending: signal, after: delay)
      kills -= 1
      let moment = "after signal \(signal) at \(delay) s of \(seconds) s"
      #expect(
        run.status == 0 || run.signal == signal || run.status == 128 + signal,
        "\(victim.name) \(moment): exit \(run.status), \(run.errors)")
      expectWholeOrNothing(moment)
    } while kills > 0 && Bool.random(using: &random)
    if exists(victim.mark), victim.begun.isEmpty || !exists(victim.begun) { return }
    let last = try run("planar", command())
    #expect(last.status == 0, "\(command()): \(last.errors)")
    #expect(exists(victim.mark), "\(victim.name) came to no end")
    expectWholeOrNothing("gone on with")
    let names =
      victim.writesFile
      ? [output + ".partial"].filter { FileManager.default.fileExists(atPath: $0) }
      : try FileManager.default.contentsOfDirectory(atPath: output).filter { $0.hasSuffix(".partial") }
    #expect(names.isEmpty, "\(victim.name) left \(names)")
  }

  /// A recording that is killed holds whole shards, and appending gives those of an undisturbed one.
  @Test func aKilledRecordingIsAPrefix() throws {
    let folder = try TestFolder()
    var random = SplitMix(state: torturesSeed &+ 1)
    let episodes = 600
    let arguments = ["record", "--environment", "reach", "--threads", "1"]
    let began = Date()
    let whole = folder.path("whole")
    let reference = try run("planar", arguments + ["--episodes", "\(episodes)", "--output", whole])
    try #require(reference.status == 0, "\(reference.errors)")
    let seconds = Date().timeIntervalSince(began)
    for number in 0..<max(1, kills - kills * 6 / 7) {
      let output = folder.path("killed-\(number)")
      let delay = Double.random(in: 0...1.05 * seconds, using: &random)
      _ = try run(
        "planar", arguments + ["--episodes", "\(episodes)", "--output", output], sending: SIGKILL, after: delay)
      let isBegun = FileManager.default.fileExists(atPath: output + "/info.json")
      var kept = 0
      if isBegun {
        let check = try planar("dataset", "check", output)
        #expect(check.status == 0, "killed at \(delay) s of \(seconds) s: \(check.output)")
        let info = try planar("dataset", "info", output, "--json")
        let total = try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [String: Any]
        kept = (total?["total"] as? [String: Int])?["episodes"] ?? 0
      }
      if kept < episodes {
        let rest = try run(
          "planar",
          arguments + ["--episodes", "\(episodes - kept)", "--output", output] + (isBegun ? ["--append"] : []))
        #expect(rest.status == 0, "\(rest.errors)")
      }
      for shard in 0..<(episodes + 255) / 256 {
        let name = "episodes-0000\(shard).safetensors"
        #expect(bytes(output, name) == bytes(whole, name), "\(name) of a recording killed at \(delay) s, \(kept) kept")
      }
      #expect(try planar("dataset", "check", output).status == 0)
    }
  }
}

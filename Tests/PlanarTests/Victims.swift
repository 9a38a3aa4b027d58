// Commands under torture: how each runs, how it goes on, and what its folder may hold at any moment.

import Foundation
import PlanarProgramTesting
import Testing

/// How often a command is ended, all commands together.
let kills = ProcessInfo.processInfo.environment["PLANAR_KILLS"].flatMap(Int.init) ?? 14

/// Where the random moments come from; printed, so that a failure can be had again.
let torturesSeed =
  ProcessInfo.processInfo.environment["PLANAR_KILLS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)

/// A command under torture.
struct Victim {
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
  /// What its results say on standard output, where they are there before the last file is written.
  var prints: String?

  /// Commands small enough to take a second each.
  static func all(in folder: TestFolder) throws -> [Victim] {
    let data = folder.path("data")
    let record = try planar("record", "--environment", "reach", "--episodes", "40", "--output", data)
    try #require(record.status == 0, "\(record.errors)")
    let eval = try planar(
      "eval", "--policy", "expert", "--environment", "reach", "--episodes", "20", "--output", folder.path("evaluated"))
    try #require(eval.status == 0, "\(eval.errors)")
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
        mark: "summary.json", results: ["summary.json", "episodes.jsonl", "evaluation.json"], begun: "evaluation.json",
        prints: "success "),
      Victim(
        name: "compare",
        arguments: [
          "compare", "covariate-shift", "--environment", "reach", "--budgets", "60,120", "--seeds", "1", "--steps",
          "10",
          "--episodes", "6",
        ], mark: "result.json", results: ["result.json"], begun: "plan.json"),
      Victim(
        name: "compare-policies", arguments: ["compare", "policies", "expert", "random", "--episodes", "200"],
        mark: "comparison.json",
        results: ["comparison.json", "comparison.csv", "compared-policies/expert/episodes.jsonl"],
        begun: "comparison-plan.json", prints: "expert is better"),
      Victim(name: "table", arguments: ["table", folder.path("evaluated")], writesFile: true, mark: "", results: [""]),
      Victim(
        name: "render", arguments: ["environment", "render", "reach", "--count", "4", "--size", "64"], writesFile: true,
        mark: "", results: [""]),
    ]
  }

  /// The bytes of a file of an output; nil where it is not there.
  static func bytes(_ output: String, _ name: String) -> Data? {
    FileManager.default.contents(atPath: name.isEmpty ? output : output + "/" + name)
  }

  /// The command that makes an output, or goes on with it.
  func command(_ output: String) -> [String] {
    let goesOn = !begun.isEmpty && Self.bytes(output, begun) != nil
    return arguments + ["--output", output] + (goesOn ? [flag] : [])
  }

  /// Whether the output counts.
  func counts(_ output: String) -> Bool { Self.bytes(output, mark) != nil }

  /// What counts has the bytes of an undisturbed run.
  func expectWholeOrNothing(_ output: String, like whole: String, _ moment: String) {
    guard counts(output) else { return }
    for name in results {
      #expect(Self.bytes(output, name) == Self.bytes(whole, name), "\(self.name) \(name), \(moment)")
    }
  }

  /// Lets the command come to its end, with the bytes of an undisturbed run and nothing half-written left.
  func expectToEnd(_ output: String, like whole: String, _ moment: String) throws {
    if counts(output), begun.isEmpty || Self.bytes(output, begun) == nil { return }
    let last = try run("planar", command(output))
    #expect(last.status == 0, "\(command(output)), \(moment): \(last.errors)")
    #expect(counts(output), "\(name) came to no end, \(moment)")
    expectWholeOrNothing(output, like: whole, "gone on with \(moment)")
    let names =
      writesFile
      ? [output + ".partial"].filter { FileManager.default.fileExists(atPath: $0) }
      : try FileManager.default.contentsOfDirectory(atPath: output).filter { $0.hasSuffix(".partial") }
    #expect(names.isEmpty, "\(name) left \(names), \(moment)")
  }
}

/// Small numbers, so that a run takes a second.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

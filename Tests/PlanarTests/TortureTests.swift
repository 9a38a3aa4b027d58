// Commands are ended at random moments, again and again: nothing half-written is read as whole, and what is gone on with
// ends with the bytes of a run that nobody disturbed.
//
//   make torture KILLS=1000          as often as it is told; a moment's worth of it is part of `make test`

import Foundation
import PlanarProgramTesting
import Testing

@Suite(.serialized) struct TortureTests {
  /// Ends everything but recordings, whose bytes depend on where they were ended.
  @Test func whatIsEndedGoesOnToTheSameBits() throws {
    let folder = try TestFolder()
    print("torture: \(kills) kills, PLANAR_KILLS_SEED=\(torturesSeed)")
    var random = SplitMix(state: torturesSeed)
    let victims = try Victim.all(in: folder)
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

  /// Ends a command, mostly more than once, then lets it come to its end.
  private func torment(
    _ victim: Victim, output: String, whole: String, seconds: Double, kills: inout Int, _ random: inout SplitMix
  ) throws {
    repeat {
      let signal = [SIGKILL, SIGKILL, SIGTERM, SIGINT, SIGHUP].randomElement(using: &random)!
      let delay = Double.random(in: 0...1.05 * seconds, using: &random)
      let run = try run("planar", victim.command(output), sending: signal, after: delay)
      kills -= 1
      let moment = "after signal \(signal) at \(delay) s of \(seconds) s"
      #expect(
        run.status == 0 || run.signal == signal || run.status == 128 + signal,
        "\(victim.name) \(moment): exit \(run.status), \(run.errors)")
      victim.expectWholeOrNothing(output, like: whole, moment)
    } while kills > 0 && Bool.random(using: &random)
    try victim.expectToEnd(output, like: whole, "after \(victim.name) was ended")
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
        #expect(
          Victim.bytes(output, name) == Victim.bytes(whole, name),
          "\(name) of a recording killed at \(delay) s, \(kept) kept")
      }
      #expect(try planar("dataset", "check", output).status == 0)
    }
  }
}

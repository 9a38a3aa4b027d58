// The disk refuses, or the process ends, at a chosen system call: `Tests/DiskFaults/faults.c` counts them.
//
//   make torture KILLS=1000          as many faults as that; one for each command is part of `make test`

import Foundation
import PlanarProgramTesting
import Testing

/// What happens at a call.
private struct DiskFault: CustomStringConvertible {
  static let kinds = ["kill", "tear", "EIO", "ENOSPC", "EROFS"]
  var kind: String
  var call: Int
  var description: String { "\(kind) at call \(call)" }
  var ends: Bool { ["kill", "tear"].contains(kind) }
}

/// The library that is put before the system's.
private struct FaultyDisk {
  let library: String

  /// Builds it; nil where there is no C compiler.
  init?(in folder: TestFolder) throws {
    library = folder.path("faults.so")
    let source = projectFolder.appendingPathComponent("Tests/DiskFaults/faults.c").path
    let build = try runInShell(
      "for c in cc clang gcc; do command -v $c > /dev/null && exec $c -shared -fPIC -O1 -o '\(library)' '\(source)' -ldl; done; exit 9"
    )
    if build.status == 9 { return nil }
    try #require(build.status == 0, "\(build.errors)")
  }

  func run(_ arguments: [String], on output: String, _ fault: DiskFault) throws -> ProgramRun {
    try PlanarProgramTesting.run(
      "planar", arguments,
      setting: variables(output).merging(
        ["PLANAR_FAULT_KIND": fault.kind, "PLANAR_FAULT_CALL": "\(fault.call)"]) { $1 })
  }

  /// Runs a command undisturbed, and counts its calls.
  func count(_ arguments: [String], on output: String, in folder: TestFolder) throws -> Int {
    let run = try PlanarProgramTesting.run(
      "planar", arguments, setting: variables(output).merging(["PLANAR_FAULT_COUNT": folder.path("count")]) { $1 })
    try #require(run.status == 0, "\(arguments): \(run.errors)")
    let text = try String(contentsOf: folder.url("count"), encoding: .utf8)
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private func variables(_ output: String) -> [String: String] {
    ["LD_PRELOAD": library, "PLANAR_FAULT_FOLDER": output]
  }
}

@Suite(.serialized) struct DiskTortureTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  /// How many faults there are, all commands together.
  private static let faults = ProcessInfo.processInfo.environment["PLANAR_KILLS"].flatMap(Int.init) ?? 8

  /// A share of all faults of a command, at random.
  private func faults(_ calls: Int, share: Int, _ random: inout SplitMix) -> ArraySlice<DiskFault> {
    DiskFault.kinds.flatMap { kind in (1...max(1, calls)).map { DiskFault(kind: kind, call: $0) } }
      .shuffled(using: &random).prefix(share)
  }

  @Test func aFaultyDiskCostsNothingThatCounts() throws {
    guard let disk = try FaultyDisk(in: folder) else { return }
    var random = SplitMix(state: torturesSeed &+ 2)
    var victims = try Victim.all(in: folder)
    victims.append(
      Victim(
        name: "show", arguments: ["dataset", "show", folder.path("data"), "--episode", "2"], writesFile: true, mark: "",
        results: [""]))
    print("disk: \(Self.faults) faults, PLANAR_KILLS_SEED=\(torturesSeed)")
    for victim in victims {
      let whole = folder.path("\(victim.name)-whole")
      let calls = try disk.count(victim.arguments + ["--output", whole], on: whole, in: folder)
      let began = Date()
      let faults = faults(calls, share: Self.faults / (victims.count + 1), &random)
      for fault in faults {
        let output = folder.path("\(victim.name)-faulty")
        let run = try disk.run(victim.command(output), on: output, fault)
        expectSentence(run, fault, victim.name, output)
        // What was measured is told, whatever the disk says of the last file.
        if let prints = victim.prints, run.status == 1, run.errors.contains("/\(victim.mark):") {
          #expect(run.output.contains(prints), "\(victim.name), \(fault): \(run.output)")
        }
        victim.expectWholeOrNothing(output, like: whole, "\(fault)")
        try victim.expectToEnd(output, like: whole, "\(fault)")
        try? FileManager.default.removeItem(atPath: output)
      }
      print("disk: \(victim.name): \(calls) calls, \(faults.count) faults, \(Int(Date().timeIntervalSince(began))) s")
    }
  }

  /// Recordings: what is there is a dataset, and appending the rest gives the shards of an undisturbed one.
  @Test func aRecordingOnAFaultyDiskIsAPrefix() throws {
    guard let disk = try FaultyDisk(in: folder) else { return }
    var random = SplitMix(state: torturesSeed &+ 3)
    let (episodes, whole) = (300, folder.path("whole"))
    func arguments(_ count: Int, _ output: String) -> [String] {
      ["record", "--environment", "reach", "--episodes", "\(count)", "--output", output]
    }
    let calls = try disk.count(arguments(episodes, whole), on: whole, in: folder)
    let faults = faults(calls, share: max(1, Self.faults / 8), &random)
    for fault in faults {
      let output = folder.path("faulty")
      let run = try disk.run(arguments(episodes, output), on: output, fault)
      expectSentence(run, fault, "record", output)
      var kept = 0
      let isBegun = FileManager.default.fileExists(atPath: output + "/info.json")
      if isBegun {
        let check = try planar("dataset", "check", output)
        #expect(check.status == 0, "record, \(fault): \(check.output)\(check.errors)")
        let info = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url("faulty/info.json")))
        kept = (info as? [String: Any])?["total_episodes"] as? Int ?? 0
      }
      if kept < episodes {
        let rest = try PlanarProgramTesting.run(
          "planar", arguments(episodes - kept, output) + (isBegun ? ["--append"] : []))
        #expect(rest.status == 0, "record, after \(fault): \(rest.errors)")
      }
      // Statistics that had not got their name are those beside it, which the next recording puts in its place.
      let statistics = kept < episodes || Victim.bytes(output, "stats-next.json") == nil ? ["stats.json"] : []
      for name in ["episodes-00000.safetensors", "episodes-00001.safetensors"] + statistics {
        #expect(Victim.bytes(output, name) == Victim.bytes(whole, name), "record \(name), \(fault), \(kept) kept")
      }
      #expect(try planar("dataset", "check", output).status == 0, "record, after \(fault)")
      try? FileManager.default.removeItem(atPath: output)
    }
    print("disk: record: \(calls) calls, \(faults.count) faults")
  }

  /// A command on a faulty disk comes to its end, or is ended, or says in a sentence which file could not be written.
  private func expectSentence(_ run: ProgramRun, _ fault: DiskFault, _ name: String, _ output: String) {
    #expect(run.signal == nil, "\(name) crashed, \(fault): \(run.errors)")
    if fault.ends {
      return #expect([0, 137].contains(run.status), "\(name), \(fault): exit \(run.status), \(run.errors)")
    }
    if run.status == 0 { return }
    #expect(run.status == 1, "\(name), \(fault): exit \(run.status), \(run.errors)")
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(
      lines.count == 1 && lines[0].contains(output) && lines[0].count <= 600
        && !["Error Domain", "NSCocoa", "couldn’t", "Optional("].contains(where: lines[0].contains),
      "\(name), \(fault): \(run.errors)")
  }
}

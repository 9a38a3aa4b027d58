// The whole way from recording to a table gives the same bytes, whatever the number of threads, and again.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct DeterminismTests {
  /// What a run of all commands left behind, by file.
  private func results(threads: Int, in folder: TestFolder) throws -> [String: Data] {
    func planar(_ arguments: String...) throws -> String {
      let run = try run("planar", arguments + ["--threads", "\(threads)"], in: folder.url("."))
      #expect(run.status == 0, "\(arguments[0]) on \(threads) threads: \(run.errors)")
      return run.output
    }
    _ = try planar("record", "--environment", "reach", "--episodes", "40", "--action-noise", "0.2", "--output", "data")
    _ = try planar(
      "train", "flow", "--environment", "reach", "--data", "data", "--steps", "12", "--batch-size", "32",
      "--no-evaluation", "--output", "policy")
    _ = try planar("eval", "--policy", "policy", "--episodes", "40", "--output", "eval")
    let table = try run("planar", ["table", "eval"], in: folder.url("."))
    #expect(table.status == 0, "\(table.errors)")
    var results = ["table": Data(table.output.utf8)]
    for file in [
      "data/info.json", "data/stats.json", "data/episodes-00000.safetensors", "policy/config.json",
      "policy/model.safetensors", "policy/log.jsonl", "eval/episodes.jsonl", "eval/summary.json",
    ] { results[file] = try Data(contentsOf: folder.url(file)) }
    return results
  }

  @Test func everyResultIsTheSameOnAnyNumberOfThreads() throws {
    let one = try results(threads: 1, in: TestFolder())
    for threads in [1, 2, 8] {
      for (file, bytes) in try results(threads: threads, in: TestFolder()) {
        #expect(one[file] == bytes, "\(file) differs on \(threads) threads")
      }
    }
  }

  /// What is compared with `Tests/determinism.txt`: recordings hold physics alone, the others arithmetic of networks too.
  private static let hashed = [
    "data/stats.json", "data/episodes-00000.safetensors", "policy/model.safetensors", "eval/episodes.jsonl", "table",
  ]

  /// A processor that the file does not know has nothing to be compared with: to add it, take the lines that are printed.
  @Test func resultsAreThoseThatWereRecorded() throws {
    let results = try results(threads: 2, in: TestFolder())
    let lines = Self.hashed.map { "\(Self.processor) \($0) \(Self.hash(results[$0]!))" }
    let file = projectFolder.appendingPathComponent("Tests/determinism.txt")
    let known = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix(Self.processor + " ") }
    if known.isEmpty {
      print("Tests/determinism.txt knows nothing of this processor:\n" + lines.joined(separator: "\n"))
    }
    for line in known { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
  }

  /// The kind of processor, as far as it decides how networks are computed.
  private static var processor: String {
    #if arch(arm64)
      return "arm64"
    #else
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let flags = Set(text.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? [])
      return "x86-64-" + (["avx512f", "avx2"].first { flags.contains(Substring($0)) } ?? "plain")
    #endif
  }

  /// FNV-1a of 64 bits.
  private static func hash(_ data: Data) -> String {
    let value = data.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(repeating: "0", count: 16 - String(value, radix: 16).count) + String(value, radix: 16)
  }
}

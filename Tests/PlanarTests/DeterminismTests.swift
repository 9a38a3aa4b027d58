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
      "policy/model.safetensors", "eval/episodes.jsonl",
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
}

// planar bench policies: how long checkpoints think.

import ArgumentParser
import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarPolicies
import PlanarVerification

struct BenchPoliciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies",
    abstract: "Measure how long checkpoints take for a chunk, and how many chunks they make a second.",
    discussion: """
      One thread. p50 and p95 are of one chunk for one observation; the rate is of
      32 observations at a time, as evaluations ask. With --steps, each checkpoint
      that samples is measured at those numbers of sampling steps too.

      'planar table --latency FILE' shows what --json prints beside success.

      Examples:
        planar bench policies Assets/checkpoints/push-flow
        planar bench policies Assets/checkpoints/push-* --steps 1 5 10 100 --json
      """)

  @Argument(help: "Folders of checkpoints.")
  var checkpoints: [String]

  @Option(
    eachWithin: 1...10_000, parsing: .upToNextOption,
    help: "Numbers of sampling steps, besides each checkpoint's own.")
  var steps: [Int] = []

  @Option(within: BenchOptions.durations, help: "Seconds per figure.")
  var seconds = 1.0

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let progress = ConsoleProgress()
    var report = PolicyLatencyReport(policies: [])
    for (number, path) in checkpoints.enumerated() {
      let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
      let policy = try loadCheckpoint(path, or: [])
      report.policies.append(
        try benchmarkPolicy(policy, named: name, samplingSteps: nil, seconds: seconds))
      for count in steps {
        // Heads that do not sample, or not in so many steps, have no such figure.
        guard let other = try? policy.settingSteps(count) else { continue }
        report.policies.append(
          try benchmarkPolicy(other, named: name, samplingSteps: count, seconds: seconds))
      }
      progress.report(stage: "measuring", done: number + 1, total: checkpoints.count, note: name)
    }
    if json { return try printJSON(report) }
    var table = TextTable(header: ["policy", "steps", "p50 (µs)", "p95 (µs)", "chunks/s at 32"])
    table.rows = report.policies.map {
      [
        $0.policy, $0.samplingSteps.map { "\($0)" } ?? "its own", fixed($0.medianMicroseconds, 0),
        fixed($0.percentile95Microseconds, 0), fixed($0.chunksPerSecond, 0),
      ]
    }
    print(table.text, terminator: "")
  }
}

// planar bench: how fast this machine simulates, trains and infers.

import ArgumentParser
import Evaluation
import PlanarCore
import Verification

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure simulation, training and inference speed on this machine.",
    discussion: """
      Example:
        planar bench --seconds 5 --threads 1
      """)

  @Option(help: "Seconds per figure.")
  var seconds = 2.0

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard seconds > 0 else { throw ValidationError("--seconds must be positive.") }
  }

  private struct Report: Encodable { var results: [BenchmarkResult] }

  func run() throws {
    let results = try runBenchmarks(
      seconds: seconds, threads: threads.threads, progress: ConsoleProgress())
    if json {
      try printJSON(Report(results: results))
    } else {
      var table = TextTable(header: ["figure", "value", "unit", "threads"])
      table.rows = results.map {
        [$0.name, fixed($0.value, $0.value < 100 ? 1 : 0), $0.unit, "\($0.threads)"]
      }
      print(table.text)
    }
  }
}

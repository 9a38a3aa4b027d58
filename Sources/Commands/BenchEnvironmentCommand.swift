// planar bench environment: how fast environments step, one by one and in batches.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarVerification

struct BenchEnvironmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environment",
    abstract: "Measure environment steps: each task, with pictures, in batches, resets, allocations.",
    discussion: """
      Actions are smooth and random, resets are counted in. A control step of push
      is 20 physics steps of 5 ms. A batch is 256 environments in one process; its
      figures are steps of all of them together.

      Examples:
        planar bench environment --seconds 5
        planar bench environment --only push --json
      """)

  @Option(within: BenchOptions.durations, help: "Seconds per figure.")
  var seconds = 2.0

  @Option(
    eachWithin: ThreadOptions.counts, parsing: .upToNextOption,
    help: "Worker threads of batches, one or several counts.")
  var threads = [1, 2]

  @Option(parsing: .upToNextOption, help: "Environments to measure. Default: all.")
  var only: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard !threads.isEmpty else { throw ValidationError("--threads must be 1 or more.") }
  }

  func run() throws {
    let names = try only.isEmpty ? EnvironmentLibrary.names() : only
    let results = try benchmarkEnvironment(
      seconds: seconds, threads: Set(threads).sorted(), names: names, progress: ConsoleProgress())
    try BenchReport(results: results).show(json: json)
  }
}

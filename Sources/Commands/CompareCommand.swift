// planar compare: experiments that set learning methods side by side.

import ArgumentParser
import PlanarExperiments
import Foundation
import PlanarCore
import Synchronization

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run an experiment that compares learning methods.",
    discussion: """
      Example:
        planar compare covariate-shift --quick
      """,
    subcommands: [CovariateShiftCommand.self])
}

struct CovariateShiftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "covariate-shift",
    abstract: "Behaviour cloning, noise injection and DAgger at equal numbers of expert labels.",
    discussion: """
      Same network, same gradient steps, several training seeds, the same evaluation episodes; each policy is
      trained from scratch and run with execution horizons 1 and 8. Writes report.html with plots, result.json,
      and cells.jsonl as it goes. Ctrl-C ends after the policies under way and reports what there is.

      Examples:
        planar compare covariate-shift --quick
        planar compare covariate-shift --budgets 1000,4000,16000 --seeds 3
      """)

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Three training seeds, fewer steps and episodes, one DAgger run: a few minutes.")
  var quick = false

  @Option(help: "Label budgets, ascending, separated by commas.")
  var budgets: String?

  @Option(help: "Number of training seeds.")
  var seeds: Int?

  @Option(help: "Gradient steps per policy.")
  var steps: Int?

  @Option(help: "Evaluation episodes per policy.")
  var episodes: Int?

  @Option(help: "Seed of the first evaluation episode.")
  var evaluationSeed: UInt64?

  @Option(help: "Folder of the report. Default: runs/<time>-covariate-shift.")
  var output: String?

  @Flag(help: "Print the result as one JSON object.")
  var json = false

  func run() throws {
    let interrupt = Interrupt()
    let world = try environment.loadPush()
    let configuration = try makeConfiguration()
    let folder = try runFolder(output, name: "covariate-shift")
    let cellsURL = folder.appendingPathComponent("cells.jsonl")
    guard FileManager.default.createFile(atPath: cellsURL.path, contents: nil),
      let cellsFile = try? FileHandle(forWritingTo: cellsURL)
    else { throw UserError("cannot write \(cellsURL.path)") }
    let started = Date()
    let lines = Mutex(cellsFile)
    let result = try compareCovariateShift(
      configuration, world: world, threads: threads.threads, progress: ConsoleProgress(),
      stop: interrupt.flag
    ) { cell in
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      guard let line = try? encoder.encode(cell) else { return }
      lines.withLock { $0.write(line + Data("\n".utf8)) }
    }
    guard !result.cells.isEmpty else { throw UserError("stopped before any policy was finished") }
    let analysis = CovariateShiftAnalysis(result)
    try analysis.write(to: folder)
    if json {
      try printJSON(analysis)
    } else {
      print(analysis.text)
      print("\nReport: \(folder.relativePath)/report.html (\(Int(Date().timeIntervalSince(started))) s)")
    }
  }

  private func makeConfiguration() throws -> CovariateShiftConfiguration {
    var configuration: CovariateShiftConfiguration = quick ? .quick : .full
    if let budgets { configuration.labelBudgets = try parseBudgets(budgets) }
    if let seeds {
      guard (1...100).contains(seeds) else { throw UserError("--seeds must lie between 1 and 100") }
      configuration.trainingSeeds = (1...UInt64(seeds)).map { $0 }
    }
    if let steps { configuration.training.steps = steps }
    if let episodes {
      configuration.evaluationEpisodes = episodes
      configuration.labelledEvaluationEpisodes = min(configuration.labelledEvaluationEpisodes, episodes)
    }
    if let evaluationSeed { configuration.firstEvaluationSeed = evaluationSeed }
    try configuration.validate()
    return configuration
  }
}

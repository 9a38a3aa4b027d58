// planar experiment: what is asked, what is expected, and running it.

import ArgumentParser
import PlanarEvaluation
import PlanarExperiments
import Foundation
import PlanarCore

struct ExperimentCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "experiment",
      abstract: "Experiments: each has a hypothesis and a prediction, said before it runs.",
      discussion: """
        Examples:
          planar experiment list
          planar experiment show covariate-shift
          planar experiment run covariate-shift --quick
        """,
      subcommands: [ExperimentListCommand.self, ExperimentShowCommand.self, ExperimentRunCommand.self])
  }
}

struct ExperimentListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name the experiments, and what each compares.")

  func run() {
    let width = experimentRegistry.names.map(\.count).max() ?? 0
    for kind in experimentRegistry.entries { print("\(padded(kind.name, width))  \(kind.experiment.summary)") }
  }
}

struct ExperimentShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Tell an experiment's hypothesis and prediction.",
    discussion: """
      Example:
        planar experiment show covariate-shift
      """)

  @Argument(help: "The experiment; 'planar experiment list' names them.")
  var name: String

  func run() throws {
    let experiment = try experimentRegistry.entry(named: name).experiment
    print("\(experiment.name): \(experiment.summary)\n")
    print("Hypothesis: \(experiment.hypothesis)\n")
    print("Prediction: \(experiment.prediction)\n")
    if !experiment.discussion.isEmpty { print(experiment.discussion + "\n") }
    print("Next: planar experiment run \(experiment.name)")
  }
}

struct ExperimentRunCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "run", abstract: "Run an experiment and write its report.",
      discussion: """
        Example:
          planar experiment run covariate-shift --quick
        """,
      subcommands: experimentCommands())
  }
}

/// One command for every experiment there is.
func experimentCommands() -> [any ParsableCommand.Type] {
  func command<Kind: Experiment>(_ experiment: Kind.Type) -> any ParsableCommand.Type { RunExperiment<Kind>.self }
  return experimentRegistry.entries.map { command($0.experiment) }
}

/// Runs one experiment.
struct RunExperiment<Kind: Experiment>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Kind.name, abstract: Kind.summary, discussion: Kind.discussion)
  }

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var options: Kind.Options
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder of the report and of the cells. Default: runs/<time>-<name>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(help: "Print the result as one JSON object.")
  var json = false

  func run() throws {
    let signals = StopSignals()
    let settings = try environment.settings()
    tellReplacement(of: environment.environment)
    let claim = try folders.claim(output, name: Kind.name, as: .experiment)
    defer { claim.release() }
    let folder = claim.folder
    let started = Date()
    let outcome: Kind.Outcome
    do {
      outcome = try Kind.run(
        options,
        ExperimentSetting(
          environment: environment.environment, settings: settings, threads: threads.threads, folder: folder,
          progress: ConsoleProgress(), stop: signals.flag))
    } catch let error as UserError where signals.flag.isRaised {
      // Nothing that could be reported.
      print(error.message)
      suggestResuming(folder.relativePath)
      return try signals.exitIfStopped()
    }
    // The report of a stopped run says what there is; `result.json` is of a whole one.
    let writing = Result {
      if signals.flag.isRaised {
        try outcome.report.write(to: folder.appendingPathComponent("report.html"))
      } else {
        try outcome.write(to: folder)
      }
    }
    if json {
      try printJSON(outcome)
    } else {
      print(outcome.text)
    }
    try writing.get()
    if !json { print("\nReport: \(folder.relativePath)/report.html (\(Int(Date().timeIntervalSince(started))) s)") }
    if signals.flag.isRaised, !json { suggestResuming(folder.relativePath) }
    try signals.exitIfStopped()
  }
}

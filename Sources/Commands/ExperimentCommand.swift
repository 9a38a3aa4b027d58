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
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Name the experiments.")

  func run() {
    var table = TextTable(header: ["name", "what it compares"])
    for kind in experimentRegistry.entries { table.rows.append([kind.name, kind.experiment.summary]) }
    print(table.text)
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

  @Option(help: "Folder of the report; one of an unfinished run is gone on with. Default: runs/<time>-<name>.")
  var output: String?

  @Flag(help: "Print the result as one JSON object.")
  var json = false

  func run() throws {
    let interrupt = Interrupt()
    let settings = try environment.settings()
    tellReplacement(of: environment.environment)
    let folder = try runFolder(output, name: Kind.name)
    let started = Date()
    let outcome = try Kind.run(
      options,
      ExperimentSetting(
        environment: environment.environment, settings: settings, threads: threads.threads, folder: folder,
        progress: ConsoleProgress(), stop: interrupt.flag))
    try outcome.write(to: folder)
    if json {
      try printJSON(outcome)
    } else {
      print(outcome.text)
      print("\nReport: \(folder.relativePath)/report.html (\(Int(Date().timeIntervalSince(started))) s)")
    }
  }
}

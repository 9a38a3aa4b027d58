// planar experiment: what is asked, what is expected, and running it.

import ArgumentParser
import PlanarCore
import PlanarExperiments

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
          planar experiment run --all --quick
          planar experiment report runs/all/*
        """,
      subcommands: [
        ExperimentListCommand.self, ExperimentShowCommand.self, ExperimentRunCommand.self,
        ExperimentReportCommand.self,
      ])
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
      commandName: "run", abstract: "Run an experiment and write its report; with --all, every one.",
      discussion: """
        With --all, each experiment has a folder of its own within --output. Those
        that are finished are not run again where --resume is given; one that fails
        is told at the end, and the others are run all the same.

        Examples:
          planar experiment run covariate-shift --quick
          planar experiment run --all --quick --output runs/all
        """,
      subcommands: experimentCommands() + [RunAllExperiments.self], defaultSubcommand: RunAllExperiments.self)
  }
}

// planar compare: the experiments, by their short command.

import ArgumentParser
import PlanarExperiments

struct CompareCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "compare",
      abstract: "Run an experiment that compares learning methods: short for 'planar experiment run'.",
      discussion: """
        Example:
          planar compare covariate-shift --quick
        """,
      subcommands: experimentCommands())
  }
}

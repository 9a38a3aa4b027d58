// planar compare: policies beside each other, and the experiments by their short command.

import ArgumentParser
import PlanarExperiments

struct CompareCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "compare",
      abstract: "Compare policies on the same episodes, or learning methods by an experiment.",
      discussion: """
        'planar compare policies' says which of some policies is better. The others are
        experiments: short for 'planar experiment run'.

        Examples:
          planar compare policies push-flow push-regression
          planar compare covariate-shift --quick
        """,
      subcommands: [ComparePoliciesCommand.self] + experimentCommands())
  }
}

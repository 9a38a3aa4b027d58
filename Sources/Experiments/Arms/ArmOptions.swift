// What can be asked of every experiment on arms.

import ArgumentParser
import PlanarCore
import PlanarPolicyInterface

/// What of an experiment on arms differs from its full form.
public struct ArmOptions: ParsableArguments {
  @Flag(help: "The quick form: shipped checkpoints or short trainings and fewer episodes: minutes.")
  var quick = false

  @Option(within: 1...100, help: "Training seeds of policies that are trained. Default: the plan's.")
  var trainingSeeds: Int?

  @Option(within: SeedRanges.counts, help: "Evaluation episodes per arm and training seed. Default: the plan's.")
  var episodes: Int?

  @Option(within: SeedRanges.all, help: "Seed of the first evaluation episode. Default: 20000.")
  var evaluationSeed: UInt64?

  /// The full form.
  public init() {}
}

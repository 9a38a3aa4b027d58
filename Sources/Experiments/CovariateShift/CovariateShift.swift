// The comparison as an experiment of the command line.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicyInterface
import PlanarRecipes

/// Behaviour cloning, noise injection and DAgger at equal numbers of expert labels.
public enum CovariateShift: Experiment {
  /// What the command line calls it.
  public static let name = "covariate-shift"
  /// One line on what it compares.
  public static let summary = "Behaviour cloning, noise injection and DAgger at equal numbers of expert labels."
  /// What is held to be true.
  public static let hypothesis =
    "A policy that imitates an expert errs more on the states that it reaches itself than on the expert's, because nobody showed it what to do there; labels of its own states lessen that, and it succeeds more often."
  /// What must be seen if the hypothesis holds.
  public static let prediction =
    "At the largest equal budget of labels DAgger succeeds at least 20 points more often than behaviour cloning (the interval excludes 0); behaviour cloning errs at least 3 times as much on its own states, before it gets stuck, as on the expert's, and DAgger less than that."
  /// How it is done, with examples.
  public static let discussion = """
    Same network, same gradient steps, several training seeds, the same
    evaluation episodes; each policy is trained from scratch and run with
    execution horizons 1 and 8 (8 alone in the quick form). Unless told otherwise it runs in push without
    randomization, where actions say where the tip goes (--randomization none
    --action-space tip_target): there 24,000 labels take DAgger much
    farther than behaviour cloning. Writes report.html with plots, result.json, and
    cells.jsonl as it goes. Ctrl-C drops the policies under way and reports what
    there is; the same command with --resume and the folder as --output goes on.

    Examples:
      planar experiment run covariate-shift --quick
      planar compare covariate-shift --budgets 4000,16000,64000 --seeds 3
      planar compare covariate-shift --environment trace --budgets 3000,6000
      planar compare covariate-shift --quick --frames 2
    """

  /// Where behaviour cloning is neither hopeless nor perfect with the budgets of both forms.
  public static var settings: EnvironmentSettings {
    var settings = EnvironmentSettings(randomization: "none")
    settings.actionSpace = ActionSpace.Kind.tipTarget.rawValue
    return settings
  }

  /// What of the comparison differs from its full form.
  public struct Options: ParsableArguments {
    @Flag(help: "Four training seeds, fewer budgets, steps and episodes: eight minutes on two cores.")
    var quick = false

    @Option(help: "Label budgets, ascending, separated by commas.")
    var budgets: String?

    @Option(within: 1...100, help: "Number of training seeds.")
    var seeds: Int?

    @Option(within: TrainingConfiguration.Limits.steps, help: "Gradient steps per policy.")
    var steps: Int?

    @Option(within: 1...64, help: "Observations that a policy is shown. Default: 1.")
    var frames: Int?

    @Option(within: SeedRanges.counts, help: "Evaluation episodes per policy.")
    var episodes: Int?

    @Option(within: SeedRanges.all, help: "Seed of the first evaluation episode.")
    var evaluationSeed: UInt64?

    /// The full form.
    public init() {}

    /// - Throws: `UserError` naming the option that is out of range.
    func configuration() throws -> CovariateShiftConfiguration {
      var configuration: CovariateShiftConfiguration = quick ? .quick : .full
      if let budgets { configuration.labelBudgets = try parseBudgets(budgets) }
      if let seeds {
        configuration.trainingSeeds = (1...UInt64(seeds)).map { $0 }
      }
      if let steps { configuration.training.steps = steps }
      if let frames { configuration.observedFrames = frames }
      if let episodes {
        configuration.evaluationEpisodes = episodes
        configuration.labelledEvaluationEpisodes = min(configuration.labelledEvaluationEpisodes, episodes)
      }
      if let evaluationSeed { configuration.firstEvaluationSeed = evaluationSeed }
      try configuration.validate()
      return configuration
    }
  }

  /// All that the cells depend on.
  private struct Plan: Encodable {
    var configuration: CovariateShiftConfiguration
    var environment: String
    var randomization: String
    var variation: [String: String]
  }

  /// Runs the comparison, or goes on with the one in the folder.
  public static func run(_ options: Options, _ setting: ExperimentSetting) throws -> CovariateShiftAnalysis {
    let configuration = try options.configuration()
    try DemonstrationRecipe.requireTrainable(randomization: setting.settings.randomization)
    let world = try setting.world()
    try requireExpert(in: world)
    let log = try CellLog<ShiftCell>(
      in: setting.folder,
      plan: Plan(
        configuration: configuration, environment: world.name, randomization: world.randomization,
        variation: world.variation), problem: configuration.problem(of:after:))
    let result = try compareCovariateShift(
      configuration, world: world, threads: setting.threads, earlier: log.earlier, progress: setting.progress,
      stop: setting.stop, onCell: log.append)
    try log.requireWritten()
    guard !result.cells.isEmpty else { throw UserError("stopped before any policy was finished") }
    return CovariateShiftAnalysis(result)
  }

  /// - Throws: `UserError` where nobody can label.
  private static func requireExpert<World: LibraryEnvironment>(in world: World) throws { _ = try expert(of: world) }
}

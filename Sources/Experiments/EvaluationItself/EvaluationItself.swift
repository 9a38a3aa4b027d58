// How far an evaluation of a few episodes can be trusted, on outcomes of two real policies.

import ArgumentParser
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts

/// How often few episodes crown the wrong policy, and what peeking does to a test.
public enum EvaluationItself: Experiment {
  /// What the command line calls it.
  public static let name = "evaluation-itself"
  /// One line on what it compares.
  public static let summary =
    "How often few episodes crown the wrong policy, and how often peeking finds what is not there."
  /// What is held to be true.
  public static let hypothesis =
    "Comparisons of 20 to 50 episodes, as published ones often are, cannot tell policies a few points apart; and a test that is looked at again and again until it says 'significant' does so too often."
  /// What must be seen if the hypothesis holds.
  public static let prediction =
    "For two shipped policies that differ by 1 to 10 points: with 50 episodes each the better one is not ahead in 20 % of the evaluations or more; peeking every 10 episodes up to 500 more than doubles the rate at which McNemar's test at 5 % finds a difference between equal policies, and the sequential test, looked at after every episode, keeps below 5 %."
  /// How it is done.
  public static let discussion = """
    Two shipped policies run the same few thousand episodes. Small evaluations
    are then drawn from these outcomes, many thousand times: of different
    episodes for each policy, and of the same ones (paired). For the null, the
    two outcomes of each pair change places by chance, so that both policies are
    equally good.

    Examples:
      planar experiment run evaluation-itself --quick
      planar experiment run evaluation-itself --first push-flow --second push-act --level train
    """
  /// It says where its policies run.
  public static var choosesEnvironment: Bool { false }

  /// What of the experiment differs from its full form.
  public struct Options: ParsableArguments {
    @Flag(help: "Fewer episodes and draws: under two minutes.")
    var quick = false

    @Option(help: "The first policy: a shipped checkpoint or a folder.")
    var first = "push-flow"

    @Option(help: "The second policy.")
    var second = "push-regression"

    @Option(help: "The level of domain randomization that both run at.")
    var level = "wide"

    @Option(within: SeedRanges.all, help: "Seed of the first episode.")
    var evaluationSeed: UInt64 = 30_000

    /// The full form.
    public init() {}
  }

  /// Runs both policies and draws small evaluations from their outcomes.
  public static func run(_ options: Options, _ setting: ExperimentSetting) throws -> TrustworthinessOutcome {
    let episodes = options.quick ? 4_000 : 20_000
    try SeedRanges.requireMeasuring(firstSeed: options.evaluationSeed, count: episodes)
    let environments = try [options.first, options.second].map {
      try Checkpoint.configuration(of: ArmPolicies.folder(of: $0)).environment
    }
    guard environments[0] == environments[1] else {
      throw UserError(
        "'\(options.first)' was trained for \(environments[0]) and '\(options.second)' for \(environments[1]); give --first and --second two policies of one environment"
      )
    }
    var outcomes: [[Bool]] = []
    for name in [options.first, options.second] {
      let policy = try Checkpoint.load(ArmPolicies.folder(of: name))
      var settings = policy.configuration.trainedSettings.forMeasuring
      settings.randomization = options.level
      let world = try EnvironmentLibrary.environment(named: policy.configuration.environment, settings: settings)
      func successes<World: LibraryEnvironment>(_ world: World) throws -> [Bool] {
        let plan = RolloutPlan(
          world: world, seeds: Array(options.evaluationSeed..<options.evaluationSeed + UInt64(episodes)),
          driver: .policy(policy), threads: setting.threads)
        return try rollOut(
          plan,
          progress: PartOfProgress(whole: setting.progress, stage: "episodes of \(name)", offset: 0, total: episodes),
          stop: setting.stop
        ).map(\.outcome.success)
      }
      outcomes.append(try successes(world))
      guard outcomes.last!.count == episodes else {
        throw UserError("stopped before both policies had run their episodes")
      }
    }
    return TrustworthinessOutcome(
      names: [options.first, options.second], level: options.level, first: outcomes[0], second: outcomes[1],
      draws: options.quick ? 4_000 : 20_000, isQuick: options.quick)
  }
}

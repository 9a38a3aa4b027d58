// How long to go on without looking.

import PlanarPolicies
import PlanarRecipes
import PlanarRollouts

/// Execution horizons and temporal ensembling, with the shipped flow, ACT and regression policies.
public enum Chunks: ArmExperiment {
  /// What the command line calls it.
  public static let name = "chunks"
  /// One line on what it compares.
  public static let summary = "Execution horizons from 1 to 16, and temporal ensembling."
  /// What is held to be true.
  public static let hypothesis =
    "Looking again often corrects errors early; where the policy's answers vary from look to look, it also makes the arm waver between them. Ensembling over old chunks smooths, and lags behind."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A policy that predicts sixteen steps may execute all of them, or one, before it looks again. Long chunks keep to one plan and ask the network rarely; short ones react. Temporal ensembling asks at every step and executes the weighted mean of all chunks that cover it.",
    "The same checkpoints run with each horizon, in push, where one way is right, in detour, where two are (a policy that samples a side anew at every step may turn round in front of the obstacle), and on belt, where the objects move on while a chunk is executed.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Zhao et al. 2023, ACT, arXiv 2304.13705", "Chi et al. 2023, Diffusion Policy, arXiv 2303.04137",
    "Liu et al. 2024, Bidirectional decoding, arXiv 2408.17355",
  ]

  /// The arms: horizons of three policies, and ensembling.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let horizons = isQuick ? [1, 4, 8, 16] : [1, 2, 4, 8, 12, 16]
    let policies = ["push-flow", "push-act", "detour-flow", "detour-regression", "belt-flow"]
    let arms = policies.flatMap { policy in
      horizons.map { horizon in
        ExperimentArm(
          "\(policy), \(horizon)", policy: policy, curve: policy, x: Double(horizon),
          execution: ChunkExecution(horizon: horizon))
      }
    }
    let ensembles = ["push-act", "push-flow"].flatMap { policy in
      [0.01, -0.5].map { m in
        ExperimentArm(
          "\(policy), ensembling m = \(m)", policy: policy, execution: ChunkExecution.temporalEnsembling(m: m))
      }
    }
    func source(_ name: String) throws -> PolicySource { isQuick ? .checkpoint(name) : .recipe(try .shipped(name)) }
    return ArmPlan(
      policies: [
        ("push-flow", .checkpoint("push-flow")),
        ("push-act", .checkpoint("push-act")),
        ("detour-flow", try source("detour-flow")),
        ("detour-regression", try source("detour-regression")),
        ("belt-flow", .checkpoint("belt-flow")),
      ],
      arms: arms + ensembles,
      contrasts: [
        Contrast("going on blindly costs where objects move", "belt-flow, 1", .above(by: 0.15), than: "belt-flow, 16"),
        Contrast(
          "going on blindly costs where nothing moves by itself", "push-flow, 8", .above(by: 0.05),
          than: "push-flow, 16"),
        Contrast(
          "where one way is right, looking often does not hurt", "push-flow, 1", .within(0.03), than: "push-flow, 8"),
        Contrast("between two ways it makes waver", "detour-flow, 8", .above(by: 0.05), than: "detour-flow, 1"),
        Contrast(
          "the mean of old chunks lags behind", "push-act, 8", .above(by: 0.05), than: "push-act, ensembling m = 0.01"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: isQuick ? 300 : 500, axis: "execution horizon, control steps",
      isLogarithmic: true)
  }
}

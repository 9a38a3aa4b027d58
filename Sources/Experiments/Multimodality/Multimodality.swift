// Where there are two good ways, a mean of both is none.

import PlanarPolicies
import PlanarRecipes
import PlanarRollouts

/// Regression against heads that model a distribution, where the expert goes around an obstacle on either side.
public enum Multimodality: ArmExperiment {
  /// What the command line calls it.
  public static let name = "multimodality"
  /// One line on what it compares.
  public static let summary = "A mean against a distribution where there are two good ways around an obstacle."
  /// What is held to be true.
  public static let hypothesis =
    "Mean squared error learns the mean of what the expert does. Where it goes around an obstacle on either side, the mean goes into the obstacle; a head that models a distribution picks one side."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A demonstrator who may pass an obstacle on the left or on the right gives two answers to one question. A network that is trained to the least squared error gives their mean, and the mean of left and right is straight ahead. Policies that sample from a learned distribution (diffusion, flow matching, tokens) answer with one of the two. That is the argument for generative policies, and it is about tasks with several good answers: where there is one, the mean is as good.",
    "A counter-claim (arXiv 2512.01809) is that generative policies owe their success not to the distribution but to noise in training and to a second step that refines the first. That makes two questions, which a square of four policies asks apart: regression (neither), regression in two steps with noise (the second without the first), autoregressive bins (a distribution in one pass, without noise), and flow in two steps (both). A fifth has the second step without the noise. They are trained alike and briefly, on the same demonstrations of detour.",
    "Here the same trunk is trained on the same demonstrations with a regression, a flow and a diffusion head, in detour, where the obstacle is passed on either side, and in push, where there is one way. If the hypothesis is right, regression fails in the first and not in the second; if it fails in both, the head is merely worse. A third condition asks both at every step: off the middle one way is nearer, and a mean that is asked again follows it.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Chi et al. 2023, Diffusion Policy, arXiv 2303.04137",
    "Florence et al. 2021, Implicit behavioral cloning, arXiv 2109.00137",
    "Pan et al. 2025, Much ado about noising, arXiv 2512.01809",
  ]

  /// The heads of the square: with a distribution or without, with noise and a second step or without.
  private static let square: [(name: String, head: HeadChoice)] = [
    ("square: neither", HeadChoice(RegressionOptions())),
    ("square: noise and two steps", HeadChoice(RegressionOptions(steps: 2))),
    ("square: two steps without noise", HeadChoice(RegressionOptions(steps: 2, refinement: 1))),
    ("square: a distribution", HeadChoice(BinsOptions(decoding: .autoregressive))),
    ("square: both", HeadChoice(FlowOptions(steps: 2))),
  ]

  /// The arms: shipped checkpoints and, for the square, two brief trainings in the quick form; three trainings of each
  /// recipe in the full one.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let heads = ["regression", "flow", "diffusion"]
    func source(_ name: String) throws -> PolicySource {
      isQuick ? .checkpoint(name) : .recipe(try .shipped(name))
    }
    return ArmPlan(
      policies: [
        ("detour-regression", try source("detour-regression")),
        ("detour-flow", try source("detour-flow")),
        ("detour-diffusion", try source("detour-diffusion")),
        ("push-regression", .checkpoint("push-regression")),
        ("push-flow", .checkpoint("push-flow")),
      ]
        + square.map { name, head in
          (
            name,
            .recipe(
              .short(
                "detour \(name)", in: "detour", head: head, episodes: isQuick ? 1_000 : 4_000,
                steps: isQuick ? 1_000 : 5_000))
          )
        },
      arms: heads.map { ExperimentArm("\($0), two ways", policy: "detour-\($0)") }
        + heads.prefix(2).map {
          ExperimentArm(
            "\($0), two ways, asked every step", policy: "detour-\($0)", execution: ChunkExecution(horizon: 1))
        }
        + heads.prefix(2).map { ExperimentArm("\($0), one way", policy: "push-\($0)") }
        + square.map { name, _ in ExperimentArm(name, policy: name) },
      contrasts: [
        Contrast(
          "a distribution keeps two ways apart", "flow, two ways", .above(by: 0.2), than: "regression, two ways"),
        Contrast(
          "diffusion keeps them apart as well", "diffusion, two ways", .above(by: 0.2), than: "regression, two ways"),
        Contrast(
          "how the distribution is learned matters little", "flow, two ways", .within(0.05), than: "diffusion, two ways"
        ),
        Contrast(
          "where there is one way, the mean serves", "regression, one way", .within(0.03), than: "flow, one way"),
        Contrast(
          "asked at every step, the mean serves as well", "regression, two ways, asked every step", .within(0.05),
          than: "flow, two ways, asked every step"),
        Contrast(
          "a distribution alone is enough", "square: a distribution", .above(by: 0.2), than: "square: neither"),
        Contrast(
          "noise and a second step do what a distribution does (the counter-claim)", "square: noise and two steps",
          .within(0.1), than: "square: both"),
      ],
      trainingSeeds: isQuick ? 2 : 3, episodes: isQuick ? 2_000 : 1_000)
  }
}

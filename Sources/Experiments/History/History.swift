// Where the present is not enough, and where the past misleads.

import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes

/// How many frames a policy looks back, where that is needed and where it is not.
public enum History: ArmExperiment {
  /// What the command line calls it.
  public static let name = "history"
  /// One line on what it compares.
  public static let summary = "How many frames to look back: where it is needed (recall), and where it is not (push)."
  /// What is held to be true.
  public static let hypothesis =
    "Where the goal was shown and is hidden now, a policy that sees only the present guesses; one that looks back far enough knows. Where the present says all, a longer history lets behaviour cloning copy what it did before instead of deciding."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A policy without memory acts on what it sees now. If what matters was shown earlier, it must look back far enough: a history that ends short of it is worth nothing, which is the control here. But a history also holds the policy's own past, and a network that imitates finds that the next action is much like the last one. Copying it imitates well and drives badly, because the first error is copied too: the copycat problem.",
    "In recall a lamp shows the zone during the first second. The same recipe is trained with 1, 8 and 32 frames. In push, where the present frame says all, a regression policy is trained with 1 and 8.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Wen et al. 2020, Fighting copycat agents in behavioral cloning, arXiv 2010.14876",
    "de Haan et al. 2019, Causal confusion in imitation learning, arXiv 1905.11979",
  ]

  /// The arms: frames, in two tasks.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    func recall(_ frames: Int) throws -> PolicySource {
      var recipe = try Recipe.shipped("recall-flow")
      recipe.name = "recall-\(frames)"
      recipe.horizons.observation = frames
      if isQuick { (recipe.data.episodes, recipe.training.steps) = (1_000, 1_500) }
      return .recipe(recipe)
    }
    func push(_ frames: Int) -> PolicySource {
      .recipe(
        .short("push-\(frames)", head: .plain, episodes: isQuick ? 2_000 : 8_000, steps: isQuick ? 2_000 : 8_000) {
          $0.horizons.observation = frames
          $0.data.settings.randomization = "none"
          $0.data.actionNoise = 0
          $0.data.pushProbability = 0
        })
    }
    return ArmPlan(
      policies: [
        ("recall, 1", try recall(1)),
        ("recall, 8", try recall(8)),
        ("recall, 32", try recall(32)),
        ("push, 1", push(1)),
        ("push, 8", push(8)),
      ],
      arms: [("recall", 1), ("recall", 8), ("recall", 32), ("push", 1), ("push", 8)].map { task, frames in
        ExperimentArm("\(task), \(frames) frames", policy: "\(task), \(frames)", curve: task, x: Double(frames))
      },
      contrasts: [
        Contrast(
          "a history that reaches the lamp pays", "recall, 32 frames", .above(by: 0.5), than: "recall, 1 frames"),
        Contrast(
          "one that ends short of it is no better than none", "recall, 8 frames", .within(0.1), than: "recall, 1 frames"
        ),
        Contrast(
          "where the present says all, a longer history misleads", "push, 1 frames", .above(by: 0.05),
          than: "push, 8 frames"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: isQuick ? 300 : 500, axis: "observed frames", isLogarithmic: true)
  }
}

// Whether the validation loss says which checkpoint is best.

import PlanarCore
import PlanarEvaluation
import PlanarPolicies
import PlanarRecipes

/// The rank correlation of validation loss and success over policies that differ in data and gradient steps.
public enum LossAndSuccess: ArmExperiment {
  /// What the command line calls it.
  public static let name = "loss-and-success"
  /// One line on what it compares.
  public static let summary = "Does the validation loss rank policies as their success does?"
  /// What is held to be true.
  public static let hypothesis =
    "Validation loss is measured on the expert's states and averages over all of them; success depends on the policy's own states and on the few that matter. So the loss ranks policies badly once it is low."
  /// What must be seen if the hypothesis holds.
  public static let prediction =
    "Over policies with one amount of data and different gradient steps, Spearman's rank correlation of validation loss and success is above −0.7 for at least one amount; the policy with the least loss is not the best one by at least 2 points of success."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Training a policy ends with a choice of checkpoint, and evaluation on a robot is dear. The natural choice is the checkpoint with the least validation loss. Studies of offline human data found policies chosen so to be far worse than the best of the same run.",
    "Regression policies are trained from nothing on a small and a large set of demonstrations, each with several numbers of gradient steps. Their last validation loss (held-out episodes of the same kind) is set against their success.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Mandlekar et al. 2021, What matters in learning from offline human demonstrations, arXiv 2108.03298"
  ]

  /// The arms: demonstrations × gradient steps.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let steps = isQuick ? [300, 800, 2_000, 4_000] : [300, 600, 1_200, 2_500, 5_000, 10_000]
    let counts = isQuick ? [300, 2_000] : [300, 2_000, 8_000]
    let pairs = counts.flatMap { count in steps.map { (count, $0) } }
    return ArmPlan(
      policies: pairs.map { count, steps in
        (
          "\(count) demonstrations, \(steps) steps",
          .recipe(
            .short("push-\(count)-\(steps)", head: .plain, episodes: count, steps: steps) {
              $0.training.validationInterval = max(100, steps / 4)
            })
        )
      },
      arms: pairs.map { count, steps in
        let name = "\(count) demonstrations, \(steps) steps"
        return ExperimentArm(name, policy: name, curve: "\(count) demonstrations", x: Double(steps))
      },
      contrasts: [
        Contrast(
          "few demonstrations: training on goes on paying", "300 demonstrations, \(steps.last!) steps",
          .above(by: 0.05),
          than: "300 demonstrations, \(steps[1]) steps"),
        Contrast(
          "many demonstrations: training on pays", "2000 demonstrations, \(steps.last!) steps", .above(by: 0.05),
          than: "2000 demonstrations, \(steps[1]) steps"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: isQuick ? 300 : 500, axis: "gradient steps", isLogarithmic: true)
  }

  /// Rank correlations, and what choosing by the loss costs.
  public static func findings(_ outcome: ArmOutcome) -> [String] {
    func sentence(_ cells: [ArmCell], of what: String) -> String? {
      let known = cells.compactMap { cell in cell.validationLoss.map { (loss: $0, success: cell.successRate, cell.arm) }
      }
      guard known.count > 2, let chosen = known.min(by: { $0.loss < $1.loss }),
        let best = known.max(by: { $0.success < $1.success }),
        let correlation = rankCorrelation(known.map(\.loss), known.map(\.success))
      else { return nil }
      return
        "\(what): Spearman's rank correlation of validation loss and success over \(known.count) policies is \(fixed(correlation, 2)); the policy with the least loss (\(chosen.2)) succeeds in \(percent(chosen.success)), the best one (\(best.2)) in \(percent(best.success))."
    }
    var curves: [String] = []
    for arm in outcome.plan.arms { if let curve = arm.point?.curve, !curves.contains(curve) { curves.append(curve) } }
    let groups = curves.compactMap { curve in
      sentence(
        outcome.cells.filter { cell in outcome.plan.arms.contains { $0.name == cell.arm && $0.point?.curve == curve } },
        of: curve)
    }
    return groups + [sentence(outcome.cells, of: "All policies")].compactMap { $0 }
  }
}

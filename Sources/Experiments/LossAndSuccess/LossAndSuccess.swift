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
    "Validation loss is measured on the expert's states and averages over all of them; success depends on the policy's own states and on the few that matter. So the loss orders policies roughly, and choosing by it does not find the best."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Training a policy ends with a choice of checkpoint, and evaluation on a robot is expensive. The natural choice is the checkpoint with the least validation loss. A study of offline human data found policies chosen that way to be far worse than the best of the same run.",
    "Regression policies are trained from nothing on a small and a large set of demonstrations, each with several numbers of gradient steps. Their last validation loss (5 % of their own episodes, held out) is set against their success. Each is a training of its own, whose learning rate falls to its end: this ranks policies, not the checkpoints of one run, and the success of the best of several is a little too high, since it was picked for that.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Mandlekar et al. 2021, What matters in learning from offline human demonstrations, arXiv 2108.03298"
  ]

  /// The arms: demonstrations × gradient steps.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let steps = isQuick ? [300, 1_000, 3_000] : [300, 600, 1_200, 2_500, 5_000, 10_000]
    let counts = isQuick ? [300, 2_000] : [300, 2_000, 8_000]
    let pairs = counts.flatMap { count in steps.map { (count, $0) } }
    return ArmPlan(
      policies: pairs.map { count, steps in
        (
          "\(count) demonstrations, \(steps) steps",
          .recipe(
            .short("push-\(count)-\(steps)", head: .plain, episodes: count, steps: steps) {
              $0.training.validationInterval = max(100, steps / 4)
              $0.data.settings.randomization = "none"
            })
        )
      },
      arms: pairs.map { count, steps in
        let name = "\(count) demonstrations, \(steps) steps"
        return ExperimentArm(name, policy: name, curve: "\(count) demonstrations", x: Double(steps)) {
          $0.settings.randomization = "none"
        }
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
      figures: [
        FigurePrediction(correlationName, .below(-0.5)), FigurePrediction(regretName, .above(0)),
      ],
      trainingSeeds: 3, episodes: isQuick ? 300 : 500, axis: "gradient steps", isLogarithmic: true)
  }

  private static let correlationName = "Spearman's rank correlation of validation loss and success, all policies"
  private static let regretName = "success of the best policy minus that of the policy with the least validation loss"

  /// The correlation and the regret of choosing by the loss, over training seeds.
  public static func figures(_ outcome: ArmOutcome) -> [String: CrossedEstimate] {
    var (correlations, regrets): ([Double], [Double]) = ([], [])
    for seed in outcome.plan.trainingSeeds {
      let known = outcome.cells.filter { $0.trainingSeed == seed && $0.validationLoss != nil }
      guard known.count == outcome.plan.arms.count,
        let correlation = rankCorrelation(known.map { $0.validationLoss! }, known.map(\.successRate)),
        let chosen = known.min(by: { $0.validationLoss! < $1.validationLoss! })
      else { continue }
      correlations.append(correlation)
      regrets.append(known.map(\.successRate).max()! - chosen.successRate)
    }
    guard correlations.count > 1 else { return [:] }
    return [correlationName: CrossedEstimate(overSeeds: correlations), regretName: CrossedEstimate(overSeeds: regrets)]
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

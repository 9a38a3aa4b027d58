// What more demonstrations buy.

import PlanarEvaluation
import PlanarRecipes

/// Success against the number of demonstrations, at equal gradient steps, and the power law of the failures.
public enum DataScaling: ArmExperiment {
  /// What the command line calls it.
  public static let name = "data-scaling"
  /// One line on what it compares.
  public static let summary = "Success against the number of demonstrations, at equal gradient steps."
  /// What is held to be true.
  public static let hypothesis =
    "Failures fall with the number of demonstrations as a power law, as long as demonstrations and not gradient steps are the bottleneck."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Demonstrations cost time, so one wants to know what the next thousand will buy. In many studies the error falls as a power of the number of demonstrations: a straight line where both axes are logarithmic. Such a line can be extrapolated; a curve that bends says that something else is the bottleneck.",
    "One flow policy is trained from nothing on each number of demonstrations of push, with the same gradient steps. The seeds of the smaller sets are the first of the larger ones. Each training seed has weights and batches of its own.",
  ]
  /// Where the claim is from.
  public static let references = ["Lin et al. 2024, Data scaling laws in imitation learning, arXiv 2410.18647"]

  /// The arms: one for each number of demonstrations.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let counts = isQuick ? [125, 500, 2_000] : [125, 250, 500, 1_000, 2_000, 4_000, 8_000]
    let policies = counts.map { count in
      (name: "\(count)", recipe: Recipe.short("push-\(count)", episodes: count, steps: isQuick ? 2_000 : 6_000))
    }
    return ArmPlan(
      policies: policies.map { ($0.name, .recipe($0.recipe)) },
      arms: counts.map { ExperimentArm("\($0) demonstrations", policy: "\($0)", curve: "flow", x: Double($0)) },
      contrasts: [
        Contrast(
          "four times as many demonstrations pay from 500 on", "2000 demonstrations", .above(by: 0.2),
          than: "500 demonstrations"),
        Contrast("and from 125 on", "500 demonstrations", .above(by: 0.1), than: "125 demonstrations"),
      ],
      figures: [FigurePrediction(exponentName, .below(-0.1))],
      trainingSeeds: 3, episodes: isQuick ? 300 : 500, axis: "demonstrations", isLogarithmic: true)
  }

  private static let exponentName = "exponent of the failures over the number of demonstrations"

  /// The exponent of the failures, fitted for each training seed.
  public static func figures(_ outcome: ArmOutcome) -> [String: CrossedEstimate] {
    let exponents = outcome.plan.trainingSeeds.compactMap { seed -> Double? in
      let points = outcome.plan.arms.compactMap { arm -> (x: Double, y: Double)? in
        guard let cell = outcome.cells.first(where: { $0.arm == arm.name && $0.trainingSeed == seed }),
          let x = arm.point?.x
        else { return nil }
        // Half an episode stands for none: a logarithm needs something.
        return (x, max(0.5, Double(cell.success.count { !$0 })) / Double(cell.success.count))
      }
      return points.count == outcome.plan.arms.count ? PowerLaw(fitting: points)?.exponent : nil
    }
    return exponents.count > 1 ? [exponentName: CrossedEstimate(overSeeds: exponents)] : [:]
  }
}

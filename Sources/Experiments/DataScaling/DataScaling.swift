// What more demonstrations buy.

import Foundation
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
    "Failures fall with the number of demonstrations as a power law, as long as demonstrations and not gradient steps are what lacks."
  /// What must be seen if the hypothesis holds.
  public static let prediction =
    "push: 2,000 demonstrations give at least 20 points more success than 500, and 500 at least 10 more than 125; the share of failures falls as a power of the number, with an exponent below −0.3."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Demonstrations cost time, so that one wants to know what the next thousand will buy. In many studies the error falls as a power of the number of demonstrations: a straight line where both axes are logarithmic. Such a line can be extrapolated; a curve that bends says that something else lacks.",
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
          "demonstrations are what lacks", "2000 demonstrations", .above(by: 0.2), than: "500 demonstrations"),
        Contrast("from the start", "500 demonstrations", .above(by: 0.1), than: "125 demonstrations"),
      ],
      trainingSeeds: isQuick ? 2 : 3, episodes: isQuick ? 300 : 500, axis: "demonstrations", isLogarithmic: true)
  }

  /// The exponent of the failures.
  public static func findings(_ outcome: ArmOutcome) -> [String] {
    let points = outcome.cells.compactMap { cell -> (x: Double, y: Double)? in
      guard let x = outcome.plan.arms.first(where: { $0.name == cell.arm })?.point?.x else { return nil }
      // Half an episode stands for none: a logarithm needs something.
      let failures = max(0.5, Double(cell.success.count { !$0 }))
      return (x, failures / Double(cell.success.count))
    }
    guard let law = PowerLaw(fitting: points) else { return [] }
    let half = 1.96 * law.standardError
    return [
      "Failures fall as the number of demonstrations to the power \(fixed(law.exponent, 2)) [\(fixed(law.exponent - half, 2)), \(fixed(law.exponent + half, 2))] (least squares on logarithms over \(points.count) policies)."
    ]
  }
}

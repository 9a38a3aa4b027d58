// How cost grows with the horizon.

import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarLearning
import PlanarPolicies
import PlanarRecipes

/// Steps outside of a corridor against its length, for behaviour cloning, with noise, and DAgger.
public enum CompoundingError: ArmExperiment {
  /// What the command line calls it.
  public static let name = "compounding-error"
  /// One line on what it compares.
  public static let summary =
    "Cost against the horizon, with and without sight of the way back: BC, noise injection, DAgger."
  /// What is held to be true.
  public static let hypothesis =
    "Where a mistake takes the way back out of sight, the expected cost of behaviour cloning grows as the square of the horizon (O(T²ε)), that of DAgger linearly (O(Tε)); where the way back stays in sight, both grow about linearly."
  /// What must be seen if the hypothesis holds.
  public static let prediction =
    "trace-blind: the exponent of behaviour cloning's cost over the number of segments is above 1.5, DAgger's below 1.3. trace: both below 1.5."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Let a policy err with probability ε at each step. If an error is mended at the next step, an episode of T steps costs about Tε. If an error leaves the policy lost for the rest of the episode, an error at step t costs T − t, and the sum is about T²ε/2. That is the bound of Ross and Bagnell for behaviour cloning; DAgger's is Tε, because the policy has learned what to do once it has erred. Bounds are worst cases: whether they are met depends on whether a mistake can be seen and mended.",
    "The tip follows a winding corridor that comes towards it, with a few hundred expert labels. Cost is the number of steps outside. In trace the corridor stays in sight; in trace-blind it is hidden while the tip is outside. Each policy is trained on corridors of 20 segments and tested on 10 to 80. The exponent is fitted on logarithms for each training seed, and its interval is over training seeds.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Ross & Bagnell 2010, Efficient reductions for imitation learning",
    "Ross, Gordon & Bagnell 2011, DAgger, arXiv 1011.0686", "Laskey et al. 2017, DART, arXiv 1703.09327",
  ]

  private static let methods = ["BC", "BC + noise", "DAgger"]
  private static let environments = ["trace-blind", "trace"]
  private static let segments = [10, 20, 40, 80]
  /// Few: with more, every method follows the corridor without leaving it.
  private static let labels = 120

  /// The arms: method × segments, with and without sight.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    ArmPlan(
      policies: environments.flatMap { environment in
        methods.map { ("\(environment), \($0)", .recipe(recipe($0, in: environment))) }
      },
      arms: environments.flatMap { environment in
        methods.flatMap { method in
          segments.map { count in
            ExperimentArm(
              "\(environment), \(method), \(count) segments", policy: "\(environment), \(method)",
              curve: "\(environment), \(method)", x: Double(count)
            ) { $0.settings.options["segments"] = Double(count) }
          }
        }
      },
      contrasts: [
        Contrast(
          "labels of its own states keep DAgger inside where sight is lost", "trace-blind, DAgger, 80 segments",
          .above(by: 0.2), than: "trace-blind, BC, 80 segments")
      ],
      trainingSeeds: isQuick ? 5 : 10, episodes: isQuick ? 60 : 200, axis: "segments", isLogarithmic: true)
  }

  private static func recipe(_ method: String, in environment: String) -> Recipe {
    let stride = 8
    // An episode of 20 segments lasts 300 steps.
    let episodes = (labels * stride + 299) / 300
    return .short("\(environment) \(method)", in: environment, head: .plain, episodes: episodes, steps: 600) {
      $0.training.batchSize = 64
      $0.data.labelStride = stride
      if method != "BC + noise" {
        $0.data.actionNoise = 0
        $0.data.pushProbability = 0
      }
      if method == "DAgger" {
        var dagger = DAgger()
        dagger.budgets = [labels / 3, labels * 2 / 3, labels]
        dagger.roundSteps = 600
        $0.method = LearningMethodChoice(dagger)
      }
    }
  }

  /// The exponent of each method's cost, with its interval over training seeds.
  public static func findings(_ outcome: ArmOutcome) -> [String] {
    environments.flatMap { environment in
      methods.compactMap { method -> String? in
        let exponents = outcome.plan.trainingSeeds.compactMap { seed -> Double? in
          let points = segments.compactMap { count -> (x: Double, y: Double)? in
            let name = "\(environment), \(method), \(count) segments"
            guard let cell = outcome.cells.first(where: { $0.arm == name && $0.trainingSeed == seed }),
              let costs = cell.metrics["outside_steps"], !costs.isEmpty
            else { return nil }
            return (Double(count), costs.reduce(0, +) / Double(costs.count))
          }
          return points.count { $0.y > 0 } == segments.count ? PowerLaw(fitting: points)?.exponent : nil
        }
        guard exponents.count > 1 else {
          return
            "\(environment), \(method): too few training seeds leave the corridor at every length to fit an exponent."
        }
        let estimate = bootstrapMean(of: exponents, seed: 1)
        return
          "\(environment), \(method): cost grows as the number of segments to the power \(fixed(estimate.mean, 2)) [\(fixed(estimate.low, 2)), \(fixed(estimate.high, 2))] (\(exponents.count) training seeds)."
      }
    }
  }
}

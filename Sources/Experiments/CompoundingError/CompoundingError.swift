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
    "Cost against the horizon, where a mistake can be mended and where it cannot: BC, noise, DAgger."
  /// What is held to be true.
  public static let hypothesis =
    "Where a policy does not know what to do once it has erred, the expected cost of behaviour cloning grows faster than the horizon, up to its square (O(T²ε)); that of DAgger, which has learned what to do there, linearly (O(Tε)). Where the way back is plain to see, both grow linearly."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Let a policy err with probability ε at each step. If an error is mended at the next step, an episode of T steps costs about Tε. If an error leaves the policy lost for the rest of the episode, an error at step t costs T − t, and the sum is about T²ε/2. That is the bound of Ross and Bagnell for behaviour cloning; DAgger's is Tε, because the policy has been told what to do once it has erred. Bounds are worst cases: whether they are met depends on whether a mistake can be mended by somebody who never saw one.",
    "The tip follows a winding corridor that comes towards it on a belt, with \(labels) expert labels for every method. Cost is the number of control steps outside. In trace the corridor is seen as it is from outside too, so that what was learned inside leads back. With the option mirrored_outside it is seen in a mirror from outside: what was learned inside leads farther away, and only labels of such states tell. Each policy is trained on corridors of 20 segments and tested on 10 to 80 (150 to 1,200 steps). The exponent is fitted on logarithms for each training seed, half a step standing for a cost of 0; its interval is over training seeds. A cost of all steps cannot grow faster than the horizon, so that a policy that is lost at once has the exponent 1 as well: read it beside the cost itself.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Ross & Bagnell 2010, Efficient reductions for imitation learning",
    "Ross, Gordon & Bagnell 2011, DAgger, arXiv 1011.0686", "Laskey et al. 2017, DART, arXiv 1703.09327",
  ]

  private static let methods = ["BC", "BC + noise", "DAgger"]
  /// What is seen from outside of the corridor.
  private static let sights = ["seen", "mirrored"]
  private static let segments = [10, 20, 40, 80]
  /// Labels of an episode of 20 segments, 300 control steps, every eight of them.
  private static let labelsPerEpisode = 38
  private static let episodes = 8
  private static let labels = episodes * labelsPerEpisode

  /// The arms: method × segments, with the corridor seen and mirrored from outside.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    // Seeds differ so much here that ten of two methods tell more than five of three.
    let methods = isQuick ? methods.filter { $0 != "BC + noise" } : methods
    let pairs = sights.flatMap { sight in methods.map { (sight, $0) } }
    return ArmPlan(
      policies: pairs.map { sight, method in ("\(sight), \(method)", .recipe(recipe(method, sight))) },
      arms: pairs.flatMap { sight, method in
        segments.map { count in
          ExperimentArm(
            "\(sight), \(method), \(count) segments", policy: "\(sight), \(method)", curve: "\(sight), \(method)",
            x: Double(count)
          ) { $0.settings.options["segments"] = Double(count) }
        }
      },
      contrasts: [
        Contrast(
          "what DAgger was told of its own states keeps it inside", "mirrored, DAgger, 80 segments", .above(by: 0.2),
          than: "mirrored, BC, 80 segments")
      ],
      figures: [
        FigurePrediction("exponent of the cost, mirrored, BC", .above(1.2)),
        FigurePrediction("exponent of the cost, seen, BC", .below(1.5)),
        FigurePrediction("exponent of the cost, mirrored, DAgger", .below(1.5)),
        FigurePrediction("steps outside of 1,200, mirrored, BC minus DAgger", .above(0)),
      ],
      trainingSeeds: 10, episodes: isQuick ? 60 : 200, axis: "segments", isLogarithmic: true)
  }

  private static func recipe(_ method: String, _ sight: String) -> Recipe {
    .short("trace \(sight) \(method)", in: "trace", head: .plain, episodes: episodes, steps: 800) {
      $0.training.batchSize = 64
      $0.data.labelStride = 8
      $0.data.settings.options["mirrored_outside"] = sight == "mirrored" ? 1 : 0
      if method != "BC + noise" {
        $0.data.actionNoise = 0
        $0.data.pushProbability = 0
      }
      if method == "DAgger" {
        var dagger = DAgger()
        dagger.budgets = [2, 4, 8].map { $0 * labelsPerEpisode }
        dagger.beta = 0.3
        dagger.betaDecay = 0.5
        dagger.roundSteps = 800
        $0.method = LearningMethodChoice(dagger)
      }
    }
  }

  /// Steps outside in an episode, by training seed; nil where a cell is missing.
  private static func cost(_ outcome: ArmOutcome, _ sight: String, _ method: String, _ count: Int) -> [Double]? {
    let costs = outcome.plan.trainingSeeds.compactMap { seed -> Double? in
      let cell = outcome.cells.first {
        $0.arm == "\(sight), \(method), \(count) segments" && $0.trainingSeed == seed
      }
      guard let steps = cell?.metrics["outside_steps"], !steps.isEmpty else { return nil }
      return steps.reduce(0, +) / Double(steps.count)
    }
    return costs.count == outcome.plan.trainingSeeds.count ? costs : nil
  }

  /// The exponents of one method, one a training seed.
  private static func exponents(_ outcome: ArmOutcome, _ sight: String, _ method: String) -> [Double]? {
    let costs = segments.compactMap { cost(outcome, sight, method, $0) }
    guard costs.count == segments.count else { return nil }
    return outcome.plan.trainingSeeds.indices.compactMap { seed in
      let points = zip(segments, costs).map { (x: Double($0), y: max($1[seed], 0.5 / Double(outcome.plan.episodes))) }
      return PowerLaw(fitting: points)?.exponent
    }
  }

  /// The exponents, and what DAgger spares.
  public static func figures(_ outcome: ArmOutcome) -> [String: CrossedEstimate] {
    var figures: [String: CrossedEstimate] = [:]
    for (sight, method) in [("mirrored", "BC"), ("seen", "BC"), ("mirrored", "DAgger")] {
      guard let values = exponents(outcome, sight, method), values.count > 1 else { continue }
      figures["exponent of the cost, \(sight), \(method)"] = CrossedEstimate(overSeeds: values)
    }
    if let cloned = cost(outcome, "mirrored", "BC", 80), let aggregated = cost(outcome, "mirrored", "DAgger", 80),
      cloned.count > 1
    {
      figures["steps outside of 1,200, mirrored, BC minus DAgger"] = CrossedEstimate(
        overSeeds: zip(cloned, aggregated).map { $0 - $1 })
    }
    return figures
  }

  /// Each method's cost and exponent.
  public static func findings(_ outcome: ArmOutcome) -> [String] {
    sights.flatMap { sight in
      methods.compactMap { method -> String? in
        guard let values = exponents(outcome, sight, method), values.count > 1 else { return nil }
        let estimate = CrossedEstimate(overSeeds: values)
        let costs = segments.compactMap { count in
          cost(outcome, sight, method, count).map { fixed($0.reduce(0, +) / Double($0.count), 1) }
        }
        return
          "\(sight), \(method): \(costs.joined(separator: ", ")) steps outside at \(segments.map { "\($0)" }.joined(separator: ", ")) segments; exponent \(fixed(estimate.mean, 2)) [\(fixed(estimate.low, 2)), \(fixed(estimate.high, 2))] over \(values.count) training seeds."
      }
    }
  }
}

// Whether it matters which of the learner's states the expert labels.

import PlanarLearning
import PlanarPolicies
import PlanarRecipes

/// Label-efficient DAgger: the same number of labels, spent everywhere, at random, or where a gate sees need.
public enum Interventions: ArmExperiment {
  /// What the command line calls it.
  public static let name = "interventions"
  /// One line on what it compares.
  public static let summary =
    "Equal labels, spent on every chunk, at random take-overs, or where a gate sees need of them."
  /// What is held to be true.
  public static let hypothesis =
    "An expert's labels are worth most where the learner is in doubt. DAgger that asks only there reaches more with the same number of labels than DAgger that asks everywhere or at random."
  /// The idea, and how it is tested.
  public static let explanation = [
    "DAgger labels every chunk that begins, most of which the learner would have mastered. If the expert is a person, labels and take-overs are what costs. Variants therefore ask only where a gate says so: where a person sees danger (HG-DAgger), where several policies disagree (EnsembleDAgger), where a state is new or risky (ThriftyDAgger).",
    "Five ways to spend the same labels after the same demonstrations (four in the quick form, which leaves novelty out): the expert labels every chunk and drives 30 % of them by chance, as in DAgger; it takes over 30 % of the chunks at random, and labels those alone; or it takes over and labels where a gate is above a threshold that 30 % of the chunks pass which the learner drives alone. One gate is the disagreement of policies of three seeds, one the distance to the nearest labelled state, and one the distance between what the learner would do and what the expert would: a person who watches all the time, and can tell. Each final policy is trained from nothing, with the same steps; on the way the ensemble's arm trains three policies a round, the others one, and behaviour cloning none. Equal labels mean more driven episodes where fewer chunks are labelled.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Kelly et al. 2019, HG-DAgger, arXiv 1810.02890", "Menda et al. 2019, EnsembleDAgger, arXiv 1807.08364",
    "Hoque et al. 2021, ThriftyDAgger, arXiv 2109.08273",
  ]

  /// The arms: behaviour cloning and four or five ways to ask.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let budgets = isQuick ? [6_000, 18_000] : [6_000, 12_000, 24_000]
    let steps = isQuick ? 1_500 : 6_000
    func recipe(_ name: String, _ method: (any LearningMethod)?) -> PolicySource {
      .recipe(
        .short("push-\(name)", head: .plain, episodes: 1, steps: steps) {
          $0.horizons.observation = 1
          $0.data.settings.randomization = "none"
          $0.data.actionNoise = 0
          $0.data.pushProbability = 0
          $0.data.labelStride = 8
          // About 7 chunks an episode.
          $0.data.episodes = budgets.last! / 7
          $0.training.batchSize = 128
          $0.training.learningRate = 0.002
          if let method { $0.method = LearningMethodChoice(method) }
        })
    }
    var everywhere = DAgger()
    (everywhere.budgets, everywhere.roundSteps) = (budgets, steps)
    // The expert drives as often as it takes over in the other arms.
    (everywhere.beta, everywhere.betaDecay) = (0.3, 1)
    func gated(_ gate: GatedDAgger.Gate) -> GatedDAgger {
      var method = GatedDAgger()
      (method.gate, method.budgets, method.roundSteps) = (gate, budgets, steps)
      return method
    }
    // Four gates are too many for a quick form of three training seeds.
    let gates: [(name: String, gate: GatedDAgger.Gate)] =
      [("at random", .chance), ("by an ensemble", .ensemble), ("by a supervisor", .supervisor)]
      + (isQuick ? [] : [("by novelty", .novelty)])
    let policies =
      [("BC", recipe("bc", nil)), ("DAgger", recipe("dagger", everywhere))]
      + gates.map { ($0.name, recipe($0.gate.rawValue, gated($0.gate))) }
    let novelty =
      isQuick
      ? []
      : [
        Contrast(
          "labels of new states are worth more than at random", "by novelty", .above(by: 0.05), than: "at random")
      ]
    return ArmPlan(
      policies: policies,
      arms: policies.map { name, _ in ExperimentArm(name, policy: name) { $0.settings.randomization = "none" } },
      contrasts: [
        Contrast("labels of its own states pay", "DAgger", .above(by: 0.2), than: "BC"),
        Contrast("labels of take-overs pay", "at random", .above(by: 0.2), than: "BC"),
        Contrast(
          "labels where there is doubt are worth more than at random", "by an ensemble", .above(by: 0.05),
          than: "at random"),
        Contrast(
          "labels where the learner is wrong are worth more than at random", "by a supervisor", .above(by: 0.05),
          than: "at random"),
        Contrast(
          "labels where there is doubt are worth more than labels everywhere", "by an ensemble", .above(by: 0.05),
          than: "DAgger"),
      ] + novelty,
      trainingSeeds: isQuick ? 3 : 5, episodes: isQuick ? 300 : 500)
  }
}

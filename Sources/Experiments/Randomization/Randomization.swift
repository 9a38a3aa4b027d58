// What training on varied worlds buys in other worlds.

import PlanarRecipes

/// The level of domain randomization in training against that in the test.
public enum Randomization: ArmExperiment {
  /// What the command line calls it.
  public static let name = "randomization"
  /// One line on what it compares.
  public static let summary = "Domain randomization in training against domain randomization in the test."
  /// What is held to be true.
  public static let hypothesis =
    "A policy that was trained in one world relies on what never varied there; one that was trained in many does not, at a small price at home. So it also gets along in a world that neither has met."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A simulator is never the robot. Instead of making it exact, one can vary what is uncertain (masses, frictions, sizes, delays, colours, sensors) from episode to episode, so that the robot is one more variation. A policy then has to work without knowing the world's parameters, or to find them out.",
    "The same recipe is trained at the levels none, train and wide, and every policy is tested at none, train, wide and real, which nobody trains on. All combinations stand in the table, those that contradict the hypothesis among them.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Tobin et al. 2017, Domain randomization, arXiv 1703.06907",
    "Peng et al. 2018, Sim-to-real transfer of robotic control with dynamics randomization, arXiv 1710.06537",
  ]

  /// The arms: three levels in training, four in the test.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let levels = ["none", "train", "wide"]
    let policies = levels.map { level in
      (
        name: level,
        recipe: Recipe.short("push-\(level)", episodes: isQuick ? 2_000 : 8_000, steps: isQuick ? 1_500 : 8_000) {
          $0.data.settings.randomization = level
        }
      )
    }
    let tests = levels + ["real"]
    return ArmPlan(
      policies: policies.map { ($0.name, .recipe($0.recipe)) },
      arms: levels.flatMap { level in
        tests.map { test in
          ExperimentArm("trained at \(level), tested at \(test)", policy: level) {
            $0.settings.randomization = test
          }
        }
      },
      contrasts: [
        Contrast(
          "varied training pays in varied worlds", "trained at train, tested at wide", .above(by: 0.1),
          than: "trained at none, tested at wide"),
        Contrast(
          "more varied training pays in varied worlds too", "trained at wide, tested at wide", .above(by: 0.1),
          than: "trained at none, tested at wide"),
        Contrast(
          "in the nominal world varied training costs little", "trained at wide, tested at none", .within(0.05),
          than: "trained at none, tested at none"),
        Contrast(
          "varied training pays on real", "trained at wide, tested at real", .above(by: 0.1),
          than: "trained at none, tested at real"
        ),
      ],
      trainingSeeds: isQuick ? 3 : 5, episodes: isQuick ? 300 : 500)
  }
}

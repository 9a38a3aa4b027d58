// Whether a policy reads its command, or spots words in it.

import PlanarArmEnvironments
import PlanarRecipes

/// What becomes of the drawn goal when the command is another, says nothing, or forbids it.
public enum Language: ArmExperiment {
  /// What the command line calls it.
  public static let name = "language"
  /// One line on what it compares.
  public static let summary = "Drawn, swapped, paraphrased, blank, nonsense, distracting and negated commands."
  /// What is held to be true.
  public static let hypothesis =
    "A policy that reads its command follows another valid one as well as the drawn one, does nothing in particular without words, and leaves alone what it is told to leave alone. One that spots words fails at the last."
  /// The idea, and how it is tested.
  public static let explanation = [
    "That a policy obeys commands it was trained on does not show that it reads. It may go by what the scene suggests (then another command of the same scene changes nothing), or by single words (then a word that is there to be ignored leads it astray). Each is told apart by changing the command and leaving the scene as it is.",
    "All arms meet the same scenes. 'Swapped' asks for another object or zone of the scene; 'blank' says nothing, 'nonsense' syllables, and 'negated' is 'do not do this:' before the drawn command. For these three, what counts is how often the drawn goal is reached although nobody asks for it. 'Distractor' names an object to leave alone beside the one to push. A sentence encoder that was trained on text at large (MiniLM) is not asked here, since its weights do not come with Planar.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Lynch et al. 2022, Interactive language (Language-Table), arXiv 2210.06407",
    "Driess et al. 2025, Knowledge insulating vision-language-action models, arXiv 2505.23705",
  ]

  /// The arms: kinds of commands.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    func arm(_ name: String, _ change: @escaping (inout EvaluationCondition) -> Void) -> ExperimentArm {
      ExperimentArm(name, policy: "push-flow", condition: change)
    }
    let commands: [EvaluationCondition.Command] = [.drawn, .swapped, .blank, .nonsense, .negated]
    let splits: [(String, CommandSplit)] = [
      ("paraphrase", .paraphrase), ("compositional", .compositional), ("distractor", .distractor),
    ]
    return ArmPlan(
      policies: [
        ("push-flow", isQuick ? .checkpoint("push-flow") : .recipe(try .shipped("push-flow")))
      ],
      arms: commands.map { command in arm(command.rawValue) { $0.command = command } }
        + splits.map { name, split in arm(name) { $0.settings.split = split } },
      contrasts: [
        Contrast("another command is obeyed as well", "swapped", .within(0.05), than: "drawn"),
        Contrast("other wordings are obeyed as well", "paraphrase", .within(0.1), than: "drawn"),
        Contrast("without words the goal is not guessed", "drawn", .above(by: 0.4), than: "blank", measure: .drawnGoal),
        Contrast("syllables say as little", "drawn", .above(by: 0.4), than: "nonsense", measure: .drawnGoal),
        Contrast("'do not' is heeded", "drawn", .above(by: 0.4), than: "negated", measure: .drawnGoal),
        Contrast("an object to leave alone is left alone", "distractor", .within(0.1), than: "drawn"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: 500)
  }
}

// Actions as tokens: what the number of bins costs where precision is asked.

import PlanarPolicies
import PlanarRecipes

/// Bins by their number, FAST and continuous heads, in push with zones that get smaller.
public enum ActionTokens: ArmExperiment {
  /// What the command line calls it.
  public static let name = "action-tokens"
  /// One line on what it compares.
  public static let summary =
    "Actions as bins (by their number), as FAST tokens and as numbers, where zones get smaller."
  /// What is held to be true.
  public static let hypothesis =
    "Tokens round actions; a coarse round costs where the task asks for precision, and nothing where it does not. With enough bins tokens are as good as numbers."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A language model predicts tokens, so that a policy made from one must write its actions as tokens: each number rounded to one of n bins, or the chunk's cosine transform compressed (FAST). Rounding loses what lies between bins. Whether that matters depends on how exact the task wants it.",
    "Policies with 4, 32 and 256 bins, one with FAST tokens and one with flow are trained at rung 1 from the same trunk (push-flow's, which goes on learning, and was trained with a flow head: the flow starts ahead), on the same demonstrations, with the same gradient steps, and tested as zones shrink from 7 to 3.5 cm (at the fourth rung, 2 cm, no policy trained so briefly succeeds). Targets of 256 bins are blurred over neighbouring bins, those of fewer are not.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Brohan et al. 2023, RT-2, arXiv 2307.15818", "Kim et al. 2024, OpenVLA, arXiv 2406.09246",
    "Pertsch et al. 2025, FAST, arXiv 2501.09747",
  ]

  /// The arms: heads × rungs.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let rungs = isQuick ? [1, 3] : [1, 2, 3]
    let bins = [4, 32, 256].map { count in
      ("\(count) bins", HeadChoice(BinsOptions(decoding: .parallel, bins: count, blur: count > 32 ? 1.5 : 0)))
    }
    let heads = bins + [("FAST", try HeadChoice(named: "fast")), ("flow", HeadChoice.suggested)]
    return ArmPlan(
      policies: heads.map { name, head in
        (
          name,
          .recipe(
            .short("push-\(name)", head: head, episodes: isQuick ? 2_000 : 8_000, steps: isQuick ? 800 : 6_000) {
              $0.trunkFrom = "push-flow"
            })
        )
      },
      arms: heads.flatMap { name, _ in
        rungs.map { rung in
          ExperimentArm("\(name), rung \(rung)", policy: name, curve: name, x: Double(rung)) { $0.settings.rung = rung }
        }
      },
      contrasts: [
        Contrast("coarse bins cost precision", "256 bins, rung 3", .above(by: 0.2), than: "4 bins, rung 3"),
        Contrast("where little is asked, few bins do", "32 bins, rung 1", .within(0.05), than: "256 bins, rung 1"),
        Contrast("enough bins are as good as numbers", "256 bins, rung 1", .within(0.05), than: "flow, rung 1"),
        Contrast(
          "enough bins are as good as numbers with small zones too", "256 bins, rung 3", .within(0.1),
          than: "flow, rung 3"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: 1_000, axis: "rung (zones of 7, 5 and 3.5 cm)")
  }
}

// What a late answer costs, and what real-time chunking gives back.

import PlanarPolicies
import PlanarRollouts

/// Waiting, naive switching, guidance and trained real-time chunking, over inference delays, on a moving belt.
public enum Delay: ArmExperiment {
  /// What the command line calls it.
  public static let name = "delay"
  /// One line on what it compares.
  public static let summary =
    "Inference delay on a moving belt: waiting, naive switching, guidance, trained real-time chunks."
  /// What is held to be true.
  public static let hypothesis =
    "A policy that waits for its answer loses what moves on; one that switches naively executes an answer to an old question; one that was trained to continue what goes on meanwhile loses least."
  /// The idea, and how it is tested.
  public static let explanation = [
    "A large policy needs a few tenths of a second to answer, and the world does not stop meanwhile. The robot can hold still until the answer is there, or go on with the old chunk and switch when the new one comes. The new chunk was planned from where the robot was when the question was asked: if it does not know what was executed since, it begins with a jump. Real-time chunking tells the policy which steps of the old chunk are certain to be executed, by guiding its denoising (at inference) or by training it with such steps given.",
    "On the belt an object rides past and must be pushed off into the named bin, so that old answers are wrong answers. One policy, trained with the first steps of a chunk given at random, runs under each rule and each delay; nothing else differs. With no delay all rules are the same, which is the control. Its actions are moves: under naive switching the first moves of a new chunk are lost with the steps that they were meant for, which policies whose actions are targets suffer less from. While the arm waits, the belt goes on.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Black et al. 2025, Real-time execution of action chunking flow policies, arXiv 2506.07339",
    "Black et al. 2025, Training-time action conditioning for efficient real-time chunking, arXiv 2512.05964",
  ]

  private struct Rule {
    var name: String
    var switching: ChunkExecution.Switching
    var inpainting: Inpainting.Method?
  }

  private static let rules = [
    Rule(name: "wait", switching: .wait, inpainting: nil), Rule(name: "naive", switching: .naive, inpainting: nil),
    Rule(name: "guidance", switching: .realTime, inpainting: .guidance),
    Rule(name: "trained", switching: .realTime, inpainting: .trained),
  ]

  /// The arms: every rule at every delay.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let delays = isQuick ? [2, 4] : [1, 2, 3, 4]
    let late = rules.flatMap { rule in
      delays.map { delay in
        ExperimentArm(
          "\(rule.name), delay \(delay)", policy: "belt-flow", curve: rule.name, x: Double(delay),
          execution: ChunkExecution(delay: delay, switching: rule.switching),
          sampling: PolicySampling(inpainting: rule.inpainting))
      }
    }
    let prompt = ExperimentArm("no delay", policy: "belt-flow", curve: "no delay", x: 0)
    return ArmPlan(
      policies: [
        ("belt-flow", isQuick ? .checkpoint("belt-flow") : .recipe(try .shipped("belt-flow")))
      ],
      arms: [prompt] + late,
      contrasts: [
        Contrast(
          "being told what goes on pays, in a policy that was trained for it", "trained, delay 4", .above(by: 0.15),
          than: "naive, delay 4"),
        Contrast("going on beats waiting", "naive, delay 4", .above(by: 0.15), than: "wait, delay 4"),
        Contrast("guidance pays as well", "guidance, delay 4", .above(by: 0), than: "naive, delay 4"),
        Contrast("training gives back what the delay takes", "trained, delay 4", .within(0.1), than: "no delay"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: isQuick ? 300 : 500, axis: "inference delay, control steps")
  }
}

// How many denoising steps a chunk needs, and what their spacing does.

import PlanarNeuralNetworks
import PlanarPolicies
import PlanarRecipes

/// Success against denoising or integration steps, for diffusion under each spacing and for flow.
public enum DenoisingSteps: ArmExperiment {
  /// What the command line calls it.
  public static let name = "denoising-steps"
  /// One line on what it compares.
  public static let summary = "Success against denoising steps: diffusion by spacing of its time steps, and flow."
  /// What is held to be true.
  public static let hypothesis =
    "Where one answer is right, few steps suffice; where two are, few steps blur them. A diffusion policy of few steps fails when its first step does not begin at pure noise, which is a matter of spacing."
  /// The idea, and how it is tested.
  public static let explanation = [
    "Diffusion and flow policies make a chunk out of noise in steps, and each step costs a pass through the network. How many are needed depends on the answer's distribution: a single good answer is reached in a straight line, two are told apart only by turning off on the way. A diffusion policy is trained at fixed noise levels; when it takes few of them, 'leading' spacing (from the low end) begins at a level that is not pure noise although it is fed pure noise, 'trailing' spacing begins at the top.",
    "The same checkpoints run with other numbers of steps; nothing is trained anew. push has one good answer, detour two.",
  ]
  /// Where the claim is from.
  public static let references = [
    "Song et al. 2021, Denoising diffusion implicit models, arXiv 2010.02502",
    "Lin et al. 2024, Common diffusion noise schedules and sample steps are flawed, arXiv 2305.08891",
    "Lipman et al. 2023, Flow matching, arXiv 2210.02747",
  ]

  /// The arms: steps × head × spacing, on two tasks.
  public static func plan(isQuick: Bool) throws -> ArmPlan {
    let counts = isQuick ? [1, 2, 5, 10] : [1, 2, 3, 5, 10, 20]
    let spacings: [TimestepSpacing] = isQuick ? [.leading, .trailing] : [.leading, .trailing, .linspace]
    func arms(_ environment: String) -> [ExperimentArm] {
      let flow = counts.map { steps in
        ExperimentArm(
          "\(environment), flow, \(steps)", policy: "\(environment)-flow", curve: "\(environment), flow",
          x: Double(steps),
          sampling: PolicySampling(steps: steps))
      }
      return flow
        + spacings.flatMap { spacing in
          counts.map { steps in
            let curve = "\(environment), diffusion, \(spacing.rawValue)"
            return ExperimentArm(
              "\(curve), \(steps)", policy: "\(environment)-diffusion", curve: curve, x: Double(steps),
              sampling: PolicySampling(steps: steps, timestepSpacing: spacing))
          }
        }
    }
    func source(_ name: String) throws -> PolicySource { isQuick ? .checkpoint(name) : .recipe(try .shipped(name)) }
    return ArmPlan(
      policies: [
        ("push-flow", .checkpoint("push-flow")),
        ("push-diffusion", .checkpoint("push-diffusion")),
        ("detour-flow", try source("detour-flow")),
        ("detour-diffusion", try source("detour-diffusion")),
      ],
      arms: arms("push") + arms("detour"),
      contrasts: [
        Contrast("one answer needs few steps", "push, flow, 2", .within(0.03), than: "push, flow, 10"),
        Contrast(
          "one step must begin at pure noise", "push, diffusion, trailing, 1", .above(by: 0.5),
          than: "push, diffusion, leading, 1"),
        Contrast("two answers need several steps", "detour, flow, 10", .above(by: 0.1), than: "detour, flow, 1"),
        Contrast(
          "with two steps the spacing that begins at pure noise is no worse where two answers are good",
          "detour, diffusion, trailing, 2", .above(by: 0), than: "detour, diffusion, leading, 2"),
        Contrast(
          "with ten steps spacing matters little", "detour, diffusion, trailing, 10", .within(0.05),
          than: "detour, diffusion, leading, 10"),
      ],
      trainingSeeds: isQuick ? 1 : 3, episodes: isQuick ? 200 : 500, axis: "denoising steps", isLogarithmic: true)
  }
}

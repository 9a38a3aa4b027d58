// What an evaluation was asked, so that a stopped one can be continued and no other.

import PlanarPolicyInterface
import PlanarRollouts

/// All that the episodes of an evaluation depend on; `evaluation.json`, by which a stopped one is known again.
public struct EvaluationPlan: Codable, Equatable, Sendable {
  /// The environment's name.
  public var environment: String
  /// The level of domain randomization.
  public var randomization: String
  /// What else of the environment differed from its files.
  public var variation: [String: String]
  /// The policy's name, or `expert`, `planner`, `random`.
  public var policy: String
  /// What tells the policy's checkpoint from others, and how it is sampled; by name.
  public var policyDetails: [String: String]
  /// Which command runs, and the lines that it is worded by.
  public var command: [String]
  /// How chunks are executed; nil where no policy drives.
  public var execution: ChunkExecution?
  /// The seed of the first episode.
  public var firstSeed: UInt64
  /// How many episodes are wanted.
  public var episodes: Int
  /// How many episodes share an inference.
  public var blockSize: Int

  /// The plan of an evaluation, as its rollout has it.
  ///
  /// - Parameter policyDetails: what tells the policy from others of its name.
  public init<World>(of plan: RolloutPlan<World>, policy: String, policyDetails: [String: String] = [:]) {
    environment = plan.world.name
    randomization = plan.world.randomization
    variation = plan.world.variation
    self.policy = policy
    self.policyDetails = policyDetails
    command =
      switch plan.command {
      case .drawn: ["drawn"]
      case .swapped: ["swapped"]
      case .unsaid(let kind): [kind.rawValue]
      case .text(let text): ["text", text]
      case .wordings(let lines): ["wordings"] + lines
      }
    execution = plan.executionInForce
    firstSeed = plan.seeds.first ?? 0
    episodes = plan.seeds.count
    blockSize = plan.blockSize
  }

  enum CodingKeys: String, CodingKey {
    case environment, randomization, variation, policy, command, execution, episodes
    case policyDetails = "policy_details"
    case firstSeed = "first_seed"
    case blockSize = "block_size"
  }
}

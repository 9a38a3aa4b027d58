// What a policy of an experiment cost to make, as its checkpoint tells.

import PlanarEvaluation
import PlanarPolicies
import PlanarPolicyInterface

/// What a policy was made from.
public struct PolicyCost: Encodable, Sendable {
  /// As the plan calls it.
  public var policy: String
  /// Numbers that were learned.
  public var parameters: Int
  /// Episodes that were labelled; nil where its checkpoint does not tell, as in those below.
  public var episodes: Int?
  /// Chunks of the expert that it learned from.
  public var labels: Int?
  /// Gradient steps.
  public var steps: Int?
  /// Labels in a gradient step.
  public var batch: Int?
  /// What it sees, predicts and executes where an arm says nothing else; not written.
  var horizons: Horizons

  private enum CodingKeys: CodingKey {
    case policy, parameters, episodes, labels, steps, batch
  }

  init(of policy: TrainedPolicy, named name: String) {
    self.policy = name
    parameters = policy.parameterCount
    func number(_ key: String) -> Int? { policy.configuration.provenance[key].flatMap(Int.init) }
    episodes = number("label_episodes")
    labels = number("labels")
    steps = number("training_steps")
    batch = number("batch_size")
    horizons = policy.horizons
  }
}

extension ArmOutcome {
  /// What each policy cost.
  var costTable: TextTable {
    func text(_ number: Int?) -> String { number.map { "\($0)" } ?? "–" }
    return TextTable(
      header: ["policy", "episodes labelled", "labels", "gradient steps", "labels a step", "parameters"],
      rows: costs.map {
        [$0.policy, text($0.episodes), text($0.labels), text($0.steps), text($0.batch), "\($0.parameters)"]
      })
  }
}

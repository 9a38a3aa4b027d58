// Two small policies for the point: one that reads the command, one that goes to red whatever it says.

import PlanarCore
import PlanarPolicyInterface

/// Steers to the goal of the command with a little noise, from the oldest observation of its history.
public struct PointPolicy: Policy {
  /// How reports call it.
  public let name = "point"
  /// The features of a `PointWorld`.
  public let features = PointWorld().features
  /// Two observations, six predicted actions, three of them executed.
  public var horizons = Horizons(observation: 2, prediction: 6, execution: 3)
  /// Goes to the red goal whatever the command is.
  public var ignoresCommand = false
  /// Standard deviation of each number of a chunk.
  public var noise = 0.05

  /// A policy that steers well unless it is told otherwise.
  public init(ignoresCommand: Bool = false, noise: Double = 0.05) {
    self.ignoresCommand = ignoresCommand
    self.noise = noise
  }

  /// Room for `batch` histories at a time.
  public func makeInference(batch: Int) -> any PolicyInference {
    PointInference(policy: self, batch: batch)
  }
}

private final class PointInference: PolicyInference {
  let policy: PointPolicy
  let batch: Int

  init(policy: PointPolicy, batch: Int) {
    self.policy = policy
    self.batch = batch
  }

  func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
    precondition(requests.count <= batch)
    return requests.indices.map { row in
      let oldest = requests[row].history.observations[0]
      let latest = requests[row].history.latest
      let isRed = policy.ignoresCommand || latest.command.hasSuffix("red")
      let goal = isRed ? latest.objects[0..<2] : latest.objects[3..<5]
      // Half a step of the older observation makes a wrong history show.
      let place = zip(latest.proprioception, oldest.proprioception).map { 0.9 * $0 + 0.1 * $1 }
      let way = zip(goal, place).map { ($0 - $1) / Float(policy.horizons.execution) * 10 }
      var values: [Float] = []
      for _ in 0..<policy.horizons.prediction {
        for d in 0..<2 {
          let noise = Float(policy.noise * requests[row].noise.normal())
          values.append(max(-1, min(1, way[d] + noise)))
        }
      }
      return ActionChunk(horizon: policy.horizons.prediction, dimension: 2, values: values)
    }
  }
}

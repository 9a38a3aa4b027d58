// Policies and pilots for tests of sessions on the pushing table.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarStudio

/// Moves by its noise stream alone, so that a session and a rollout agree only if they draw alike.
struct NoisePolicy: Policy {
  var name = "noise"
  var features: FeatureSet
  var horizons = Horizons(observation: 2, prediction: 6, execution: 4)

  func makeInference(batch: Int) -> any PolicyInference { Inference(batch: batch) }

  final class Inference: PolicyInference {
    let batch: Int
    init(batch: Int) { self.batch = batch }

    func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
      requests.indices.map { row in
        let values = (0..<12).map { _ in Float(requests[row].noise.uniform(in: -1...1)) }
        return ActionChunk(horizon: 6, dimension: 2, values: values)
      }
    }
  }
}

typealias PushSession = DemoSession<ArmEnvironment>

func makeSession(
  firstSeed: UInt64 = 5, command: CommandChoice = .drawn
) throws -> PushSession {
  let world = try ArmEnvironment(randomization: "none")
  return try DemoSession(
    world: world,
    pilots: [
      DemoPilot(name: "expert", driver: .expert(PushExpert())),
      DemoPilot(name: "noise", driver: .policy(NoisePolicy(features: world.features))),
    ], firstSeed: firstSeed, command: command, expert: PushExpert())
}

/// A command for something on the table, and one for something that is not.
func commands(in session: PushSession) throws -> (present: String, absent: String) {
  var present: [String] = []
  var absent: [String] = []
  for color in ["red", "green", "blue", "yellow"] {
    for shape in ["disc", "square", "triangle"] {
      let isThere =
        session.world.objectIndex(color: color, shape: shape) != nil
      for zone in ["left", "right"] {
        let text = "push the \(color) \(shape) to the \(zone) zone"
        if !isThere {
          absent.append(text)
        } else if try !session.world.achieves(command: text), text != session.command {
          present.append(text)
        }
      }
    }
  }
  return (present[0], absent[0])
}

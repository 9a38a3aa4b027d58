// A point with inertia between walls of cost: small, without chance, and no plan is found at first sight.

import PlanarCore
import PlanarPolicyInterface

/// A point mass that an action accelerates; it is to be at the goal, at rest, and not in the puddle on the way.
struct Cart: PlannableEnvironment {
  let name = "cart"
  let randomization = "none"
  let controlPeriod = 0.1
  var maximumSteps = 60
  var info = EpisodeInfo(seed: 0, command: "park", drawnCommand: "park", goal: [:], draws: [:])
  var position = Vec2.zero
  var velocity = Vec2.zero
  var steps = 0

  let features = FeatureSet(
    proprioception: FeatureSpec(
      name: "observation.state", shape: [4], elements: ["x (m)", "y (m)", "vx (m/s)", "vy (m/s)"]),
    objects: FeatureSpec(name: "observation.environment_state", shape: [1, 1], elements: ["nothing"]),
    action: FeatureSpec(name: "action", shape: [2], elements: ["ax", "ay"]))

  mutating func reset(seed: UInt64, command: CommandChoice) -> Observation {
    var layout = RandomStream(seed: seed, purpose: "layout")
    info.seed = seed
    position = Vec2(-1, layout.uniform(in: -0.3...0.3))
    velocity = .zero
    steps = 0
    return observation
  }

  mutating func advance(_ action: Action) -> Bool {
    velocity += Vec2(Double(action[0]), Double(action[1])) * 0.1
    position += velocity * 0.1
    steps += 1
    return isParked
  }

  mutating func step(_ action: Action) -> Transition {
    let done = advance(action)
    return Transition(
      observation: observation, reward: -planningCost, terminated: done,
      truncated: !done && steps >= maximumSteps)
  }

  var isParked: Bool { position.length < 0.05 && velocity.length < 0.1 }
  var puddle: Double { max(0, 1 - (position - Vec2(-0.5, 0)).length / 0.25) }
  var planningCost: Double { position.length + 0.1 * velocity.length + 3 * puddle }
  func fork(into other: inout Cart) { other = self }
  func achieves(command: String) -> Bool { isParked }

  private var observation: Observation {
    Observation(
      proprioception: [position.x, position.y, velocity.x, velocity.y].map { Float($0) },
      objects: [0], command: info.command)
  }
}

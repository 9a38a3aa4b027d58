// Runs scripted experts, and policies given as closures, over many starts.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

/// How an episode ended.
struct Trial: Sendable {
  var succeeded: Bool
  var terminated: Bool
  var steps: Int
  var reward: Double
  var metrics: [String: Double]
}

/// Episodes of the seeds from 1000 on: `shoves` random actions first, then `policy`, or the scripted expert, to the end.
func trials(
  _ base: ArmEnvironment, count: Int, shoves: Int = 0,
  policy: (@Sendable (ArmEnvironment, UInt64) -> Action)? = nil
) throws -> [Trial] {
  try parallelMap(count: count, threads: 2) { i in
    var environment = base
    let seed = UInt64(1000 + i)
    _ = try environment.reset(seed: seed, command: .drawn)
    var expert = environment.scriptedExpert!
    expert.beginEpisode(seed: seed)
    var random = RandomStream(seed: seed, purpose: "shoves")
    let push = Vec2(random.normal(), random.normal()).normalized()
    var reward = 0.0
    while true {
      let action: Action
      if environment.stepIndex < shoves {
        action = (0..<environment.features.action.count).map {
          Float([push.x, push.y, -1][$0]) + Float(0.3 * random.normal())
        }
      } else {
        action = policy?(environment, seed) ?? expert.action(in: environment)
      }
      let transition = environment.step(action)
      reward += transition.reward
      if transition.terminated || transition.truncated {
        return Trial(
          succeeded: transition.succeeded, terminated: transition.terminated,
          steps: environment.stepIndex, reward: reward, metrics: environment.metrics)
      }
    }
  }
}

/// Loads an environment at a level, with a robot in place of its own.
func environment(
  _ name: String, _ level: String, robot: String? = nil, segments: Int? = nil
) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: level)
  settings.robot = robot
  if let segments { settings.options["segments"] = Double(segments) }
  return try ArmEnvironment(named: name, settings: settings)
}

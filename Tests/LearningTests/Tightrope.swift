// The smallest world with covariate shift: unstable, with an expert who never errs and so never shows how to mend.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// A walker on a rope that sways: his offset grows by a tenth each step, and he falls where it reaches a half.
///
///   offset ← 1.1·offset + 0.2·action − bend·sin(phase)
struct Tightrope: Environment {
  let name = "tightrope"
  let randomization = "none"
  let controlPeriod = 0.1
  let maximumSteps = 60
  let features = FeatureSet(
    proprioception: FeatureSpec(
      name: "observation.state", shape: [3], elements: ["offset", "sine", "cosine"]),
    objects: FeatureSpec(name: "observation.environment_state", shape: [1, 1], elements: ["bend"]),
    action: FeatureSpec(name: "action", shape: [1], elements: ["lean"]))
  private(set) var info = EpisodeInfo(
    seed: 0, command: "walk", drawnCommand: "walk", goal: [:], draws: [:])

  private(set) var offset = 0.0
  private var phase = 0.0
  private var bend = 0.0
  private var steps = 0

  mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    var stream = RandomStream(seed: seed, purpose: "rope")
    (offset, steps) = (0, 0)
    phase = stream.uniform(in: 0...(2 * Double.pi))
    bend = stream.uniform(in: 0.05...0.12)
    info.seed = seed
    return observation
  }

  mutating func step(_ action: Action) -> Transition {
    offset = 1.1 * offset + 0.2 * Double(max(-1, min(1, action[0]))) - sway
    phase += 0.2
    steps += 1
    let fell = abs(offset) > 0.5
    return Transition(
      observation: observation, reward: 0, terminated: !fell && steps == maximumSteps, truncated: fell)
  }

  func achieves(command: String) throws -> Bool { steps == maximumSteps && abs(offset) <= 0.5 }

  var sway: Double { bend * sin(phase) }

  private var observation: Observation {
    Observation(
      proprioception: [Float(offset), Float(sin(phase)), Float(cos(phase))], objects: [Float(bend)],
      command: "walk")
  }
}

/// Leans so that the next offset is nought.
struct TightropeExpert: Expert {
  mutating func beginEpisode(seed: UInt64) {}
  func action(in world: Tightrope) -> Action {
    [Float(max(-1, min(1, (world.sway - 1.1 * world.offset) / 0.2)))]
  }
}

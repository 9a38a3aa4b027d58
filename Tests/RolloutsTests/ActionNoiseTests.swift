// Injected noise: its size, its reach, and its determinism, measured through rollouts.

import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct ActionNoiseTests {
  /// What noise added to an expert that wants to stand still.
  private func disturbances(_ noise: ActionNoise, episodes: Int = 50) throws -> [[Action]] {
    try rollOut(
      RolloutPlan(
        world: PointWorld(), seeds: (0..<episodes).map(UInt64.init), driver: .expert(Idle()),
        actionNoise: noise, recording: Recording(keepsFrames: true))
    ).map { $0.episode!.actions }
  }

  /// 50 episodes of 40 steps: the standard error of a deviation of 0.1 from 2000 values is 0.0016.
  @Test func deviationIsAsAsked() throws {
    let values = try disturbances(ActionNoise(deviation: 0.1)).flatMap { $0.map { Double($0[0]) } }
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    #expect(values.count > 1900)
    #expect(abs(deviation - 0.1) < 4 * 0.0016)
  }

  @Test func sparedElementsStayClean() throws {
    let noise = ActionNoise(deviation: 0.2, elementScales: [1, 0], pushProbability: 0.3)
    let actions = try disturbances(noise).flatMap { $0 }
    #expect(actions.allSatisfy { $0[1] == 0 && abs($0[0]) <= 1 })
    #expect(actions.contains { $0[0] != 0 })
  }

  @Test func pushesAreHeldForTheirSteps() throws {
    let noise = ActionNoise(
      deviation: 0, pushProbability: 0.05, pushDeviation: 0.2, pushSteps: 4...4)
    var pushes = 0
    for actions in try disturbances(noise) {
      var frame = 0
      while frame < actions.count {
        guard actions[frame] != [0, 0] else {
          frame += 1
          continue
        }
        let run = actions[frame..<min(frame + 4, actions.count)]
        #expect(run.allSatisfy { $0 == actions[frame] })
        pushes += 1
        frame += 4
      }
    }
    // 50 episodes of 40 steps, a push about every 24: some 83.
    #expect((50...120).contains(pushes))
  }

  @Test func everyEpisodeHasItsOwnNoise() throws {
    let noise = ActionNoise(deviation: 0.1)
    let first = try disturbances(noise, episodes: 3)
    #expect(first[0] != first[1] && first[1] != first[2])
    #expect(try disturbances(noise, episodes: 3) == first)
  }
}

/// Wants to stand still.
private struct Idle: Expert {
  mutating func beginEpisode(seed: UInt64) {}
  func action(in world: PointWorld) -> Action { [0, 0] }
}

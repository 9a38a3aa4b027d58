// A recorded episode runs again as it was, and where it does not, the replay says from which frame on.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct ReplayTests {
  /// An episode of the toy world with what it showed and did.
  private func episode(seed: UInt64, command: CommandChoice = .drawn) throws -> Episode {
    let plan = RolloutPlan(
      world: PointWorld(), seeds: [seed], command: command, driver: .expert(PointExpert()),
      recording: Recording(keepsFrames: true))
    return try #require(try rollOut(plan)[0].episode)
  }

  @Test func aRecordReplaysBitByBit() throws {
    for command in [CommandChoice.drawn, .swapped] {
      let episode = try episode(seed: 1_000_005, command: command)
      var world = PointWorld()
      var frames: [Int] = []
      let result = try replay(episode, in: &world) { frame, world in
        frames.append(frame)
        if frame < episode.frameCount {
          #expect(Float(world.position.x) == episode.observations[frame].proprioception[0])
        }
      }
      #expect(result.isFaithful && result.firstDifference == nil)
      #expect(frames == Array(0...episode.frameCount))
    }
  }

  @Test func aReplayThatDiffersSaysFromWhere() throws {
    var episode = try episode(seed: 1_000_006)
    episode.actions[2][0] -= 0.01
    var world = PointWorld()
    let result = try replay(episode, in: &world)
    #expect(result.firstDifference == 3 && !result.isFaithful)
    episode = try self.episode(seed: 1_000_006)
    episode.success.toggle()
    let other = try replay(episode, in: &world)
    #expect(other.firstDifference == nil && !other.endsAsRecorded && !other.isFaithful)
    // The last step is a part of the record, too.
    var last = try self.episode(seed: 1_000_006)
    last.finalObservation!.proprioception[1] += 1
    #expect(try replay(last, in: &world).firstDifference == last.frameCount)
  }

  /// What else happened to the world is part of the record.
  @Test func aReplayIsPerturbedAsTheRecordingWas() throws {
    let gust: Perturbation<PointWorld> = { world, seed, frame in
      if (UInt64(frame) + seed) % 5 == 0 { _ = world.step([-1, 1]) }
    }
    let plan = RolloutPlan(
      world: PointWorld(), seeds: [1_000_010, 1_000_011], driver: .expert(PointExpert()),
      perturbation: gust, recording: Recording(keepsFrames: true))
    var differing = 0
    for episode in try rollOut(plan).compactMap(\.episode) {
      var world = PointWorld()
      #expect(try replay(episode, in: &world, perturbation: gust).isFaithful)
      if try !replay(episode, in: &world).isFaithful { differing += 1 }
    }
    #expect(differing == 2)
  }

  @Test func actionsOfAnotherEnvironmentAreRefused() throws {
    var episode = try episode(seed: 1_000_007)
    episode.actions[0] = [0, 0, 0]
    var world = PointWorld()
    #expect(throws: UserError.self) { try replay(episode, in: &world) }
  }
}

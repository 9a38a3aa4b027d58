// Shoves come as often and as hard as they are told to, and from seed and frame alone.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct ObjectShovesTests {
  @Test func shovesHaveTheirFrequencyAndSpeed() {
    let shoves = ObjectShoves(probability: 0.1, speed: 0.4)
    let all = (0..<20_000).map { shoves.shove(seed: UInt64($0 / 200), frame: $0 % 200, objects: 3) }
    let some = all.compactMap { $0 }
    // Binomial, standard deviation 42.
    #expect(abs(some.count - 2_000) < 200)
    #expect(some.allSatisfy { 0.2 - 1e-12 <= $0.velocity.length && $0.velocity.length <= 0.4 + 1e-12 })
    for object in 0..<3 {
      #expect(abs(some.count { $0.object == object } - some.count / 3) < 120)
    }
    let mean = some.reduce(Vec2.zero) { $0 + $1.velocity } / Double(some.count)
    #expect(mean.length < 0.03)
    // A uniform number times its size: half of them are within a quarter, and they have no direction.
    #expect(some.allSatisfy { abs($0.turn) <= 1 })
    #expect(abs(some.count { abs($0.turn) < 0.25 } - some.count / 2) < 120)
    #expect(abs(some.reduce(0) { $0 + $1.turn }) < 0.04 * Double(some.count))
    #expect(all == (0..<20_000).map { shoves.shove(seed: UInt64($0 / 200), frame: $0 % 200, objects: 3) })
  }

  @Test func noShovesWithoutProbabilityOrObjects() {
    for frame in 0..<100 {
      #expect(ObjectShoves(probability: 0).shove(seed: 1, frame: frame, objects: 3) == nil)
      #expect(ObjectShoves(probability: 1).shove(seed: 1, frame: frame, objects: 0) == nil)
      #expect(ObjectShoves(probability: 1).shove(seed: 1, frame: frame, objects: 2) != nil)
    }
  }

  /// The world is changed before the step of each frame, for every number of threads alike.
  @Test func perturbationsChangeTheWorld() throws {
    func episodes(_ perturbation: Perturbation<PointWorld>?, threads: Int) throws -> [RolloutEpisode] {
      try rollOut(
        RolloutPlan(
          world: PointWorld(), seeds: Array(0..<70), driver: .expert(PointExpert()), perturbation: perturbation,
          recording: Recording(keepsFrames: true), threads: threads))
    }
    let perturbation: Perturbation<PointWorld> = { world, seed, frame in
      if seed == 3, frame == 2 { _ = world.step([1, 1]) }
    }
    let plain = try episodes(nil, threads: 1)
    let one = try episodes(perturbation, threads: 1)
    #expect(one == (try episodes(perturbation, threads: 2)))
    for (seed, pair) in zip(plain, one).enumerated() {
      #expect((pair.0 == pair.1) == (seed != 3))
    }
    let (before, after) = (try #require(plain[3].episode), try #require(one[3].episode))
    #expect(before.observations[...2] == after.observations[...2] && before.actions[...2] == after.actions[...2])
    #expect(before.observations[3] != after.observations[3])
  }
}

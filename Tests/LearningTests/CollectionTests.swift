// Collecting labels: exact budgets, reserved seeds, clean labels, the same for any number of threads.

import PlanarLearning
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

/// Replays an episode's executed actions and compares each label with what the expert would do from there.
func expectLabelsOfTheVisitedStates(_ episode: Episode) throws {
  var expert = PointExpert()
  expert.beginEpisode(seed: episode.info.seed)
  var world = PointWorld()
  _ = try world.reset(seed: episode.info.seed, command: .drawn)
  var frame = 0
  for (labelFrame, label) in zip(episode.labelFrames, episode.labels) {
    while frame < labelFrame {
      _ = world.step(episode.actions[frame])
      frame += 1
    }
    #expect(expert.chunk(from: world, horizon: Toy.horizons.prediction) == label)
  }
}

@Suite struct CollectionTests {
  @Test func threadsDoNotShow() throws {
    let noise = ActionNoise(deviation: 0.2, pushProbability: 0.05)
    let one = try Toy.plan(noise: noise, threads: 1).episodes(holdingLabels: 900)
    let two = try Toy.plan(noise: noise, threads: 2).episodes(holdingLabels: 900)
    #expect(one == two)
    #expect(one.count > 64, "several blocks, or threads have nothing to share")
  }

  @Test func budgetsAreMetExactly() throws {
    let episodes = try Toy.plan().episodes(holdingLabels: 150)
    #expect(episodes.reduce(0) { $0 + $1.labels.count } >= 150)
    for budget in [1, 77, 150] {
      let kept = firstLabels(of: episodes, count: budget)
      #expect(kept.reduce(0) { $0 + $1.labels.count } == budget)
      for (short, whole) in zip(kept, episodes) {
        #expect(short.info.seed == whole.info.seed && short.labels.count == short.labelFrames.count)
        #expect(short.labels == Array(whole.labels.prefix(short.labels.count)))
      }
      #expect(zip(kept.dropLast(), episodes).allSatisfy { $0 == $1 })
    }
  }

  @Test func anOffsetGoesOnWithTheNextSeeds() throws {
    let all = try Toy.plan().episodes(15)
    #expect(all.map(\.info.seed) == (0..<15).map { SeedRanges.firstTraining + $0 })
    #expect(try Toy.plan().episodes(10, offset: 5) == Array(all[5...]))
  }

  @Test(arguments: [0, 99_999, 100_000, 999_999])
  func reservedSeedsAreRefused(seed: UInt64) throws {
    var plan = Toy.plan()
    plan.firstSeed = seed
    #expect(refusal { _ = try plan.episodes(1) }.contains("reserved for evaluation and tuning"))
    #expect(refusal { _ = try plan.episodes(holdingLabels: 1) }.contains("1000000"))
  }

  @Test func noiseMovesTheArmAndNotTheLabels() throws {
    let noise = ActionNoise(deviation: 0.3, pushProbability: 0.05)
    for episode in try Toy.plan(noise: noise).episodes(8) {
      try expectLabelsOfTheVisitedStates(episode)
      for (frame, label) in zip(episode.labelFrames, episode.labels) {
        #expect(episode.actions[frame] != label[0])
      }
    }
    for episode in try Toy.plan().episodes(8) {
      for (frame, label) in zip(episode.labelFrames, episode.labels) {
        #expect(episode.actions[frame] == label[0])
      }
    }
  }

  @Test func aRaisedFlagEndsCollecting() throws {
    let stop = StopFlag()
    let episodes = try Toy.plan().episodes(
      holdingLabels: 100_000, progress: StopsAt(done: 500, stop: stop), stop: stop)
    let labels = episodes.reduce(0) { $0 + $1.labels.count }
    #expect((500..<2_000).contains(labels))
  }
}

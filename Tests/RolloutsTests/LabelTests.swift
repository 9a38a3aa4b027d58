// Expert labels: how many, where, and that they are the clean chunks of the visited states.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct LabelTests {
  private func results(
    _ driver: Driver<PointWorld>, _ labels: LabelSchedule, noise: ActionNoise? = nil
  ) throws -> [RolloutEpisode] {
    try rollOut(
      RolloutPlan(
        world: PointWorld(), seeds: Array(0..<16), driver: driver, actionNoise: noise,
        recording: Recording(
          keepsFrames: true, labeller: PointExpert(), labels: labels, labelHorizon: 5)))
  }

  @Test func aStrideLabelsEveryFourthFrameFromARandomPhase() throws {
    var phases: Set<Int> = []
    for result in try results(.policy(PointPolicy()), .everyFrames(4)) {
      let episode = try #require(result.episode)
      let phase = try #require(episode.labelFrames.first)
      phases.insert(phase)
      #expect(phase < 4)
      #expect(episode.labelFrames == Array(stride(from: phase, to: episode.frameCount, by: 4)))
      #expect(episode.labels.count == episode.labelFrames.count)
    }
    #expect(phases == [0, 1, 2, 3])
  }

  @Test func chunkStartsAreLabelledWhereThePolicyIsAsked() throws {
    for result in try results(.policy(PointPolicy()), .chunkStarts) {
      let episode = try #require(result.episode)
      #expect(episode.labelFrames == Array(stride(from: 0, to: episode.frameCount, by: 3)))
    }
  }

  /// A label is what the expert, in the mood it drew for the episode, would do from there: replaying the
  /// recorded actions up to a label frame and running the expert on gives the label.
  @Test(arguments: [false, true])
  func labelsAreCleanChunksOfTheVisitedState(noisy: Bool) throws {
    let noise = ActionNoise(deviation: 0.3, pushProbability: 0.2)
    let driver = Driver<PointWorld>.expert(PointExpert())
    for result in try results(driver, .everyFrames(3), noise: noisy ? noise : nil) {
      let episode = try #require(result.episode)
      var expert = PointExpert()
      expert.beginEpisode(seed: episode.info.seed)
      for (frame, label) in zip(episode.labelFrames, episode.labels) {
        var world = PointWorld()
        _ = try world.reset(seed: episode.info.seed, command: .drawn)
        for action in episode.actions[0..<frame] { _ = world.step(action) }
        #expect(expert.chunk(from: world, horizon: 5) == label)
        if !noisy { #expect(episode.actions[frame] == label[0]) }
        if noisy { #expect(episode.actions[frame] != label[0]) }
      }
    }
  }

  @Test func noLabelsUnlessAsked() throws {
    let results = try results(.expert(PointExpert()), .none)
    #expect(results.allSatisfy { $0.episode!.labels.isEmpty })
  }

  /// The expert's share of chunks is the coin's probability: with 16 episodes of about 4 chunks, a
  /// binomial share of 0.5 lies in [0.25, 0.75] but for one case in 10⁴.
  @Test func aMixtureHandsChunksToBoth() throws {
    func share(_ beta: Double) throws -> Double {
      let plan = RolloutPlan(
        world: PointWorld(), seeds: Array(0..<16),
        driver: .mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: beta),
        recording: Recording(keepsFrames: true, keepsPredictions: true))
      let results = try rollOut(plan)
      let chunks = results.reduce(0) { $0 + ($1.outcome.steps + 2) / 3 }
      let learned = results.reduce(0) { $0 + $1.predictions.count }
      return 1 - Double(learned) / Double(chunks)
    }
    #expect(try share(0) == 0)
    #expect(try share(1) == 1)
    #expect((0.25...0.75).contains(try share(0.5)))
  }

  /// β = 1 is the expert itself, β = 0 the learner itself.
  @Test func theEndsOfAMixtureAreItsParts() throws {
    func mixed(_ beta: Double) -> Driver<PointWorld> {
      .mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: beta)
    }
    #expect(
      try results(mixed(1), .everyFrames(4)) == results(.expert(PointExpert()), .everyFrames(4)))
    #expect(
      try results(mixed(0), .everyFrames(4)) == results(.policy(PointPolicy()), .everyFrames(4)))
  }
}

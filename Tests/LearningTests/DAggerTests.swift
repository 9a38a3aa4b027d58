// DAgger: who drives, who labels, what is kept, and what it costs.

import PlanarDatasets
import PlanarLearning
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct DAggerTests {
  /// Errs a little, and only reads half of the commands right.
  let learner = PointPolicy(ignoresCommand: true, noise: 0.2)

  struct Log {
    var rounds: [DAggerRound] = []
    var episodes: [[Episode]] = []
    /// What each training was given.
    var given: [LabelSet] = []
    var trainedRounds: [Int] = []
    var labels = LabelSet(features: PointWorld().features, horizons: Toy.horizons)
  }

  func run(
    _ configuration: DAggerConfiguration, threads: Int = 1, stop: StopFlag = StopFlag(),
    stopAfter: Int? = nil
  ) throws -> Log {
    var log = Log()
    log.labels = try runDAgger(
      configuration, plan: Toy.plan(threads: threads), horizons: Toy.horizons, stop: stop,
      onRound: { round, episodes in
        log.rounds.append(round)
        log.episodes.append(episodes)
        if round.round == stopAfter { stop.raise() }
      },
      train: { labels, round in
        log.given.append(labels)
        log.trainedRounds.append(round)
        return learner
      })
    return log
  }

  let configuration = DAggerConfiguration(
    labelBudgets: [60, 100, 400], expertShare: 0.5, expertShareDecay: 0.4, executionHorizon: 3)

  @Test func budgetsAreMetExactlyAndSharesFall() throws {
    let log = try run(configuration)
    #expect(log.rounds.map(\.labels) == [60, 100, 400])
    #expect(log.labels.count == 400)
    #expect(log.rounds.map(\.round) == [0, 1, 2])
    #expect(log.trainedRounds == [1, 2])
    #expect(log.given.map(\.count) == [60, 100])
    #expect(zip(log.rounds.map(\.expertShare), [1, 0.5, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(log.rounds.allSatisfy { (0...1).contains($0.successRate) })
    #expect(log.rounds[0].successRate > 0.9, "the expert demonstrates")
    let kept = log.episodes.map { $0.reduce(0) { $0 + $1.labels.count } }
    #expect(kept == [60, 40, 300])
    // No episode twice, none that could be an evaluation's.
    let seeds = log.episodes.joined().map(\.info.seed)
    #expect(Set(seeds).count == seeds.count)
    #expect(seeds.allSatisfy { $0 >= SeedRanges.firstTraining })
  }

  @Test func labelsAreTheExpertsWhereTheLearnerWent() throws {
    var configuration = configuration
    configuration.expertShare = 0
    let log = try run(configuration)
    for episode in log.episodes.joined() { try expectLabelsOfTheVisitedStates(episode) }
    // With β = 0 the learner alone drives: its own rollouts from these seeds are these episodes.
    for episodes in log.episodes.dropFirst() {
      let plan = RolloutPlan(
        world: PointWorld(), seeds: episodes.map(\.info.seed), driver: .policy(learner),
        executionHorizon: 3, recording: Recording(keepsFrames: true))
      let own = try rollOut(plan).compactMap(\.episode)
      #expect(own.map(\.actions) == episodes.map(\.actions))
    }
    // And it went elsewhere than the expert does.
    let differs = log.episodes[2].contains { episode in
      zip(episode.labelFrames, episode.labels).contains { episode.actions[$0] != $1[0] }
    }
    #expect(differs)
  }

  /// Where a person is asked only when taking over, nothing else is labelled, and the budget is met all the same.
  @Test func takeoversAloneCanBeLabelled() throws {
    var plan = Toy.plan(threads: 1)
    plan.labelsTakeoversOnly = true
    var kept: [Episode] = []
    let labels = try runDAgger(
      configuration, plan: plan, horizons: Toy.horizons, onRound: { kept += $1 },
      takeover: { _, _, _ in .probability(0.3) }, train: { _, _ in learner })
    #expect(labels.count == 400)
    #expect(kept.allSatisfy { episode in episode.labelFrames.allSatisfy { episode.drivers[$0] == "expert" } })
    #expect(kept.contains { $0.drivers.contains("point") })
    #expect(throws: UserError.self) {
      try runDAgger(
        configuration, plan: plan, horizons: Toy.horizons, takeover: { _, _, _ in .probability(0) },
        train: { _, _ in learner })
    }
  }

  @Test func earlierLabelsStay() throws {
    let log = try run(configuration)
    func rows(_ labels: LabelSet, _ count: Int) throws -> [Float] {
      var batch = LabelBatch(rows: count, features: labels.features, horizons: labels.horizons)
      try labels.fill(Array(0..<count), &batch)
      return batch.observations.floats + batch.chunks + batch.commandIndices.map { Float($0) }
    }
    for earlier in log.given {
      #expect(try rows(earlier, earlier.count) == rows(log.labels, earlier.count))
    }
  }

  @Test func threadsDoNotShow() throws {
    let one = try run(configuration, threads: 1)
    let two = try run(configuration, threads: 2)
    #expect(one.episodes == two.episodes && one.rounds == two.rounds)
  }

  @Test func aStoppedRunKeepsWhatItHas() throws {
    let log = try run(configuration, stopAfter: 1)
    #expect(log.labels.count == 100)
    #expect(log.trainedRounds == [1] && log.rounds.count == 2)
    let stopped = StopFlag()
    stopped.raise()
    #expect(try run(configuration, stop: stopped).labels.count == 0)
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    func refusal(_ change: (inout DAggerConfiguration) -> Void) -> String {
      var changed = configuration
      change(&changed)
      return LearningTests.refusal { _ = try run(changed) }
    }
    #expect(refusal { $0.labelBudgets = [60] }.contains("at least two ascending"))
    #expect(refusal { $0.labelBudgets = [60, 60] }.contains("[60, 60]"))
    #expect(refusal { $0.labelBudgets = [0, 60] }.contains("ascending positive"))
    #expect(refusal { $0.expertShare = 1.5 }.contains("from 0 to 1"))
    #expect(refusal { $0.expertShareDecay = -0.1 }.contains("from 0 to 1"))
    #expect(refusal { $0.executionHorizon = 0 }.contains("from 1 to 1024"))
    #expect(refusal { $0.executionHorizon = 7 }.contains("between 1 and 6"))
  }
}

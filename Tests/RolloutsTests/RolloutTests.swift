// Rollouts of the point world: the same results whatever the threads, and outcomes that mean what they say.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization
import Testing
import PlanarToyWorld

@Suite struct RolloutTests {
  private let seeds = (0..<21).map { UInt64(100 + $0) }

  private func plan(_ driver: Driver<PointWorld>) -> RolloutPlan<PointWorld> {
    var plan = RolloutPlan(world: PointWorld(), seeds: seeds, driver: driver, blockSize: 8)
    plan.recording = Recording(
      keepsFrames: true, keepsPredictions: true, labeller: PointExpert(), labels: .everyFrames(4),
      labelHorizon: 6, probe: { [Float($0.position.x), Float($0.position.y)] })
    return plan
  }

  @Test(arguments: [1, 2, 5])
  func resultsDoNotDependOnThreads(threads: Int) throws {
    var plan = plan(.mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: 0.5))
    plan.actionNoise = ActionNoise(deviation: 0.1, pushProbability: 0.1)
    let alone = try rollOut(plan)
    plan.threads = threads
    #expect(try rollOut(plan) == alone)
    #expect(alone.map(\.outcome.index) == Array(0..<21))
    #expect(alone.map(\.outcome.info.seed) == seeds)
  }

  /// 21 episodes leave 5 rows of the last block of 8 empty; 1, 21 and 32 pad otherwise.
  @Test(arguments: [1, 21, 32])
  func paddingDoesNotChangeResults(blockSize: Int) throws {
    var plan = plan(.policy(PointPolicy()))
    let eight = try rollOut(plan)
    plan.blockSize = blockSize
    #expect(try rollOut(plan) == eight)
  }

  @Test func anEpisodeDoesNotDependOnItsNeighbours() throws {
    var plan = plan(.policy(PointPolicy()))
    let all = try rollOut(plan)
    plan.seeds = [seeds[13]]
    var alone = try rollOut(plan)[0]
    alone.outcome.index = 13
    #expect(alone == all[13])
  }

  @Test func theRecordedEpisodeReplaysExactly() throws {
    var plan = plan(.policy(PointPolicy()))
    plan.actionNoise = ActionNoise(deviation: 0.2)
    for result in try rollOut(plan) {
      let episode = try #require(result.episode)
      var world = PointWorld()
      var observation = try world.reset(seed: episode.info.seed, command: .drawn)
      var last: Transition?
      for frame in 0..<episode.frameCount {
        #expect(observation == episode.observations[frame])
        #expect(result.probes[frame] == episode.observations[frame].proprioception)
        last = world.step(episode.actions[frame])
        observation = last!.observation
      }
      #expect(episode.frameCount == result.outcome.steps)
      #expect(last?.terminated == result.outcome.success && episode.success == result.outcome.success)
      #expect(episode.info == result.outcome.info && episode.info == world.info)
    }
  }

  @Test func executedActionsAreTheFirstStepsOfPredictedChunks() throws {
    var plan = plan(.policy(PointPolicy()))
    plan.executionHorizon = 2
    for result in try rollOut(plan) {
      let episode = try #require(result.episode)
      #expect(result.predictions.map(\.frame) == Array(stride(from: 0, to: episode.frameCount, by: 2)))
      for prediction in result.predictions {
        for step in 0..<min(2, episode.frameCount - prediction.frame) {
          #expect(episode.actions[prediction.frame + step] == prediction.chunk[step])
        }
      }
    }
  }

  /// The policy is shown the last To observations: asked offline on the recorded histories without noise,
  /// it gives the same chunks.
  @Test func offlinePredictionOnRecordedHistoriesAgrees() throws {
    let policy = PointPolicy(noise: 0)
    for result in try rollOut(plan(.policy(policy))) {
      let episode = try #require(result.episode)
      let histories = result.predictions.map { episode.history(at: $0.frame, horizon: 2) }
      let chunks = predictChunks(of: policy, for: histories, seed: 1, threads: 2, blockSize: 3)
      #expect(chunks == result.predictions.map(\.chunk))
    }
  }

  @Test func offlinePredictionDoesNotDependOnThreads() throws {
    let world = try rollOut(plan(.expert(PointExpert())))
    let histories = world.flatMap { result in
      result.episode!.labelFrames.map { result.episode!.history(at: $0, horizon: 2) }
    }
    let alone = predictChunks(of: PointPolicy(), for: histories, seed: 5)
    #expect(alone.count == histories.count)
    #expect(predictChunks(of: PointPolicy(), for: histories, seed: 5, threads: 3) == alone)
    #expect(predictChunks(of: PointPolicy(), for: histories, seed: 6) != alone)
  }

  @Test func expertAndPolicySucceedAndRandomActionsFail() throws {
    func rate(_ driver: Driver<PointWorld>) throws -> Double {
      let results = try rollOut(plan(driver))
      return Double(results.count { $0.outcome.success }) / Double(results.count)
    }
    #expect(try rate(.expert(PointExpert())) == 1)
    #expect(try rate(.policy(PointPolicy())) > 0.9)
    #expect(try rate(.random(.uniform)) < 0.2)
    #expect(try rate(.random(.smooth(correlation: 0.9, deviation: 0.4))) < 0.3)
  }

  @Test func outcomesCountStepsAndRewards() throws {
    for result in try rollOut(plan(.random(.uniform))) where !result.outcome.success {
      #expect(result.outcome.steps == 40)
      #expect(result.outcome.stepsToSuccess == nil)
      #expect(result.outcome.failure == .outOfTime)
    }
    for result in try rollOut(plan(.expert(PointExpert()))) {
      #expect(result.outcome.stepsToSuccess == result.outcome.steps)
      #expect(result.outcome.failure == nil)
      #expect(result.outcome.totalReward < 0)
      #expect(result.outcome.reachedDrawnGoal && result.outcome.endedAtDrawnGoal)
    }
  }

  /// A policy that always goes to red succeeds under the drawn command where that is red, and never under
  /// the swapped one of the same scene, where it reaches the drawn goal instead.
  @Test func swappedCommandsTellAPolicyThatIgnoresText() throws {
    var plan = plan(.policy(PointPolicy(ignoresCommand: true)))
    plan.command = .swapped
    let swapped = try rollOut(plan)
    let towardsBlue = swapped.filter { $0.outcome.info.goal["color"] == "blue" }
    #expect(!towardsBlue.isEmpty && towardsBlue.count < seeds.count)
    for result in towardsBlue {
      #expect(!result.outcome.success && result.outcome.failure == .otherGoal)
      #expect(result.outcome.reachedDrawnGoal)
    }
    for result in swapped where result.outcome.info.goal["color"] == "red" {
      #expect(result.outcome.success && !result.outcome.reachedDrawnGoal)
    }
    plan.driver = .policy(PointPolicy())
    #expect(try rollOut(plan).allSatisfy { $0.outcome.success && !$0.outcome.reachedDrawnGoal })
  }

  @Test func aRaisedFlagStops() throws {
    let stop = StopFlag()
    let reporter = StopAfter(flag: stop, count: 10)
    let all = try rollOut(plan(.policy(PointPolicy())))
    let some = try rollOut(plan(.policy(PointPolicy())), progress: reporter, stop: stop)
    #expect(some.count == 8, "one whole block was finished before the tenth episode")
    #expect(some == Array(all.prefix(8)))
  }

  @Test func badPlansAreUserErrors() throws {
    var plan = plan(.policy(PointPolicy()))
    plan.executionHorizon = 7
    #expect(
      throws: UserError(
        "the execution horizon must be between 1 and 6, the prediction horizon of policy 'point'; it is 7")
    ) { try rollOut(plan) }
    plan.executionHorizon = nil
    plan.command = .text("dance")
    #expect(throws: UserError("no goal is named in 'dance'; goals are red and blue")) {
      try rollOut(plan)
    }
    plan.driver = .mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: 1.5)
    #expect(throws: UserError("the expert's share of a mixture must be between 0 and 1; it is 1.5")) {
      try rollOut(plan)
    }
  }

  // MARK: Block by block

  @Test(arguments: [1, 4])
  func blocksComeInOrderAndMayBeSkipped(threads: Int) throws {
    var plan = plan(.policy(PointPolicy()))
    let all = try rollOut(plan)
    plan.threads = threads
    for skipped in [0, 8, 16, 21] {
      let blocks = Mutex<[[RolloutEpisode]]>([])
      try rollOut(plan, skipping: skipped) { block in blocks.withLock { $0.append(block) } }
      #expect(blocks.withLock { Array($0.joined()) } == Array(all[skipped...]))
      #expect(blocks.withLock { $0.dropLast().allSatisfy { $0.count == 8 } })
    }
  }

  @Test func whatTheReceiverThrowsEndsTheRollout() throws {
    var plan = plan(.policy(PointPolicy()))
    plan.threads = 3
    let received = Mutex(0)
    #expect(throws: UserError("full")) {
      try rollOut(plan) { block in
        if received.withLock({
          $0 += block.count; return $0
        }) > 8 {
          throw UserError("full")
        }
      }
    }
    #expect(received.withLock { $0 } == 16)
  }
}

/// Raises a flag after so many episodes.
private struct StopAfter: ProgressReporter {
  let flag: StopFlag
  let count: Int

  func report(stage: String, done: Int, total: Int, note: String) {
    if done == count { flag.raise() }
  }
}

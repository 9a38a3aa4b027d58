// Running the episodes of a plan: fixed blocks spread over threads.

import PlanarCore
import PlanarPolicyInterface
import Synchronization

/// Runs a plan's episodes and returns them in order of its seeds.
///
/// Episodes run in fixed blocks of `plan.blockSize`, each in lockstep with one inference of its own;
/// results are bit-identical for any number of threads.
///
/// - Parameters:
///   - progress: told after each episode, with the success rate so far.
///   - stop: looked at every control step. Once raised, blocks under way are dropped and the result holds
///     the episodes of the leading finished blocks only.
/// - Throws: `UserError` where the policy does not fit the environment, a horizon is out of range, or a
///   command cannot be understood; or a policy or an expert gave a number that is not finite.
public func rollOut<World: Environment>(
  _ plan: RolloutPlan<World>, progress: any ProgressReporter = SilentProgress(),
  stop: StopFlag = StopFlag()
) throws -> [RolloutEpisode] {
  try plan.validate()
  let statistics = RolloutStatistics(total: plan.seeds.count, progress: progress)
  let blockCount = (plan.seeds.count + plan.blockSize - 1) / plan.blockSize
  let blocks = try parallelMap(count: blockCount, threads: plan.threads) { block in
    let begin = block * plan.blockSize
    let end = min(begin + plan.blockSize, plan.seeds.count)
    return try runBlock(plan, begin..<end, statistics, stop)
  }
  return blocks.prefix { $0 != nil }.flatMap { $0! }
}

/// Runs one block in lockstep; nil where it was stopped.
private func runBlock<World: Environment>(
  _ plan: RolloutPlan<World>, _ indices: Range<Int>, _ statistics: borrowing RolloutStatistics,
  _ stop: StopFlag
) throws -> [RolloutEpisode]? {
  if stop.isRaised { return nil }
  let runs = try indices.map { try EpisodeRun(plan, index: $0) }
  let inference = plan.driver.policy?.makeInference(batch: plan.blockSize, in: plan.world.features)
  while runs.contains(where: { !$0.isFinished }) {
    if stop.isRaised { return nil }
    for i in runs.indices { try runs[i].beginChunkIfNeeded() }
    if let inference, runs.contains(where: { $0.wantsPrediction }) {
      // Every episode keeps its row, asked for or not: a row's place in a batch may show in its last bits.
      var requests = runs.map(\.request)
      let chunks = inference.predict(&requests)
      for i in runs.indices where runs[i].wantsPrediction {
        try runs[i].receive(chunks[i], noise: requests[i].noise)
      }
    }
    for i in runs.indices where !runs[i].isFinished {
      try runs[i].advance()
      if runs[i].isFinished { statistics.add(success: runs[i].result.outcome.success) }
    }
  }
  return runs.map(\.result)
}

/// Counts finished episodes of all threads.
private struct RolloutStatistics: ~Copyable, Sendable {
  private let counts = Mutex((done: 0, successes: 0))
  private let total: Int
  private let progress: any ProgressReporter

  init(total: Int, progress: any ProgressReporter) {
    self.total = total
    self.progress = progress
  }

  borrowing func add(success: Bool) {
    counts.withLock {
      $0.done += 1
      $0.successes += success ? 1 : 0
      let rate = 100 * $0.successes / $0.done
      progress.report(stage: "episodes", done: $0.done, total: total, note: "success \(rate) %")
    }
  }
}

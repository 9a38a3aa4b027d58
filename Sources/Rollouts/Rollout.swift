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
  let all = Mutex<[RolloutEpisode]>([])
  try rollOut(plan, progress: progress, stop: stop) { episodes in all.withLock { $0 += episodes } }
  return all.withLock { $0 }
}

/// Runs a plan's episodes and hands them on block by block, in order of its seeds, as soon as all before are finished:
/// so that memory stays small however many there are, and a stop keeps what was handed on.
///
/// - Parameters:
///   - skipped: how many leading episodes are known already: a multiple of `plan.blockSize`, or all.
///   - progress: told after each episode, with the success rate so far of those that are run.
///   - stop: looked at every control step. Once raised, blocks under way are dropped.
///   - receive: gets a block's episodes, one block at a time, on any thread; what it throws ends the rollout.
/// - Throws: as the rollout that returns all episodes, and what `receive` throws.
public func rollOut<World: Environment>(
  _ plan: RolloutPlan<World>, skipping skipped: Int = 0, progress: any ProgressReporter = SilentProgress(),
  stop: StopFlag = StopFlag(), receive: @escaping @Sendable ([RolloutEpisode]) throws -> Void
) throws {
  let plan = plan.withActionsOfItsPolicy
  try plan.validate()
  guard skipped < plan.seeds.count else { return }
  precondition(skipped >= 0 && skipped % plan.blockSize == 0, "whole blocks are skipped")
  let statistics = RolloutStatistics(total: plan.seeds.count - skipped, progress: progress)
  let first = skipped / plan.blockSize
  let blockCount = (plan.seeds.count + plan.blockSize - 1) / plan.blockSize
  let queue = DeliveryQueue(first: first, receive: receive)
  parallelFor(count: blockCount - first, threads: plan.threads) { unit in
    if queue.hasEnded { return }
    let block = first + unit
    let begin = block * plan.blockSize
    let end = min(begin + plan.blockSize, plan.seeds.count)
    queue.put(block, Result { try runBlock(plan, begin..<end, statistics, stop) })
  }
  try queue.finish()
}

/// Puts blocks that finish in any order back in theirs.
private final class DeliveryQueue: Sendable {
  private struct State {
    /// The block that is handed on next.
    var next: Int
    /// Finished blocks that wait for one before them.
    var waiting: [Int: Result<[RolloutEpisode]?, any Error>] = [:]
    var hasEnded = false
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  private let receive: @Sendable ([RolloutEpisode]) throws -> Void

  init(first: Int, receive: @escaping @Sendable ([RolloutEpisode]) throws -> Void) {
    state = Mutex(State(next: first))
    self.receive = receive
  }

  /// Whether a block was stopped or failed, so that nothing after it counts.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  func put(_ block: Int, _ result: Result<[RolloutEpisode]?, any Error>) {
    state.withLock { state in
      state.waiting[block] = result
      while !state.hasEnded, let ready = state.waiting.removeValue(forKey: state.next) {
        state.next += 1
        do {
          if let episodes = try ready.get() { try receive(episodes) } else { state.hasEnded = true }
        } catch {
          state.failure = error
          state.hasEnded = true
        }
      }
    }
  }

  func finish() throws { try state.withLock { if let failure = $0.failure { throw failure } } }
}

/// Runs one block in lockstep; nil where it was stopped.
private func runBlock<World: Environment>(
  _ plan: RolloutPlan<World>, _ indices: Range<Int>, _ statistics: borrowing RolloutStatistics,
  _ stop: StopFlag
) throws -> [RolloutEpisode]? {
  if stop.isRaised { return nil }
  let runs = try indices.map { try EpisodeRun(plan, index: $0) }
  var inference = plan.driver.policy.map { PackedInference($0, most: plan.blockSize, in: plan.world.features) }
  while runs.contains(where: { !$0.isFinished }) {
    if stop.isRaised { return nil }
    for i in runs.indices { try runs[i].beginChunkIfNeeded() }
    let asking = runs.indices.filter { runs[$0].wantsPrediction }
    if !asking.isEmpty, inference != nil {
      var requests = asking.map { runs[$0].request }
      let chunks = inference!.predict(&requests)
      for (row, i) in asking.enumerated() { try runs[i].receive(chunks[row], noise: requests[row].noise) }
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

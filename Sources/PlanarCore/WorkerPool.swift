// Threads that wait for work. Making a thread, or waking one through a queue of closures, costs as much as a
// small batch's whole gradient; and it allocates.
//
//   caller     post ─► takes units … ─► no unit left ─► waits for helpers ─► done
//   worker        wait ─► takes units … ─► no unit left ─► next job, or wait

import Foundation
import Synchronization

/// The threads of this process that help with parallel loops; as many as were ever asked for at once.
///
/// The caller of a loop takes units itself and needs no helper to come, so loops may be nested: a loop within
/// a loop finds the workers busy, or not.
// Sendable because `open`, `idle` and `workerCount` are touched under the lock of `condition` only.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool()

  private let condition = NSCondition()
  /// Jobs that want helpers, the newest last.
  private var open: [Job] = []
  /// Jobs to be used again.
  private var idle: [Job] = []
  private var workerCount = 0
  /// Counts posted jobs: what a worker looks at before it goes to sleep.
  private let posts = Atomic<Int>(0)

  /// How often a thread looks for a change before it sleeps: some microseconds, less than waking it costs.
  private static let patience = 20_000

  private init() {
    open.reserveCapacity(64)
    idle.reserveCapacity(64)
  }

  func perform(_ work: any ParallelWork, count: Int, helpers: Int) {
    condition.lock()
    let job = idle.popLast() ?? Job()
    job.prepare(work, count: count, helpers: helpers)
    open.append(job)
    while workerCount < helpers {
      workerCount += 1
      let thread = Thread { [self] in serve() }
      thread.name = "planar worker \(workerCount)"
      thread.stackSize = 8 << 20
      thread.start()
    }
    posts.add(1, ordering: .releasing)
    condition.broadcast()
    condition.unlock()

    job.takeUnits()

    condition.lock()
    withdraw(job)
    condition.unlock()
    var looks = 0
    while looks < WorkerPool.patience, job.helpersAtWork.load(ordering: .acquiring) > 0 { looks += 1 }
    condition.lock()
    while job.helpersAtWork.load(ordering: .acquiring) > 0 { condition.wait() }
    job.work = nil
    idle.append(job)
    condition.unlock()
  }

  /// What a worker does all its life.
  private func serve() {
    condition.lock()
    while true {
      guard let job = open.last else {
        let seen = posts.load(ordering: .relaxed)
        condition.unlock()
        var looks = 0
        while looks < WorkerPool.patience, posts.load(ordering: .acquiring) == seen { looks += 1 }
        condition.lock()
        while open.isEmpty { condition.wait() }
        continue
      }
      job.helpersWanted -= 1
      if job.helpersWanted == 0 { open.removeLast() }
      job.helpersAtWork.add(1, ordering: .relaxed)
      condition.unlock()
      job.takeUnits()
      condition.lock()
      withdraw(job)
      if job.helpersAtWork.subtract(1, ordering: .releasing).newValue == 0 { condition.broadcast() }
    }
  }

  /// Takes a job without units left off the list, if it is still there.
  private func withdraw(_ job: Job) {
    if let index = open.lastIndex(where: { $0 === job }) { open.remove(at: index) }
  }
}

/// One parallel loop.
// Sendable because `work` and `count` are written before the job is posted and after its last helper has left,
// and `helpersWanted` under the pool's lock.
private final class Job: @unchecked Sendable {
  var work: (any ParallelWork)?
  var helpersWanted = 0
  let helpersAtWork = Atomic<Int>(0)
  private var count = 0
  private let next = Atomic<Int>(0)

  func prepare(_ work: any ParallelWork, count: Int, helpers: Int) {
    self.work = work
    self.count = count
    helpersWanted = helpers
    next.store(0, ordering: .relaxed)
  }

  func takeUnits() {
    guard let work else { return }
    while true {
      let unit = next.add(1, ordering: .relaxed).oldValue
      guard unit < count else { return }
      work.perform(unit)
    }
  }
}

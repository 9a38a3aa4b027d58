// Parallel loops: every unit once, nested and from many threads at a time, and again and again.

import Foundation
import PlanarCore
import Synchronization
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 8, 100]) func everyUnitIsDoneOnce(threads: Int) {
    let done = Mutex([Int](repeating: 0, count: 500))
    parallelFor(count: 500, threads: threads) { i in done.withLock { $0[i] += 1 } }
    #expect(done.withLock { $0.allSatisfy { $0 == 1 } })
    parallelFor(count: 0, threads: threads) { _ in Issue.record("there is no unit") }
  }

  @Test func loopsMayBeNested() {
    let sum = Atomic<Int>(0)
    parallelFor(count: 6, threads: 3) { i in
      parallelFor(count: 50, threads: 4) { j in
        parallelFor(count: 3, threads: 2) { k in
          sum.add(i * 1_000 + j * 10 + k, ordering: .relaxed)
        }
      }
    }
    let expected = (0..<6).reduce(0) { sum, i in
      sum + (0..<50).reduce(0) { $0 + 3 * (i * 1_000 + $1 * 10) + 3 }
    }
    #expect(sum.load(ordering: .relaxed) == expected)
  }

  @Test func callersOnManyThreadsDoNotDisturbEachOther() {
    let sums = Mutex([Int](repeating: 0, count: 8))
    DispatchQueue.concurrentPerform(iterations: 8) { caller in
      for round in 0..<200 {
        let sum = Atomic<Int>(0)
        parallelFor(count: 7, threads: 3) { i in sum.add(i * round, ordering: .relaxed) }
        sums.withLock { $0[caller] += sum.load(ordering: .relaxed) }
      }
    }
    #expect(sums.withLock { $0 } == [Int](repeating: 21 * 199 * 100, count: 8))
  }

  @Test func severalThreadsComeToHelp() {
    // Units that wait for each other finish only when two threads have them.
    let arrived = Atomic<Int>(0)
    parallelFor(count: 2, threads: 2) { _ in
      arrived.add(1, ordering: .relaxed)
      let patience = Date().addingTimeInterval(60)
      while arrived.load(ordering: .relaxed) < 2, Date() < patience { Thread.sleep(forTimeInterval: 0.001) }
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }

  @Test func aLoopRunsAgainWithOtherArguments() {
    let sum = Atomic<Int>(0)
    let loop = ParallelLoop<Int> { factor, unit in sum.add(factor * unit, ordering: .relaxed) }
    for factor in 1...50 { loop.run(factor, count: 10, threads: 1 + factor % 3) }
    #expect(sum.load(ordering: .relaxed) == 45 * 1_275)
  }
}

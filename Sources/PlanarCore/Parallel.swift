// Work spread over threads, with results that do not depend on how many there are.

import Dispatch
import Synchronization

/// Runs `body(i)` for every `i` in 0 ..< `count` on at most `threads` threads.
///
/// Units are taken in order by whichever worker is free; a unit must write only what is its own, so
/// that results are the same for any number of threads. With one thread, or one unit, it is a plain loop.
///
/// Complexity: one atomic increment a unit, one dispatch a thread.
public func parallelFor(count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Void) {
  let workers = min(threads, count)
  guard workers > 1 else {
    for i in 0..<max(0, count) { body(i) }
    return
  }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let i = next.add(1, ordering: .relaxed).oldValue
      guard i < count else { return }
      body(i)
    }
  }
}

/// `parallelFor` that collects one value per unit, in order of the units.
public func parallelMap<Value: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (_ index: Int) throws -> Value
) throws -> [Value] {
  let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
  parallelFor(count: count, threads: threads) { i in
    let result = Result { try body(i) }
    results.withLock { $0[i] = result }
  }
  return try results.withLock { try $0.map { try $0!.get() } }
}

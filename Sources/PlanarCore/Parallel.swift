// Work spread over threads, with results that do not depend on how many there are.

import Synchronization

/// Work in numbered units, for loops that must not allocate: an object that is kept from call to call.
public protocol ParallelWork: AnyObject, Sendable {
  /// Does one unit, which writes only what is its own.
  func perform(_ unit: Int)
}

/// Performs units 0 ..< `count` of `work` on at most `threads` threads, the calling one among them.
///
/// Units are taken in order by whichever thread is free; a unit must write only what is its own, so
/// that results are the same for any number of threads. With one thread, or one unit, it is a plain loop.
/// Calls may be nested. Allocates nothing once as many threads have been asked for before.
///
/// Complexity: one atomic increment a unit, one lock a thread.
public func parallelFor(count: Int, threads: Int, _ work: any ParallelWork) {
  guard min(threads, count) > 1 else {
    for unit in 0..<max(0, count) { work.perform(unit) }
    return
  }
  WorkerPool.shared.perform(work, count: count, helpers: min(threads, count) - 1)
}

// Sendable because the argument is written between runs only.
/// A loop that runs again and again with other arguments. Its body is made once, so that running it allocates
/// nothing, as a closure made for each run would.
public final class ParallelLoop<Argument: Sendable>: ParallelWork, @unchecked Sendable {
  private let body: @Sendable (Argument, Int) -> Void
  private var argument: Argument?

  /// - Parameter body: what is done for one unit; it writes only what is the unit's own.
  public init(_ body: @escaping @Sendable (_ argument: Argument, _ unit: Int) -> Void) {
    self.body = body
  }

  /// Performs units 0 ..< `count` on at most `threads` threads. One run at a time.
  public func run(_ argument: Argument, count: Int, threads: Int) {
    precondition(self.argument == nil, "this loop is running")
    self.argument = argument
    parallelFor(count: count, threads: threads, self)
    self.argument = nil
  }

  /// Runs the body for one unit with the argument of the run in progress.
  public func perform(_ unit: Int) {
    if let argument { body(argument, unit) }
  }
}

/// Runs `body(i)` for every `i` in 0 ..< `count` on at most `threads` threads, likewise.
public func parallelFor(count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Void) {
  guard min(threads, count) > 1 else {
    for i in 0..<max(0, count) { body(i) }
    return
  }
  withoutActuallyEscaping(body) {
    WorkerPool.shared.perform(ClosureWork($0), count: count, helpers: min(threads, count) - 1)
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

private final class ClosureWork: ParallelWork {
  private let body: @Sendable (Int) -> Void
  init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
  func perform(_ unit: Int) { body(unit) }
}

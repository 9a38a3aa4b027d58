// How long work tells the outside how far it is, and learns that it should stop.

import Synchronization

/// Receives progress. Libraries report through it; only the program draws bars.
public protocol ProgressReporter: Sendable {
  /// - Parameters:
  ///   - stage: what is being done, in a few words.
  ///   - done: units finished.
  ///   - total: units in all.
  ///   - note: a figure worth seeing, such as the loss; may be empty.
  func report(stage: String, done: Int, total: Int, note: String)
}

/// Says nothing: for tests and for callers that do not care.
public struct SilentProgress: ProgressReporter {
  /// There is nothing to set.
  public init() {}
  /// Drops the report.
  public func report(stage: String, done: Int, total: Int, note: String) {}
}

/// Raised once, for instance by Ctrl-C; long work looks at it between units and ends cleanly.
public final class StopFlag: Sendable {
  private let raised = Atomic<Bool>(false)
  /// A flag that is not raised.
  public init() {}
  /// Raises the flag for good; may be called from any thread and from a signal handler.
  public func raise() { raised.store(true, ordering: .relaxed) }
  /// Whether `raise` has been called.
  public var isRaised: Bool { raised.load(ordering: .relaxed) }
}

// Threads for tests that wait: those of Swift's own pool must stay free for whom they wait for.

import Foundation
import Testing

/// Runs every job on a new thread.
private final class ThreadPerJob: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Tests on threads of their own.
public struct OwnThreads: TestTrait, SuiteTrait, TestScoping {
  /// For all tests of a suite.
  public var isRecursive: Bool { true }

  /// Runs one test.
  ///
  /// - Throws: what the test throws.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadPerJob()) { try await function() }
  }
}

extension Trait where Self == OwnThreads {
  /// For tests that wait, be it for a window or for a server in this process: the threads that tests have otherwise stay free.
  public static var onOwnThreads: Self { OwnThreads() }
}

// Counts finished cases over all threads.

import PlanarCore
import Synchronization

final class ReplayCounter: Sendable {
  private let done = Mutex(0)
  private let total: Int
  private let progress: any ProgressReporter

  init(total: Int, progress: any ProgressReporter) {
    self.total = total
    self.progress = progress
  }

  func finished(_ name: String) {
    done.withLock { done in
      done += 1
      progress.report(stage: "replaying", done: done, total: total, note: name)
    }
  }
}

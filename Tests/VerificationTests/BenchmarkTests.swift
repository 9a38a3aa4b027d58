// That benchmarks measure something; how much is never asserted.

import PlanarCore
import Synchronization
import Testing
import Verification

@Suite struct BenchmarkTests {
  private final class Log: ProgressReporter {
    let reports = Mutex<[(done: Int, total: Int)]>([])
    func report(stage: String, done: Int, total: Int, note: String) {
      reports.withLock { $0.append((done, total)) }
    }
  }

  @Test func everyFigureIsPositiveAndNamedOnce() throws {
    let log = Log()
    let results = try runBenchmarks(seconds: 0.05, threads: 1, progress: log)
    #expect(results.allSatisfy { $0.value.isFinite && $0.value > 0 && $0.threads == 1 })
    #expect(Set(results.map(\.name)).count == results.count)
    for part in ["physics", "env", "train", "infer"] {
      #expect(results.contains { $0.name.contains(part) })
    }
    log.reports.withLock { reports in
      #expect(reports.map(\.done) == Array(1...results.count))
      #expect(reports.allSatisfy { $0.total == results.count })
    }
  }
}

// That benchmarks measure something; how much is never asserted.

import PlanarCore
import Synchronization
import Testing
import PlanarVerification

@Suite struct BenchmarkTests {
  private final class Log: ProgressReporter {
    let reports = Mutex<[(done: Int, total: Int)]>([])
    func report(stage: String, done: Int, total: Int, note: String) {
      reports.withLock { $0.append((done, total)) }
    }
  }

  /// Checks figures and the progress that was reported with them.
  private func check(
    _ measure: (any ProgressReporter) throws -> [BenchmarkResult]
  ) rethrows -> [BenchmarkResult] {
    let log = Log()
    let results = try measure(log)
    #expect(results.allSatisfy { $0.value.isFinite && $0.value >= 0 })
    #expect(Set(results.map { "\($0.name) \($0.threads)" }).count == results.count)
    log.reports.withLock { reports in
      #expect(reports.map(\.done) == Array(1...results.count))
      #expect(reports.allSatisfy { $0.total == results.count })
    }
    return results
  }

  @Test func learningMeasuresEnvironmentTrainingAndInference() throws {
    let results = try check { try benchmarkLearning(seconds: 0.05, threads: 1, progress: $0) }
    #expect(results.allSatisfy { $0.value > 0 && $0.threads == 1 })
    for part in ["env", "train", "infer"] {
      #expect(results.contains { $0.name.contains(part) })
    }
  }

  @Test func physicsMeasuresStepsForksAndThreads() throws {
    let results = try check { try benchmarkPhysics(seconds: 0.05, threads: 2, progress: $0) }
    for name in [
      "planar_scene_mean_contact_pairs", "planar_scene_mean_box_displacement", "world_fork_ns",
      "world_restore_ns", "push_physics_steps_per_s",
    ] { #expect(results.contains { $0.name == name && $0.value > 0 }, "\(name)") }
    #expect(results.filter { $0.name == "planar_scene_steps_per_s" }.map(\.threads) == [1, 2])
    #expect(
      results.filter { $0.name == "planar_scene_bytes_allocated_per_step" }.map(\.value) == [0])
  }

  @Test func networksMeasureTrainingInferenceAndLimits() throws {
    let log = Log()
    let results = try benchmarkNeuralNetworks(
      seconds: 0.01, threads: [1, 2], only: ["w1"], progress: log)
    #expect(results.allSatisfy { $0.value.isFinite && $0.value >= 0 })
    for name in [
      "fma_peak_gflops", "linear_product_gflops", "w1_train_samples_per_s", "w1_train_samples_per_s_best",
      "w1_train_gflops", "w1_train_share_of_peak", "w1_infer_us", "w1_infer_us_best", "w1_infer_limit_us",
      "w1_infer_int8_us", "w1_int8_relative_error",
    ] { #expect(results.contains { $0.name == name && $0.value > 0 }, "\(name)") }
    #expect(results.filter { $0.name == "w1_train_samples_per_s" }.map(\.threads) == [1, 2])
    #expect(results.first { $0.name == "w1_infer_bytes" }?.value == 0)
    log.reports.withLock { reports in
      #expect(reports.map(\.done) == Array(1...reports.count))
      #expect(reports.allSatisfy { $0.total == reports.count })
    }
  }
}

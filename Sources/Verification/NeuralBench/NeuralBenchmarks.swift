// What this machine trains and infers per second, and how much of what it could do that is.

import NeuralNetworks
import PlanarCore

/// Measures the workloads of PyTorch's timings for about `seconds` a figure.
///
/// Figures end in `_best` where they come from the fastest call instead of the median one; rates of arithmetic and
/// shares of a limit come from the fastest. Training runs with each of `threads`, the rest with one.
///
/// - Parameter only: names `w1` … `w4` of the workloads; empty for all.
/// - Throws: `UserError` where `only` names something else.
public func benchmarkNeuralNetworks(
  seconds: Double, threads: [Int], only: [String] = [], progress: any ProgressReporter = SilentProgress()
) throws -> [BenchmarkResult] {
  let all = NeuralWorkload.all
  if let unknown = only.first(where: { name in !all.contains { $0.name == name } }) {
    throw UserError("there is no workload '\(unknown)'; they are \(all.map(\.name).joined(separator: ", "))")
  }
  let bench = NeuralBench(seconds: seconds, progress: progress)
  let workloads = all.filter { only.isEmpty || only.contains($0.name) }
  bench.total = workloads.reduce(3) { $0 + 1 + threads.count + $1.samplers.count }
  bench.measureLimits()
  for workload in workloads {
    for count in threads { bench.measureTraining(workload, threads: count) }
    bench.measureInference(workload)
  }
  return bench.results
}

/// Collects figures.
private final class NeuralBench {
  let seconds: Double
  let progress: any ProgressReporter
  var results: [BenchmarkResult] = []
  var total = 0
  private var done = 0
  /// Operations per second of fused multiply-adds in registers and of our largest matrix product.
  private var peak = 0.0
  private var product = 0.0

  init(seconds: Double, progress: any ProgressReporter) {
    self.seconds = seconds
    self.progress = progress
  }

  private func add(_ name: String, _ value: Double, _ unit: String, threads: Int = 1) {
    results.append(BenchmarkResult(name: name, value: value, unit: unit, threads: threads))
  }

  private func report(_ note: String) {
    done += 1
    progress.report(stage: "measuring", done: done, total: total, note: note)
  }

  func measureLimits() {
    peak = MachineLimits.fusedMultiplyAdds(seconds: seconds)
    add("fma_peak_gflops", peak / 1e9, "GFLOP/s")
    report("fused multiply-adds")
    product = MachineLimits.linearLayer(seconds: seconds)
    add("linear_product_gflops", product / 1e9, "GFLOP/s")
    report("our matrix product")
    if let rate = MachineLimits.openBLAS(seconds: seconds) {
      add("openblas_product_gflops", rate / 1e9, "GFLOP/s")
    }
    report("OpenBLAS's matrix product")
  }

  func measureTraining(_ workload: NeuralWorkload, threads: Int) {
    let training = workload.training(threads: threads)
    let time = Timing(seconds: seconds, least: 10) { training.step(batch: workload.batch) }
    let steps = 10
    let bytes = allocatedBytesOfProcess {
      for _ in 0..<steps { training.step(batch: workload.batch) }
    }
    let prefix = workload.name + "_train"
    let samples = Double(workload.batch)
    add(prefix + "_samples_per_s", samples / time.median, "samples/s", threads: threads)
    add(prefix + "_samples_per_s_best", samples / time.best, "samples/s", threads: threads)
    let rate = samples / time.best * workload.trainingOperations
    add(prefix + "_gflops", rate / 1e9, "GFLOP/s", threads: threads)
    add(prefix + "_share_of_product", rate / product / Double(threads), "", threads: threads)
    add(prefix + "_share_of_peak", rate / peak / Double(threads), "", threads: threads)
    add(prefix + "_bytes_per_step", Double(bytes) / Double(steps), "bytes", threads: threads)
    report("\(workload.name) training, \(threads == 1 ? "1 thread" : "\(threads) threads")")
  }

  func measureInference(_ workload: NeuralWorkload) {
    let weights = ParameterStore(layout: workload.layout, seed: 1).values
    let tape = Tape(recording: false)
    let infer = {
      tape.begin(weights: weights)
      _ = workload.predict(0..<1, tape)
    }
    let time = Timing(seconds: seconds, least: 200, infer)
    let prefix = workload.name + "_infer"
    add(prefix + "_us", 1e6 * time.median, "µs")
    add(prefix + "_us_best", 1e6 * time.best, "µs")
    // Whichever takes longer: the arithmetic at the peak, or reading every weight once from where they fit.
    let bytes = 4 * workload.layout.parameterCount
    let reading = MachineLimits.reading(bytes: bytes, seconds: min(0.5, seconds))
    let limit = max(workload.inferenceOperations / peak, Double(bytes) / reading)
    add(prefix + "_limit_us", 1e6 * limit, "µs")
    add(prefix + "_share_of_limit", limit / time.best, "")
    add(prefix + "_bytes", Double(allocatedBytes(infer)), "bytes")
    report("\(workload.name) inference")
    for sampler in workload.samplers {
      let sample = sampler.prepare(weights)
      let time = Timing(seconds: seconds, least: 10, sample)
      add("\(workload.name)_\(sampler.name)_us", 1e6 * time.median, "µs")
      add("\(workload.name)_\(sampler.name)_us_best", 1e6 * time.best, "µs")
      add("\(workload.name)_\(sampler.name)_bytes", Double(allocatedBytes(sample)), "bytes")
      report("\(workload.name) \(sampler.name)")
    }
  }
}

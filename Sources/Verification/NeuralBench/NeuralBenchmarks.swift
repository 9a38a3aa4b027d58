// What this machine trains and infers per second, and how much of what it could do that is.

import PlanarNeuralNetworks
import PlanarCore

/// Measures the workloads of PyTorch's timings for about `seconds` a figure.
///
/// Figures end in `_best` where they come from the fastest call instead of the median one; rates of arithmetic and
/// shares of a limit come from the fastest. Training runs with each of `threads`, the rest with one.
///
/// - Parameters:
///   - only: names `w1` … `w4` of the workloads; empty for all.
///   - peer: adds how many times as fast as PyTorch each figure is.
/// - Throws: `UserError` where `only` names something else.
public func benchmarkNeuralNetworks(
  seconds: Double, threads: [Int], only: [String] = [], peer: PeerTimings? = nil,
  progress: any ProgressReporter = SilentProgress()
) throws -> [BenchmarkResult] {
  let all = NeuralWorkload.all
  if let unknown = only.first(where: { name in !all.contains { $0.name == name } }) {
    throw UserError("there is no workload '\(unknown)'; they are \(all.map(\.name).joined(separator: ", "))")
  }
  let bench = NeuralBench(seconds: seconds, progress: progress)
  let workloads = all.filter { only.isEmpty || only.contains($0.name) }
  bench.total = workloads.reduce(3) {
    $0 + 1 + threads.count + $1.samplers.count + ($1.isMostlyLinear ? 1 : 0)
  }
  bench.measureLimits()
  for workload in workloads {
    for count in threads { bench.measureTraining(workload, threads: count) }
    bench.measureInference(workload)
  }
  return bench.results + (peer?.ratios(of: bench.results) ?? [])
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
    let limit = measureInference(
      workload, weights, .float32, bytesPerWeight: 4, name: workload.name + "_infer")
    if workload.isMostlyLinear {
      measureInference(workload, weights, .int8, bytesPerWeight: 1, name: workload.name + "_infer_int8")
      add(workload.name + "_int8_relative_error", quantizationError(workload, weights), "")
    }
    for sampler in workload.samplers {
      let sample = sampler.prepare(weights)
      let time = Timing(seconds: seconds, least: 10, sample)
      let name = workload.name + "_" + sampler.name
      addTimes(name, time, limit: Double(sampler.steps) * limit)
      add(name + "_bytes", Double(allocatedBytes(sample)), "bytes")
      report(name.replacing("_", with: " "))
    }
  }

  private func addTimes(_ name: String, _ time: Timing, limit: Double) {
    add(name + "_us", 1e6 * time.median, "µs")
    add(name + "_us_best", 1e6 * time.best, "µs")
    add(name + "_limit_us", 1e6 * limit, "µs")
    add(name + "_share_of_limit", limit / time.best, "")
  }

  /// Returns the least time that this machine could need, in seconds.
  @discardableResult
  private func measureInference(
    _ workload: NeuralWorkload, _ weights: FloatBuffer, _ precision: WeightPrecision,
    bytesPerWeight: Int, name: String
  ) -> Double {
    let tape = Tape(recording: false)
    let infer = {
      tape.begin(weights: weights, precision: precision)
      _ = workload.predict(0..<1, tape)
    }
    let time = Timing(seconds: seconds, least: 200, infer)
    // Whichever takes longer: the arithmetic at the peak, or reading every weight once from where they fit.
    let bytes = bytesPerWeight * workload.layout.parameterCount
    let reading = MachineLimits.reading(bytes: bytes, seconds: min(0.5, seconds))
    // An instruction for integers multiplies two pairs where one for floats multiplies one.
    let arithmetic = precision == .int8 ? 2 * peak : peak
    let limit = max(workload.inferenceOperations / arithmetic, Double(bytes) / reading)
    addTimes(name, time, limit: limit)
    add(name + "_bytes", Double(allocatedBytes(infer)), "bytes")
    report(name.replacing("_", with: " "))
    return limit
  }

  /// ‖y₈ − y‖ / ‖y‖ over the outputs of the whole batch: what one byte a weight costs.
  private func quantizationError(_ workload: NeuralWorkload, _ weights: FloatBuffer) -> Double {
    let tape = Tape(recording: false)
    func outputs(_ precision: WeightPrecision) -> [Float] {
      tape.begin(weights: weights, precision: precision)
      return tape.array(workload.predict(0..<workload.batch, tape))
    }
    var (difference, whole) = (0.0, 0.0)
    for (exact, rounded) in zip(outputs(.float32), outputs(.int8)) {
      difference += Double((rounded - exact) * (rounded - exact))
      whole += Double(exact * exact)
    }
    return (difference / whole).squareRoot()
  }
}

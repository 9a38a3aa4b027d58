// planar bench nn: how fast networks are trained and asked here, against the machine's limits and against PyTorch.

import ArgumentParser
import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarVerification

struct BenchNeuralCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nn",
    abstract: "Measure training and inference of four networks that PyTorch is timed on.",
    discussion: """
      w1  behaviour cloning MLP 32-512-512-512-16, batch 256
      w2  chunk transformer, 4 + 4 layers of width 128, batch 64
      w3  conditional 1-D U-Net 64/128/256, batch 256; 10 steps of DDIM and 100 of DDPM
      w4  four convolutions over 64×64 pictures and a head, batch 64

      Training is forward pass, loss, backward pass and AdamW; inference is one
      observation. Each figure is the median of its calls; the fastest call, rates
      and shares of a limit stand beside it. The limits are measured in the same
      run: fused multiply-adds in registers, our largest matrix product, reading
      the weights once.

      To compare with PyTorch, let torch_baseline.py and this command run after each other on an idle machine:

        python torch_baseline.py --threads 1 2 > torch.json
        planar bench nn --peer torch.json

      Examples:
        planar bench nn --seconds 5 --threads 1
        planar bench nn --only w1 w3 --json
      """)

  @Option(within: BenchOptions.durations, help: "Seconds per figure.")
  var seconds = 2.0

  @Option(
    eachWithin: ThreadOptions.counts, parsing: .upToNextOption,
    help: "Worker threads in training, one or several counts; inference has one thread.")
  var threads = [1, 2]

  @Option(parsing: .upToNextOption, help: "Which of w1, w2, w3 and w4. Default: all.")
  var only: [String] = []

  @Option(help: ArgumentHelp("PyTorch's timings, as torch_baseline.py prints them.", valueName: "file"))
  var peer: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard !threads.isEmpty else { throw ValidationError("--threads must be 1 or more.") }
  }

  func run() throws {
    let peer = try peer.map { try PeerTimings(reading: URL(fileURLWithPath: $0)) }
    let results = try benchmarkNeuralNetworks(
      seconds: seconds, threads: Set(threads).sorted(), only: only, peer: peer,
      progress: ConsoleProgress())
    if json {
      try printJSON(BenchReport(results: results))
    } else {
      print(NeuralBenchTables(results: results).text)
    }
  }
}

/// The figures of `planar bench nn` as people read them: limits, training, inference.
private struct NeuralBenchTables {
  let results: [BenchmarkResult]

  private func value(_ name: String, threads: Int = 1) -> Double? {
    results.first { $0.name == name && $0.threads == threads }?.value
  }

  private func text(_ value: Double?, _ digits: Int) -> String {
    value.map { fixed($0, digits) } ?? "–"
  }

  private func share(_ value: Double?) -> String { value.map { fixed(100 * $0, 0) + " %" } ?? "–" }

  private var hasPeer: Bool { results.contains { $0.name.hasSuffix("_ratio") } }

  var text: String { limits + "\n" + training + "\n" + inference }

  private var limits: String {
    """
    One core: \(text(value("fma_peak_gflops"), 0)) GFLOP/s in fused multiply-adds, \
    \(text(value("linear_product_gflops"), 0)) in our largest matrix product, \
    \(text(value("openblas_product_gflops"), 0)) in OpenBLAS's.

    """
  }

  private var training: String {
    var table = TextTable(
      header: [
        "training", "threads", "samples/s", "fastest", "GFLOP/s", "of product", "of peak", "bytes/step",
      ] + (hasPeer ? ["× PyTorch"] : []))
    for result in results where result.name.hasSuffix("_train_samples_per_s") {
      let name = String(result.name.dropLast("_samples_per_s".count))
      let n = result.threads
      table.rows.append(
        [
          String(name.prefix(2)), "\(n)", fixed(result.value, 0),
          text(value(name + "_samples_per_s_best", threads: n), 0),
          text(value(name + "_gflops", threads: n), 1),
          share(value(name + "_share_of_product", threads: n)),
          share(value(name + "_share_of_peak", threads: n)),
          text(value(name + "_bytes_per_step", threads: n), 0),
        ] + (hasPeer ? [text(value(name + "_ratio", threads: n), 2)] : []))
    }
    return table.text
  }

  private var inference: String {
    var table = TextTable(
      header: ["inference", "µs", "fastest", "limit", "of limit", "bytes"]
        + (hasPeer ? ["× PyTorch"] : []))
    for result in results where result.name.hasSuffix("_us") && !result.name.hasSuffix("_limit_us") {
      let name = String(result.name.dropLast("_us".count))
      table.rows.append(
        [
          name.replacing("_infer", with: "").replacing("_", with: " "), fixed(result.value, 1),
          text(value(name + "_us_best"), 1), text(value(name + "_limit_us"), 1),
          share(value(name + "_share_of_limit")), text(value(name + "_bytes"), 0),
        ] + (hasPeer ? [text(value(name + "_ratio"), 2)] : []))
    }
    let errors = results.filter { $0.name.hasSuffix("_int8_relative_error") }.map {
      "\($0.name.prefix(2)) with weights of one byte: outputs differ by \(fixed(100 * $0.value, 2)) % (root mean square)\n"
    }
    return table.text + errors.joined()
  }
}

// PyTorch's timings of the same workloads, to be printed beside ours.

import Foundation
import PlanarCore

/// What `torch_baseline.py` has measured.
public struct PeerTimings: Decodable, Sendable {
  private struct Workload: Decodable {
    /// By number of threads, then by mode (eager, compiled, …).
    let threads: [String: [String: Mode]]
  }

  /// A mode's figures; one that could not run has none.
  private struct Mode: Decodable {
    let train_samples_per_s: Double?
    let train_samples_per_s_best: Double?
    let infer_us: Double?
    let infer_us_best: Double?
    let infer_ddim10_us: Double?
    let infer_ddim10_us_best: Double?
    let infer_ddpm100_us: Double?
    let infer_ddpm100_us_best: Double?
  }

  private let workloads: [String: Workload]

  /// - Throws: `UserError` where the file cannot be read or holds something else.
  public init(reading file: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw UserError("cannot read the peer's timings \(file.path): \(error.localizedDescription)")
    }
    do {
      self = try JSONDecoder().decode(PeerTimings.self, from: data)
    } catch {
      throw UserError(
        "\(file.path) does not hold timings of torch_baseline.py, which are JSON with 'workloads'; write its standard output to the file"
      )
    }
  }

  /// How many times as fast as the peer's best mode with as many threads each figure of `results` is: the fastest
  /// call against the fastest (`…_ratio`), the median against the median (`…_ratio_median`).
  public func ratios(of results: [BenchmarkResult]) -> [BenchmarkResult] {
    results.compactMap { result in
      let parts = result.name.split(separator: "_", maxSplits: 1).map(String.init)
      guard parts.count == 2, let workload = PeerTimings.names[parts[0]],
        let figure = PeerTimings.figures[parts[1]],
        let modes = workloads[workload]?.threads[String(result.threads)]
      else { return nil }
      let values = modes.values.compactMap { $0[keyPath: figure.peer] }
      guard let best = figure.isRate ? values.max() : values.min(), best > 0, result.value > 0
      else { return nil }
      return BenchmarkResult(
        name: parts[0] + "_" + figure.ratio, value: figure.isRate ? result.value / best : best / result.value,
        unit: "×", threads: result.threads)
    }
  }

  private static let names = [
    "w1": "bc_mlp", "w2": "chunk_transformer", "w3": "unet1d", "w4": "vision",
  ]

  private struct Figure: Sendable {
    let peer: any KeyPath<Mode, Double?> & Sendable
    let isRate: Bool
    let ratio: String
  }

  /// By the names of our figures, without the workload's.
  private static let figures: [String: Figure] = [
    "train_samples_per_s": Figure(
      peer: \.train_samples_per_s, isRate: true, ratio: "train_ratio_median"),
    "train_samples_per_s_best": Figure(
      peer: \.train_samples_per_s_best, isRate: true, ratio: "train_ratio"),
    "infer_us": Figure(peer: \.infer_us, isRate: false, ratio: "infer_ratio_median"),
    "infer_us_best": Figure(peer: \.infer_us_best, isRate: false, ratio: "infer_ratio"),
    "infer_int8_us": Figure(peer: \.infer_us, isRate: false, ratio: "infer_int8_ratio_median"),
    "infer_int8_us_best": Figure(
      peer: \.infer_us_best, isRate: false, ratio: "infer_int8_ratio"),
    "ddim10_us": Figure(peer: \.infer_ddim10_us, isRate: false, ratio: "ddim10_ratio_median"),
    "ddim10_us_best": Figure(peer: \.infer_ddim10_us_best, isRate: false, ratio: "ddim10_ratio"),
    "ddpm100_us": Figure(peer: \.infer_ddpm100_us, isRate: false, ratio: "ddpm100_ratio_median"),
    "ddpm100_us_best": Figure(
      peer: \.infer_ddpm100_us_best, isRate: false, ratio: "ddpm100_ratio"),
  ]
}

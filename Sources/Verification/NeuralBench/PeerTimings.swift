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
    let trainSamplesPerSecond: Double?
    let trainSamplesPerSecondBest: Double?
    let inferMicroseconds: Double?
    let inferMicrosecondsBest: Double?
    let ddim10Microseconds: Double?
    let ddim10MicrosecondsBest: Double?
    let ddpm100Microseconds: Double?
    let ddpm100MicrosecondsBest: Double?

    private enum CodingKeys: String, CodingKey {
      case trainSamplesPerSecond = "train_samples_per_s"
      case trainSamplesPerSecondBest = "train_samples_per_s_best"
      case inferMicroseconds = "infer_us"
      case inferMicrosecondsBest = "infer_us_best"
      case ddim10Microseconds = "infer_ddim10_us"
      case ddim10MicrosecondsBest = "infer_ddim10_us_best"
      case ddpm100Microseconds = "infer_ddpm100_us"
      case ddpm100MicrosecondsBest = "infer_ddpm100_us_best"
    }
  }

  private let workloads: [String: Workload]

  /// - Throws: `UserError` where the file cannot be read or holds something else.
  public init(reading file: URL) throws {
    let text = try settingsText(file, largest: 1 << 20)
    do {
      self = try JSONDecoder().decode(PeerTimings.self, from: Data(text.utf8))
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
      peer: \.trainSamplesPerSecond, isRate: true, ratio: "train_ratio_median"),
    "train_samples_per_s_best": Figure(
      peer: \.trainSamplesPerSecondBest, isRate: true, ratio: "train_ratio"),
    "infer_us": Figure(peer: \.inferMicroseconds, isRate: false, ratio: "infer_ratio_median"),
    "infer_us_best": Figure(peer: \.inferMicrosecondsBest, isRate: false, ratio: "infer_ratio"),
    "infer_int8_us": Figure(peer: \.inferMicroseconds, isRate: false, ratio: "infer_int8_ratio_median"),
    "infer_int8_us_best": Figure(
      peer: \.inferMicrosecondsBest, isRate: false, ratio: "infer_int8_ratio"),
    "ddim10_us": Figure(peer: \.ddim10Microseconds, isRate: false, ratio: "ddim10_ratio_median"),
    "ddim10_us_best": Figure(peer: \.ddim10MicrosecondsBest, isRate: false, ratio: "ddim10_ratio"),
    "ddpm100_us": Figure(peer: \.ddpm100Microseconds, isRate: false, ratio: "ddpm100_ratio_median"),
    "ddpm100_us_best": Figure(
      peer: \.ddpm100MicrosecondsBest, isRate: false, ratio: "ddpm100_ratio"),
  ]
}

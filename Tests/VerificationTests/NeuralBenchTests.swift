// That the benched networks are those that PyTorch is timed on, and that comparing with its timings works.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import Testing
import PlanarVerification

@Suite struct NeuralBenchTests {
  @Test func theNetworksAreAsLargeAsPyTorchs() {
    let workloads = NeuralWorkload.all
    #expect(workloads.map(\.name) == ["w1", "w2", "w3", "w4"])
    #expect(workloads.map(\.batch) == [256, 64, 256, 64])
    // Numel of the modules of torch_baseline.py.
    #expect(workloads.map { $0.layout.parameterCount } == [550_416, 1_860_482, 4_178_146, 835_984])
  }

  @Test func theCountOfProductsIsThatOfTheLayers() {
    // By hand: 32·512 + 512·512 + 512·512 + 512·16; and of W4 16·16-pictures' halves and the head.
    let all = NeuralWorkload.all
    #expect(all[0].products == 548_864)
    #expect(
      all[3].products
        == 1_024 * 27 * 32 + 256 * 288 * 64 + 64 * 576 * 128 + 16 * 1_152 * 128 + 2_048 * 256
        + 256 * 256 + 256 * 16)
  }

  /// Every loss falls when its fixed batch is learned by heart.
  @Test func trainingLearnsItsBatch() {
    var vision = VisionNetwork.Sizes()
    (vision.side, vision.channels, vision.groups, vision.hidden) = (16, [3, 8, 16], 4, [24])
    for workload in [
      NeuralWorkload.behaviourCloning(sizes: [7, 64, 64, 5], batch: 16),
      .vision(sizes: vision, batch: 8),
    ] {
      let training = Training(workload.layout, seed: 1, loss: workload.loss)
      let first = training.step(batch: workload.batch)
      for _ in 0..<300 { training.step(batch: workload.batch) }
      #expect(training.step(batch: workload.batch) < 0.2 * first, "\(workload.title)")
    }
  }

  private func timings(_ text: String) throws -> PeerTimings {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try PeerTimings(reading: file)
  }

  @Test func ratiosAreAgainstThePeersBestModeWithAsManyThreads() throws {
    let peer = try timings(
      """
      {"cpu": "x", "workloads": {
        "bc_mlp": {"batch": 256, "threads": {
          "1": {"eager": {"train_samples_per_s": 900, "train_samples_per_s_best": 1000, "infer_us": 60, "infer_us_best": 50},
                "compile": {"error": "no compiler"}},
          "2": {"eager": {"train_samples_per_s_best": 1500},
                "compile": {"train_samples_per_s_best": 2000}}}},
        "unet1d": {"threads": {"1": {"eager": {"infer_ddim10_us_best": 4000}}}}}}
      """)
    let results = [
      BenchmarkResult(name: "w1_train_samples_per_s_best", value: 2_500, unit: "samples/s", threads: 1),
      BenchmarkResult(name: "w1_train_samples_per_s_best", value: 5_000, unit: "samples/s", threads: 2),
      BenchmarkResult(name: "w1_train_samples_per_s_best", value: 5_000, unit: "samples/s", threads: 4),
      BenchmarkResult(name: "w1_infer_us", value: 20, unit: "µs", threads: 1),
      BenchmarkResult(name: "w1_infer_int8_us_best", value: 10, unit: "µs", threads: 1),
      BenchmarkResult(name: "w3_ddim10_us_best", value: 500, unit: "µs", threads: 1),
      BenchmarkResult(name: "w4_infer_us", value: 20, unit: "µs", threads: 1),
      BenchmarkResult(name: "fma_peak_gflops", value: 100, unit: "GFLOP/s", threads: 1),
    ]
    let ratios = peer.ratios(of: results)
    #expect(
      ratios.map(\.name) == [
        "w1_train_ratio", "w1_train_ratio", "w1_infer_ratio_median", "w1_infer_int8_ratio", "w3_ddim10_ratio",
      ])
    #expect(ratios.map(\.value) == [2.5, 2.5, 3, 5, 8])
    #expect(ratios.map(\.threads) == [1, 2, 1, 1, 1])
  }

  @Test func whatIsNotThePeersIsRefused() {
    #expect(throws: UserError.self) { try timings("[1, 2]") }
    #expect(throws: UserError.self) { try timings("{\"results\": []}") }
    #expect(throws: UserError.self) {
      try PeerTimings(reading: URL(fileURLWithPath: "/nowhere/torch.json"))
    }
  }

  @Test func anUnknownWorkloadIsNamed() {
    #expect(throws: UserError("there is no workload 'w5'; they are w1, w2, w3, w4")) {
      try benchmarkNeuralNetworks(seconds: 0.01, threads: [1], only: ["w1", "w5"])
    }
  }
}

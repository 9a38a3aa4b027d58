// AdamW, its schedule and the weight average, against PyTorch and against their formulas.

import Foundation
import NeuralNetworks
import PlanarCore
import TensorFiles
import Testing

@Suite struct OptimizerTests {
  /// The toy of the reference: θ of 37 numbers in two parameters of 25 and 12 with one common norm.
  @Test func adamWWithClippingFollowsPyTorch() {
    var layout = ParameterLayout()
    let parts = [
      layout.add("first", [25], .zeros, decays: true), layout.add("last", [12], .zeros, decays: true),
    ]
    let weights = FloatBuffer(count: layout.bufferCount)
    let gradient = FloatBuffer(count: layout.bufferCount)
    let places = parts.flatMap { part in (0..<part.count).map { part.offset + $0 } }
    let (a, b) = (Reference.floats("toy.a"), Reference.floats("toy.b"))
    let (c, w) = (Reference.floats("toy.c"), Reference.floats("toy.w"))
    for (place, value) in zip(places, Reference.floats("toy.theta0")) { weights[place] = value }
    let optimizer = AdamW(
      layout: layout, configuration: .init(learningRate: 0.05, weightDecay: 0.01))
    let norms = Reference.floats("adamw.clip.grad_norm")
    for step in 1...20 {
      let theta = places.map { weights[$0] }
      for i in 0..<37 {
        var g = a[i] * (theta[i] - c[i]) + b[i] * w[i] * cos(w[i] * theta[i])
        if i > 0 { g += 0.2 * theta[i - 1] }
        if i < 36 { g += 0.2 * theta[i + 1] }
        gradient[places[i]] = g
      }
      let norm = optimizer.step(weights: weights, gradient: gradient)
      #expect(abs(norm - norms[step - 1]) < 1e-5 * norms[step - 1] + 1e-6)
      if [1, 2, 5, 20].contains(step) {
        let reference = Reference.floats("adamw.clip.theta.step\(step)")
        #expect(relativeError(places.map { weights[$0] }, reference) < 1e-5, "step \(step)")
      }
    }
  }

  @Test func onlyMatricesDecay() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 4, outputs: 4)
    let store = ParameterStore(layout: layout, seed: 0)
    store.set(layer.bias!, to: [1, 1, 1, 1])
    let before = store.tensor(layer.weight)
    AdamW(layout: layout, configuration: .init(learningRate: 0.1, weightDecay: 0.5))
      .step(weights: store.values, gradient: FloatBuffer(count: layout.bufferCount))
    #expect(store.tensor(layer.bias!) == [1, 1, 1, 1])
    #expect(relativeError(store.tensor(layer.weight), before.map { $0 * 0.95 }) < 1e-6)
  }

  @Test func aGradientThatIsNotFiniteChangesNothing() {
    var layout = ParameterLayout()
    _ = layout.add("w", [3], .ones)
    let weights = FloatBuffer([Float](repeating: 1, count: layout.bufferCount))
    let gradient = FloatBuffer(count: layout.bufferCount)
    gradient[1] = .nan
    let optimizer = AdamW(layout: layout)
    #expect(!optimizer.step(weights: weights, gradient: gradient).isFinite)
    #expect(weights.array.allSatisfy { $0 == 1 } && optimizer.stepCount == 0)
  }

  @Test func scheduleFollowsDiffusers() {
    let reference = Reference.floats("schedule.cosine.lr_mult")
    let schedule = WarmupCosineSchedule(warmupSteps: 20, totalSteps: 200)
    let ours = reference.indices.map { schedule.multiplier(step: $0) }
    #expect(zip(ours, reference).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func averageFollowsItsFormula() {
    let weights = FloatBuffer([0, 10])
    let average = WeightAverage(of: weights, decay: 0.5)
    weights[0] = 1
    average.update(with: weights)  // decay 1/10
    #expect(abs(average.values[0] - 0.9) < 1e-6 && average.values[1] == 10)
    for _ in 0..<20 { average.update(with: weights) }
    let before = average.values[1]
    weights[1] = 0
    average.update(with: weights)  // decay 0.5 by now
    #expect(abs(average.values[1] - before / 2) < 1e-5)
  }

  /// Stop, write everything, read it into new objects, go on: the same bits as without the break.
  @Test func aResumedRunContinuesBitForBit() throws {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 8, outputs: 8)
    let x = randomNumbers(64, seed: 1)
    final class Run {
      let store: ParameterStore
      let optimizer: AdamW
      let average: WeightAverage
      let sharded: ShardedGradient
      init(_ layout: ParameterLayout) {
        store = ParameterStore(layout: layout, seed: 0)
        optimizer = AdamW(layout: layout)
        average = WeightAverage(of: store.values)
        sharded = ShardedGradient(count: layout.bufferCount, threads: 1)
      }
    }
    func step(_ run: Run) {
      _ = run.sharded.compute(batch: 8, weights: run.store.values, noise: 0) { _, tape, _ in
        let input = tape.input(Shape(8, 8), x)
        return tape.loss(.meanSquaredError, tape.linear(input, layer, activation: .geluTanh), input)
      }
      run.optimizer.step(weights: run.store.values, gradient: run.sharded.gradient)
      run.average.update(with: run.store.values)
    }
    let straight = Run(layout)
    for _ in 0..<6 { step(straight) }
    let halved = Run(layout)
    for _ in 0..<3 { step(halved) }
    var file = TensorFileWriter()
    layout.add(halved.store.values, prefix: "weights.", to: &file)
    layout.add(halved.optimizer.firstMoment, prefix: "first.", to: &file)
    layout.add(halved.optimizer.secondMoment, prefix: "second.", to: &file)
    layout.add(halved.average.values, prefix: "average.", to: &file)
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("planar-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try file.write(to: url)
    let read = try TensorFile(reading: url)
    let resumed = Run(layout)
    resumed.store.values.copy(from: try layout.read(prefix: "weights.", from: read))
    resumed.optimizer.firstMoment.copy(from: try layout.read(prefix: "first.", from: read))
    resumed.optimizer.secondMoment.copy(from: try layout.read(prefix: "second.", from: read))
    resumed.average.values.copy(from: try layout.read(prefix: "average.", from: read))
    resumed.optimizer.stepCount = 3
    resumed.average.updateCount = 3
    for _ in 0..<3 { step(resumed) }
    #expect(resumed.store.values.array == straight.store.values.array)
    #expect(resumed.average.values.array == straight.average.values.array)
  }
}

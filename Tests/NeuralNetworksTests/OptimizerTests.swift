// Optimizers and the weight average against their formulas. PyTorch's numbers are met in VerificationTests.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarTensorFiles
import Testing

@Suite struct OptimizerTests {
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

  /// Several blocks of each kind of parameter, with gaps behind some.
  private func mixedLayout() -> ParameterLayout {
    var layout = ParameterLayout()
    for i in 0..<3 {
      _ = layout.add("weight\(i)", [37, 1000 + i], .normal(deviation: 1), decays: true)
      _ = layout.add("bias\(i)", [1003], .normal(deviation: 1))
    }
    return layout
  }

  @Test func theBitsDoNotDependOnTheThreads() {
    let layout = mixedLayout()
    let makers: [(ParameterLayout) -> any Optimizer] = [
      { SGD(layout: $0, configuration: .init(maximumGradientNorm: 1)) }, { Adam(layout: $0) },
      { AdamW(layout: $0) },
    ]
    for make in makers {
      func train(threads: Int) -> ([Float], [Float], [Float]) {
        let store = ParameterStore(layout: layout, seed: 1)
        let (optimizer, average) = (make(layout), WeightAverage(of: store.values))
        let gradient = FloatBuffer(count: layout.bufferCount)
        var norms: [Float] = []
        for step in 0..<4 {
          for parameter in layout.parameters {
            let numbers = randomNumbers(parameter.count, seed: UInt64(step))
            for i in 0..<parameter.count { gradient[parameter.offset + i] = numbers[i] }
          }
          norms.append(
            optimizer.step(
              weights: store.values, gradient: gradient, rateMultiplier: 0.5, threads: threads))
          average.update(with: store.values, threads: threads)
        }
        return (store.values.array, average.values.array, norms)
      }
      let one = train(threads: 1)
      #expect(one == train(threads: 2) && one == train(threads: 5))
      // What lies between parameters stays zero.
      var gaps = one.0
      for parameter in layout.parameters {
        for i in 0..<parameter.count { gaps[parameter.offset + i] = 0 }
      }
      #expect(gaps.allSatisfy { $0 == 0 })
    }
  }

  /// One number: everything by hand.
  @Test func singleStepsFollowTheirFormulas() {
    var layout = ParameterLayout()
    _ = layout.add("w", [1], .ones, decays: true)
    func steps(_ optimizer: any Optimizer, _ gradients: [Float]) -> [Float] {
      let weights = FloatBuffer(count: layout.bufferCount)
      let gradient = FloatBuffer(count: layout.bufferCount)
      weights[0] = 1
      return gradients.map {
        gradient[0] = $0
        optimizer.step(weights: weights, gradient: gradient)
        return weights[0]
      }
    }
    let momentum = steps(
      SGD(layout: layout, configuration: .init(learningRate: 0.1, momentum: 0.5)), [1, 2])
    #expect(relativeError(momentum, [0.9, 0.65]) < 1e-6)
    let clipped = steps(
      SGD(layout: layout, configuration: .init(learningRate: 0.1, momentum: 0, maximumGradientNorm: 0.5)),
      [4, 0.25])
    #expect(relativeError(clipped, [0.95, 0.925]) < 1e-6)
    // The first update of Adam has the learning rate's size.
    let adam = steps(Adam(layout: layout, learningRate: 0.1), [3])
    #expect(relativeError(adam, [0.9]) < 1e-6)
    let decaying = AdamW.Configuration(learningRate: 0.1, weightDecay: 0.5)
    #expect(relativeError(steps(AdamW(layout: layout, configuration: decaying), [3]), [0.85]) < 1e-6)
    let still = AdamW(layout: layout, configuration: decaying) { _ in false }
    #expect(relativeError(steps(still, [3]), [0.9]) < 1e-6)
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

  @Test func thePowerRuleForgetsTheStart() {
    let weights = FloatBuffer([2])
    let average = WeightAverage(of: weights, decay: .power())
    for value: Float in [5, 7] {
      weights[0] = value
      average.update(with: weights)
      #expect(average.values[0] == value)
    }
    weights[0] = 11
    average.update(with: weights)  // decay 1 − 2^−0.75
    #expect(abs(average.values[0] - (7 + 4 * Float(pow(2, -0.75)))) < 1e-5)
    let rule = WeightAverage.Decay.power(minimum: 0.1, maximum: 0.9)
    #expect(abs(rule.value(atUpdate: 1_000_000) - 0.9) < 1e-6)
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

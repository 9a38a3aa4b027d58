// Weights in one byte: what they cost, and that the sums are the promised ones.

import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct QuantizationTests {
  @Test(arguments: [(1, 32, 512), (1, 512, 16), (3, 33, 70), (9, 1, 1), (2, 4_000, 130)])
  func `int8 weights stay within half a step of each weight`(_ rows: Int, _ inputs: Int, _ outputs: Int) {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: inputs, outputs: outputs)
    let store = ParameterStore(layout: layout, seed: 1)
    store.set(layer.bias!, to: (0..<outputs).map { Float($0) * 0.01 })
    var stream = RandomStream(seed: 2, purpose: "int8")
    let x = (0..<rows * inputs).map { _ in Float(stream.normal()) }
    let w = store.tensor(layer.weight)
    let tape = Tape(recording: false)
    tape.begin(weights: store.values, precision: .int8)
    let y = tape.array(tape.linear(tape.input(Shape(rows, inputs), x), layer))
    for r in 0..<rows {
      for n in 0..<outputs {
        let weights = w[n * inputs..<(n + 1) * inputs]
        let step = Double(weights.map(abs).max()!) / 127
        // The rounded weights themselves, then a bound on what rounding the inputs adds.
        var exact = Double(n) * 0.01
        var magnitude = 0.0
        let top = Double(x[r * inputs..<(r + 1) * inputs].map(abs).max()!)
        for (i, weight) in weights.enumerated() {
          let rounded = step > 0 ? (Double(weight) / step).rounded() * step : 0
          exact += rounded * Double(x[r * inputs + i])
          magnitude += abs(rounded)
        }
        let limit = Double(min(32_767, Int(Int32.max) / (127 * inputs)))
        #expect(abs(Double(y[r * outputs + n]) - exact) <= magnitude * top / limit + 1e-5)
      }
    }
  }

  @Test func `int8 follows changed weights`() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 4, outputs: 3, bias: false)
    let store = ParameterStore(layout: layout, seed: 1)
    let tape = Tape(recording: false)
    func output() -> [Float] {
      tape.begin(weights: store.values, precision: .int8)
      return tape.array(tape.linear(tape.input(Shape(1, 4), [1, 1, 1, 1]), layer))
    }
    _ = output()
    store.set(layer.weight, to: [Float](repeating: 0.5, count: 12))
    #expect(output().allSatisfy { abs($0 - 2) < 1e-3 })
  }

  @Test(arguments: [Float.nan, .infinity]) func `what is no number stays visible`(_ number: Float) {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 40, outputs: 3)
    let tape = Tape(recording: false)
    tape.begin(weights: ParameterStore(layout: layout, seed: 1).values, precision: .int8)
    for place in [0, 17, 39] {
      var x = [Float](repeating: 1, count: 80)
      x[place] = number
      let y = tape.array(tape.linear(tape.input(Shape(2, 40), x), layer))
      #expect(y[0..<3].allSatisfy { !$0.isFinite } && y[3..<6].allSatisfy(\.isFinite))
    }
  }
}

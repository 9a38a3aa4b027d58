// Norms: gradients by central differences, and values against the plain formula in double precision.

import PlanarNeuralNetworks
import Testing

@Suite struct NormalisationTests {
  /// Groups narrower and wider than a vector, one position and many, channels that leave a tail.
  static let shapes: [(Shape, groups: Int)] = [
    (Shape(2, 5, 12), 4), (Shape(2, 1, 40), 8), (Shape(3, 3, 2, 16), 8), (Shape(2, 7, 64), 2),
    (Shape(2, 3, 34), 2), (Shape(1, 9, 5), 1),
  ]

  @Test(arguments: shapes)
  func groupNormGradients(shape: Shape, groups: Int) {
    for activation in [Activation.none, .mish, .silu] {
      var layout = ParameterLayout()
      let layer = GroupNorm(&layout, "n", groups: groups, channels: shape.columns)
      let x = randomNumbers(shape.count, seed: 4)
      checkGradients(layout, inputs: [(shape, x)], tolerance: 1e-2) { tape, v in
        // The input is used before and after, so that shared gradient storage would show.
        let y = tape.groupNorm(v[0], layer, activation: activation)
        return tape.add(tape.multiply(y, v[0]), v[0])
      }
    }
  }

  @Test(arguments: shapes)
  func groupNormValues(shape: Shape, groups: Int) {
    var layout = ParameterLayout()
    let layer = GroupNorm(&layout, "n", groups: groups, channels: shape.columns, epsilon: 1e-3)
    let store = ParameterStore(layout: layout, seed: 1)
    let (gain, shift) = (randomNumbers(shape.columns, seed: 5), randomNumbers(shape.columns, seed: 6))
    store.set(layer.gain, to: gain)
    store.set(layer.shift, to: shift)
    // Far from zero: a variance of Σx² − mean² would lose its digits.
    let x = randomNumbers(shape.count, seed: 7).map { 300 + $0 }
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let y = tape.array(tape.groupNorm(tape.input(shape, x), layer))

    let (samples, channels) = (shape[0], shape.columns)
    let (positions, width) = (shape.rows / samples, channels / groups)
    var expected = [Float](repeating: 0, count: shape.count)
    for n in 0..<samples {
      for g in 0..<groups {
        let places = (0..<positions).flatMap { p in
          (g * width..<(g + 1) * width).map { (n * positions + p) * channels + $0 }
        }
        let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / Double(places.count)
        let variance =
          places.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) }
          / Double(places.count)
        for i in places {
          let h = (Double(x[i]) - mean) / (variance + 1e-3).squareRoot()
          expected[i] = Float(h * Double(gain[i % channels]) + Double(shift[i % channels]))
        }
      }
    }
    #expect(relativeError(y, expected) < 5e-5)
  }

  @Test(arguments: [7, 20, 48, 130])
  func rowNormGradients(width: Int) {
    var layout = ParameterLayout()
    let rms = RMSNorm(&layout, "r", width: width, epsilon: 1e-2)
    let layer = LayerNorm(&layout, "l", width: width, epsilon: 1e-2)
    let x = randomNumbers(5 * width, seed: 8)
    checkGradients(layout, inputs: [(Shape(5, width), x)], tolerance: 1e-2) { tape, v in
      // The inputs are used before and after, so that shared gradient storage would show.
      let y = tape.multiply(tape.rmsNorm(v[0], rms), v[0])
      return tape.add(tape.multiply(tape.layerNorm(y, layer), y), v[0])
    }
  }

  @Test(arguments: [7, 48])
  func rowNormValues(width: Int) {
    var layout = ParameterLayout()
    let rms = RMSNorm(&layout, "r", width: width, epsilon: 1e-2)
    let layer = LayerNorm(&layout, "l", width: width, epsilon: 1e-2)
    let store = ParameterStore(layout: layout, seed: 1)
    let (gain, shift) = (randomNumbers(width, seed: 9), randomNumbers(width, seed: 10))
    store.set(rms.gain, to: gain)
    store.set(layer.gain!, to: gain)
    store.set(layer.shift!, to: shift)
    let x = randomNumbers(3 * width, seed: 11).map { 20 + $0 }
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let input = tape.input(Shape(3, width), x)
    let squares = tape.array(tape.rmsNorm(input, rms))
    let centred = tape.array(tape.layerNorm(input, layer))
    for r in 0..<3 {
      let row = x[r * width..<(r + 1) * width].map(Double.init)
      let mean = row.reduce(0, +) / Double(width)
      let square = row.reduce(0) { $0 + $1 * $1 } / Double(width)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      for c in 0..<width {
        let g = Double(gain[c])
        let expected = (
          row[c] / (square + 1e-2).squareRoot() * g,
          (row[c] - mean) / (variance + 1e-2).squareRoot() * g + Double(shift[c])
        )
        #expect(abs(Double(squares[r * width + c]) - expected.0) < 3e-6)
        #expect(abs(Double(centred[r * width + c]) - expected.1) < 2e-5)
      }
    }
  }
}

// Norms: gradients by central differences, and values against the plain formula in double precision.

import NeuralNetworks
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
}

// Dropout: shares, expectation, gradients through the same mask, and nothing in inference.

import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct DropoutTests {
  let count = 20_001

  func run(_ rate: Float, recording: Bool = true, seed: UInt64 = 1) -> (y: [Float], gradient: [Float]) {
    let tape = Tape(recording: recording)
    tape.begin(weights: FloatBuffer(count: 0))
    var stream = RandomStream(seed: seed)
    let x = tape.variable(Shape(count), [Float](repeating: 3, count: count))
    let y = tape.dropout(x, rate: rate, &stream)
    let output = tape.array(y)
    guard recording else { return (output, []) }
    tape.backward(from: tape.reshape(y, Shape(1, count)), gradient: [Float](repeating: 1, count: count))
    return (output, tape.gradientArray(x))
  }

  @Test(arguments: [0.1, 0.5, 0.9] as [Float])
  func shareAndScale(rate: Float) {
    let (y, gradient) = run(rate)
    let dropped = y.filter { $0 == 0 }.count
    // Five standard deviations.
    let deviation = (Double(count) * Double(rate) * Double(1 - rate)).squareRoot()
    #expect(abs(Double(dropped) - Double(count) * Double(rate)) < 5 * deviation)
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 3 / (1 - rate)) < 1e-4 })
    for i in 0..<count { #expect(gradient[i] == y[i] / 3 || abs(gradient[i] - y[i] / 3) < 1e-6) }
    #expect(run(rate).y == y, "one stream, one mask")
    #expect(run(rate, seed: 2).y != y)
  }

  @Test func nothingHappensInInference() {
    #expect(run(0.5, recording: false).y.allSatisfy { $0 == 3 })
    #expect(run(0).y.allSatisfy { $0 == 3 })
  }
}

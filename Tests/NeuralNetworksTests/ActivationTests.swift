// Every nonlinearity against its formula in double precision, from far left to far right.

import Foundation
import PlanarNeuralNetworks
import Testing

@Suite struct ActivationTests {
  /// Value and derivative in double precision.
  static func exact(_ activation: Activation, _ x: Double) -> (value: Double, slope: Double) {
    switch activation {
    case .none: return (x, 1)
    case .relu: return (max(x, 0), x > 0 ? 1 : 0)
    case .silu:
      let s = 1 / (1 + exp(-x))
      return (x * s, s + x * s * (1 / (1 + exp(x))))
    case .gelu:
      let integral = 0.5 * erfc(-x / 2.0.squareRoot())
      return (x * integral, integral + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
    case .geluTanh:
      let c = (2 / Double.pi).squareRoot()
      let t = Foundation.tanh(c * (x + 0.044715 * x * x * x))
      let inner = c * (1 + 3 * 0.044715 * x * x)
      return (0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner)
    case .mish:
      let softplus = max(x, 0) + log1p(exp(-abs(x)))
      let t = Foundation.tanh(softplus)
      return (x * t, t + x * (1 - t * t) / (1 + exp(-x)))
    case .tanh: return (Foundation.tanh(x), 1 / pow(cosh(min(abs(x), 300)), 2))
    case .sigmoid: return (1 / (1 + exp(-x)), 1 / (2 + exp(x) + exp(-x)))
    }
  }

  @Test(arguments: Activation.allCases)
  func valuesAndSlopes(activation: Activation) {
    // 16 is no divisor of the count, so tails are met too.
    let x =
      (-4000...4000).map { Float($0) * 0.0025 } + [-90, -60, -20.5, -13, 13, 20.5, 60, 90, 0, 1e-6, -1e-4]
    let dy = randomNumbers(x.count, seed: 3)
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let input = tape.variable(Shape(x.count), x)
    let output = tape.activate(input, activation)
    let y = tape.array(output)
    tape.backward(from: output, gradient: dy)
    let gradient = tape.gradientArray(input)
    for i in x.indices {
      let (value, slope) = Self.exact(activation, Double(x[i]))
      #expect(abs(Double(y[i]) - value) <= 2e-7 + 1e-6 * abs(value), "f(\(x[i])) = \(y[i]), not \(value)")
      let expected = slope * Double(dy[i])
      #expect(
        abs(Double(gradient[i]) - expected) <= (2e-7 + 1e-6 * abs(slope)) * max(1, abs(Double(dy[i]))),
        "f′(\(x[i])) · \(dy[i]) = \(gradient[i]), not \(expected)")
    }
  }

  @Test func nearZeroTanhKeepsItsRelativePrecision() {
    let tape = Tape(recording: false)
    tape.begin(weights: FloatBuffer(count: 0))
    let x: [Float] = [1e-30, 1e-8, -3e-5, 1e-3, 0.1, -0.6249, 0.6251, 2]
    let y = tape.array(tape.activate(tape.input(Shape(x.count), x), .tanh))
    for (x, y) in zip(x, y) { #expect(abs(y / Foundation.tanh(x) - 1) < 3e-7, "tanh \(x) = \(y)") }
  }

  @Test func whatIsNoNumberStaysVisible() {
    let tape = Tape(recording: false)
    tape.begin(weights: FloatBuffer(count: 0))
    for activation in Activation.allCases {
      let y = tape.array(tape.activate(tape.input(Shape(2), [.nan, 1]), activation))
      #expect(y[0].isNaN && !y[1].isNaN, "\(activation): \(y)")
    }
  }
}

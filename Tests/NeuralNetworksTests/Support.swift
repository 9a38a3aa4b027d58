// What the tests share: closeness, and gradients by central differences.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import Testing

/// The largest difference over the largest reference value.
func relativeError(_ a: [Float], _ reference: [Float]) -> Float {
  guard a.count == reference.count else { return .infinity }
  let scale = reference.map(abs).max() ?? 1
  let worst = zip(a, reference).map { abs($0 - $1) }.max() ?? 0
  return a.allSatisfy(\.isFinite) ? worst / max(scale, 1e-30) : .infinity
}

func randomNumbers(_ count: Int, seed: UInt64, deviation: Double = 1) -> [Float] {
  var stream = RandomStream(seed: seed)
  return (0..<count).map { _ in Float(deviation * stream.normal()) }
}

/// Checks the gradients of Σ output·g, with respect to inputs and parameters, against central differences.
///
/// - Parameter graph: builds the output from the inputs, each of which receives a gradient.
func checkGradients(
  _ layout: ParameterLayout = ParameterLayout(), inputs: [(Shape, [Float])], step: Float = 1e-2,
  tolerance: Float = 4e-3, sourceLocation: SourceLocation = #_sourceLocation,
  _ graph: (Tape, [Tensor]) -> Tensor
) {
  let store = ParameterStore(layout: layout, seed: 1)
  for (i, parameter) in layout.parameters.enumerated() {
    store.set(parameter, to: randomNumbers(parameter.count, seed: 50 + UInt64(i), deviation: 0.5))
  }
  let tape = Tape(recording: true)
  let gradients = FloatBuffer(count: layout.bufferCount)
  tape.begin(weights: store.values, gradients: gradients)
  var variables = inputs.map { tape.variable($0.0, $0.1) }
  let output = graph(tape, variables)
  let direction = randomNumbers(output.count, seed: 99)
  tape.backward(from: output, gradient: direction)
  let inputGradients = variables.map { tape.gradientArray($0) }

  func value(_ numbers: [[Float]]) -> Double {
    tape.begin(weights: store.values)
    variables = zip(inputs, numbers).map { tape.variable($0.0, $1) }
    return zip(tape.array(graph(tape, variables)), direction).reduce(0) {
      $0 + Double($1.0) * Double($1.1)
    }
  }
  var numbers = inputs.map(\.1)
  for i in numbers.indices {
    var numeric = numbers[i]
    for j in numbers[i].indices {
      let kept = numbers[i][j]
      numbers[i][j] = kept + step
      let above = value(numbers)
      numbers[i][j] = kept - step
      let below = value(numbers)
      numbers[i][j] = kept
      numeric[j] = Float((above - below) / (2 * Double(step)))
    }
    let error = relativeError(inputGradients[i], numeric)
    #expect(error < tolerance, "input \(i): \(error)", sourceLocation: sourceLocation)
  }
  for parameter in layout.parameters {
    var numeric = [Float](repeating: 0, count: parameter.count)
    for j in 0..<parameter.count {
      let place = parameter.offset + j
      let kept = store.values[place]
      store.values[place] = kept + step
      let above = value(numbers)
      store.values[place] = kept - step
      let below = value(numbers)
      store.values[place] = kept
      numeric[j] = Float((above - below) / (2 * Double(step)))
    }
    let analytic = (0..<parameter.count).map { gradients[parameter.offset + $0] }
    let error = relativeError(analytic, numeric)
    #expect(error < tolerance, "\(parameter.name): \(error)", sourceLocation: sourceLocation)
  }
}

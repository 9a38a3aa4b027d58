// Flow matching: the straight path, and integrators along a given field, in both precisions.

import Foundation
import PlanarNeuralNetworks

/// Limits: 1e-12 in double precision, 1e-5 in single precision.
func flowCases(_ flow: FlowSet) throws -> [VerificationCase] {
  try flow.validate()
  let states: [(FlowIntegrator, [[Double]])] = [
    (.euler, flow.euler), (.midpoint, flow.midpoint), (.heun, flow.heun),
  ]
  return [VerificationCase("flow/path") { flow.pathChecks() }]
    + states.map { integrator, reference in
      VerificationCase("flow/\(integrator.rawValue)") {
        [
          flow.check(integrator, reference, Double.self, "states in double precision", 1e-12),
          flow.check(integrator, reference, Float.self, "states in single precision", 1e-5),
        ]
      }
    }
}

/// A precision with its sine and hyperbolic tangent.
private protocol Precision: BinaryFloatingPoint {
  static func sine(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
}

extension Double: Precision {
  fileprivate static func sine(_ x: Double) -> Double { sin(x) }
  fileprivate static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}

extension Float: Precision {
  fileprivate static func sine(_ x: Float) -> Float { sin(x) }
  fileprivate static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
}

extension FlowSet {
  fileprivate func validate() throws {
    let name = "flow"
    guard (1...100_000).contains(steps), !start.isEmpty else {
      throw ReferenceError("'\(name)' has \(steps) steps from \(start.count) numbers")
    }
    for list in [a, c, q, ph] { try requireCount(list.count, start.count, "numbers", of: name) }
    for list in [euler, midpoint, heun] {
      try requireCount(list.count, steps + 1, "states", of: name)
      for state in list { try requireCount(state.count, start.count, "numbers in a state", of: name) }
    }
    for pair in pairs {
      for list in [pair.data, pair.noise, pair.xT, pair.v] {
        try requireCount(list.count, pair.data.count, "numbers in a pair", of: name)
      }
    }
  }

  fileprivate func pathChecks() -> [VerificationCheck] {
    pairs.flatMap { pair in
      pathChecks(pair, Double.self, "in double precision", 1e-12)
        + pathChecks(pair, Float.self, "in single precision", 1e-5)
    }
  }

  private func pathChecks<Scalar: Precision>(
    _ pair: Pair, _: Scalar.Type, _ precision: String, _ limit: Double
  ) -> [VerificationCheck] {
    let (data, noise) = (pair.data.map { Scalar($0) }, pair.noise.map { Scalar($0) })
    var (noisy, velocity) = (data, data)
    data.withUnsafeBufferPointer { data in
      noise.withUnsafeBufferPointer { noise in
        noisy.withUnsafeMutableBufferPointer { noisy in
          velocity.withUnsafeMutableBufferPointer {
            FlowMatching.interpolate(
              at: Scalar(pair.t), action: data, noise: noise, noisy: noisy, target: $0)
          }
        }
      }
    }
    let limit = TensorLimit.absolute(limit)
    return [
      limit.check("x_t at \(pair.t) \(precision)", noisy.map { Double($0) }, pair.xT),
      limit.check("v at \(pair.t) \(precision)", velocity.map { Double($0) }, pair.v),
    ]
  }

  /// All states from the start on.
  fileprivate func check<Scalar: Precision>(
    _ integrator: FlowIntegrator, _ reference: [[Double]], _: Scalar.Type, _ quantity: String,
    _ limit: Double
  ) -> VerificationCheck {
    let count = start.count
    let numbers = [a, c, q, ph].map { $0.map { Scalar($0) } }
    var state = start.map { Scalar($0) }
    var states = [state]
    var workspace = [Scalar](repeating: 0, count: 3 * count)
    state.withUnsafeMutableBufferPointer { state in
      workspace.withUnsafeMutableBufferPointer { workspace in
        var isFirstOfStep = true
        integrator.integrate(state, steps: steps, workspace: workspace) { x, t, v in
          // A step begins with the field at the state it starts from.
          if isFirstOfStep && t > 0 { states.append(Array(x)) }
          isFirstOfStep = integrator.evaluationsPerStep == 1 || !isFirstOfStep
          for i in 0..<count {
            let drift = numbers[0][i] * (numbers[1][i] - x[i])
            let swing = numbers[2][i] * .sine(2 * .pi * t + numbers[3][i])
            v[i] = drift + swing + Scalar(0.3) * .hyperbolicTangent(x[(i + 1) % count])
          }
        }
      }
    }
    states.append(state)
    return TensorLimit.absolute(limit).check(
      quantity, states.flatMap { $0.map { Double($0) } }, reference.flatMap { $0 })
  }
}

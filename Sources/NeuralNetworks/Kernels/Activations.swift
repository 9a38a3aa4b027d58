// The pointwise nonlinearities and their derivatives.

/// A pointwise nonlinearity.
public enum Activation: String, Codable, Hashable, Sendable {
  case none
  /// max(x, 0).
  case relu
  /// x · sigmoid(x).
  case silu
  /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), the tanh form of GELU (Hendrycks & Gimpel 2016).
  case gelu
}

extension Kernels {
  static func activate(
    _ activation: Activation, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    switch activation {
    case .none: y.update(from: x, count: count)
    case .relu: map(x, to: y, count: count) { pointwiseMax($0, Lanes(repeating: 0)) }
    case .silu: map(x, to: y, count: count) { $0 * sigmoid($0) }
    case .gelu:
      map(x, to: y, count: count) { x in
        let inner: Lanes = x * (Lanes(repeating: 1.595_769_1) + x * x * 0.071_354_814)
        return x * sigmoid(inner)
      }
    }
  }

  /// dx = dy · f′(x); `dx` may be `dy`.
  static func activateBackward(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    to dx: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch activation {
    case .none: if UnsafePointer(dx) != dy { dx.update(from: dy, count: count) }
    case .relu:
      // A plain loop becomes vector code; comparisons of SIMD values fall apart into lanes.
      for i in 0..<count { dx[i] = x[i] > 0 ? dy[i] : 0 }
    case .silu:
      map(x, dy, to: dx, count: count) { x, dy in
        let s: Lanes = sigmoid(x)
        let one = Lanes(repeating: 1)
        return dy * (s * (one + x * (one - s)))
      }
    case .gelu:
      // With s = sigmoid(2u), f = x·s and f′ = s + x·s(1 − s)·2u′.
      map(x, dy, to: dx, count: count) { x, dy in
        let one = Lanes(repeating: 1)
        let square: Lanes = x * x
        let inner: Lanes = x * (Lanes(repeating: 1.595_769_1) + square * 0.071_354_814)
        let slope: Lanes = Lanes(repeating: 1.595_769_1) + square * 0.214_064_44
        let s: Lanes = sigmoid(inner)
        return dy * (s + x * s * (one - s) * slope)
      }
    }
  }
}

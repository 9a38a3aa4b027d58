// The pointwise nonlinearities and their derivatives.

/// A pointwise nonlinearity.
public enum Activation: String, CaseIterable, Codable, Hashable, Sendable {
  /// x itself.
  case none
  /// max(x, 0); its derivative at 0 is 0.
  case relu
  /// x · sigmoid(x) (Elfwing et al. 2018).
  case silu
  /// x·Φ(x) = ½x(1 + erf(x/√2)) (Hendrycks & Gimpel 2016).
  case gelu
  /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), the tanh form of GELU.
  case geluTanh
  /// x · tanh(ln(1 + eˣ)) (Misra 2019).
  case mish
  /// tanh(x).
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
}

/// One nonlinearity on sixteen numbers, so that kernels are compiled for each.
protocol PointwiseFunction {
  static func value(_ x: Lanes) -> Lanes
  /// dy · f′(x).
  static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes
}

enum Identity: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { x }
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes { dy }
}

enum ReLU: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { maximum(Lanes(repeating: 0), x) }
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let zero = Lanes(repeating: 0)
    return select(where: zero, isBelow: x, dy, else: zero)
  }
}

enum SiLU: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { x * PlanarNeuralNetworks.sigmoid(x) }
  /// With e = e⁻ˣ and s = 1/(1 + e): f′ = s(1 + x(1 − s)), and 1 − s = e·s without cancellation.
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let one = Lanes(repeating: 1)
    let e: Lanes = exponential(Lanes(repeating: 0) - x)
    let s = reciprocal(one + e)
    return dy * s * multiplyAdd(x, e * s, one)
  }
}

enum GELU: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { x * normalDistribution(x).integral }
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let normal = normalDistribution(x)
    return dy * multiplyAdd(x, normal.density, normal.integral)
  }
}

enum GELUTanh: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes {
    let inner: Lanes = x * (Lanes(repeating: 1.595_769_1) + x * x * 0.071_354_814)
    return x * PlanarNeuralNetworks.sigmoid(inner)
  }
  /// With e = e⁻²ᵘ and s = 1/(1 + e), f = x·s and f′ = s(1 + x·2u′·(1 − s)).
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let one = Lanes(repeating: 1)
    let square: Lanes = x * x
    let inner: Lanes = x * (Lanes(repeating: 1.595_769_1) + square * 0.071_354_814)
    let slope: Lanes = Lanes(repeating: 1.595_769_1) + square * 0.214_064_44
    let e: Lanes = exponential(Lanes(repeating: 0) - inner)
    let s = reciprocal(one + e)
    return dy * s * multiplyAdd(x * slope, e * s, one)
  }
}

/// With e = eˣ and n = e(e + 2): tanh(ln(1 + e)) = n/(n + 2). Beyond 20 that is 1 to the last bit, so e is
/// held where e⁴ stays finite.
enum Mish: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes {
    let e = exponential(upTo87: minimum(Lanes(repeating: 20), x))
    let n: Lanes = e * (e + 2)
    return x * (n * reciprocal(n + 2))
  }
  /// f′ = n/(n + 2) + 4x·e(1 + e)/(n + 2)².
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let e = exponential(upTo87: minimum(Lanes(repeating: 20), x))
    let n: Lanes = e * (e + 2)
    let r = reciprocal(n + 2)
    let slope: Lanes = 4 * x * (e * r) * multiplyAdd(e, r, r)
    return dy * multiplyAdd(n, r, slope)
  }
}

enum Tanh: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { hyperbolicTangent(x) }
  /// f′ = 1 − tanh² = 4e/(1 + e)² with e = e^(−2|x|), without cancellation.
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let e = exponential(upTo87: absolute(x) * -2)
    let r = reciprocal(e + 1)
    return 4 * dy * (e * r * r)
  }
}

enum Sigmoid: PointwiseFunction {
  @inline(__always) static func value(_ x: Lanes) -> Lanes { PlanarNeuralNetworks.sigmoid(x) }
  /// f′ = e/(1 + e)² with e = e^(−|x|), without cancellation.
  @inline(__always) static func backward(_ x: Lanes, _ dy: Lanes) -> Lanes {
    let e = exponential(upTo87: Lanes(repeating: 0) - absolute(x))
    let r = reciprocal(e + 1)
    return dy * (e * r * r)
  }
}

extension Kernels {
  /// y[i] = f(x[i]); `y` may be `x`.
  static func activate(
    _ activation: Activation, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    switch activation {
    case .none: if UnsafePointer(y) != x { y.update(from: x, count: count) }
    case .relu: map(x, to: y, count: count) { ReLU.value($0) }
    case .silu: map(x, to: y, count: count) { SiLU.value($0) }
    case .gelu: map(x, to: y, count: count) { GELU.value($0) }
    case .geluTanh: map(x, to: y, count: count) { GELUTanh.value($0) }
    case .mish: map(x, to: y, count: count) { Mish.value($0) }
    case .tanh: map(x, to: y, count: count) { Tanh.value($0) }
    case .sigmoid: map(x, to: y, count: count) { Sigmoid.value($0) }
    }
  }

  /// dx[i] = dy[i] · f′(x[i]); `dx` may be `dy`.
  static func activateBackward(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    to dx: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch activation {
    case .none: if UnsafePointer(dx) != dy { dx.update(from: dy, count: count) }
    case .relu: map(x, dy, to: dx, count: count) { ReLU.backward($0, $1) }
    case .silu: map(x, dy, to: dx, count: count) { SiLU.backward($0, $1) }
    case .gelu: map(x, dy, to: dx, count: count) { GELU.backward($0, $1) }
    case .geluTanh: map(x, dy, to: dx, count: count) { GELUTanh.backward($0, $1) }
    case .mish: map(x, dy, to: dx, count: count) { Mish.backward($0, $1) }
    case .tanh: map(x, dy, to: dx, count: count) { Tanh.backward($0, $1) }
    case .sigmoid: map(x, dy, to: dx, count: count) { Sigmoid.backward($0, $1) }
    }
  }
}

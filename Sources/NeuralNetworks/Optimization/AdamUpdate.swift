// The arithmetic of one Adam update, a pass over the weights.

/// What one update multiplies with.
struct AdamFactors: Sendable {
  let gradientScale: Float
  let beta1: Float
  let beta2: Float
  /// The learning rate over 1 − β₁ᵗ.
  let rate: Float
  /// 1 / √(1 − β₂ᵗ).
  let secondCorrection: Float
  let epsilon: Float
}

extension Kernels {
  /// One update of a multiple of sixteen numbers. Each is read and written once: the loop runs at the speed
  /// of the memory that holds them.
  static func adam(
    _ factors: AdamFactors, keeping: Float, _ gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
    weights: UnsafeMutablePointer<Float>, count: Int
  ) {
    let (scale, rate) = (factors.gradientScale, factors.rate)
    let (b1, b2) = (factors.beta1, factors.beta2)
    let (c1, c2) = (1 - b1, 1 - b2)
    let correction = factors.secondCorrection
    let epsilon = Lanes(repeating: factors.epsilon)
    var i = 0
    while i < count {
      let g = scale * load(gradient + i)
      let m = multiplyAdd(b1, load(first + i), c1 * g)
      let v = multiplyAdd(b2, load(second + i), c2 * (g * g))
      store(m, first + i)
      store(v, second + i)
      let denominator = multiplyAdd(correction, squareRoot(v), epsilon)
      let change: Lanes = (rate * m) / denominator
      store(multiplyAdd(keeping, load(weights + i), Lanes(repeating: 0) - change), weights + i)
      i += 16
    }
  }
}

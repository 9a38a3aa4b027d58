// Denoising diffusion: how noise is mixed in.

import Foundation

/// What a diffusion model's output stands for.
public enum DiffusionTarget: String, Codable, CaseIterable, Sendable {
  /// The noise ε that was mixed in (Ho et al. 2020).
  case epsilon
  /// The clean sample.
  case sample
  /// √ᾱ·ε − √(1−ᾱ)·x₀ (Salimans & Ho 2022).
  case velocity
}

/// x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε for t in 0 ..< `steps`; t = 0 is nearly clean.
///
/// Everything is rounded to single precision where diffusers' schedulers round it, so that the same network
/// gives the same sample there and here.
public struct DiffusionSchedule: Sendable {
  /// How β grows with t.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// ᾱ follows a squared cosine (Nichol & Dhariwal 2021), each β at most 0.999.
    case squaredCosine
    /// β rises evenly (Ho et al. 2020).
    case linear
    /// √β rises evenly (Rombach et al. 2022).
    case scaledLinear
  }

  /// β_t, the variance of the noise that step t adds; one number per timestep.
  public let betas: [Double]
  /// ᾱ_t, the product of 1 − β up to and with t.
  public let cumulativeAlphas: [Double]
  /// How many timesteps.
  public var steps: Int { betas.count }

  /// - Parameter betaRange: the first and last β of the linear kinds; the squared cosine has its own.
  public init(_ kind: Kind, steps: Int, betaRange: ClosedRange<Double> = 1e-4...0.02) {
    require(steps > 0, "a diffusion schedule needs steps, not \(steps)")
    require(
      betaRange.lowerBound >= 0 && betaRange.upperBound < 1, "β must lie in 0 ..< 1, not in \(betaRange)")
    let betas: [Float] =
      switch kind {
      case .squaredCosine: squaredCosineBetas(count: steps)
      case .linear:
        evenlySpaced(from: betaRange.lowerBound, to: betaRange.upperBound, count: steps)
      case .scaledLinear:
        evenlySpaced(
          from: betaRange.lowerBound.squareRoot(), to: betaRange.upperBound.squareRoot(), count: steps
        ).map { $0 * $0 }
      }
    self.betas = betas.map(Double.init)
    var product = 1.0
    cumulativeAlphas = betas.map { beta in
      product *= Double(1 - beta)
      return Double(Float(product))
    }
  }

  /// √ᾱ_t and √(1−ᾱ_t); below t = 0 everything is signal.
  public func scales(at t: Int) -> (signal: Float, noise: Float) {
    let alpha = cumulativeAlpha(t)
    return (alpha.squareRoot(), (1 - alpha).squareRoot())
  }

  /// ᾱ_t; 1 below t = 0.
  func cumulativeAlpha(_ t: Int) -> Float { t < 0 ? 1 : Float(cumulativeAlphas[t]) }

  /// One number of the training target at t.
  @inline(__always)
  static func target(
    _ kind: DiffusionTarget, clean: Float, noise: Float, _ scales: (signal: Float, noise: Float)
  ) -> Float {
    switch kind {
    case .epsilon: noise
    case .sample: clean
    case .velocity: scales.signal * noise - scales.noise * clean
    }
  }

  /// Mixes noise in for training: fills `noisy` with x_t and `target` with what the model should answer.
  /// All four have the same count.
  public func addNoise(
    at t: Int, clean: UnsafeBufferPointer<Float>, noise: UnsafeBufferPointer<Float>,
    predicting kind: DiffusionTarget, noisy: UnsafeMutableBufferPointer<Float>,
    target: UnsafeMutableBufferPointer<Float>
  ) {
    require(
      clean.count == noise.count && noisy.count == clean.count && target.count == clean.count,
      "addNoise: counts \(clean.count), \(noise.count), \(noisy.count), \(target.count) differ")
    let scales = scales(at: t)
    for i in 0..<clean.count {
      noisy[i] = scales.signal * clean[i] + scales.noise * noise[i]
      target[i] = Self.target(kind, clean: clean[i], noise: noise[i], scales)
    }
  }
}

/// β_i = 1 − f((i+1)/T) / f(i/T) with f(u) = cos²((u + 0.008)/1.008 · π/2), at most 0.999.
private func squaredCosineBetas(count: Int) -> [Float] {
  func signal(_ u: Double) -> Double {
    let c = cos((u + 0.008) / 1.008 * Double.pi / 2)
    return c * c
  }
  return (0..<count).map { i in
    Float(min(1 - signal(Double(i + 1) / Double(count)) / signal(Double(i) / Double(count)), 0.999))
  }
}

/// `count` numbers from `first` to `last`, as `torch.linspace` rounds them: a step in single precision,
/// counted from the nearer end.
private func evenlySpaced(from first: Double, to last: Double, count: Int) -> [Float] {
  let (first, last) = (Float(first), Float(last))
  guard count > 1 else { return [first] }
  let step = (last - first) / Float(count - 1)
  return (0..<count).map { i in
    i < count / 2 ? first.addingProduct(step, Float(i)) : last.addingProduct(-step, Float(count - 1 - i))
  }
}

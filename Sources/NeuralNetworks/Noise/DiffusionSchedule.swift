// Denoising diffusion: how noise is mixed in, and the two ways of taking it out again.

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
public struct DiffusionSchedule: Sendable {
  /// How β grows with t.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// ᾱ follows a squared cosine (Nichol & Dhariwal 2021), each β at most 0.999.
    case squaredCosine
    /// β rises evenly from 1e-4 to 0.02 (Ho et al. 2020).
    case linear
  }

  public let betas: [Double]
  /// ᾱ_t, the product of 1 − β up to and with t.
  public let cumulativeAlphas: [Double]
  public var steps: Int { betas.count }

  public init(_ kind: Kind, steps: Int) {
    precondition(steps > 0, "a diffusion schedule needs steps, not \(steps)")
    func signal(_ u: Double) -> Double {
      let c = cos((u + 0.008) / 1.008 * Double.pi / 2)
      return c * c
    }
    let count = Double(steps)
    betas = (0..<steps).map { i in
      switch kind {
      case .squaredCosine:
        min(1 - signal(Double(i + 1) / count) / signal(Double(i) / count), 0.999)
      case .linear: 1e-4 + (0.02 - 1e-4) * Double(i) / max(1, count - 1)
      }
    }
    var product = 1.0
    cumulativeAlphas = betas.map { beta in
      product *= 1 - beta
      return product
    }
  }

  /// √ᾱ_t and √(1−ᾱ_t).
  public func scales(at t: Int) -> (signal: Float, noise: Float) {
    (Float(cumulativeAlphas[t].squareRoot()), Float((1 - cumulativeAlphas[t]).squareRoot()))
  }

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
    precondition(
      clean.count == noise.count && noisy.count == clean.count && target.count == clean.count,
      "addNoise: counts \(clean.count), \(noise.count), \(noisy.count), \(target.count) differ")
    let scales = scales(at: t)
    for i in 0..<clean.count {
      noisy[i] = scales.signal * clean[i] + scales.noise * noise[i]
      target[i] = Self.target(kind, clean: clean[i], noise: noise[i], scales)
    }
  }

  /// x₀ and ε as a model's output at t implies them; x₀ is clamped to ±clip, ε is left as it was.
  @inline(__always)
  private func implied(
    _ kind: DiffusionTarget, _ x: Float, _ output: Float, _ scales: (signal: Float, noise: Float),
    clip: Float
  ) -> (clean: Float, noise: Float) {
    let clean: Float
    let noise: Float
    switch kind {
    case .epsilon:
      clean = (x - scales.noise * output) / scales.signal
      noise = output
    case .sample:
      clean = output
      noise = (x - scales.signal * output) / scales.noise
    case .velocity:
      clean = scales.signal * x - scales.noise * output
      noise = scales.signal * output + scales.noise * x
    }
    return (max(-clip, min(clip, clean)), noise)
  }

  /// The timesteps that `count` DDIM steps visit, from the noisiest: (T / count)·(count−1 … 0).
  public func timesteps(count: Int) -> [Int] {
    precondition(count > 0 && count <= steps, "\(count) DDIM steps do not fit \(steps) timesteps")
    let stride = steps / count
    return (0..<count).reversed().map { $0 * stride }
  }

  /// One deterministic step (DDIM with η = 0, Song et al. 2021) from t to `previous` (below 0: to clean).
  ///
  /// - Parameter clip: bound on x₀, as diffusers' `clip_sample_range`; infinity for none.
  public func ddimStep(
    from t: Int, to previous: Int, predicting kind: DiffusionTarget,
    output: UnsafeBufferPointer<Float>, clip: Float = 1, sample: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(output.count == sample.count, "ddimStep: \(output.count) and \(sample.count) differ")
    let scales = scales(at: t)
    let next: (signal: Float, noise: Float) = previous < 0 ? (1, 0) : self.scales(at: previous)
    for i in 0..<sample.count {
      let (clean, noise) = implied(kind, sample[i], output[i], scales, clip: clip)
      sample[i] = next.signal * clean + next.noise * noise
    }
  }

  /// One ancestral step (Ho et al. 2020) from t to t − 1, with the posterior's variance
  /// (1−ᾱ_{t−1})/(1−ᾱ_t)·β_t; `noise` is standard normal and unused at t = 0.
  public func ddpmStep(
    from t: Int, predicting kind: DiffusionTarget, output: UnsafeBufferPointer<Float>,
    noise: UnsafeBufferPointer<Float>, clip: Float = 1, sample: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      output.count == sample.count && (t == 0 || noise.count == sample.count),
      "ddpmStep: \(output.count), \(noise.count) and \(sample.count) differ")
    let scales = scales(at: t)
    let previous = t > 0 ? cumulativeAlphas[t - 1] : 1
    let remaining = 1 - cumulativeAlphas[t]
    let alpha = cumulativeAlphas[t] / previous
    let cleanFactor = Float(previous.squareRoot() * (1 - alpha) / remaining)
    let sampleFactor = Float(alpha.squareRoot() * (1 - previous) / remaining)
    let deviation =
      t > 0 ? Float(max((1 - previous) / remaining * (1 - alpha), 1e-20).squareRoot()) : 0
    for i in 0..<sample.count {
      let (clean, _) = implied(kind, sample[i], output[i], scales, clip: clip)
      sample[i] = cleanFactor * clean + sampleFactor * sample[i]
      if t > 0 { sample[i] += deviation * noise[i] }
    }
  }
}

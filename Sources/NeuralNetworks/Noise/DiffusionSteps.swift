// Denoising diffusion: the ways of taking noise out again.

/// How much noise an ancestral step adds.
public enum DiffusionVariance: String, Codable, CaseIterable, Sendable {
  /// The posterior's own, (1−ᾱ_{t−1})/(1−ᾱ_t)·(1−ᾱ_t/ᾱ_{t−1}), at least 1e-20 (diffusers' `fixed_small`).
  case posterior
  /// β_t, its upper bound (`fixed_large`).
  case beta
}

extension DiffusionSchedule {
  /// x₀ and ε as a model's output at t implies them; x₀ is clamped to ±clip, ε is left as it was.
  @inline(__always)
  private func implied(
    _ kind: DiffusionTarget, _ x: Double, _ output: Double, _ scales: (signal: Double, noise: Double),
    clip: Double
  ) -> (clean: Double, noise: Double) {
    let clean: Double
    let noise: Double
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

  /// x₀ as a model's output at t implies it, clamped to ±clip.
  public func cleanSample(
    at t: Int, predicting kind: DiffusionTarget, sample: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, clip: Float = 1, clean: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      output.count == sample.count && clean.count == sample.count,
      "cleanSample: \(output.count), \(clean.count) and \(sample.count) differ")
    let scales = exactScales(at: t)
    for i in 0..<sample.count {
      clean[i] = Float(
        implied(kind, Double(sample[i]), Double(output[i]), scales, clip: Double(clip)).clean)
    }
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
    let (scales, next) = (exactScales(at: t), exactScales(at: previous))
    for i in 0..<sample.count {
      let (clean, noise) = implied(
        kind, Double(sample[i]), Double(output[i]), scales, clip: Double(clip))
      sample[i] = Float(next.signal * clean + next.noise * noise)
    }
  }

  /// The variance of the noise that an ancestral step from t adds; none at t = 0.
  public func stepVariance(at t: Int, _ kind: DiffusionVariance = .posterior) -> Double {
    guard t > 0 else { return 0 }
    switch kind {
    case .posterior:
      let (here, previous) = (cumulativeAlphas[t], cumulativeAlphas[t - 1])
      return max((1 - previous) / (1 - here) * (1 - here / previous), 1e-20)
    case .beta:
      return betas[t]
    }
  }

  /// One ancestral step (Ho et al. 2020) from t to t − 1; `noise` is standard normal and unused at t = 0.
  ///
  /// - Parameter clip: bound on x₀, as diffusers' `clip_sample_range`; infinity for none.
  public func ddpmStep(
    from t: Int, predicting kind: DiffusionTarget, output: UnsafeBufferPointer<Float>,
    noise: UnsafeBufferPointer<Float>, variance: DiffusionVariance = .posterior, clip: Float = 1,
    sample: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      output.count == sample.count && (t == 0 || noise.count == sample.count),
      "ddpmStep: \(output.count), \(noise.count) and \(sample.count) differ")
    let scales = exactScales(at: t)
    let previous = t > 0 ? cumulativeAlphas[t - 1] : 1
    let remaining = 1 - cumulativeAlphas[t]
    let alpha = cumulativeAlphas[t] / previous
    let cleanFactor = previous.squareRoot() * (1 - alpha) / remaining
    let sampleFactor = alpha.squareRoot() * (1 - previous) / remaining
    let deviation = stepVariance(at: t, variance).squareRoot()
    for i in 0..<sample.count {
      let x = Double(sample[i])
      let clean = implied(kind, x, Double(output[i]), scales, clip: Double(clip)).clean
      let mean = cleanFactor * clean + sampleFactor * x
      sample[i] = Float(t > 0 ? mean + deviation * Double(noise[i]) : mean)
    }
  }
}

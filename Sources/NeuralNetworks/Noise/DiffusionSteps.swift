// Denoising diffusion: the ways of taking noise out again.

/// How much noise an ancestral step adds.
public enum DiffusionVariance: String, Codable, CaseIterable, Sendable {
  /// The posterior's own, (1−ᾱ_{t−1})/(1−ᾱ_t)·β_t with β_t = 1 − ᾱ_t/ᾱ_{t−1}, at least 1e-20 (diffusers'
  /// `fixed_small`).
  case posterior
  /// β_t, its upper bound (`fixed_large`).
  case beta
}

extension DiffusionSchedule {
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

  /// x₀ as a model's output at t implies it, clamped to ±clip.
  public func cleanSample(
    at t: Int, predicting kind: DiffusionTarget, sample: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, clip: Float = 1, clean: UnsafeMutableBufferPointer<Float>
  ) {
    require(
      output.count == sample.count && clean.count == sample.count,
      "cleanSample: \(output.count), \(clean.count) and \(sample.count) differ")
    let scales = scales(at: t)
    for i in 0..<sample.count {
      clean[i] = implied(kind, sample[i], output[i], scales, clip: clip).clean
    }
  }

  /// One deterministic step (DDIM with η = 0, Song et al. 2021) from t to `previous` (below 0: to clean).
  ///
  /// - Parameter clip: bound on x₀, as diffusers' `clip_sample_range`; infinity for none.
  public func ddimStep(
    from t: Int, to previous: Int, predicting kind: DiffusionTarget,
    output: UnsafeBufferPointer<Float>, clip: Float = 1, sample: UnsafeMutableBufferPointer<Float>
  ) {
    require(output.count == sample.count, "ddimStep: \(output.count) and \(sample.count) differ")
    let (here, next) = (scales(at: t), scales(at: previous))
    for i in 0..<sample.count {
      let (clean, noise) = implied(kind, sample[i], output[i], here, clip: clip)
      sample[i] = next.signal * clean + next.noise * noise
    }
  }

  /// The variance of the noise that an ancestral step from t adds; none at t = 0.
  ///
  /// - Parameter target: the step's end; t − 1 where none is given.
  public func stepVariance(
    at t: Int, to target: Int? = nil, _ kind: DiffusionVariance = .posterior
  ) -> Float {
    guard (target ?? t - 1) >= 0 else { return 0 }
    let (here, previous) = (cumulativeAlpha(t), cumulativeAlpha(target ?? t - 1))
    let beta = 1 - here / previous
    return kind == .beta ? beta : max((1 - previous) / (1 - here) * beta, 1e-20)
  }

  /// One ancestral step (Ho et al. 2020) from t to t − 1, or to any lower `target`: then with the β of both steps'
  /// ᾱ (Nichol & Dhariwal 2021, section 4). `noise` is standard normal and unused where the step ends below 0.
  ///
  /// - Parameter clip: bound on x₀, as diffusers' `clip_sample_range`; infinity for none.
  public func ddpmStep(
    from t: Int, to target: Int? = nil, predicting kind: DiffusionTarget,
    output: UnsafeBufferPointer<Float>, noise: UnsafeBufferPointer<Float>, variance: DiffusionVariance = .posterior,
    clip: Float = 1,
    sample: UnsafeMutableBufferPointer<Float>
  ) {
    let end = target ?? t - 1
    require(
      output.count == sample.count && (end < 0 || noise.count == sample.count),
      "ddpmStep: \(output.count), \(noise.count) and \(sample.count) differ")
    let scales = scales(at: t)
    let (here, previous) = (cumulativeAlpha(t), cumulativeAlpha(end))
    let alpha = here / previous
    let cleanFactor = previous.squareRoot() * (1 - alpha) / (1 - here)
    let sampleFactor = alpha.squareRoot() * (1 - previous) / (1 - here)
    let deviation = stepVariance(at: t, to: end, variance).squareRoot()
    for i in 0..<sample.count {
      let (clean, _) = implied(kind, sample[i], output[i], scales, clip: clip)
      let mean = cleanFactor * clean + sampleFactor * sample[i]
      sample[i] = end >= 0 ? mean + deviation * noise[i] : mean
    }
  }
}

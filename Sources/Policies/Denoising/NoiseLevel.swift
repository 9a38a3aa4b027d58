// How much noise is in a chunk, and what a denoiser's answer means there: where diffusion and flow meet.

/// A noisy chunk x = signal · clean + noise · ε, and how the decoder is asked about it.
///
/// ```
///   the decoder reads   inputScale · x   and is told   time
///   clean chunk      = sampleFactor · x + outputFactor · answer
/// ```
public struct NoiseLevel: Sendable {
  /// The share of the clean chunk.
  public var signal: Float
  /// The share of the noise.
  public var noise: Float
  /// From 0 to about 100.
  public var time: Float
  /// What the decoder reads of x.
  public var inputScale: Float
  /// How much of x is in the clean chunk.
  public var sampleFactor: Float
  /// How much of the decoder's answer is in the clean chunk.
  public var outputFactor: Float

  /// - Parameters: as the properties of the same names.
  public init(
    signal: Float, noise: Float, time: Float, inputScale: Float, sampleFactor: Float, outputFactor: Float
  ) {
    self.signal = signal
    self.noise = noise
    self.time = time
    self.inputScale = inputScale
    self.sampleFactor = sampleFactor
    self.outputFactor = outputFactor
  }

  /// A denoiser that answers what the best linear guess of the clean chunk lacks: small networks learn this far
  /// faster than the noise, which they would have to reproduce. Where nothing but noise is left its input is zero, and
  /// it is a regressor.
  public static func residual(signal: Float, noise: Float, time: Float) -> NoiseLevel {
    let estimate = linearEstimate(signal: signal, noise: noise)
    return NoiseLevel(
      signal: signal, noise: noise, time: time, inputScale: estimate, sampleFactor: estimate,
      outputFactor: 1)
  }

  /// The factor that turns a noisy chunk into the best linear estimate of the clean one,
  /// signal·σ²/(signal²·σ² + noise²), for clean numbers of deviation σ = 0.5 (the skip connection of Karras et
  /// al. 2022, table 1).
  static func linearEstimate(signal: Float, noise: Float) -> Float {
    let variance: Float = 0.25
    return signal * variance / (signal * signal * variance + noise * noise)
  }
}

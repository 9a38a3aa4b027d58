// Diffusion Policy (Chi et al. 2023): trained to undo noise at a hundred levels, sampled by DDIM or DDPM.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// Options of the `diffusion` head.
public struct DiffusionOptions: HeadOptions {
  /// The family's name in files and on the command line.
  public static let name = "diffusion"
  /// Everything at its default.
  public static var standard: DiffusionOptions { DiffusionOptions() }

  /// How noise is taken out.
  public enum Sampler: String, Codable, CaseIterable, Sendable {
    /// Deterministic steps (Song et al. 2021).
    case ddim
    /// Steps that add fresh noise (Ho et al. 2020), over any subset of the levels.
    case ddpm
  }

  /// How noise grows with the timestep.
  public var schedule: DiffusionSchedule.Kind
  /// Noise levels in training.
  public var trainingSteps: Int
  /// What the decoder answers. `sample`, the clean chunk, is what small networks learn fastest.
  public var predicting: DiffusionTarget
  /// DDIM or DDPM.
  public var sampler: Sampler
  /// Denoising steps at inference.
  public var samplingSteps: Int
  /// How the denoising steps are spread over the noise levels; nil for what suits their number,
  /// `TimestepSpacing.usual`.
  public var timestepSpacing: TimestepSpacing?
  /// Bound on the clean chunk implied at each step; actions lie in [−1, 1].
  public var clip: Float
  /// Training for inference delays of up to so many control steps (arXiv 2512.05964); 0 for none.
  public var largestDelay: Int

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    schedule: DiffusionSchedule.Kind = .squaredCosine, trainingSteps: Int = 100,
    predicting: DiffusionTarget = .sample, sampler: Sampler = .ddim, samplingSteps: Int = 10,
    timestepSpacing: TimestepSpacing? = nil, clip: Float = 1, largestDelay: Int = 0
  ) {
    self.schedule = schedule
    self.trainingSteps = trainingSteps
    self.predicting = predicting
    self.sampler = sampler
    self.samplingSteps = samplingSteps
    self.timestepSpacing = timestepSpacing
    self.clip = clip
    self.largestDelay = largestDelay
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    guard (1...10_000).contains(trainingSteps) else {
      throw UserError("diffusion trainingSteps is \(trainingSteps); it must lie in 1 … 10000")
    }
    guard (1...trainingSteps).contains(samplingSteps) else {
      throw UserError(
        "diffusion samplingSteps is \(samplingSteps); it must lie in 1 … \(trainingSteps), the noise levels it was trained on"
      )
    }
    guard clip > 0 else { throw UserError("diffusion clip is \(clip); it must be positive") }
    guard timestepSpacing != .linspace || samplingSteps > 1 else {
      throw UserError(
        "diffusion timestepSpacing 'linspace' has no single step that begins in noise; take two steps or more, or 'trailing'"
      )
    }
    try requireRanges([("diffusion largestDelay", largestDelay, 0...1024)])
  }

  /// The same options with sampling steps spread otherwise.
  ///
  /// - Throws: `UserError` where the spacing does not go with the number of steps.
  public func settingTimestepSpacing(_ spacing: TimestepSpacing) throws -> Self {
    var options = self
    options.timestepSpacing = spacing
    try options.validate()
    return options
  }

  /// Steps from noise to chunk.
  public var denoisingSteps: Int? { samplingSteps }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    var changed = self
    changed.samplingSteps = steps
    try changed.validate()
    return changed
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    try requireDelay(largestDelay, within: setting.horizon, of: Self.name)
    return DiffusionHead(&layout, self, setting)
  }
}

struct DiffusionHead: ActionHead {
  let options: DiffusionOptions
  let schedule: DiffusionSchedule
  private let noisy: NoisyLoss

  init(_ layout: inout ParameterLayout, _ options: DiffusionOptions, _ setting: HeadSetting) {
    self.options = options
    schedule = DiffusionSchedule(options.schedule, steps: options.trainingSteps)
    noisy = NoisyLoss(
      decoder: setting.makeDecoder(
        &layout, usesTime: true, prefixMaskChannels: options.largestDelay > 0 ? 1 : 0),
      horizon: setting.horizon, action: setting.action, largestDelay: options.largestDelay)
  }

  /// The noise level at a timestep; the decoder is told 0 … 100 whatever the number of levels.
  func level(_ t: Int) -> NoiseLevel {
    let (signal, noise) = schedule.scales(at: t)
    let time = Float(t) * 100 / Float(options.trainingSteps)
    switch options.predicting {
    case .sample: return .residual(signal: signal, noise: noise, time: time)
    case .epsilon:
      return NoiseLevel(
        signal: signal, noise: noise, time: time, inputScale: 1, sampleFactor: 1 / signal,
        outputFactor: -noise / signal)
    case .velocity:
      return NoiseLevel(
        signal: signal, noise: noise, time: time, inputScale: 1, sampleFactor: signal,
        outputFactor: -noise)
    }
  }

  func loss(_ example: HeadExample, on tape: Tape, noise stream: inout RandomStream) -> Float {
    noisy(example, on: tape, noise: &stream) { stream in
      level(stream.integer(below: schedule.steps))
    }
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    DiffusionSampler(self, Denoiser(noisy, setting))
  }
}

/// Walks down the noise levels.
private final class DiffusionSampler: NoiseSampler {
  private let head: DiffusionHead
  private let timesteps: [Int]
  let denoiser: Denoiser

  init(_ head: DiffusionHead, _ denoiser: Denoiser) {
    self.head = head
    self.denoiser = denoiser
    let count = head.options.samplingSteps
    timesteps = head.schedule.timesteps(
      count: count, spacing: head.options.timestepSpacing ?? .usual(of: head.schedule.steps, count: count))
  }

  func denoise(_ chunks: UnsafeMutableBufferPointer<Float>, requests: inout [PolicyRequest]) {
    let count = chunks.count
    denoiser.workspace.withNumbers { workspace in
      let clean = UnsafeMutableBufferPointer(rebasing: workspace[0..<count])
      let fresh = UnsafeMutableBufferPointer(rebasing: workspace[count..<2 * count])
      for (i, t) in timesteps.enumerated() {
        denoiser.estimate(UnsafeBufferPointer(chunks), at: head.level(t), to: clean)
        let next = i + 1 < timesteps.count ? timesteps[i + 1] : -1
        switch head.options.sampler {
        case .ddim:
          head.schedule.ddimStep(
            from: t, to: next, predicting: .sample, output: UnsafeBufferPointer(clean),
            clip: head.options.clip, sample: chunks)
        case .ddpm:
          if next >= 0 { fillWithNoise(fresh, &requests) }
          head.schedule.ddpmStep(
            from: t, to: next, predicting: .sample, output: UnsafeBufferPointer(clean),
            noise: UnsafeBufferPointer(fresh), clip: head.options.clip, sample: chunks)
        }
      }
    }
  }
}

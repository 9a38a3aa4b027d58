// Diffusion Policy (Chi et al. 2023): trained to undo noise at a hundred levels, sampled by DDIM.

import NeuralNetworks
import PlanarCore

/// Options of the `diffusion` head.
public struct DiffusionOptions: HeadOptions {
  public static let name = "diffusion"
  public var schedule: DiffusionSchedule.Kind
  /// Noise levels in training.
  public var trainingSteps: Int
  /// DDIM steps at inference.
  public var samplingSteps: Int
  /// Bound on the clean chunk implied at each step; actions lie in [−1, 1].
  public var clip: Float

  public init(
    schedule: DiffusionSchedule.Kind = .squaredCosine, trainingSteps: Int = 100, samplingSteps: Int = 10, clip: Float = 1
  ) {
    self.schedule = schedule
    self.trainingSteps = trainingSteps
    self.samplingSteps = samplingSteps
    self.clip = clip
  }

  private enum CodingKeys: CodingKey { case schedule, trainingSteps, samplingSteps, clip }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    schedule =
      try container.decodeIfPresent(DiffusionSchedule.Kind.self, forKey: .schedule)
      ?? standard.schedule
    trainingSteps =
      try container.decodeIfPresent(Int.self, forKey: .trainingSteps) ?? standard.trainingSteps
    samplingSteps =
      try container.decodeIfPresent(Int.self, forKey: .samplingSteps) ?? standard.samplingSteps
    clip = try container.decodeIfPresent(Float.self, forKey: .clip) ?? standard.clip
  }

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
  }

  public func settingSteps(_ steps: Int) throws -> Self {
    var changed = self
    changed.samplingSteps = steps
    try changed.validate()
    return changed
  }

  public func makeHead() -> any ActionHead { DiffusionHead(self) }
}

/// The expert puts out the clean chunk (sample prediction), which small networks learn far faster than the noise.
struct DiffusionHead: ActionHead {
  private let options: DiffusionOptions
  private let schedule: DiffusionSchedule
  private let timesteps: [Int]
  var usesTime: Bool { true }

  init(_ options: DiffusionOptions) {
    self.options = options
    schedule = DiffusionSchedule(options.schedule, steps: options.trainingSteps)
    timesteps = schedule.timesteps(count: options.samplingSteps)
  }

  /// The time the expert is told: 0 … 100 whatever the number of levels.
  private func expertTime(_ t: Int) -> Float { Float(t) * 100 / Float(options.trainingSteps) }

  func loss(
    _ expert: ActionExpert, condition: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int,
    count: Int, on tape: Tape, noise stream: inout RandomStream
  ) -> Float {
    expert.noisyLoss(
      condition: condition, chunks: chunks, rows: rows, count: count, on: tape, noise: &stream
    ) { clean, noise, input, stream in
      let t = stream.integer(below: schedule.steps)
      let scales = schedule.scales(at: t)
      let estimate = ActionExpert.linearEstimate(signal: scales.signal, noise: scales.noise)
      for i in 0..<clean.count {
        input[i] = estimate * (scales.signal * clean[i] + scales.noise * noise[i])
      }
      return expertTime(t)
    }
  }

  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser) {
    denoiser.workspace.withNumbers { workspace in
      let output = UnsafeMutableBufferPointer(rebasing: workspace[0..<chunks.count])
      for (i, t) in timesteps.enumerated() {
        let scales = schedule.scales(at: t)
        denoiser.run(
          UnsafeBufferPointer(chunks),
          scale: ActionExpert.linearEstimate(signal: scales.signal, noise: scales.noise),
          time: expertTime(t), to: output)
        schedule.ddimStep(
          from: t, to: i + 1 < timesteps.count ? timesteps[i + 1] : -1, predicting: .sample,
          output: UnsafeBufferPointer(output), clip: options.clip, sample: chunks)
      }
    }
  }
}

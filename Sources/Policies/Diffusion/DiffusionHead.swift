// Diffusion Policy (Chi et al. 2023): trained to undo noise at a hundred levels, sampled by DDIM.

import NeuralNetworks
import PlanarCore

/// Options of the `diffusion` head.
public struct DiffusionOptions: HeadOptions {
  public static let name = "diffusion"
  public var schedule: DiffusionSchedule.Kind
  /// What the expert predicts. The clean chunk by default: on small data and short training it was learned
  /// many times faster than the noise, which Diffusion Policy predicts.
  public var target: DiffusionTarget
  /// Noise levels in training.
  public var trainingSteps: Int
  /// DDIM steps at inference.
  public var samplingSteps: Int
  /// Bound on the clean chunk implied at each step; actions lie in [−1, 1].
  public var clip: Float

  public init(
    schedule: DiffusionSchedule.Kind = .squaredCosine, target: DiffusionTarget = .sample,
    trainingSteps: Int = 100, samplingSteps: Int = 10, clip: Float = 1
  ) {
    self.schedule = schedule
    self.target = target
    self.trainingSteps = trainingSteps
    self.samplingSteps = samplingSteps
    self.clip = clip
  }

  private enum CodingKeys: CodingKey { case schedule, target, trainingSteps, samplingSteps, clip }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    schedule =
      try container.decodeIfPresent(DiffusionSchedule.Kind.self, forKey: .schedule)
      ?? standard.schedule
    target =
      try container.decodeIfPresent(DiffusionTarget.self, forKey: .target) ?? standard.target
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
    let width = expert.chunkCount
    let shape = Shape(rows, width)
    let times = tape.input(Shape(rows)) { _ in }
    let noise = tape.input(shape) { target in
      for i in 0..<target.count { target[i] = Float(stream.normal()) }
    }
    let noisy = tape.input(shape) { _ in }
    let target = tape.input(shape) { _ in }
    tape.withValues(of: noise) { noise in
      tape.withValues(of: noisy) { noisy in
        tape.withValues(of: target) { target in
          for r in 0..<rows {
            let t = stream.integer(below: schedule.steps)
            tape.withValues(of: times) { $0[r] = expertTime(t) }
            let row = r * width..<(r + 1) * width
            schedule.addNoise(
              at: t, clean: UnsafeBufferPointer(rebasing: chunks[row]),
              noise: UnsafeBufferPointer(rebasing: noise[row]), predicting: options.target,
              noisy: UnsafeMutableBufferPointer(rebasing: noisy[row]),
              target: UnsafeMutableBufferPointer(rebasing: target[row]))
          }
        }
      }
    }
    let whole = tape.add(condition, expert.condition(times: times, on: tape))
    return tape.loss(
      .meanSquaredError, expert(noisy, condition: whole, on: tape), target, count: count)
  }

  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser) {
    denoiser.workspace.withNumbers { workspace in
      let output = UnsafeMutableBufferPointer(rebasing: workspace[0..<chunks.count])
      for (i, t) in timesteps.enumerated() {
        denoiser.run(UnsafeBufferPointer(chunks), time: expertTime(t), to: output)
        schedule.ddimStep(
          from: t, to: i + 1 < timesteps.count ? timesteps[i + 1] : -1, predicting: options.target,
          output: UnsafeBufferPointer(output), clip: options.clip, sample: chunks)
      }
    }
  }
}

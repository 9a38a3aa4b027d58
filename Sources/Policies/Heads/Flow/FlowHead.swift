// Flow matching (Lipman et al. 2023), as action decoder use it (Black et al. 2024): a velocity field from
// noise to actions, integrated in a few steps.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// What the decoder of a flow answers.
public enum FlowTarget: String, Codable, CaseIterable, Sendable {
  /// The end of the path, the clean chunk â; the velocity is (â − x_t)/(1 − t). Its squared error is that of the
  /// velocity weighted by (1 − t)²: small networks learn this far faster.
  case action
  /// The velocity action − noise itself.
  case velocity
}

/// Options of the `flow` head.
public struct FlowOptions: HeadOptions {
  /// The family's name in files and on the command line.
  public static let name = "flow"
  /// Everything at its default.
  public static var standard: FlowOptions { FlowOptions() }
  /// How times are drawn in training.
  public var timeSampling: FlowMatching.TimeSampling
  /// How noise is integrated to a chunk.
  public var integrator: FlowIntegrator
  /// Integration steps at inference.
  public var steps: Int
  /// What the network's output stands for.
  public var predicting: FlowTarget
  /// Training for inference delays of up to so many control steps (arXiv 2512.05964); 0 for none.
  public var largestDelay: Int

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    timeSampling: FlowMatching.TimeSampling = .beta, integrator: FlowIntegrator = .euler,
    steps: Int = 10, predicting: FlowTarget = .action, largestDelay: Int = 0
  ) {
    self.timeSampling = timeSampling
    self.integrator = integrator
    self.steps = steps
    self.predicting = predicting
    self.largestDelay = largestDelay
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    try requireRanges([("flow steps", steps, 1...10_000), ("flow largestDelay", largestDelay, 0...1024)])
  }

  /// Steps from noise to chunk.
  public var denoisingSteps: Int? { steps }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    var changed = self
    changed.steps = steps
    try changed.validate()
    return changed
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    try requireDelay(largestDelay, within: setting.horizon, of: Self.name)
    return FlowHead(&layout, self, setting)
  }
}

struct FlowHead: ActionHead {
  let options: FlowOptions
  private let noisy: NoisyLoss

  init(_ layout: inout ParameterLayout, _ options: FlowOptions, _ setting: HeadSetting) {
    self.options = options
    noisy = NoisyLoss(
      decoder: setting.makeDecoder(
        &layout, usesTime: true, prefixMaskChannels: options.largestDelay > 0 ? 1 : 0),
      horizon: setting.horizon, action: setting.action, largestDelay: options.largestDelay)
  }

  /// The noise level at time t, from 0 (noise) to 1 (action).
  func level(_ t: Float) -> NoiseLevel {
    switch options.predicting {
    case .action: .residual(signal: t, noise: 1 - t, time: 100 * t)
    case .velocity:
      NoiseLevel(
        signal: t, noise: 1 - t, time: 100 * t, inputScale: 1, sampleFactor: 1, outputFactor: 1 - t)
    }
  }

  func loss(_ example: HeadExample, on tape: Tape, noise stream: inout RandomStream) -> Float {
    noisy(example, on: tape, noise: &stream) { stream in
      // The velocity at the very end of the path is 0/0 when told from the chunk.
      level(min(FlowMatching.time(options.timeSampling, &stream), 0.999))
    }
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    FlowSampler(self, Denoiser(noisy, setting))
  }
}

/// Integrates the velocity field.
private final class FlowSampler: NoiseSampler {
  private let head: FlowHead
  let denoiser: Denoiser

  init(_ head: FlowHead, _ denoiser: Denoiser) {
    self.head = head
    self.denoiser = denoiser
  }

  func denoise(_ chunks: UnsafeMutableBufferPointer<Float>, requests: inout [PolicyRequest]) {
    head.options.integrator.integrate(
      chunks, steps: head.options.steps, workspace: denoiser.workspace, reachesEnd: false
    ) { x, t, velocity in
      denoiser.estimate(x, at: head.level(t), to: velocity)
      for i in 0..<x.count { velocity[i] = (velocity[i] - x[i]) / (1 - t) }
    }
  }
}

/// - Throws: `UserError` where a head is to be trained for delays that leave nothing of a chunk.
public func requireDelay(_ largest: Int, within horizon: Int, of head: String) throws {
  guard largest < horizon else {
    throw UserError(
      "\(head) largestDelay is \(largest); it must be less than the prediction horizon, \(horizon)")
  }
}

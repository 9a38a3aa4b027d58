// How a checkpoint makes its chunks, where it is otherwise than the checkpoint says: a plain value.

import PlanarCore
import PlanarNeuralNetworks

/// Steps, spacing, guidance, inpainting and precision of a policy; what is nil is the checkpoint's.
public struct PolicySampling: Codable, Hashable, Sendable {
  /// Denoising or integration steps per chunk.
  public var steps: Int?
  /// Of diffusion: how the denoising steps are spread over the noise levels.
  public var timestepSpacing: TimestepSpacing?
  /// How strongly the command guides, for policies trained with a command dropout.
  public var guidanceScale: Float?
  /// How a chunk continues the previous one under real-time switching.
  public var inpainting: Inpainting.Method?
  /// How the linear layers' weights are read.
  public var weights = WeightPrecision.float32

  /// As the checkpoint says, but for what is given.
  public init(
    steps: Int? = nil, timestepSpacing: TimestepSpacing? = nil, guidanceScale: Float? = nil,
    inpainting: Inpainting.Method? = nil, weights: WeightPrecision = .float32
  ) {
    self.steps = steps
    self.timestepSpacing = timestepSpacing
    self.guidanceScale = guidanceScale
    self.inpainting = inpainting
    self.weights = weights
  }

  /// The policy with these choices.
  ///
  /// - Throws: `UserError` where the policy cannot do so.
  public func applied(to policy: TrainedPolicy) throws -> TrainedPolicy {
    var policy = policy
    if let steps { policy = try policy.settingSteps(steps) }
    if let timestepSpacing {
      policy = try policy.settingHead(policy.configuration.head.options.settingTimestepSpacing(timestepSpacing))
    }
    if let guidanceScale { policy = try policy.settingGuidanceScale(guidanceScale) }
    if let inpainting {
      guard inpainting != .trained || policy.configuration.head.options.largestDelay > 0 else {
        throw UserError(
          "'\(policy.name)' was not trained for delays; take --inpainting guidance or identity, or train with a largest_delay"
        )
      }
      policy.inpainting.method = inpainting
    }
    policy.precision = weights
    return policy
  }
}

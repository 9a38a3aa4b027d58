// Options that say how a checkpoint makes its chunks.

import ArgumentParser
import PlanarNeuralNetworks
import PlanarCore
import PlanarExperiments
import PlanarPolicies

struct SamplingOptions: ParsableArguments {
  @Option(within: 1...10_000, help: "Denoising or integration steps per chunk. Default: the checkpoint's.")
  var samplingSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Of diffusion: how the denoising steps are spread over the noise levels, as diffusers names it. Default: the checkpoint's, which is leading where that begins near pure noise, else trailing.",
      valueName: "leading|trailing|linspace"))
  var timestepSpacing: TimestepSpacing?

  @Option(
    within: 0...1_000,
    help:
      "How strongly the command guides, for policies trained with a command_dropout: 1 as learned, more exaggerates what the command changes. Default: the checkpoint's."
  )
  var guidanceScale: Float?

  @Option(
    help: ArgumentHelp(
      "With --switching real-time: how a chunk continues the previous one. 'trained': given steps are the network's input, for heads trained with a largest_delay, and their default. 'guidance': by the gradient of the difference, through the network, the default of others. 'identity': by the difference itself, cheaper.",
      valueName: "trained|guidance|identity"))
  var inpainting: Inpainting.Method?

  @Option(help: "How the policy reads its linear layers' weights: 'float32', or 'int8', a byte each.")
  var weights = WeightPrecision.float32

  /// Whether everything is as a checkpoint says.
  var isStandard: Bool { samplingSteps == nil && timestepSpacing == nil && departures.isEmpty }

  /// What is otherwise than a checkpoint says, besides steps and their spacing, by option: `["weights": "int8"]`.
  var departures: [String: String] {
    var departures: [String: String] = [:]
    departures["guidance-scale"] = guidanceScale.map { "\($0)" }
    departures["inpainting"] = inpainting.map { "\($0)" }
    if weights != .float32 { departures["weights"] = "\(weights)" }
    return departures
  }

  /// The policy as these options have it.
  ///
  /// - Throws: `UserError` where the policy cannot do so.
  func apply(to policy: TrainedPolicy) throws -> TrainedPolicy {
    try PolicySampling(
      steps: samplingSteps, timestepSpacing: timestepSpacing, guidanceScale: guidanceScale, inpainting: inpainting,
      weights: weights
    ).applied(to: policy)
  }
}

extension Inpainting.Method: ExpressibleByArgument {}
extension TimestepSpacing: ExpressibleByArgument {}

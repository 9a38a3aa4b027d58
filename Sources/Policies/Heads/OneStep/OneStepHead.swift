// A flow in one step: a student that learns where a teacher's flow takes each noise (knowledge distillation of samplers,
// Luhman & Luhman 2021, arXiv 2101.02388; for policies Prasad et al. 2024, arXiv 2405.07503).

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// Options of the `one-step` head.
public struct OneStepOptions: HeadOptions {
  /// The family's name in files and on the command line.
  public static let name = "one-step"
  /// Everything at its default.
  public static var standard: OneStepOptions { OneStepOptions() }
  /// Whether it learns from a teacher.
  public static var needsTeacher: Bool { true }

  /// There is nothing to set.
  public init() {}
  /// There is nothing to check.
  public func validate() throws {}

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    guard steps == 1 else {
      throw UserError("a one-step policy samples in 1 step, not \(steps); leave the steps out")
    }
    return self
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    OneStepHead(&layout, setting)
  }
}

/// Noise in, chunk out: the teacher's networks, starting from its weights, asked at time 0 only.
struct OneStepHead: ActionHead {
  private let noisy: NoisyLoss
  /// All noise, and read as it is.
  private static let level = NoiseLevel(
    signal: 0, noise: 1, time: 0, inputScale: 1, sampleFactor: 0, outputFactor: 1)

  init(_ layout: inout ParameterLayout, _ setting: HeadSetting) {
    noisy = NoisyLoss(
      decoder: setting.makeDecoder(&layout, usesTime: true), horizon: setting.horizon,
      action: setting.action, largestDelay: 0)
  }

  func loss(_ example: HeadExample, on tape: Tape, noise stream: inout RandomStream) -> Float {
    guard let teacher = example.teacher else {
      preconditionFailure("a one-step policy learns from a teacher")
    }
    let shape = Shape(example.rows, noisy.horizon * noisy.action)
    let noise = tape.input(shape) { noise in
      for i in noise.indices { noise[i] = Float(stream.normal()) }
    }
    let target = tape.input(shape) { _ in }
    tape.withValues(of: noise) { noise in
      tape.withValues(of: target) { target in
        target.baseAddress!.update(from: noise.baseAddress!, count: noise.count)
        teacher(target)
      }
    }
    let decoder = noisy.decoder
    let times = tape.input(Shape(example.rows)) { $0.update(repeating: 0) }
    let answer = decoder.run(
      noise, context: decoder.contextPart(example.context, on: tape),
      time: decoder.timePart(times, on: tape), draws: 1, on: tape)
    return tape.loss(.meanSquaredError, answer, target, count: example.count)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    OneStepSampler(Denoiser(noisy, setting))
  }

  private final class OneStepSampler: NoiseSampler {
    let denoiser: Denoiser

    init(_ denoiser: Denoiser) { self.denoiser = denoiser }

    func denoise(_ chunks: UnsafeMutableBufferPointer<Float>, requests: inout [PolicyRequest]) {
      denoiser.workspace.withNumbers { workspace in
        let clean = UnsafeMutableBufferPointer(rebasing: workspace[0..<chunks.count])
        denoiser.estimate(UnsafeBufferPointer(chunks), at: OneStepHead.level, to: clean)
        for i in chunks.indices { chunks[i] = clean[i] }
      }
    }
  }
}

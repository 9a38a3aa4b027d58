// Flow matching (Lipman et al. 2023), as action experts use it (Black et al. 2024): a velocity field from
// noise to actions, integrated in a few steps.

import NeuralNetworks
import PlanarCore

/// Options of the `flow` head.
public struct FlowOptions: HeadOptions {
  public static let name = "flow"
  public var timeSampling: FlowMatching.TimeSampling
  public var integrator: FlowIntegrator
  /// Integration steps at inference.
  public var steps: Int

  public init(
    timeSampling: FlowMatching.TimeSampling = .beta, integrator: FlowIntegrator = .euler,
    steps: Int = 10
  ) {
    self.timeSampling = timeSampling
    self.integrator = integrator
    self.steps = steps
  }

  private enum CodingKeys: CodingKey { case timeSampling, integrator, steps }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    timeSampling =
      try container.decodeIfPresent(FlowMatching.TimeSampling.self, forKey: .timeSampling)
      ?? standard.timeSampling
    integrator =
      try container.decodeIfPresent(FlowIntegrator.self, forKey: .integrator)
      ?? standard.integrator
    steps = try container.decodeIfPresent(Int.self, forKey: .steps) ?? standard.steps
  }

  public func validate() throws {
    guard (1...10_000).contains(steps) else {
      throw UserError("flow steps is \(steps); it must lie in 1 … 10000")
    }
  }

  public func settingSteps(_ steps: Int) throws -> Self {
    var changed = self
    changed.steps = steps
    try changed.validate()
    return changed
  }

  public func makeHead() -> any ActionHead { FlowHead(options: self) }
}

/// The expert puts out the end of the path, the clean chunk â; the velocity is (â − x_t)/(1 − t). The chunk's squared
/// error is that of the velocity action − noise, weighted by (1 − t)²: small networks learn this far faster than
/// the velocity itself, since they need not reproduce their noise.
struct FlowHead: ActionHead {
  let options: FlowOptions
  var usesTime: Bool { true }

  /// The time the expert is told, 0 … 100.
  private func expertTime(_ t: Float) -> Float { 100 * t }

  private func inputScale(_ t: Float) -> Float {
    ActionExpert.linearEstimate(signal: t, noise: 1 - t)
  }

  func loss(
    _ expert: ActionExpert, condition: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int,
    count: Int, on tape: Tape, noise stream: inout RandomStream
  ) -> Float {
    expert.noisyLoss(
      condition: condition, chunks: chunks, rows: rows, count: count, on: tape, noise: &stream
    ) { clean, noise, input, stream in
      let t = FlowMatching.time(options.timeSampling, &stream)
      let scale = inputScale(t)
      for i in 0..<clean.count { input[i] = scale * ((1 - t) * noise[i] + t * clean[i]) }
      return expertTime(t)
    }
  }

  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser) {
    options.integrator.integrate(
      chunks, steps: options.steps, workspace: denoiser.workspace, reachesEnd: false
    ) { x, t, velocity in
      denoiser.run(x, scale: inputScale(t), time: expertTime(t), to: velocity)
      for i in 0..<x.count { velocity[i] = (velocity[i] - x[i]) / (1 - t) }
    }
  }
}

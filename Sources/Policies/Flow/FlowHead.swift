// Flow matching (Lipman et al. 2023), as action experts use it (Black et al. 2024): a velocity field from
// noise to actions, integrated in a few steps.

import NeuralNetworks
import PlanarCore

/// What the expert puts out, from which the velocity field follows.
public enum FlowTarget: String, Codable, CaseIterable, Sendable {
  /// The velocity action − noise itself.
  case velocity
  /// The path's end, the clean chunk â; the velocity is (â − x_t)/(1 − t). The squared error of the chunk is that
  /// of the velocity weighted by (1 − t)², which spares a small network the work of reproducing its noise.
  case action
}

/// Options of the `flow` head.
public struct FlowOptions: HeadOptions {
  public static let name = "flow"
  /// What the expert puts out. The clean chunk by default: trained equally long, small networks obeyed far more
  /// often with it than with the velocity.
  public var target: FlowTarget
  public var timeSampling: FlowMatching.TimeSampling
  public var integrator: FlowIntegrator
  /// Integration steps at inference.
  public var steps: Int

  public init(
    target: FlowTarget = .action, timeSampling: FlowMatching.TimeSampling = .beta, integrator: FlowIntegrator = .euler,
    steps: Int = 10
  ) {
    self.target = target
    self.timeSampling = timeSampling
    self.integrator = integrator
    self.steps = steps
  }

  private enum CodingKeys: CodingKey { case target, timeSampling, integrator, steps }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    target = try container.decodeIfPresent(FlowTarget.self, forKey: .target) ?? standard.target
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

struct FlowHead: ActionHead {
  let options: FlowOptions
  var usesTime: Bool { true }

  /// The time the expert is told, 0 … 100.
  private func expertTime(_ t: Float) -> Float { 100 * t }

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
            let t = FlowMatching.time(options.timeSampling, &stream)
            tape.withValues(of: times) { $0[r] = expertTime(t) }
            let row = r * width..<(r + 1) * width
            FlowMatching.interpolate(
              at: t, action: UnsafeBufferPointer(rebasing: chunks[row]),
              noise: UnsafeBufferPointer(rebasing: noise[row]),
              noisy: UnsafeMutableBufferPointer(rebasing: noisy[row]),
              target: UnsafeMutableBufferPointer(rebasing: target[row]))
          }
        }
      }
    }
    let whole = tape.add(condition, expert.condition(times: times, on: tape))
    if options.target == .action {
      tape.withValues(of: target) { target in
        for i in 0..<target.count { target[i] = chunks[i] }
      }
    }
    return tape.loss(
      .meanSquaredError, expert(noisy, condition: whole, on: tape), target, count: count)
  }

  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser) {
    options.integrator.integrate(
      chunks, steps: options.steps, workspace: denoiser.workspace
    ) { x, t, velocity in
      denoiser.run(x, time: expertTime(t), to: velocity)
      if options.target == .action {
        // The last evaluation of midpoint and Heun may come at t = 1, where the field is not defined.
        let left = max(1 - t, 0.01)
        for i in 0..<x.count { velocity[i] = (velocity[i] - x[i]) / left }
      }
    }
  }
}

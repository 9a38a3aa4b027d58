// Flow matching on the straight path from noise to action (Lipman et al. 2023; Liu et al. 2023).
//
//   t = 0                                      t = 1
//   noise ───────── x_t = (1−t)·noise + t·action ───────► action        velocity = action − noise

import Foundation
import PlanarCore

/// The training side: which times are drawn and what is predicted.
public enum FlowMatching {
  /// How t is drawn.
  public enum TimeSampling: String, Codable, CaseIterable, Sendable {
    case uniform
    /// t = 0.999·(1 − u), u ~ Beta(1.5, 1): more of the noisy end (Black et al. 2024, whose time runs
    /// the other way).
    case beta
  }

  /// Draws a time in [0, 1].
  public static func time(_ sampling: TimeSampling, _ stream: inout RandomStream) -> Float {
    let u = stream.uniform()
    switch sampling {
    case .uniform: return Float(u)
    // The distribution function of Beta(1.5, 1) is u^1.5.
    case .beta: return Float(0.999 * (1 - pow(u, 1 / 1.5)))
    }
  }

  /// Fills `noisy` with x_t and `target` with action − noise.
  public static func interpolate(
    at t: Float, action: UnsafeBufferPointer<Float>, noise: UnsafeBufferPointer<Float>,
    noisy: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      action.count == noise.count && noisy.count == noise.count && target.count == noise.count,
      "interpolate: counts \(action.count), \(noise.count), \(noisy.count), \(target.count) differ")
    for i in 0..<action.count {
      noisy[i] = (1 - t) * noise[i] + t * action[i]
      target[i] = action[i] - noise[i]
    }
  }
}

/// Solvers of dx/dt = v(x, t) from t = 0 to 1 in equal steps.
public enum FlowIntegrator: String, Codable, CaseIterable, Sendable {
  /// x ← x + h·v(x, t).
  case euler
  /// x ← x + h·v(x + h/2·v(x, t), t + h/2).
  case midpoint
  /// x ← x + h/2·(v(x, t) + v(x + h·v(x, t), t + h)).
  case heun

  /// Evaluations of the field per step.
  public var evaluationsPerStep: Int { self == .euler ? 1 : 2 }

  /// Integrates `state` in place.
  ///
  /// - Parameters:
  ///   - workspace: at least three times the state's count.
  ///   - reachesEnd: whether the field is defined at t = 1. Where it is not, Heun's last step is one of Euler
  ///     (Karras et al. 2022, algorithm 1); the others never look there.
  ///   - field: writes v(x, t) to its last argument.
  public func integrate(
    _ state: UnsafeMutableBufferPointer<Float>, steps: Int, workspace: FloatBuffer,
    reachesEnd: Bool = true,
    field: (UnsafeBufferPointer<Float>, Float, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let count = state.count
    precondition(steps > 0 && workspace.count >= 3 * count, "integrate: workspace or steps too small")
    let first = UnsafeMutableBufferPointer(start: workspace.pointer, count: count)
    let second = UnsafeMutableBufferPointer(start: workspace.pointer + count, count: count)
    let trial = UnsafeMutableBufferPointer(start: workspace.pointer + 2 * count, count: count)
    let h = 1 / Float(steps)
    for step in 0..<steps {
      let t = Float(step) / Float(steps)
      field(UnsafeBufferPointer(state), t, first)
      let isOpenEnd = step == steps - 1 && !reachesEnd
      switch self == .heun && isOpenEnd ? .euler : self {
      case .euler:
        for i in 0..<count { state[i] += h * first[i] }
      case .midpoint:
        for i in 0..<count { trial[i] = state[i] + h / 2 * first[i] }
        field(UnsafeBufferPointer(trial), t + h / 2, second)
        for i in 0..<count { state[i] += h * second[i] }
      case .heun:
        for i in 0..<count { trial[i] = state[i] + h * first[i] }
        field(UnsafeBufferPointer(trial), t + h, second)
        for i in 0..<count { state[i] += h / 2 * (first[i] + second[i]) }
      }
    }
  }
}

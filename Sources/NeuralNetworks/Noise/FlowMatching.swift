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
    /// Evenly from 0 to 1.
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
  @inlinable
  public static func interpolate<Scalar: BinaryFloatingPoint>(
    at t: Scalar, action: UnsafeBufferPointer<Scalar>, noise: UnsafeBufferPointer<Scalar>,
    noisy: UnsafeMutableBufferPointer<Scalar>, target: UnsafeMutableBufferPointer<Scalar>
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

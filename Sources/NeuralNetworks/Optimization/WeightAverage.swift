// The moving average of the weights.

import Foundation
import PlanarCore

/// An exponential moving average of the weights: what is evaluated and saved.
public final class WeightAverage {
  /// How much of the average an update keeps.
  public enum Decay: Codable, Hashable, Sendable {
    /// min(limit, (1 + t) / (10 + t)) at update t (0 for the first), so that early averages forget their
    /// start.
    case rising(to: Float)
    /// Clamped 1 − (1 + s/inverseGamma)^−power, s = t − 1, and 0 for the first two updates: the rule of
    /// Diffusion Policy (Chi et al. 2023).
    case power(
      _ power: Double = 0.75, inverseGamma: Double = 1, minimum: Double = 0, maximum: Double = 0.9999)

    /// The decay of update `t` (0 for the first).
    public func value(atUpdate t: Int) -> Float { 1 - rate(atUpdate: t) }

    /// How much of the weights goes into the average: 1 − decay, with all its digits where it is small.
    func rate(atUpdate t: Int) -> Float {
      switch self {
      case .rising(let limit): return 1 - min(limit, Float(1 + t) / Float(10 + t))
      case .power(let power, let inverseGamma, let minimum, let maximum):
        guard t > 1 else { return 1 }
        let decay = 1 - pow(1 + Double(t - 1) / inverseGamma, -power)
        return Float(1 - max(minimum, min(decay, maximum)))
      }
    }
  }

  /// How much of the average each update keeps.
  public let decay: Decay
  /// The averaged weights, in the layout's order.
  public let values: FloatBuffer
  /// Updates done; restore it together with `values`.
  public var updateCount = 0
  private let blend: ParallelLoop<Blend>

  private struct Blend: Sendable {
    let weights: FloatBuffer
    let rate: Float
  }

  /// Starts at the given weights.
  public init(of weights: FloatBuffer, decay: Decay) {
    self.decay = decay
    let values = weights.duplicate()
    self.values = values
    blend = ParallelLoop { blend, i in
      let offset = i * ParameterBlocks.length
      let average = values.pointer + offset
      let rate = blend.rate
      Kernels.map(
        average, blend.weights.pointer + offset, to: average,
        count: min(ParameterBlocks.length, values.count - offset)
      ) {
        multiplyAdd(rate, $1 - $0, $0)
      }
    }
  }

  /// Starts at the given weights; the decay rises to this one.
  public convenience init(of weights: FloatBuffer, decay: Float = 0.999) {
    self.init(of: weights, decay: .rising(to: decay))
  }

  /// average ← d·average + (1 − d)·weights; the bits do not depend on `threads`.
  public func update(with weights: FloatBuffer, threads: Int = 1) {
    require(weights.count == values.count, "the average belongs to other weights")
    let length = ParameterBlocks.length
    blend.run(
      Blend(weights: weights, rate: decay.rate(atUpdate: updateCount)),
      count: (values.count + length - 1) / length, threads: threads)
    values.markChanged()
    updateCount += 1
  }
}

// Real-time chunking (Black, Galliker & Levine 2025, arXiv 2506.07339): a chunk that continues the one being executed.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// How a denoiser honours what will have been executed of the previous chunk.
public struct Inpainting: Hashable, Sendable {
  /// The ways there are.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// Guidance by the gradient of the weighted squared difference, through the network (Song et al. 2023).
    case guidance
    /// The same with the identity in place of the network's Jacobian: cheaper.
    case identity
    /// As trained: the prefix is part of the input (arXiv 2512.05964). Only for heads trained with a `largestDelay`.
    case trained
  }

  /// nil: `trained` where the head was trained for it, else `guidance`.
  public var method: Method?
  /// The greatest weight of the guidance, β of the paper.
  public var maximumWeight: Float

  /// By default nothing guides a chunk by the one before.
  public init(method: Method? = nil, maximumWeight: Float = 5) {
    self.method = method
    self.maximumWeight = maximumWeight
  }

  /// - Throws: `UserError` where the weight makes no sense.
  public func validate() throws {
    guard maximumWeight > 0, maximumWeight.isFinite else {
      throw UserError("the in-painting's greatest weight is \(maximumWeight); it must be positive")
    }
  }
}

extension ChunkContinuation {
  /// How much step `step` of the new chunk owes the previous one: 1 for what will have been executed, then falling as
  /// w·(eʷ − 1)/(e − 1) with w linear, 0 from `freeFrom` on.
  func weight(ofStep step: Int) -> Float {
    if step < frozenSteps { return 1 }
    guard step < min(freeFrom, previous.horizon) else { return 0 }
    let linear = Double(freeFrom - step) / Double(freeFrom - frozenSteps + 1)
    return Float(linear * (exp(linear) - 1) / (exp(1) - 1))
  }
}

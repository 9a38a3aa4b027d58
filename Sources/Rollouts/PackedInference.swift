// Inference for the episodes of a block that ask, and not for those that have ended.

import PlanarPolicyInterface

/// A policy's inference in a few sizes of batches: as episodes end, the smaller ones do.
///
/// A row's answer depends on that row alone, to the bit, wherever it stands in whichever batch: that is what lets rows be
/// packed.
struct PackedInference {
  private let policy: any Policy
  private let features: FeatureSet
  /// The sizes, least first.
  private let sizes: [Int]
  private var made: [Int: any PolicyInference] = [:]

  /// - Parameter most: rows that ever ask at once.
  init(_ policy: any Policy, most: Int, in features: FeatureSet) {
    (self.policy, self.features) = (policy, features)
    var sizes = [most]
    while sizes[0] > 4 { sizes.insert((sizes[0] + 1) / 2, at: 0) }
    self.sizes = sizes
  }

  /// A chunk for each request, `[horizon, action]` each; the noise streams go on.
  mutating func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
    let count = requests.count
    let size = sizes.first { $0 >= count } ?? count
    let inference = made[size] ?? policy.makeInference(batch: size, in: features)
    made[size] = inference
    while requests.count < size { requests.append(requests[0]) }
    defer { requests.removeLast(requests.count - count) }
    return inference.predict(&requests)
  }
}

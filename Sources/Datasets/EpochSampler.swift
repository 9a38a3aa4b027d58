// The order in which training sees labels.

import PlanarCore

/// Batches of constant size from an endless row of seeded permutations, one per epoch.
///
/// The batch of a step depends on (`indices`, `batchSize`, `seed`, step) alone, so a resumed run that sets
/// `step` continues identically. A batch may straddle two epochs; every label is seen once per epoch.
public struct EpochSampler: Sendable {
  /// The labels to draw from.
  public let indices: [Int]
  /// Windows per batch.
  public let batchSize: Int
  /// The seed of the order.
  public let seed: UInt64
  /// Batches handed out; set it to go on from there.
  public var step: Int
  private var epoch = -1
  private var order: [Int] = []

  /// - Throws: `UserError` where there is nothing to draw from.
  public init(indices: [Int], batchSize: Int, seed: UInt64, step: Int = 0) throws {
    guard !indices.isEmpty else {
      throw UserError("there is no label to train on; record episodes with labels first")
    }
    precondition(batchSize > 0 && step >= 0, "a batch holds at least one label")
    self.indices = indices
    self.batchSize = batchSize
    self.seed = seed
    self.step = step
  }

  /// How many times all labels have been seen.
  public var epochs: Double { Double(step * batchSize) / Double(indices.count) }

  /// Puts the next batch into `batch`, whose storage is used again.
  public mutating func next(into batch: inout [Int]) {
    batch.removeAll(keepingCapacity: true)
    let start = step * batchSize
    for position in start..<start + batchSize {
      let (needed, index) = position.quotientAndRemainder(dividingBy: indices.count)
      if needed != epoch {
        var stream = RandomStream(seed: seed, purpose: "epoch", index: needed)
        order = stream.permutation(indices.count)
        epoch = needed
      }
      batch.append(indices[order[index]])
    }
    step += 1
  }
}

// Temporal ensembling: the chunks that cover the present step, and their weighted mean.

import Foundation
import PlanarPolicyInterface

/// The chunks at work in one episode, oldest first (Zhao et al. 2023, arXiv 2304.13705).
struct ChunkEnsemble: Sendable {
  /// m: chunk i, counted from the oldest, has the weight exp(−m·i).
  let decay: Double
  private var members: [Member] = []

  private struct Member: Sendable {
    var chunk: ActionChunk
    /// The step of the chunk that is due.
    var step = 0
    /// Control steps until it is there.
    var delay: Int
  }

  init(decay: Double) { self.decay = decay }

  /// Adds a chunk that starts now and takes part `delay` steps later.
  mutating func add(_ chunk: ActionChunk, delay: Int) {
    members.append(Member(chunk: chunk, delay: delay))
  }

  /// The mean of the chunks that are there; time goes on by a step.
  mutating func nextAction() -> Action {
    let present = members.filter { $0.delay == 0 }
    guard let oldest = present.first else { preconditionFailure("no chunk covers this step") }
    var sums = [Double](repeating: 0, count: oldest.chunk.dimension)
    var total = 0.0
    for (i, member) in present.enumerated() {
      // Where new chunks count more (m < 0), weights are relative to the newest: none overflows.
      let weight = exp(-decay * Double(decay < 0 ? i - (present.count - 1) : i))
      total += weight
      for d in sums.indices {
        let value = member.chunk.values[member.step * member.chunk.dimension + d]
        sums[d] += weight * Double(value)
      }
    }
    for i in members.indices {
      members[i].step += 1
      members[i].delay = max(0, members[i].delay - 1)
    }
    members.removeAll { $0.step == $0.chunk.horizon }
    return sums.map { Float($0 / total) }
  }
}

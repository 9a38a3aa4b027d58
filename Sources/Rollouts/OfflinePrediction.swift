// A policy's chunks on observations that already exist, such as the expert's own states.

import PlanarCore
import PlanarPolicyInterface
import Synchronization

/// Predicts one chunk per history, in fixed padded blocks; bit-identical for any number of threads.
///
/// - Parameter seed: history `i` draws its noise from the stream of this seed with index `i`.
public func predictChunks(
  of policy: any Policy, for histories: [ObservationHistory], seed: UInt64, threads: Int = 1,
  blockSize: Int = 32
) -> [ActionChunk] {
  precondition(blockSize > 0, "a block holds at least one row")
  let blockCount = (histories.count + blockSize - 1) / blockSize
  let blocks = Mutex([[ActionChunk]](repeating: [], count: blockCount))
  parallelFor(count: blockCount, threads: threads) { block in
    let rows = block * blockSize..<min((block + 1) * blockSize, histories.count)
    var requests = rows.map { row in
      PolicyRequest(
        history: histories[row],
        noise: RandomStream(seed: seed, purpose: "offline prediction", index: row))
    }
    let chunks = policy.makeInference(batch: blockSize).predict(&requests)
    blocks.withLock { $0[block] = chunks }
  }
  return blocks.withLock { $0.flatMap { $0 } }
}

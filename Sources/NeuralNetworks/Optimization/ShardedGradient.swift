// The gradient of a batch on several threads, with the same bits on any number of them: a batch is cut
// into shards by its size alone, and their gradients are added in the order of the shards.
//
//   rows  0 … 63 │ 64 … 127 │ 128 … 191 │ 192 … 255      shards, each with a gradient buffer of its own
//            ╲        ╲           ╱           ╱          any thread takes any shard
//             g₀   +   g₁   +    g₂    +     g₃          always in this order

import PlanarCore
import Synchronization

/// Computes losses and gradients shard by shard; keeps its storage from step to step.
public final class ShardedGradient {
  public let threads: Int
  /// Rows that a shard has at least, where the batch has as many.
  public let rowsPerShard: Int
  /// The gradient of the last `compute`, in the layout of the weights.
  public let gradient: FloatBuffer
  private var shardGradients: [FloatBuffer] = []
  private let tapes: TapePool

  /// - Parameter count: length of the flat weight buffer.
  public init(count: Int, threads: Int, rowsPerShard: Int = 64) {
    precondition(threads > 0 && rowsPerShard > 0, "threads and rows per shard must be positive")
    self.threads = threads
    self.rowsPerShard = rowsPerShard
    gradient = FloatBuffer(count: count)
    tapes = TapePool()
  }

  /// The rows of each shard: depends on the batch size alone.
  public func shards(of batch: Int) -> [Range<Int>] {
    let count = max(1, batch / rowsPerShard)
    return (0..<count).map { batch * $0 / count..<batch * ($0 + 1) / count }
  }

  /// Runs `loss` on every shard, differentiates, and leaves the sum in `gradient`.
  ///
  /// - Parameters:
  ///   - weights: read by all threads; must not change meanwhile.
  ///   - noise: the step's seed; each shard gets a stream of its own from it.
  ///   - loss: records operations for the given rows on the given tape (begun already) and returns its
  ///     part of the batch's loss, divided by the size of the *whole* batch.
  /// - Returns: The batch's loss.
  public func compute(
    batch: Int, weights: FloatBuffer, noise: UInt64,
    _ loss: @Sendable (_ rows: Range<Int>, _ tape: Tape, _ noise: inout RandomStream) -> Float
  ) -> Float {
    precondition(weights.count == gradient.count, "the weights do not fit the gradient")
    let shards = shards(of: batch)
    while shardGradients.count < shards.count {
      shardGradients.append(FloatBuffer(count: gradient.count))
    }
    let buffers = shardGradients
    let tapes = tapes
    let results = Mutex([Float](repeating: 0, count: shards.count))
    parallelFor(count: shards.count, threads: threads) { i in
      let value = tapes.borrowing { tape in
        buffers[i].fill(with: 0)
        tape.begin(weights: weights, gradients: buffers[i])
        var stream = RandomStream(seed: noise, purpose: "shard", index: i)
        let value = loss(shards[i], tape, &stream)
        tape.backward()
        return value
      }
      results.withLock { $0[i] = value }
    }
    let total = gradient
    let block = 1 << 15
    parallelFor(count: (total.count + block - 1) / block, threads: threads) { i in
      let start = i * block
      let count = min(block, total.count - start)
      let target = total.pointer + start
      target.update(from: buffers[0].pointer + start, count: count)
      for s in 1..<max(1, shards.count) {
        Kernels.add(buffers[s].pointer + start, into: target, count: count)
      }
    }
    return results.withLock { $0.reduce(0, +) }
  }
}

/// Tapes that wait for work: no more are made than threads run at a time.
// Sendable because the lock gives each tape to one borrower at a time.
private final class TapePool: @unchecked Sendable {
  private let lock = Mutex(())
  private var idle: [Tape] = []

  func borrowing<Result>(_ body: (Tape) -> Result) -> Result {
    let tape = lock.withLock { _ in idle.popLast() } ?? Tape(recording: true)
    defer { lock.withLock { _ in idle.append(tape) } }
    return body(tape)
  }
}

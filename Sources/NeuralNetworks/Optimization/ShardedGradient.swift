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
  /// Records operations for the given rows on the given tape (begun already).
  ///
  /// - Parameter noise: the shard's own stream.
  /// - Returns: The rows' part of the batch's loss, divided by the size of the *whole* batch.
  public typealias Loss = @Sendable (_ rows: Range<Int>, _ tape: Tape, _ noise: inout RandomStream) -> Float

  /// How many threads compute shards; the result does not depend on it.
  public let threads: Int
  /// Rows that a shard has at least, where the batch has as many.
  public let rowsPerShard: Int
  /// The gradient of the last `compute`, in the layout of the weights.
  public let gradient: FloatBuffer
  private let differentiation = ShardDifferentiation()
  private let sum = ShardSum()

  /// - Parameter count: length of the flat weight buffer.
  public init(count: Int, threads: Int, rowsPerShard: Int = 64) {
    require(threads > 0 && rowsPerShard > 0, "threads and rows per shard must be positive")
    self.threads = threads
    self.rowsPerShard = rowsPerShard
    gradient = FloatBuffer(count: count)
    differentiation.buffers = [gradient]
  }

  /// The rows of each shard: depends on the batch size alone.
  public func shards(of batch: Int) -> [Range<Int>] {
    let count = shardCount(of: batch)
    return (0..<count).map { rowsOfShard($0, of: count, batch: batch) }
  }

  private func shardCount(of batch: Int) -> Int { max(1, batch / rowsPerShard) }

  /// Runs `loss` on every shard, differentiates, and leaves the sum in `gradient`.
  ///
  /// Allocates nothing after the first call of a batch size, where `loss` does not and is not made again.
  ///
  /// - Parameters:
  ///   - weights: read by all threads; must not change meanwhile.
  ///   - noise: the step's seed; each shard gets a stream of its own from it.
  /// - Returns: The batch's loss.
  public func compute(
    batch: Int, weights: FloatBuffer, noise: UInt64, _ loss: @escaping Loss
  ) -> Float {
    require(weights.count == gradient.count, "the weights do not fit the gradient")
    let count = shardCount(of: batch)
    while differentiation.buffers.count < count {
      differentiation.buffers.append(FloatBuffer(count: gradient.count))
    }
    weights.panels.refresh(from: weights, threads: threads)
    differentiation.begin(batch: batch, shards: count, weights: weights, noise: noise, loss)
    parallelFor(count: count, threads: threads, differentiation)
    let total = differentiation.end(threads: threads)
    if count > 1 {
      sum.parts = differentiation.buffers
      sum.count = count
      parallelFor(count: sum.blockCount, threads: threads, sum)
      sum.parts = []
    }
    gradient.markChanged()
    return total
  }
}

private func rowsOfShard(_ shard: Int, of count: Int, batch: Int) -> Range<Int> {
  batch * shard / count..<batch * (shard + 1) / count
}

/// One shard a unit: its loss, and its gradient in a buffer of its own.
// Sendable because all is written between parallel loops, but for the unit's own loss and buffer.
private final class ShardDifferentiation: ParallelWork, @unchecked Sendable {
  /// One a shard; the first is the whole gradient's.
  var buffers: ContiguousArray<FloatBuffer> = []
  private var losses = FloatBuffer(count: 1)
  private var batch = 0
  private var shards = 0
  private var noise: UInt64 = 0
  private var weights: FloatBuffer?
  private var loss: ShardedGradient.Loss?
  private let tapes = TapePool()

  func begin(
    batch: Int, shards: Int, weights: FloatBuffer, noise: UInt64, _ loss: @escaping ShardedGradient.Loss
  ) {
    (self.batch, self.shards, self.noise) = (batch, shards, noise)
    self.weights = weights
    self.loss = loss
    if losses.count < shards { losses = FloatBuffer(count: shards) }
  }

  func perform(_ shard: Int) {
    guard let weights, let loss else { return }
    let tape = tapes.take()
    buffers[shard].fill(with: 0)
    tape.begin(weights: weights, gradients: buffers[shard])
    var stream = RandomStream(seed: noise, purpose: "shard", index: shard)
    let value = loss(rowsOfShard(shard, of: shards, batch: batch), tape, &stream)
    tape.backward()
    losses.pointer[shard] = value
    tapes.giveBack(tape)
  }

  /// Lets go of weights and loss; the sum of the shards' losses.
  func end(threads: Int) -> Float {
    tapes.even(count: min(threads, shards))
    weights = nil
    loss = nil
    var total: Float = 0
    for shard in 0..<shards { total += losses[shard] }
    return total
  }
}

/// One block of the flat buffer a unit: the shards' gradients are added to the first shard's, in their order.
// Sendable because all is written between parallel loops, but for the unit's own block.
private final class ShardSum: ParallelWork, @unchecked Sendable {
  var parts: ContiguousArray<FloatBuffer> = []
  var count = 0
  /// Small enough that a block stays in a core's first-level cache while the shards are added to it.
  private static let block = 1 << 12

  var blockCount: Int { (parts[0].count + Self.block - 1) / Self.block }

  func perform(_ unit: Int) {
    let start = unit * Self.block
    let length = min(Self.block, parts[0].count - start)
    let target = parts[0].pointer + start
    for part in 1..<count { Kernels.add(parts[part].pointer + start, into: target, count: length) }
  }
}

/// Tapes that wait for work: as many as threads may run at a time.
// Sendable because the lock gives each tape to one borrower at a time.
private final class TapePool: @unchecked Sendable {
  private let lock = Mutex(())
  private var idle: [Tape] = []

  func take() -> Tape {
    lock.withLock { _ in idle.popLast() } ?? Tape(recording: true)
  }

  func giveBack(_ tape: Tape) {
    lock.withLock { _ in idle.append(tape) }
  }

  /// Gives `count` tapes at least the room of the one that has most, so that none need grow whichever shard it
  /// gets. All tapes have been given back.
  func even(count: Int) {
    while idle.count < count { idle.append(Tape(recording: true)) }
    for tape in idle {
      for other in idle where other !== tape { tape.makeRoom(as: other) }
    }
  }
}

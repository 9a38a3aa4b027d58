// What all optimizers have in common: one pass over flat buffers, cut into blocks that any thread may take.

import PlanarCore

/// Updates weights by their gradient.
///
/// ```swift
/// let optimizer = AdamW(layout: layout)
/// let norm = optimizer.step(weights: store.values, gradient: gradient)
/// ```
public protocol Optimizer: AnyObject {
  /// The parameters that it updates.
  var layout: ParameterLayout { get }
  /// Updates done; restore it together with the optimizer's moments.
  var stepCount: Int { get set }
  /// What it remembers from step to step, in the layout of the weights: to be saved with a training state.
  var state: [(name: String, buffer: FloatBuffer)] { get }

  /// Updates the weights; the bits do not depend on `threads`.
  ///
  /// - Parameter rateMultiplier: multiplies the learning rate: a schedule's value.
  /// - Returns: The norm of the gradient before clipping; where it is not finite, nothing was changed.
  @discardableResult
  func step(
    weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float, threads: Int
  ) -> Float
}

extension Optimizer {
  /// `step` on the calling thread.
  @discardableResult
  public func step(weights: FloatBuffer, gradient: FloatBuffer, rateMultiplier: Float = 1) -> Float {
    step(weights: weights, gradient: gradient, rateMultiplier: rateMultiplier, threads: 1)
  }
}

/// Blocks of a flat buffer, each of one kind of parameter: decaying or not.
///
/// Blocks begin on 64-byte borders and are whole lanes long: the gaps behind parameters hold zeros, and an
/// update of zeros by zeros gives zeros.
struct ParameterBlocks: Sendable {
  struct Block: Sendable {
    let start: Int
    let count: Int
    let decays: Bool
  }

  let blocks: ContiguousArray<Block>
  private let sums: BlockSums
  private let squares: ParallelLoop<FloatBuffer>

  /// Small enough that the four arrays of an update's block stay in a core's second-level cache.
  static let length = 1 << 15

  init(of layout: ParameterLayout, decays: (Parameter) -> Bool = { $0.decays }) {
    let kinds = layout.parameters.map(decays)
    var blocks: ContiguousArray<Block> = []
    var start = 0
    for i in kinds.indices {
      let isLast = i + 1 == kinds.count
      if !isLast && kinds[i + 1] == kinds[i] { continue }
      let end = isLast ? layout.bufferCount : layout.parameters[i + 1].offset
      while start < end {
        let count = min(Self.length, end - start)
        blocks.append(Block(start: start, count: count, decays: kinds[i]))
        start += count
      }
    }
    let sums = BlockSums(count: blocks.count)
    self.sums = sums
    self.blocks = blocks
    squares = ParallelLoop { [blocks] gradient, i in
      sums.values[i] = Kernels.sumOfSquares(gradient.pointer + blocks[i].start, count: blocks[i].count)
    }
  }

  /// ‖gradient‖ over all blocks, added in their order.
  func norm(_ gradient: FloatBuffer, threads: Int) -> Float {
    squares.run(gradient, count: blocks.count, threads: threads)
    var total = 0.0
    for i in 0..<blocks.count { total += sums.values[i] }
    return Float(total.squareRoot())
  }
}

/// One number a block.
// Sendable because each block's number is written by the one thread that has the block.
private final class BlockSums: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }
}

/// What a gradient is multiplied with so that its norm is at most `limit` (0: no limit), as PyTorch's
/// `clip_grad_norm_` has it: min(1, limit / (norm + 1e-6)).
func clippingFactor(norm: Float, limit: Float) -> Float {
  limit > 0 ? min(1, limit / (norm + 1e-6)) : 1
}

extension Kernels {
  /// Σ source[i]² of a multiple of sixteen numbers; sums of 4096 numbers are added in double precision.
  static func sumOfSquares(_ source: UnsafePointer<Float>, count: Int) -> Double {
    var total = 0.0
    var start = 0
    while start < count {
      let end = min(start + 4096, count)
      var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var (c, d) = (a, b)
      var i = start
      while i + 64 <= end {
        let (x, y, z, w) = (load(source + i), load(source + i + 16), load(source + i + 32), load(source + i + 48))
        a = multiplyAdd(x, x, a)
        b = multiplyAdd(y, y, b)
        c = multiplyAdd(z, z, c)
        d = multiplyAdd(w, w, d)
        i += 64
      }
      while i < end {
        let x = load(source + i)
        a = multiplyAdd(x, x, a)
        i += 16
      }
      total += Double(sum(a + b)) + Double(sum(c + d))
      start = end
    }
    return total
  }
}

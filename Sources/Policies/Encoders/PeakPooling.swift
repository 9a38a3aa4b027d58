// A token for each thing that the picture's cells agree on.

import PlanarNeuralNetworks

/// Finds the places of a picture's grid where something lies, and takes the mean of what their cells say.
///
/// Peak after peak, the cell that is surest that something lies there gathers all cells that place their something
/// close by; cells once gathered are spent. A soft token learner has to find out by imitation alone which
/// map should look at what, which takes it a hundred times as long as what follows; here tokens stand for things from
/// the first step on, as those of a state-based policy do. The choice has no gradient; what the cells say has.
///
/// ```
///   cover [cells]       0 .1 .9 .8 0 … 0 .7 0     ─► peaks, their neighbours in the predicted place
///   content [cells, D]  ·  ·  a  b ·     c        ─► tokens (.9a + .8b)/1.7, c, 0 …, each with its peak's cover
/// ```
final class PeakPooling: CustomOperation, Sendable {
  let tokens: Int
  /// Columns of the content that hold the predicted place, and the factors that make metres of them.
  let position: (x: Int, y: Int)
  let metres: (x: Float, y: Float)
  /// Cells that put their thing within this of the peak's belong to it, m.
  let reach: Float
  /// A peak that is less sure than this makes an empty token.
  static let leastCover: Float = 0.25

  init(tokens: Int, position: (x: Int, y: Int), metres: (x: Float, y: Float), reach: Float) {
    self.tokens = tokens
    self.position = position
    self.metres = metres
    self.reach = reach
  }

  /// `content` `[rows, cells, D]`, `cover` `[rows, cells, 1]` → `[rows, tokens, D + 1]`.
  func forward(_ context: CustomContext) {
    let (rows, cells, width) = (context.shape(0)[0], context.shape(0)[1], context.shape(0)[2])
    let (content, cover) = (context.input(0), context.input(1))
    // Of each cell: the token it belongs to, −1 for none, and its share of it.
    let kept = context.kept
    context.output.update(repeating: 0)
    for row in 0..<rows {
      let first = row * cells
      for cell in 0..<cells { kept[2 * (first + cell)] = -1 }
      for token in 0..<tokens {
        var peak = -1
        var surest = Self.leastCover
        for cell in 0..<cells where kept[2 * (first + cell)] < 0 && cover[first + cell] > surest {
          surest = cover[first + cell]
          peak = cell
        }
        guard peak >= 0 else { break }
        let out = (row * tokens + token) * (width + 1)
        gather(content, cover, first, cells, width, peak: peak, token: token, kept: kept)
        for cell in 0..<cells where kept[2 * (first + cell)] == Float(token) {
          let share = kept[2 * (first + cell) + 1]
          let source = content.baseAddress! + (first + cell) * width
          let target = context.output.baseAddress! + out
          for i in 0..<width { target[i] += share * source[i] }
        }
        context.output[out + width] = min(surest, 2)
      }
    }
  }

  /// Marks the cells that belong to a peak, with shares that add up to one.
  private func gather(
    _ content: UnsafeBufferPointer<Float>, _ cover: UnsafeBufferPointer<Float>, _ first: Int,
    _ cells: Int, _ width: Int, peak: Int, token: Int, kept: UnsafeMutableBufferPointer<Float>
  ) {
    let at = (first + peak) * width
    var sum: Float = 0
    for cell in 0..<cells where kept[2 * (first + cell)] < 0 && cover[first + cell] > 0 {
      let own = (first + cell) * width
      let dx = (content[own + position.x] - content[at + position.x]) * metres.x
      let dy = (content[own + position.y] - content[at + position.y]) * metres.y
      guard dx * dx + dy * dy < reach * reach else { continue }
      // Cells that hardly saw it say least about it.
      let weight = cover[first + cell] * cover[first + cell]
      kept[2 * (first + cell)] = Float(token)
      kept[2 * (first + cell) + 1] = weight
      sum += weight
    }
    for cell in 0..<cells where kept[2 * (first + cell)] == Float(token) {
      kept[2 * (first + cell) + 1] /= sum
    }
  }

  func backward(_ context: CustomContext) {
    guard let gradient = context.inputGradient(0) else { return }
    let (rows, cells, width) = (context.shape(0)[0], context.shape(0)[1], context.shape(0)[2])
    let (kept, output) = (context.kept, context.outputGradient)
    for row in 0..<rows {
      for cell in 0..<cells {
        let position = row * cells + cell
        let token = Int(kept[2 * position])
        guard token >= 0 else { continue }
        let share = kept[2 * position + 1]
        let source = output.baseAddress! + (row * tokens + token) * (width + 1)
        let target = gradient.baseAddress! + position * width
        for i in 0..<width { target[i] += share * source[i] }
      }
    }
  }
}

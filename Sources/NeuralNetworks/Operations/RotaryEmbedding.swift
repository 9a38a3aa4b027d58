// Rotary position embedding (Su et al. 2021): pairs of a head's columns are turned by an angle that grows
// with the token's position, so that products of queries and keys depend on distances.

import Foundation

/// Which columns of a head make a pair.
public enum RotaryStyle: Hashable, Sendable {
  /// Column i and column i + headWidth/2.
  case half
  /// Columns 2i and 2i + 1.
  case interleaved
}

/// Sines and cosines for one sequence of positions; make it once and use it at every step.
public struct RotaryTable: Sendable {
  /// Which features of a head are rotated together.
  public let style: RotaryStyle
  /// Features of one head; even.
  public let headWidth: Int
  /// How many positions.
  public let count: Int
  /// `[count, 2, headWidth]`: the cosine that belongs to each column, then the sine by which its partner is
  /// added, negative for the first of a pair.
  let numbers: FloatBuffer

  /// Angles `position · base^(−2i / headWidth)` for pair i, computed in double precision.
  public init(
    positions: [Float], headWidth: Int, style: RotaryStyle = .half, base: Double = 10_000
  ) {
    require(
      headWidth > 0 && headWidth % 2 == 0, "rope: a head of \(headWidth) columns has no pairs")
    self.style = style
    self.headWidth = headWidth
    count = positions.count
    numbers = FloatBuffer(count: max(1, count) * 2 * headWidth)
    let half = headWidth / 2
    for i in 0..<half {
      let frequency = pow(base, -2 * Double(i) / Double(headWidth))
      let (a, b) = style == .half ? (i, i + half) : (2 * i, 2 * i + 1)
      for (p, position) in positions.enumerated() {
        let angle = Double(position) * frequency
        let cosines = numbers.pointer + p * 2 * headWidth
        let sines = cosines + headWidth
        cosines[a] = Float(cos(angle))
        cosines[b] = cosines[a]
        sines[a] = Float(-sin(angle))
        sines[b] = -sines[a]
      }
    }
  }
}

struct RotaryOperation {
  let table: RotaryTable
  let input: Tensor
  let output: Tensor
}

extension Tape {
  /// `[B, L, D]` → the same shape, each head's pairs (a, b) turned to (a cos − b sin, b cos + a sin).
  ///
  /// - Parameter table: for L positions, the same in every sample, or for B·L; its head width divides D.
  public func rope(_ input: Tensor, _ table: RotaryTable) -> Tensor {
    let shape = input.shape
    require(
      shape.rank == 3 && shape[2] % table.headWidth == 0
        && (table.count == shape[1] || table.count == shape.rows),
      "rope: \(table.count) positions and heads of \(table.headWidth) columns do not fit \(shape)")
    let output = make(shape, needsGradient: input.needsGradient)
    Kernels.rotate(
      pointer(input), table, rows: shape.rows, width: shape[2], direction: 1, to: pointer(output))
    record(.rotary(RotaryOperation(table: table, input: input, output: output)))
    return output
  }

  /// The same with a table made on the spot, for `heads` heads of equal width.
  public func rope(
    _ input: Tensor, heads: Int, positions: [Float], style: RotaryStyle = .half,
    base: Double = 10_000
  ) -> Tensor {
    require(
      heads > 0 && input.shape.columns % heads == 0,
      "rope: \(input.shape) does not fall into \(heads) heads")
    return rope(
      input,
      RotaryTable(
        positions: positions, headWidth: input.shape.columns / heads, style: style, base: base))
  }

  /// The same for whole positions.
  public func rope(
    _ input: Tensor, heads: Int, positions: [Int32], style: RotaryStyle = .half,
    base: Double = 10_000
  ) -> Tensor {
    rope(input, heads: heads, positions: positions.map(Float.init), style: style, base: base)
  }

  func rotaryBackward(_ operation: RotaryOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let shape = operation.output.shape
    Kernels.rotate(
      gradient, operation.table, rows: shape.rows, width: shape[2], direction: -1, to: gradient)
    passOn(operation.output, to: operation.input)
  }
}

extension Kernels {
  /// Turns every pair by its angle times `direction` (±1); `x`, `y` `[rows, width]`, `y` may be `x`.
  static func rotate(
    _ x: UnsafePointer<Float>, _ table: RotaryTable, rows: Int, width: Int, direction: Float,
    to y: UnsafeMutablePointer<Float>
  ) {
    let head = table.headWidth
    for r in 0..<rows {
      let cosines = table.numbers.pointer + r % table.count * 2 * head
      for start in stride(from: 0, to: width, by: head) {
        let offset = r * width + start
        switch table.style {
        case .half: rotateHalves(x + offset, cosines, head / 2, direction, to: y + offset)
        case .interleaved: rotateNeighbours(x + offset, cosines, head, direction, to: y + offset)
        }
      }
    }
  }

  private static func rotateHalves(
    _ x: UnsafePointer<Float>, _ cosines: UnsafePointer<Float>, _ half: Int, _ direction: Float,
    to y: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(half) { i, width in
      let cosine = load(cosines + i, width: width)
      let sine: Lanes = load(cosines + 3 * half + i, width: width) * direction
      let (a, b) = (load(x + i, width: width), load(x + half + i, width: width))
      store(a * cosine - b * sine, y + i, width: width)
      store(multiplyAdd(a, sine, b * cosine), y + half + i, width: width)
    }
  }

  private static func rotateNeighbours(
    _ x: UnsafePointer<Float>, _ cosines: UnsafePointer<Float>, _ head: Int, _ direction: Float,
    to y: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(head) { i, width in
      let a = load(x + i, width: width)
      let cosine = load(cosines + i, width: width)
      let sine: Lanes = load(cosines + head + i, width: width) * direction
      store(multiplyAdd(neighboursSwapped(a), sine, a * cosine), y + i, width: width)
    }
  }
}

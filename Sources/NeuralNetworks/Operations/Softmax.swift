// Softmax and its logarithm over the last axis.

import Foundation

struct SoftmaxOperation {
  let isLogarithm: Bool
  let input: Tensor
  let output: Tensor
}

extension Tape {
  /// eˣ / Σ eˣ over the last axis; same shape.
  public func softmax(_ input: Tensor) -> Tensor { softmax(input, isLogarithm: false) }

  /// x − ln Σ eˣ over the last axis; same shape.
  public func logSoftmax(_ input: Tensor) -> Tensor { softmax(input, isLogarithm: true) }

  private func softmax(_ input: Tensor, isLogarithm: Bool) -> Tensor {
    let output = make(input.shape, needsGradient: input.needsGradient)
    let (rows, width) = (input.shape.rows, input.shape.columns)
    if isLogarithm {
      Kernels.logSoftmax(pointer(input), rows: rows, width: width, to: pointer(output))
    } else {
      Kernels.softmax(pointer(input), rows: rows, width: width, to: pointer(output))
    }
    record(.softmax(SoftmaxOperation(isLogarithm: isLogarithm, input: input, output: output)))
    return output
  }

  func softmaxBackward(_ operation: SoftmaxOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let (rows, width) = (operation.output.shape.rows, operation.output.shape.columns)
    let y = pointer(operation.output)
    if operation.isLogarithm {
      Kernels.logSoftmaxBackward(y, gradient, rows: rows, width: width)
    } else {
      Kernels.softmaxBackward(y, gradient, rows: rows, width: width)
    }
    passOn(operation.output, to: operation.input)
  }
}

extension Kernels {
  /// The largest of a row's numbers.
  static func rowMaximum(_ row: UnsafePointer<Float>, width: Int) -> Float {
    var lanes = Lanes(repeating: -.infinity)
    columnBlocks(width) { lanes = maximum(lanes, loadPartly(row + $0, $1, fill: -.infinity)) }
    return largest(lanes)
  }

  /// y = e^(x − m) and Σ y of one row.
  static func exponentials(
    _ row: UnsafePointer<Float>, minus m: Float, width: Int, to y: UnsafeMutablePointer<Float>
  ) -> Float {
    var total = Lanes(repeating: 0)
    sweep(width) {
      let e = exponential(upTo87: load(row + $0) - m)
      store(e, y + $0)
      total += e
    } tail: {
      let e = exponential(upTo87: loadPartly(row + $0, $1) - m)
      storePartly(e, y + $0, $1)
      // Stored and read again, so that the lanes beyond the row are zeros.
      total += loadPartly(y + $0, $1)
    }
    return sum(total)
  }

  /// `x`, `y` `[rows, width]`.
  static func softmax(
    _ x: UnsafePointer<Float>, rows: Int, width: Int, to y: UnsafeMutablePointer<Float>
  ) {
    for r in 0..<rows {
      let row = x + r * width
      let out = y + r * width
      let total = exponentials(row, minus: rowMaximum(row, width: width), width: width, to: out)
      scale(out, by: 1 / total, count: width)
    }
  }

  /// dx = y·(dy − Σ dy·y), in place of `dy`.
  static func softmaxBackward(
    _ y: UnsafePointer<Float>, _ dy: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    for r in 0..<rows {
      let row = y + r * width
      let gradient = dy + r * width
      let mean = dot(row, gradient, count: width)
      map(row, gradient, to: gradient, count: width) { $0 * ($1 - mean) }
    }
  }

  /// `x`, `y` `[rows, width]`.
  static func logSoftmax(
    _ x: UnsafePointer<Float>, rows: Int, width: Int, to y: UnsafeMutablePointer<Float>
  ) {
    for r in 0..<rows {
      let row = x + r * width
      let out = y + r * width
      let m = rowMaximum(row, width: width)
      let logarithm = log(exponentials(row, minus: m, width: width, to: out))
      map(row, to: out, count: width) { ($0 - m) - logarithm }
    }
  }

  /// dx = dy − eʸ·Σ dy, in place of `dy`.
  static func logSoftmaxBackward(
    _ y: UnsafePointer<Float>, _ dy: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    for r in 0..<rows {
      let gradient = dy + r * width
      let mass = total(of: gradient, count: width)
      map(y + r * width, gradient, to: gradient, count: width) {
        multiplyAdd(-mass, exponential(upTo87: $0), $1)
      }
    }
  }
}

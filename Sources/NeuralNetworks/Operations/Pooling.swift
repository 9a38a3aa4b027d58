// Making images smaller, channels last.

struct PoolingOperation {
  let input: Tensor
  let output: Tensor
}

extension Tape {
  /// The largest number of each 2 × 2 window, per channel: `[N, H, W, C]` → `[N, H/2, W/2, C]`. An odd last
  /// row or column is left out.
  public func maxPool2D(_ input: Tensor) -> Tensor {
    let shape = input.shape
    require(
      shape.rank == 4 && shape[1] >= 2 && shape[2] >= 2,
      "maxPool2D: \(shape) is not [N, H, W, C] with windows of 2 × 2")
    let output = make(
      Shape(shape[0], shape[1] / 2, shape[2] / 2, shape[3]), needsGradient: input.needsGradient)
    let (x, y) = (pointer(input), pointer(output))
    let (row, channels) = (shape[2] * shape[3], shape[3])
    forEachWindow(shape) { window, offset in
      let a = x + window
      Kernels.largestOfFour(
        a, a + channels, a + row, a + row + channels, count: channels, to: y + offset)
    }
    record(.maxPool(PoolingOperation(input: input, output: output)))
    return output
  }

  /// Calls `body` with the index of each window's first number, and of the output's.
  @inline(__always)
  private func forEachWindow(_ shape: Shape, _ body: (Int, Int) -> Void) {
    var offset = 0
    for n in 0..<shape[0] {
      for i in 0..<shape[1] / 2 {
        for j in 0..<shape[2] / 2 {
          body(((n * shape[1] + 2 * i) * shape[2] + 2 * j) * shape[3], offset)
          offset += shape[3]
        }
      }
    }
  }

  func maxPoolBackward(_ operation: PoolingOperation) {
    guard let gradient = gradient(of: operation.output),
      let target = zeroedAccumulator(of: operation.input)
    else { return }
    let shape = operation.input.shape
    let (row, channels) = (shape[2] * shape[3], shape[3])
    let (x, y) = (pointer(operation.input), pointer(operation.output))
    forEachWindow(shape) { window, offset in
      Kernels.largestOfFourBackward(
        x + window, y + offset, gradient + offset, right: channels, below: row, count: channels,
        to: target + window)
    }
  }

  /// The mean over all positions: `[N, …, C]` → `[N, C]`.
  public func globalAveragePool(_ input: Tensor) -> Tensor {
    let shape = input.shape
    require(
      shape.rank >= 3, "globalAveragePool: \(shape) has no positions between samples and channels")
    let channels = shape.columns
    let positions = shape.rows / max(1, shape[0])
    let output = make(Shape(shape[0], channels), needsGradient: input.needsGradient)
    let target = pointer(output)
    target.update(repeating: 0, count: output.count)
    for n in 0..<shape[0] {
      Kernels.addColumnSums(
        pointer(input) + n * positions * channels, rows: positions, columns: channels,
        into: target + n * channels)
    }
    Kernels.scale(target, by: 1 / Float(positions), count: output.count)
    record(.averagePool(PoolingOperation(input: input, output: output)))
    return output
  }

  func averagePoolBackward(_ operation: PoolingOperation) {
    guard let gradient = gradient(of: operation.output),
      let (target, isFresh) = accumulator(of: operation.input)
    else { return }
    let shape = operation.input.shape
    let channels = shape.columns
    let positions = shape.rows / max(1, shape[0])
    Kernels.scale(gradient, by: 1 / Float(positions), count: operation.output.count)
    for n in 0..<shape[0] {
      let (row, block) = (gradient + n * channels, target + n * positions * channels)
      if isFresh {
        Kernels.repeatRow(row, rows: positions, columns: channels, to: block)
      } else {
        for p in 0..<positions { Kernels.add(row, into: block + p * channels, count: channels) }
      }
    }
  }
}

extension Kernels {
  static func largestOfFour(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ d: UnsafePointer<Float>, count: Int, to y: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(count) { i, width in
      let upper = maximumOrNaN(load(a + i, width: width), load(b + i, width: width))
      let lower = maximumOrNaN(load(c + i, width: width), load(d + i, width: width))
      store(maximumOrNaN(upper, lower), y + i, width: width)
    }
  }

  /// Gives dy to the first of the four that equals y, in reading order.
  static func largestOfFourBackward(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, right: Int,
    below: Int, count: Int, to dx: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(count) { i, width in
      let largest = load(y + i, width: width)
      var left = load(dy + i, width: width)
      @inline(__always)
      func give(_ offset: Int) {
        let x = load(x + offset + i, width: width)
        let share = select(where: x, isBelow: largest, Lanes(repeating: 0), else: left)
        // What was given is gone: exactly zero is left, or all.
        left -= share
        store(load(dx + offset + i, width: width) + share, dx + offset + i, width: width)
      }
      give(0)
      give(right)
      give(below)
      give(below + right)
    }
  }
}

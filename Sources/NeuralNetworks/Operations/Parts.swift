// Putting tensors side by side, along tokens or channels, and taking some of the tokens or channels.

/// Two parts side by side: each of `outer` blocks of the output is one of `a`'s, then one of `b`'s.
struct ConcatenateOperation {
  let a: Tensor
  let b: Tensor
  let output: Tensor
  let outer: Int
}

/// Of each of `outer` blocks of the input, numbers `start` … .
struct SliceOperation {
  let input: Tensor
  let output: Tensor
  let outer: Int
  let start: Int
}

extension Tape {
  /// `[B, La, D]` and `[B, Lb, D]` → `[B, La + Lb, D]`.
  public func concatenateTokens(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    require(
      x.rank == 3 && y.rank == 3 && x[0] == y[0] && x[2] == y[2],
      "concatenateTokens: \(x) and \(y) do not fit side by side")
    return concatenate(a, b, to: Shape(x[0], x[1] + y[1], x[2]), outer: x[0])
  }

  /// `[…, Ca]` and `[…, Cb]` → `[…, Ca + Cb]`.
  public func concatenateChannels(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    require(
      x == y.replacingColumns(x.columns),
      "concatenateChannels: \(x) and \(y) differ before the last axis")
    return concatenate(a, b, to: x.replacingColumns(x.columns + y.columns), outer: x.rows)
  }

  private func concatenate(_ a: Tensor, _ b: Tensor, to shape: Shape, outer: Int) -> Tensor {
    let output = make(shape, needsGradient: a.needsGradient || b.needsGradient)
    let (first, second) = (a.count / max(1, outer), b.count / max(1, outer))
    let (source, other, target) = (pointer(a), pointer(b), pointer(output))
    let stride = first + second
    Kernels.copyBlocks(source, stride: first, to: target, stride: stride, blocks: outer, count: first)
    Kernels.copyBlocks(
      other, stride: second, to: target + first, stride: stride, blocks: outer, count: second)
    record(.concatenate(ConcatenateOperation(a: a, b: b, output: output, outer: outer)))
    return output
  }

  func concatenateBackward(_ operation: ConcatenateOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let stride = operation.output.count / max(1, operation.outer)
    func give(_ start: Int, to part: Tensor) {
      guard let (target, isFresh) = accumulator(of: part) else { return }
      let count = part.count / max(1, operation.outer)
      Kernels.giveBlocks(
        gradient + start, stride: stride, to: target, stride: count, blocks: operation.outer,
        count: count, assigning: isFresh)
    }
    give(0, to: operation.a)
    give(operation.a.count / max(1, operation.outer), to: operation.b)
  }

  /// Tokens `range` of `[B, L, D]` → `[B, range.count, D]`.
  public func tokens(_ input: Tensor, _ range: Range<Int>) -> Tensor {
    let shape = input.shape
    require(
      shape.rank == 3 && range.lowerBound >= 0 && range.upperBound <= shape[1] && !range.isEmpty,
      "tokens: \(range) is not within the tokens of \(shape)")
    return slice(
      input, to: Shape(shape[0], range.count, shape[2]), outer: shape[0],
      start: range.lowerBound * shape[2])
  }

  /// Columns `range` of the last axis, `[…, C]` → `[…, range.count]`.
  public func columns(_ input: Tensor, _ range: Range<Int>) -> Tensor {
    let shape = input.shape
    require(
      range.lowerBound >= 0 && range.upperBound <= shape.columns && !range.isEmpty,
      "columns: \(range) is not within the columns of \(shape)")
    return slice(
      input, to: shape.replacingColumns(range.count), outer: shape.rows, start: range.lowerBound)
  }

  private func slice(_ input: Tensor, to shape: Shape, outer: Int, start: Int) -> Tensor {
    let output = make(shape, needsGradient: input.needsGradient)
    let count = shape.count / max(1, outer)
    Kernels.copyBlocks(
      pointer(input) + start, stride: input.count / max(1, outer), to: pointer(output),
      stride: count, blocks: outer, count: count)
    record(.slice(SliceOperation(input: input, output: output, outer: outer, start: start)))
    return output
  }

  func sliceBackward(_ operation: SliceOperation) {
    guard let gradient = gradient(of: operation.output),
      let target = zeroedAccumulator(of: operation.input)
    else { return }
    let outer = operation.outer
    let count = operation.output.count / max(1, outer)
    Kernels.giveBlocks(
      gradient, stride: count, to: target + operation.start,
      stride: operation.input.count / max(1, outer), blocks: outer, count: count, assigning: false)
  }
}

extension Kernels {
  /// Copies `blocks` blocks of `count` numbers.
  static func copyBlocks(
    _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int, blocks: Int, count: Int
  ) {
    for i in 0..<blocks {
      (target + i * targetStride).update(from: source + i * stride, count: count)
    }
  }

  /// Copies or adds `blocks` blocks of `count` numbers.
  static func giveBlocks(
    _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int, blocks: Int, count: Int, assigning: Bool
  ) {
    if assigning {
      copyBlocks(
        source, stride: stride, to: target, stride: targetStride, blocks: blocks, count: count)
    } else {
      for i in 0..<blocks { add(source + i * stride, into: target + i * targetStride, count: count) }
    }
  }
}

// Putting tokens side by side and taking some of them.

/// Two parts side by side.
struct ConcatenateOperation {
  let a: Tensor
  let b: Tensor
  let output: Tensor
}

struct SliceOperation {
  let input: Tensor
  let start: Int
  let output: Tensor
}

extension Tape {
  /// `[B, La, D]` and `[B, Lb, D]` → `[B, La + Lb, D]`.
  public func concatenateTokens(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    precondition(
      x.rank == 3 && y.rank == 3 && x[0] == y[0] && x[2] == y[2],
      "concatenateTokens: \(x) and \(y) do not fit side by side")
    let output = make(
      Shape(x[0], x[1] + y[1], x[2]), needsGradient: a.needsGradient || b.needsGradient)
    let (aCount, bCount) = (x[1] * x[2], y[1] * y[2])
    for i in 0..<x[0] {
      let target = pointer(output) + i * (aCount + bCount)
      target.update(from: pointer(a) + i * aCount, count: aCount)
      (target + aCount).update(from: pointer(b) + i * bCount, count: bCount)
    }
    record(.concatenateTokens(ConcatenateOperation(a: a, b: b, output: output)))
    return output
  }

  func concatenateTokensBackward(_ operation: ConcatenateOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let stride = operation.output.shape[1] * operation.output.shape[2]
    let first = operation.a.shape[1] * operation.a.shape[2]
    giveBack(gradient, stride: stride, to: operation.a)
    giveBack(gradient + first, stride: stride, to: operation.b)
  }

  /// Adds one part's columns of a concatenation's gradient to the part.
  private func giveBack(_ gradient: UnsafePointer<Float>, stride: Int, to part: Tensor) {
    guard let (target, isFresh) = accumulator(of: part) else { return }
    let count = part.shape[1] * part.shape[2]
    for i in 0..<part.shape[0] {
      if isFresh {
        (target + i * count).update(from: gradient + i * stride, count: count)
      } else {
        Kernels.add(gradient + i * stride, into: target + i * count, count: count)
      }
    }
  }

  /// Tokens `range` of `[B, L, D]` → `[B, range.count, D]`.
  public func tokens(_ input: Tensor, _ range: Range<Int>) -> Tensor {
    let shape = input.shape
    precondition(
      shape.rank == 3 && range.lowerBound >= 0 && range.upperBound <= shape[1] && !range.isEmpty,
      "tokens: \(range) is not within the tokens of \(shape)")
    let output = make(
      Shape(shape[0], range.count, shape[2]), needsGradient: input.needsGradient)
    let (stride, count) = (shape[1] * shape[2], range.count * shape[2])
    for i in 0..<shape[0] {
      (pointer(output) + i * count).update(
        from: pointer(input) + i * stride + range.lowerBound * shape[2], count: count)
    }
    record(.sliceTokens(SliceOperation(input: input, start: range.lowerBound, output: output)))
    return output
  }

  func sliceTokensBackward(_ operation: SliceOperation) {
    guard let gradient = gradient(of: operation.output),
      let target = zeroedAccumulator(of: operation.input)
    else { return }
    let shape = operation.input.shape
    let (stride, count) = (shape[1] * shape[2], operation.output.shape[1] * shape[2])
    for i in 0..<shape[0] {
      Kernels.add(
        gradient + i * count, into: target + i * stride + operation.start * shape[2], count: count)
    }
  }
}

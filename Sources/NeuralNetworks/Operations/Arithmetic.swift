// Pointwise operations: activation, sums with and without broadcasting, product, modulation.

struct ActivationOperation {
  let activation: Activation
  let input: Tensor
  let output: Tensor
}

/// `a` seen as `[outer, middle, inner]`, `b` as `[outer or 1, middle or 1, inner]`.
struct BroadcastOperation {
  let a: Tensor
  let b: Tensor
  let output: Tensor
  let outer: Int
  let middle: Int
  let inner: Int
  let outerStride: Int
  let middleStride: Int
}

struct ModulateOperation {
  let input: Tensor
  let film: Tensor
  let scaleColumn: Int
  let shiftColumn: Int
  let output: Tensor
}

extension Tape {
  /// Applies a nonlinearity.
  public func activate(_ input: Tensor, _ activation: Activation) -> Tensor {
    let output = make(input.shape, needsGradient: input.needsGradient)
    Kernels.activate(activation, pointer(input), to: pointer(output), count: input.count)
    record(
      .activation(ActivationOperation(activation: activation, input: input, output: output)))
    return output
  }

  func activationBackward(_ operation: ActivationOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    Kernels.activateBackward(
      operation.activation, pointer(operation.input), gradient, to: gradient,
      count: operation.output.count)
    passOn(operation.output, to: operation.input)
  }

  /// a + b, of one shape; also the residual sum.
  public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape == b.shape, "add: \(a.shape) and \(b.shape) differ")
    let output = make(a.shape, needsGradient: a.needsGradient || b.needsGradient)
    Kernels.map(pointer(a), pointer(b), to: pointer(output), count: a.count) { $0 + $1 }
    record(.add(a: a, b: b, output: output))
    return output
  }

  func addBackward(_ a: Tensor, _ b: Tensor, _ output: Tensor) {
    copyGradient(output, to: b)
    passOn(output, to: a)
  }

  /// a + b, where `b` is repeated: `[B, L, D]` + `[L, D]`, `[B, 1, D]`, `[1, L, D]` or `[D]`, and
  /// `[B, D]` + `[D]`.
  public func addBroadcast(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    let outer = x.rank == 3 ? x[0] : 1
    let middle = x.rank == 3 ? x[1] : x.rows
    let inner = x.columns
    let bOuter = y.rank == 3 ? y[0] : 1
    let bMiddle = y.rank == 1 ? 1 : y[y.rank - 2]
    precondition(
      x.rank <= 3 && y.rank <= 3 && y.columns == inner && (bOuter == outer || bOuter == 1)
        && (bMiddle == middle || bMiddle == 1),
      "addBroadcast: \(y) cannot be repeated to \(x)")
    let output = make(x, needsGradient: a.needsGradient || b.needsGradient)
    let operation = BroadcastOperation(
      a: a, b: b, output: output, outer: outer, middle: middle, inner: inner,
      outerStride: bOuter == 1 ? 0 : bMiddle * inner, middleStride: bMiddle == 1 ? 0 : inner)
    let (source, other, target) = (pointer(a), pointer(b), pointer(output))
    for i in 0..<outer {
      for j in 0..<middle {
        let place = (i * middle + j) * inner
        let repeated = other + i * operation.outerStride + j * operation.middleStride
        Kernels.map(source + place, repeated, to: target + place, count: inner) { $0 + $1 }
      }
    }
    record(.addBroadcast(operation))
    return output
  }

  func addBroadcastBackward(_ operation: BroadcastOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    if let target = zeroedAccumulator(of: operation.b) {
      for i in 0..<operation.outer {
        for j in 0..<operation.middle {
          Kernels.add(
            gradient + (i * operation.middle + j) * operation.inner,
            into: target + i * operation.outerStride + j * operation.middleStride,
            count: operation.inner)
        }
      }
    }
    passOn(operation.output, to: operation.a)
  }

  /// a · b, pointwise, of one shape.
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape == b.shape, "multiply: \(a.shape) and \(b.shape) differ")
    let output = make(a.shape, needsGradient: a.needsGradient || b.needsGradient)
    Kernels.map(pointer(a), pointer(b), to: pointer(output), count: a.count) { $0 * $1 }
    record(.multiply(a: a, b: b, output: output))
    return output
  }

  func multiplyBackward(_ a: Tensor, _ b: Tensor, _ output: Tensor) {
    guard let gradient = gradient(of: output) else { return }
    if let target = zeroedAccumulator(of: a) {
      Kernels.map(gradient, pointer(b), target, to: target, count: a.count) { $2 + $0 * $1 }
    }
    if let target = zeroedAccumulator(of: b) {
      Kernels.map(gradient, pointer(a), target, to: target, count: a.count) { $2 + $0 * $1 }
    }
  }

  /// x·(1 + scale) + shift: FiLM (Perez et al. 2018), adaLN (Peebles & Xie 2023).
  ///
  /// - Parameters:
  ///   - input: `[B, D]` or `[B, L, D]`.
  ///   - film: `[B, K]`, with the scales in columns `scaleColumn ..< scaleColumn + D` and the shifts from
  ///     `shiftColumn` on; the same for every token of a row.
  public func modulate(
    _ input: Tensor, by film: Tensor, scaleColumn: Int, shiftColumn: Int
  ) -> Tensor {
    let width = input.shape.columns
    precondition(
      film.shape.rank == 2 && film.shape[0] == input.shape[0]
        && max(scaleColumn, shiftColumn) + width <= film.shape[1],
      "modulate: film \(film.shape) has no columns \(scaleColumn), \(shiftColumn) for \(input.shape)")
    let output = make(input.shape, needsGradient: input.needsGradient || film.needsGradient)
    let tokens = input.shape.rows / film.shape[0]
    for r in 0..<input.shape.rows {
      let parameters = pointer(film) + r / tokens * film.shape[1]
      Kernels.map(
        pointer(input) + r * width, parameters + scaleColumn, parameters + shiftColumn,
        to: pointer(output) + r * width, count: width) { $0 + $0 * $1 + $2 }
    }
    record(
      .modulate(
        ModulateOperation(
          input: input, film: film, scaleColumn: scaleColumn, shiftColumn: shiftColumn,
          output: output)))
    return output
  }

  func modulateBackward(_ operation: ModulateOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let width = operation.input.shape.columns
    let rows = operation.input.shape.rows
    let filmWidth = operation.film.shape[1]
    let tokens = rows / operation.film.shape[0]
    let x = pointer(operation.input)
    if let target = zeroedAccumulator(of: operation.film) {
      for r in 0..<rows {
        let row = target + r / tokens * filmWidth
        let scale = row + operation.scaleColumn
        Kernels.map(gradient + r * width, x + r * width, scale, to: scale, count: width) {
          $2 + $0 * $1
        }
        Kernels.add(gradient + r * width, into: row + operation.shiftColumn, count: width)
      }
    }
    guard operation.input.needsGradient else { return }
    for r in 0..<rows {
      let scale = pointer(operation.film) + r / tokens * filmWidth + operation.scaleColumn
      Kernels.map(gradient + r * width, scale, to: gradient + r * width, count: width) {
        $0 + $0 * $1
      }
    }
    passOn(operation.output, to: operation.input)
  }
}

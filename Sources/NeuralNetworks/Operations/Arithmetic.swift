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

  /// Calls `body` for the longest runs that both have: index in `a`, index in `b`, length.
  func forEachRun(_ body: (Int, Int, Int) -> Void) {
    for i in 0..<outer {
      if middleStride == inner {
        body(i * middle * inner, i * outerStride, middle * inner)
      } else {
        for j in 0..<middle { body((i * middle + j) * inner, i * outerStride, inner) }
      }
    }
  }
}

struct ModulateOperation {
  let input: Tensor
  let film: Tensor
  let scaleColumn: Int
  let shiftColumn: Int
  let scaleOffset: Float
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
    require(a.shape == b.shape, "add: \(a.shape) and \(b.shape) differ")
    let output = make(a.shape, needsGradient: a.needsGradient || b.needsGradient)
    Kernels.map(pointer(a), pointer(b), to: pointer(output), count: a.count) { $0 + $1 }
    record(.add(a: a, b: b, output: output))
    return output
  }

  func addBackward(_ a: Tensor, _ b: Tensor, _ output: Tensor) {
    // The part that has a gradient already is added to; only where neither has one is anything copied.
    let (first, last) = a.needsGradient && gradient(of: a) == nil ? (b, a) : (a, b)
    copyGradient(output, to: first)
    passOn(output, to: last)
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
    require(
      x.rank <= 3 && y.rank <= 3 && y.columns == inner && (bOuter == outer || bOuter == 1)
        && (bMiddle == middle || bMiddle == 1),
      "addBroadcast: \(y) cannot be repeated to \(x)")
    let output = make(x, needsGradient: a.needsGradient || b.needsGradient)
    let operation = BroadcastOperation(
      a: a, b: b, output: output, outer: outer, middle: middle, inner: inner,
      outerStride: bOuter == 1 ? 0 : bMiddle * inner, middleStride: bMiddle == 1 ? 0 : inner)
    let (source, other, target) = (pointer(a), pointer(b), pointer(output))
    operation.forEachRun { index, repeated, count in
      Kernels.map(source + index, other + repeated, to: target + index, count: count) { $0 + $1 }
    }
    record(.addBroadcast(operation))
    return output
  }

  func addBroadcastBackward(_ operation: BroadcastOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    if let target = zeroedAccumulator(of: operation.b) {
      if operation.middleStride == 0 {
        for i in 0..<operation.outer {
          Kernels.addColumnSums(
            gradient + i * operation.middle * operation.inner, rows: operation.middle,
            columns: operation.inner, into: target + i * operation.outerStride)
        }
      } else {
        operation.forEachRun { index, repeated, count in
          Kernels.add(gradient + index, into: target + repeated, count: count)
        }
      }
    }
    passOn(operation.output, to: operation.a)
  }

  /// a · b, pointwise, of one shape.
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    require(a.shape == b.shape, "multiply: \(a.shape) and \(b.shape) differ")
    let output = make(a.shape, needsGradient: a.needsGradient || b.needsGradient)
    Kernels.map(pointer(a), pointer(b), to: pointer(output), count: a.count) { $0 * $1 }
    record(.multiply(a: a, b: b, output: output))
    return output
  }

  func multiplyBackward(_ a: Tensor, _ b: Tensor, _ output: Tensor) {
    guard let gradient = gradient(of: output) else { return }
    if let (target, isFresh) = accumulator(of: a) {
      Kernels.addProduct(gradient, pointer(b), to: target, count: a.count, assigning: isFresh)
    }
    if let (target, isFresh) = accumulator(of: b) {
      Kernels.addProduct(gradient, pointer(a), to: target, count: a.count, assigning: isFresh)
    }
  }

  /// x·(scaleOffset + scale) + shift: FiLM (Perez et al. 2018) with 0, adaLN (Peebles & Xie 2023) with 1.
  ///
  /// - Parameters:
  ///   - input: `[B, …, D]`.
  ///   - film: `[B, K]`, with the scales in columns `scaleColumn ..< scaleColumn + D` and the shifts from
  ///     `shiftColumn` on; the same for every position of a row.
  public func modulate(
    _ input: Tensor, by film: Tensor, scaleColumn: Int, shiftColumn: Int, scaleOffset: Float = 1
  ) -> Tensor {
    let width = input.shape.columns
    require(
      input.shape.rank >= 2 && film.shape.rank == 2 && film.shape[0] == input.shape[0]
        && min(scaleColumn, shiftColumn) >= 0
        && max(scaleColumn, shiftColumn) + width <= film.shape[1],
      "modulate: film \(film.shape) has no columns \(scaleColumn), \(shiftColumn) for \(input.shape)")
    let output = make(input.shape, needsGradient: input.needsGradient || film.needsGradient)
    let operation = ModulateOperation(
      input: input, film: film, scaleColumn: scaleColumn, shiftColumn: shiftColumn,
      scaleOffset: scaleOffset, output: output)
    let block = input.count / max(1, input.shape[0])
    for i in 0..<input.shape[0] {
      let parameters = pointer(film) + i * film.shape[1]
      Kernels.modulate(
        pointer(input) + i * block, scale: parameters + scaleColumn, offset: scaleOffset,
        shift: parameters + shiftColumn, rows: block / width, width: width,
        to: pointer(output) + i * block)
    }
    record(.modulate(operation))
    return output
  }

  func modulateBackward(_ operation: ModulateOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let shape = operation.input.shape
    let filmWidth = operation.film.shape[1]
    let block = operation.input.count / max(1, shape[0])
    let filmGradient = zeroedAccumulator(of: operation.film)
    let input = gradientInPlace(of: operation.output, for: operation.input)
    for i in 0..<shape[0] {
      let row = i * filmWidth
      Kernels.modulateBackward(
        pointer(operation.input) + i * block,
        scale: pointer(operation.film) + row + operation.scaleColumn, offset: operation.scaleOffset,
        gradient + i * block, rows: block / shape.columns, width: shape.columns,
        scaleGradient: filmGradient.map { $0 + row + operation.scaleColumn },
        shiftGradient: filmGradient.map { $0 + row + operation.shiftColumn },
        to: input.map { $0.pointer + i * block }, assigning: input?.isFresh ?? true)
    }
  }
}

extension Kernels {
  /// target[i] (+)= a[i] · b[i].
  static func addProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    count: Int, assigning: Bool
  ) {
    if assigning {
      map(a, b, to: target, count: count) { $0 * $1 }
    } else {
      map(a, b, target, to: target, count: count) { multiplyAdd($0, $1, $2) }
    }
  }

  /// y = x·(offset + scale) + shift; `x`, `y` `[rows, width]`, `scale`, `shift` `[width]`.
  static func modulate(
    _ x: UnsafePointer<Float>, scale: UnsafePointer<Float>, offset: Float,
    shift: UnsafePointer<Float>, rows: Int, width: Int, to y: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(width) { c, lanes in
      let factor: Lanes = load(scale + c, width: lanes) + offset
      let shift = load(shift + c, width: lanes)
      var index = c
      for _ in 0..<rows {
        store(multiplyAdd(load(x + index, width: lanes), factor, shift), y + index, width: lanes)
        index += width
      }
    }
  }

  /// scale' += Σ dy·x, shift' += Σ dy, dx = dy·(offset + scale); `dx` may be `dy`.
  static func modulateBackward(
    _ x: UnsafePointer<Float>, scale: UnsafePointer<Float>, offset: Float,
    _ dy: UnsafePointer<Float>, rows: Int, width: Int, scaleGradient: UnsafeMutablePointer<Float>?,
    shiftGradient: UnsafeMutablePointer<Float>?, to dx: UnsafeMutablePointer<Float>?, assigning: Bool
  ) {
    columnBlocks(width) { c, lanes in
      let factor: Lanes = load(scale + c, width: lanes) + offset
      var total = Lanes(repeating: 0)
      var projection = total
      var index = c
      for _ in 0..<rows {
        let d = load(dy + index, width: lanes)
        total += d
        projection = multiplyAdd(d, load(x + index, width: lanes), projection)
        if let dx {
          let base = assigning ? Lanes(repeating: 0) : load(dx + index, width: lanes)
          store(multiplyAdd(d, factor, base), dx + index, width: lanes)
        }
        index += width
      }
      if let scaleGradient {
        store(load(scaleGradient + c, width: lanes) + projection, scaleGradient + c, width: lanes)
      }
      if let shiftGradient {
        store(load(shiftGradient + c, width: lanes) + total, shiftGradient + c, width: lanes)
      }
    }
  }
}

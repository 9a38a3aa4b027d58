// Losses. Each adds to what `backward` differentiates and gives its value at once.

/// What is averaged over the numbers of a prediction.
public enum LossKind: Hashable, Sendable {
  /// (p − y)².
  case meanSquaredError
  /// |p − y|.
  case meanAbsoluteError
  /// ½e² where |e| ≤ delta, else delta·(|e| − ½delta). It is not divided by delta.
  case huber(delta: Float)
}

struct LossOperation {
  let kind: LossKind
  let prediction: Tensor
  let target: Tensor
  /// One factor per row of the prediction, already times the scale; nil: `scale` for all.
  let mask: Tensor?
  let scale: Float
}

extension Tape {
  /// Σ loss(prediction − target) · mask · weight / `count`, where `count` says how many numbers the mean is
  /// over.
  ///
  /// - Parameters:
  ///   - mask: the prediction's shape without its last axis, such as `[B, L]` for `[B, L, D]`: 1 for real
  ///     rows, 0 for padding.
  ///   - count: without a mask the prediction's own count, with one the numbers it lets through (nothing let
  ///     through gives 0). A shard of a batch gives the batch's, so that the losses and gradients of shards
  ///     add up to those of the batch; with a mask, the prediction's own count makes padding count as zeros.
  public func loss(
    _ kind: LossKind, _ prediction: Tensor, _ target: Tensor, mask: Tensor? = nil,
    count: Int? = nil, weight: Float = 1
  ) -> Float {
    let shape = prediction.shape
    precondition(
      shape == target.shape, "loss: prediction \(shape) and target \(target.shape) differ")
    precondition(
      mask == nil || mask!.shape == shape.droppingColumns,
      "loss: mask \(mask?.shape.description ?? "") is not \(shape.droppingColumns) for \(shape)")
    var numbers = Double(count ?? prediction.count)
    if let mask, count == nil {
      numbers =
        Double(Kernels.total(of: pointer(mask), count: mask.count)) * Double(shape.columns)
    }
    let scale = numbers > 0 ? Float(Double(weight) / numbers) : 0
    let operation = LossOperation(
      kind: kind, prediction: prediction, target: target, mask: mask, scale: scale)
    let (p, y) = (pointer(prediction), pointer(target))
    let factors = mask.map { UnsafePointer(pointer($0)) }
    let total: Double
    switch kind {
    case .meanSquaredError:
      total = Kernels.lossSum(p, y, factors, rows: shape.rows, columns: shape.columns) { $0 * $0 }
    case .meanAbsoluteError:
      total = Kernels.lossSum(p, y, factors, rows: shape.rows, columns: shape.columns) {
        absolute($0)
      }
    case .huber(let delta):
      // With b = min(|e|, delta): b·(|e| − ½b).
      let bound = Lanes(repeating: delta)
      total = Kernels.lossSum(p, y, factors, rows: shape.rows, columns: shape.columns) {
        let e = absolute($0)
        let b = minimum(bound, e)
        return b * multiplyAdd(-0.5, b, e)
      }
    }
    record(.loss(operation))
    return Float(total * Double(scale))
  }

  func lossBackward(_ operation: LossOperation) {
    guard let (gradient, isFresh) = accumulator(of: operation.prediction) else { return }
    let shape = operation.prediction.shape
    let (p, y) = (pointer(operation.prediction), pointer(operation.target))
    let factors = operation.mask.map { UnsafePointer(pointer($0)) }
    func run(_ scale: Float, _ slope: (Lanes) -> Lanes) {
      Kernels.lossBackward(
        p, y, factors, rows: shape.rows, columns: shape.columns, scale: scale, to: gradient,
        assigning: isFresh, slope)
    }
    switch operation.kind {
    case .meanSquaredError: run(2 * operation.scale) { $0 }
    case .meanAbsoluteError:
      let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
      run(operation.scale) {
        select(where: zero, isBelow: $0, one, else: select(where: $0, isBelow: zero, -one, else: $0))
      }
    case .huber(let delta):
      let bound = Lanes(repeating: delta)
      run(operation.scale) { maximum(-bound, minimum(bound, $0)) }
    }
  }
}

extension Kernels {
  /// Σ term(p − y) · mask, summed in lanes and, across blocks, in double precision; `p`, `y`
  /// `[rows, columns]`, `mask` `[rows]`.
  @inline(__always)
  static func lossSum(
    _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?, rows: Int,
    columns: Int, _ term: (Lanes) -> Lanes
  ) -> Double {
    var total = 0.0
    func block(_ start: Int, _ length: Int) -> Double {
      let (p, y) = (p + start, y + start)
      var a = Lanes(repeating: 0)
      var b = a
      var i = 0
      while i + 32 <= length {
        a += term(load(p + i) - load(y + i))
        b += term(load(p + i + 16) - load(y + i + 16))
        i += 32
      }
      while i < length {
        let width = min(16, length - i)
        a += term(load(p + i, width: width) - load(y + i, width: width))
        i += 16
      }
      return Double(sum(a + b))
    }
    if let mask {
      for r in 0..<rows where mask[r] != 0 {
        total += block(r * columns, columns) * Double(mask[r])
      }
    } else {
      for start in stride(from: 0, to: rows * columns, by: 4096) {
        total += block(start, min(4096, rows * columns - start))
      }
    }
    return total
  }

  /// dp (+)= slope(p − y) · mask · scale.
  @inline(__always)
  static func lossBackward(
    _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?, rows: Int,
    columns: Int, scale: Float, to gradient: UnsafeMutablePointer<Float>, assigning: Bool,
    _ slope: (Lanes) -> Lanes
  ) {
    func block(_ start: Int, _ length: Int, _ scale: Float) {
      columnBlocks(length) { c, width in
        let place = start + c
        let e: Lanes = load(p + place, width: width) - load(y + place, width: width)
        let base = assigning ? Lanes(repeating: 0) : load(gradient + place, width: width)
        store(multiplyAdd(scale, slope(e), base), gradient + place, width: width)
      }
    }
    if let mask {
      for r in 0..<rows {
        if mask[r] != 0 {
          block(r * columns, columns, scale * mask[r])
        } else if assigning {
          (gradient + r * columns).update(repeating: 0, count: columns)
        }
      }
    } else {
      block(0, rows * columns, scale)
    }
  }
}

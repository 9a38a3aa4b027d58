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
  ///   - target: of the prediction's shape; nothing before it learns from this loss.
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
    require(
      shape == target.shape, "loss: prediction \(shape) and target \(target.shape) differ")
    require(
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
    func run(_ term: some LossTerm) -> Double {
      Kernels.lossSum(term, p, y, factors, rows: shape.rows, columns: shape.columns)
    }
    let total =
      switch kind {
      case .meanSquaredError: run(SquaredError())
      case .meanAbsoluteError: run(AbsoluteError())
      case .huber(let delta): run(HuberError(bound: Lanes(repeating: delta)))
      }
    record(.loss(operation))
    return Float(total * Double(scale))
  }

  func lossBackward(_ operation: LossOperation) {
    guard let (gradient, isFresh) = accumulator(of: operation.prediction) else { return }
    let shape = operation.prediction.shape
    let (p, y) = (pointer(operation.prediction), pointer(operation.target))
    let factors = operation.mask.map { UnsafePointer(pointer($0)) }
    func run(_ term: some LossTerm) {
      Kernels.lossBackward(
        term, p, y, factors, rows: shape.rows, columns: shape.columns, scale: operation.scale,
        to: gradient, assigning: isFresh)
    }
    switch operation.kind {
    case .meanSquaredError: run(SquaredError())
    case .meanAbsoluteError: run(AbsoluteError())
    case .huber(let delta): run(HuberError(bound: Lanes(repeating: delta)))
    }
  }
}

/// One loss on sixteen errors.
protocol LossTerm {
  func value(_ e: Lanes) -> Lanes
  func slope(_ e: Lanes) -> Lanes
}

struct SquaredError: LossTerm {
  @inline(__always) func value(_ e: Lanes) -> Lanes { e * e }
  @inline(__always) func slope(_ e: Lanes) -> Lanes { e + e }
}

struct AbsoluteError: LossTerm {
  @inline(__always) func value(_ e: Lanes) -> Lanes { absolute(e) }
  @inline(__always) func slope(_ e: Lanes) -> Lanes {
    let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
    let below = select(where: e, isBelow: zero, Lanes(repeating: -1), else: e)
    return select(where: zero, isBelow: e, one, else: below)
  }
}

/// With b = min(|e|, delta): b·(|e| − ½b).
struct HuberError: LossTerm {
  let bound: Lanes

  @inline(__always) func value(_ e: Lanes) -> Lanes {
    let size = absolute(e)
    let b = minimum(bound, size)
    return b * multiplyAdd(-0.5, b, size)
  }
  @inline(__always) func slope(_ e: Lanes) -> Lanes {
    maximum(Lanes(repeating: 0) - bound, minimum(bound, e))
  }
}

extension Kernels {
  /// Σ value(p − y) · mask, summed in lanes and, across blocks, in double precision; `p`, `y`
  /// `[rows, columns]`, `mask` `[rows]`.
  static func lossSum<Term: LossTerm>(
    _ term: Term, _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?,
    rows: Int, columns: Int
  ) -> Double {
    var total = 0.0
    @inline(__always)
    func block(_ start: Int, _ length: Int) -> Double {
      let (p, y) = (p + start, y + start)
      var a = Lanes(repeating: 0)
      var b = a
      var i = 0
      while i + 32 <= length {
        a += term.value(load(p + i) - load(y + i))
        b += term.value(load(p + i + 16) - load(y + i + 16))
        i += 32
      }
      while i < length {
        let width = min(16, length - i)
        a += term.value(load(p + i, width: width) - load(y + i, width: width))
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
  static func lossBackward<Term: LossTerm>(
    _ term: Term, _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?,
    rows: Int, columns: Int, scale: Float, to gradient: UnsafeMutablePointer<Float>, assigning: Bool
  ) {
    func block(_ start: Int, _ length: Int, _ scale: Float) {
      columnBlocks(length) { c, width in
        let offset = start + c
        let e: Lanes = load(p + offset, width: width) - load(y + offset, width: width)
        let base = assigning ? Lanes(repeating: 0) : load(gradient + offset, width: width)
        store(multiplyAdd(scale, term.slope(e), base), gradient + offset, width: width)
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

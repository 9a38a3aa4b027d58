// Losses. Each adds to what `backward` differentiates and gives its value at once.

/// What is averaged over all numbers of a prediction.
public enum LossKind: Hashable, Sendable {
  /// (p − y)².
  case meanSquaredError
  /// |p − y|.
  case meanAbsoluteError
  /// ½e² where |e| ≤ delta, else delta·(|e| − ½delta).
  case huber(delta: Float)
}

struct LossOperation {
  let kind: LossKind
  let prediction: Tensor
  let target: Tensor
  let weight: Float
}

extension Tape {
  /// Σ loss(prediction − target) · weight / `count`, where `count` says how many numbers the mean is over.
  ///
  /// - Parameter count: the prediction's own count by default; a shard of a batch gives the batch's, so
  ///   that the losses and gradients of shards add up to those of the batch.
  public func loss(
    _ kind: LossKind, _ prediction: Tensor, _ target: Tensor, count: Int? = nil, weight: Float = 1
  ) -> Float {
    precondition(
      prediction.shape == target.shape,
      "loss: prediction \(prediction.shape) and target \(target.shape) differ")
    let scale = weight / Float(count ?? prediction.count)
    let (p, y) = (pointer(prediction), pointer(target))
    // Block sums in double precision: the value is for people and for early stopping.
    var total = 0.0
    for i in 0..<prediction.count {
      let e = Double(p[i] - y[i])
      switch kind {
      case .meanSquaredError: total += e * e
      case .meanAbsoluteError: total += abs(e)
      case .huber(let delta):
        let d = Double(delta)
        total += abs(e) <= d ? 0.5 * e * e : d * (abs(e) - 0.5 * d)
      }
    }
    record(
      .loss(LossOperation(kind: kind, prediction: prediction, target: target, weight: scale)))
    return Float(total * Double(scale))
  }

  func lossBackward(_ operation: LossOperation) {
    guard let gradient = zeroedAccumulator(of: operation.prediction) else { return }
    let (p, y) = (pointer(operation.prediction), pointer(operation.target))
    let weight = operation.weight
    switch operation.kind {
    case .meanSquaredError:
      Kernels.map(p, y, gradient, to: gradient, count: operation.prediction.count) {
        $2 + ($0 - $1) * (2 * weight)
      }
    case .meanAbsoluteError:
      for i in 0..<operation.prediction.count {
        let e = p[i] - y[i]
        gradient[i] += e > 0 ? weight : e < 0 ? -weight : 0
      }
    case .huber(let delta):
      let bound = Lanes(repeating: delta)
      Kernels.map(p, y, gradient, to: gradient, count: operation.prediction.count) {
        let e: Lanes = pointwiseMax(pointwiseMin($0 - $1, bound), Lanes(repeating: -delta))
        return $2 + e * weight
      }
    }
  }
}

// The loss of a classifier.

import Foundation

struct CrossEntropyOperation {
  let logits: Tensor
  /// The labels, as bit patterns in the arena.
  let labels: Tensor
  /// `[rows, 2]`: largest logit m and ln Σ e^(x − m).
  let statistics: Tensor
  let smoothing: Float
  let spread: [Float]
  let scale: Float
}

extension Tape {
  /// Σ over rows of −Σ_c q_c·logSoftmax(logits)_c · weight / `count`, where q is 1 − smoothing at the row's
  /// label, and smoothing / C everywhere (Szegedy et al. 2016).
  ///
  /// Where classes are ordered, the label's share may be spread over its neighbours (as in HL-Gauss, Imani & White
  /// 2018), so that a near miss costs less than a far one.
  ///
  /// - Parameters:
  ///   - logits: `[…, C]`.
  ///   - labels: one class of 0 ..< C per row; a row whose label is negative takes no part.
  ///   - spread: an odd count of shares that add up to 1, the middle one the label's own; what would fall outside
  ///     the classes belongs to the outermost.
  ///   - count: over how many rows the mean is: those that take part by default; a shard of a batch gives
  ///     the batch's, so that the losses and gradients of shards add up.
  public func crossEntropy(
    _ logits: Tensor, labels: UnsafeBufferPointer<Int32>, smoothing: Float = 0, spread: [Float] = [1],
    count: Int? = nil, weight: Float = 1
  ) -> Float {
    require(
      spread.count % 2 == 1, "crossEntropy: a spread of \(spread.count) shares has no middle one")
    let (rows, classes) = (logits.shape.rows, logits.shape.columns)
    require(
      labels.count == rows,
      "crossEntropy: \(labels.count) labels do not fit logits \(logits.shape)")
    var takingPart = 0
    let kept = input(Shape(rows)) { target in
      for r in 0..<rows {
        require(
          Int(labels[r]) < classes,
          "crossEntropy: label \(labels[r]) of row \(r) is no class of logits \(logits.shape)")
        takingPart += labels[r] < 0 ? 0 : 1
        target[r] = Float(bitPattern: UInt32(bitPattern: labels[r]))
      }
    }
    let statistics = make(Shape(rows, 2), needsGradient: false)
    let numbers = count ?? takingPart
    let scale = numbers > 0 ? weight / Float(numbers) : 0
    let total = Kernels.crossEntropy(
      pointer(logits), labels: labels, smoothing: smoothing, spread: spread, rows: rows, classes: classes,
      scratch: scratch(classes), statistics: pointer(statistics))
    record(
      .crossEntropy(
        CrossEntropyOperation(
          logits: logits, labels: kept, statistics: statistics, smoothing: smoothing, spread: spread,
          scale: scale)))
    return Float(total * Double(scale))
  }

  /// The same for labels in an array.
  public func crossEntropy(
    _ logits: Tensor, labels: [Int32], smoothing: Float = 0, spread: [Float] = [1], count: Int? = nil,
    weight: Float = 1
  ) -> Float {
    labels.withUnsafeBufferPointer {
      crossEntropy(
        logits, labels: $0, smoothing: smoothing, spread: spread, count: count, weight: weight)
    }
  }

  func crossEntropyBackward(_ operation: CrossEntropyOperation) {
    guard let (gradient, isFresh) = accumulator(of: operation.logits) else { return }
    let (rows, classes) = (operation.logits.shape.rows, operation.logits.shape.columns)
    let labels = pointer(operation.labels)
    let statistics = pointer(operation.statistics)
    for r in 0..<rows {
      let target = gradient + r * classes
      let label = Int(Int32(bitPattern: labels[r].bitPattern))
      if label >= 0 {
        Kernels.crossEntropyBackward(
          pointer(operation.logits) + r * classes, largest: statistics[2 * r],
          logarithm: statistics[2 * r + 1], smoothing: operation.smoothing / Float(classes),
          scale: operation.scale, classes: classes, to: target, assigning: isFresh)
        let scale = (1 - operation.smoothing) * operation.scale
        for (index, share) in Kernels.shares(of: operation.spread, around: label, classes: classes) {
          target[index] -= share * scale
        }
      } else if isFresh {
        target.update(repeating: 0, count: classes)
      }
    }
  }
}

extension Kernels {
  /// The classes that a spread reaches with their shares; the outermost may come more than once.
  @inline(__always)
  static func shares(
    of spread: [Float], around label: Int, classes: Int
  ) -> some Sequence<(index: Int, share: Float)> {
    let first = label - spread.count / 2
    return spread.indices.lazy.map { (max(0, min(classes - 1, first + $0)), spread[$0]) }
  }

  /// Σ over rows with a label ≥ 0; `logits` `[rows, classes]`, `scratch` `[classes]`.
  static func crossEntropy(
    _ logits: UnsafePointer<Float>, labels: UnsafeBufferPointer<Int32>, smoothing: Float,
    spread: [Float], rows: Int, classes: Int, scratch: UnsafeMutablePointer<Float>,
    statistics: UnsafeMutablePointer<Float>
  ) -> Double {
    var sum = 0.0
    for r in 0..<rows where labels[r] >= 0 {
      let row = logits + r * classes
      let m = rowMaximum(row, width: classes)
      let mass = exponentials(row, minus: m, width: classes, to: scratch)
      let logarithm = log(mass)
      statistics[2 * r] = m
      statistics[2 * r + 1] = logarithm
      var logit = 0.0
      for (index, share) in shares(of: spread, around: Int(labels[r]), classes: classes) {
        logit += Double(share) * Double(row[index] - m)
      }
      var loss = Double(1 - smoothing) * (Double(logarithm) - logit)
      if smoothing != 0 {
        let mean = (Double(total(of: row, count: classes)) - Double(classes) * Double(m)) / Double(classes)
        loss += Double(smoothing) * (Double(logarithm) - mean)
      }
      sum += loss
    }
    return sum
  }

  /// dx (+)= (softmax(x) − smoothing)·scale for one row.
  static func crossEntropyBackward(
    _ row: UnsafePointer<Float>, largest: Float, logarithm: Float, smoothing: Float, scale: Float,
    classes: Int, to target: UnsafeMutablePointer<Float>, assigning: Bool
  ) {
    columnBlocks(classes) { c, width in
      let p = exponential(upTo87: (load(row + c, width: width) - largest) - logarithm)
      let base = assigning ? Lanes(repeating: 0) : load(target + c, width: width)
      store(multiplyAdd(scale, p - smoothing, base), target + c, width: width)
    }
  }
}

// Scaled dot-product attention over a handful of tokens (Vaswani et al. 2017), without its projections.

struct AttentionOperation {
  let queries: Tensor
  let keysValues: Tensor
  let heads: Int
  /// `[batch, heads, Lq, keys rounded up to 16]`.
  let probabilities: Tensor
  let output: Tensor
}

extension Tape {
  /// softmax(q·kᵀ / √(D/heads))·v per head → `[batch, Lq, D]`.
  ///
  /// - Parameters:
  ///   - queries: `[batch, Lq, D]`; head h has columns h·D/heads ….
  ///   - keysValues: `[batch, Lk, 2·D]`: the keys' columns, then the values'.
  ///   - keyMask: `[batch, Lk]`, 1 where a key may be attended to, 0 where it is padding. A query that
  ///     may attend to nothing gets zeros.
  public func attention(
    queries: Tensor, keysValues: Tensor, heads: Int, keyMask: Tensor? = nil
  ) -> Tensor {
    let q = queries.shape
    let kv = keysValues.shape
    precondition(
      q.rank == 3 && kv.rank == 3 && q[0] == kv[0] && 2 * q[2] == kv[2] && q[2] % heads == 0,
      "attention: queries \(q) and keys-values \(kv) do not fit \(heads) heads")
    precondition(
      keyMask == nil || keyMask!.shape == Shape(q[0], kv[1]),
      "attention: key mask \(keyMask?.shape.description ?? "") does not fit keys-values \(kv)")
    let sizes = AttentionSizes(batch: q[0], queries: q[1], keys: kv[1], width: q[2], heads: heads)
    let probabilities = make(
      Shape(q[0], heads, q[1], sizes.paddedKeys), needsGradient: false)
    let output = make(q, needsGradient: queries.needsGradient || keysValues.needsGradient)
    Kernels.attention(
      sizes, pointer(queries), pointer(keysValues), mask: keyMask.map { UnsafePointer(pointer($0)) },
      scratch: scratch(sizes.scratchCount), probabilities: pointer(probabilities),
      to: pointer(output))
    record(
      .attention(
        AttentionOperation(
          queries: queries, keysValues: keysValues, heads: heads, probabilities: probabilities,
          output: output)))
    return output
  }

  func attentionBackward(_ operation: AttentionOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let q = operation.queries.shape
    let sizes = AttentionSizes(
      batch: q[0], queries: q[1], keys: operation.keysValues.shape[1], width: q[2],
      heads: operation.heads)
    let queries = accumulator(of: operation.queries)
    let keysValues = accumulator(of: operation.keysValues)
    Kernels.attentionBackward(
      sizes, pointer(operation.queries), pointer(operation.keysValues),
      probabilities: pointer(operation.probabilities), gradient,
      scratch: scratch(sizes.scratchCount), queryGradient: queries?.pointer,
      assignsQueries: queries?.isFresh ?? false, keyValueGradient: keysValues?.pointer,
      assignsKeysValues: keysValues?.isFresh ?? false)
  }
}

/// The extents of one attention.
struct AttentionSizes {
  let batch: Int
  let queries: Int
  let keys: Int
  let width: Int
  let heads: Int

  var headWidth: Int { width / heads }
  var paddedKeys: Int { (keys + 15) / 16 * 16 }
  /// Keys or values of a head, transposed, and the scores of a head.
  var scratchCount: Int { (headWidth + max(1, queries)) * paddedKeys }
}

extension Kernels {
  /// One head's keys (or values), with tokens along the lanes: target[d, j] = source[j, d], padded by 0.
  @inline(__always)
  private static func transposeHead(
    _ source: UnsafePointer<Float>, _ sizes: AttentionSizes, to target: UnsafeMutablePointer<Float>
  ) {
    let padded = sizes.paddedKeys
    let stride = 2 * sizes.width
    for d in 0..<sizes.headWidth {
      let row = target + d * padded
      for j in 0..<sizes.keys { row[j] = source[j * stride + d] }
      for j in sizes.keys..<padded { row[j] = 0 }
    }
  }

  /// Σ_d factors[d] · rows[d · stride …], in four sums, so that additions need not wait for each other.
  @inline(__always)
  private static func products(
    _ factors: UnsafePointer<Float>, _ rows: UnsafePointer<Float>, stride: Int, count: Int
  ) -> Lanes {
    var a = Lanes(repeating: 0)
    var b = a
    var c = a
    var d = a
    var i = 0
    while i + 4 <= count {
      let row = rows + i * stride
      a += load(row) * factors[i]
      b += load(row + stride) * factors[i + 1]
      c += load(row + 2 * stride) * factors[i + 2]
      d += load(row + 3 * stride) * factors[i + 3]
      i += 4
    }
    while i < count {
      a += load(rows + i * stride) * factors[i]
      i += 1
    }
    return (a + b) + (c + d)
  }

  /// target[d] (+)= Σ_j factors[j · step] · rows[j · stride + d] for one head's columns.
  @inline(__always)
  private static func weightedRows(
    _ factors: UnsafePointer<Float>, step: Int, _ rows: UnsafePointer<Float>, stride: Int,
    count: Int, columns: Int, assigning: Bool, to target: UnsafeMutablePointer<Float>
  ) {
    sweep(columns) { d in
      // Two sums, so that one addition need not wait for the other.
      var total = assigning ? Lanes(repeating: 0) : load(target + d)
      var other = Lanes(repeating: 0)
      var j = 0
      while j + 2 <= count {
        total += load(rows + j * stride + d) * factors[j * step]
        other += load(rows + (j + 1) * stride + d) * factors[(j + 1) * step]
        j += 2
      }
      if j < count { total += load(rows + j * stride + d) * factors[j * step] }
      store(total + other, target + d)
    } tail: { d, width in
      for e in d..<d + width {
        var total = assigning ? 0 : target[e]
        for j in 0..<count { total += rows[j * stride + e] * factors[j * step] }
        target[e] = total
      }
    }
  }

  static func attention(
    _ sizes: AttentionSizes, _ queries: UnsafePointer<Float>, _ keysValues: UnsafePointer<Float>,
    mask: UnsafePointer<Float>?, scratch: UnsafeMutablePointer<Float>,
    probabilities: UnsafeMutablePointer<Float>, to output: UnsafeMutablePointer<Float>
  ) {
    let width = sizes.width
    let headWidth = sizes.headWidth
    let padded = sizes.paddedKeys
    let scale = 1 / Float(headWidth).squareRoot()
    for b in 0..<sizes.batch {
      // 1 for a key that takes part, 0 for padding of either kind; laid out behind the transposed keys.
      let valid = scratch + headWidth * padded
      for j in 0..<padded {
        valid[j] = j < sizes.keys ? (mask.map { $0[b * sizes.keys + j] } ?? 1) : 0
      }
      for h in 0..<sizes.heads {
        let keys = keysValues + b * sizes.keys * 2 * width + h * headWidth
        transposeHead(keys, sizes, to: scratch)
        for i in 0..<sizes.queries {
          let query = queries + (b * sizes.queries + i) * width + h * headWidth
          let row = probabilities + ((b * sizes.heads + h) * sizes.queries + i) * padded
          for j in stride(from: 0, to: padded, by: 16) {
            // Where the key takes no part: score·0 − 10³⁰. (Comparisons of lanes would fall apart.)
            let takesPart = load(valid + j)
            let product = products(query, scratch + j, stride: padded, count: headWidth)
            let score: Lanes = product * scale * takesPart + (takesPart - 1) * 1e30
            store(score, row + j)
          }
          let shift = largest(row, padded)
          var total = Lanes(repeating: 0)
          for j in stride(from: 0, to: padded, by: 16) {
            let e: Lanes = exponential(load(row + j) - shift) * load(valid + j)
            store(e, row + j)
            total += e
          }
          let mass = sum(total)
          let norm: Float = mass > 0 ? 1 / mass : 0
          for j in stride(from: 0, to: padded, by: 16) { store(load(row + j) * norm, row + j) }
          weightedRows(
            row, step: 1, keys + width, stride: 2 * width, count: sizes.keys, columns: headWidth,
            assigning: true, to: output + (b * sizes.queries + i) * width + h * headWidth)
        }
      }
    }
  }

  static func attentionBackward(
    _ sizes: AttentionSizes, _ queries: UnsafePointer<Float>, _ keysValues: UnsafePointer<Float>,
    probabilities: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, queryGradient: UnsafeMutablePointer<Float>?,
    assignsQueries: Bool, keyValueGradient: UnsafeMutablePointer<Float>?, assignsKeysValues: Bool
  ) {
    let width = sizes.width
    let headWidth = sizes.headWidth
    let padded = sizes.paddedKeys
    let scale = 1 / Float(headWidth).squareRoot()
    let scores = scratch + headWidth * padded
    for b in 0..<sizes.batch {
      for h in 0..<sizes.heads {
        let keyPlace = b * sizes.keys * 2 * width + h * headWidth
        let queryPlace = b * sizes.queries * width + h * headWidth
        let row = probabilities + (b * sizes.heads + h) * sizes.queries * padded
        transposeHead(keysValues + keyPlace + width, sizes, to: scratch)
        for i in 0..<sizes.queries {
          let gradient = outputGradient + queryPlace + i * width
          var projection = Lanes(repeating: 0)
          for j in stride(from: 0, to: padded, by: 16) {
            let d = products(gradient, scratch + j, stride: padded, count: headWidth)
            store(d, scores + i * padded + j)
            projection += d * load(row + i * padded + j)
          }
          let mean = sum(projection)
          for j in stride(from: 0, to: padded, by: 16) {
            let place = i * padded + j
            store(load(row + place) * (load(scores + place) - mean) * scale, scores + place)
          }
        }
        if let queryGradient {
          for i in 0..<sizes.queries {
            weightedRows(
              scores + i * padded, step: 1, keysValues + keyPlace, stride: 2 * width,
              count: sizes.keys, columns: headWidth, assigning: assignsQueries,
              to: queryGradient + queryPlace + i * width)
          }
        }
        if let keyValueGradient {
          for j in 0..<sizes.keys {
            let target = keyValueGradient + keyPlace + j * 2 * width
            weightedRows(
              scores + j, step: padded, queries + queryPlace, stride: width, count: sizes.queries,
              columns: headWidth, assigning: assignsKeysValues, to: target)
            weightedRows(
              row + j, step: padded, outputGradient + queryPlace, stride: width,
              count: sizes.queries, columns: headWidth, assigning: assignsKeysValues,
              to: target + width)
          }
        }
      }
    }
  }
}

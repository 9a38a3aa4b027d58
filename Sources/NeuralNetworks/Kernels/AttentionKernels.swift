// Attention head by head, as small matrix products around a softmax.

/// The extents of one attention.
struct AttentionSizes {
  let batch: Int
  let queries: Int
  let keys: Int
  let width: Int
  let heads: Int

  var headWidth: Int { width / heads }
  var paddedKeys: Int { (keys + 15) / 16 * 16 }
  /// Keys or values of a head, transposed, the scores of a head, and which keys take part.
  var scratchCount: Int { (headWidth + queries + 1) * paddedKeys }
}

/// Rows of numbers, `stride` from one to the next.
struct StridedRows {
  let first: UnsafeMutablePointer<Float>
  let stride: Int

  /// The same from row `row` and column `column` on.
  func advanced(row: Int, column: Int) -> StridedRows {
    StridedRows(first: first + row * stride + column, stride: stride)
  }
}

extension Kernels {
  /// C (+)= A·B for matrices that lie where they lie: A `[m, k]` with `aRow` and `aStep` numbers from row to row
  /// and from k to k.
  @inline(__always)
  private static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, aRow: Int, aStep: Int, _ b: StridedRows,
    adds: Bool, into c: UnsafeMutablePointer<Float>, cRow: Int
  ) {
    var operands = TileOperands(a: a, runLength: k, c: c)
    operands.aStep = aStep
    operands.bStride = b.stride
    operands.adds = adds
    for i in stride(from: 0, to: m, by: Tile.rows) {
      let valid = min(Tile.rows, m - i)
      var (aRows, cRows) = (SIMD8<Int>(), SIMD8<Int>())
      for r in 0..<Tile.rows {
        let row = i + min(r, valid - 1)
        aRows[r] = row * aRow
        cRows[r] = row * cRow
      }
      for column in stride(from: 0, to: n, by: Tile.columns) {
        Tile.compute(
          operands, aRows: aRows, b: b.first + column, cRows: cRows &+ column, rows: valid,
          firstColumn: column, columns: min(Tile.columns, n - column))
      }
    }
  }

  /// Columns of a head with rows along the lanes: target[d, j] = source[j, d], the last row repeated beyond the
  /// rows.
  private static func transposeHead(
    _ source: StridedRows, _ sizes: AttentionSizes, to target: UnsafeMutablePointer<Float>
  ) {
    let padded = sizes.paddedKeys
    for j in stride(from: 0, to: padded, by: 16) {
      let rows = min(16, sizes.keys - j)
      let first = source.first + j * source.stride
      var d = 0
      while d + 16 <= sizes.headWidth {
        transposeSixteen(
          first + d, stride: source.stride, rows: rows, to: target + d * padded + j, stride: padded)
        d += 16
      }
      while d < sizes.headWidth {
        for i in 0..<16 { target[d * padded + j + i] = first[min(i, rows - 1) * source.stride + d] }
        d += 1
      }
    }
  }

  static func attention(
    _ sizes: AttentionSizes, queries: StridedRows, keys: StridedRows, values: StridedRows,
    mask: UnsafePointer<Float>?, causal: Bool, scratch: UnsafeMutablePointer<Float>,
    probabilities: UnsafeMutablePointer<Float>, to output: UnsafeMutablePointer<Float>
  ) {
    let (headWidth, padded) = (sizes.headWidth, sizes.paddedKeys)
    let scale = 1 / Float(headWidth).squareRoot()
    let valid = scratch + headWidth * padded
    for b in 0..<sizes.batch {
      // 1 for a key that takes part, 0 for padding of either kind.
      for j in 0..<padded {
        valid[j] = j < sizes.keys ? (mask.map { $0[b * sizes.keys + j] } ?? 1) : 0
      }
      for h in 0..<sizes.heads {
        let column = h * headWidth
        transposeHead(keys.advanced(row: b * sizes.keys, column: column), sizes, to: scratch)
        let scores = probabilities + (b * sizes.heads + h) * sizes.queries * padded
        let headQueries = queries.advanced(row: b * sizes.queries, column: column)
        multiply(
          m: sizes.queries, n: padded, k: headWidth, headQueries.first, aRow: headQueries.stride,
          aStep: 1, StridedRows(first: scratch, stride: padded), adds: false, into: scores, cRow: padded)
        for i in 0..<sizes.queries {
          let row = scores + i * padded
          if causal {
            for j in min(i + 1, padded)..<padded { row[j] = -1e30 }
          }
          softmaxRow(row, valid: valid, scale: scale, padded: padded, taking: causal ? i + 1 : padded)
        }
        multiply(
          m: sizes.queries, n: headWidth, k: sizes.keys, scores, aRow: padded, aStep: 1,
          values.advanced(row: b * sizes.keys, column: column), adds: false,
          into: output + b * sizes.queries * sizes.width + column, cRow: sizes.width)
      }
    }
  }

  /// softmax(scale · row) over the keys that take part, zeros for the others and for a row without any.
  ///
  /// - Parameter taking: keys from here on take no part either.
  @inline(__always)
  private static func softmaxRow(
    _ row: UnsafeMutablePointer<Float>, valid: UnsafePointer<Float>, scale: Float, padded: Int, taking: Int
  ) {
    var top = Lanes(repeating: -1e30)
    for j in stride(from: 0, to: padded, by: 16) {
      // Where the key takes no part: score·0 − 10³⁰.
      let takesPart = load(valid + j)
      let score: Lanes = load(row + j) * scale * takesPart + (takesPart - 1) * 1e30
      store(score, row + j)
      top = maximum(top, score)
    }
    let shift = largest(top)
    var total = Lanes(repeating: 0)
    for j in stride(from: 0, to: padded, by: 16) {
      let e: Lanes = exponential(load(row + j) - shift) * load(valid + j)
      store(e, row + j)
      total += e
    }
    if taking < padded {
      for j in taking..<padded { row[j] = 0 }
      total = Lanes(repeating: 0)
      for j in stride(from: 0, to: padded, by: 16) { total += load(row + j) }
    }
    let mass = sum(total)
    let norm: Float = mass > 0 ? 1 / mass : 0
    for j in stride(from: 0, to: padded, by: 16) { store(load(row + j) * norm, row + j) }
  }

  /// Gradients as (where to, whether to add): with P the probabilities, dP = dy·vᵀ and
  /// dS = P ∘ (dP − rowsum(P ∘ dP)) / √(D/heads): dq = dS·k, dk = dSᵀ·q, dv = Pᵀ·dy.
  static func attentionBackward(
    _ sizes: AttentionSizes, queries: StridedRows, keys: StridedRows, values: StridedRows,
    probabilities: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, queryGradient: (UnsafeMutablePointer<Float>, adds: Bool)?,
    keyGradient: (UnsafeMutablePointer<Float>, adds: Bool)?,
    valueGradient: (UnsafeMutablePointer<Float>, adds: Bool)?
  ) {
    let (headWidth, padded) = (sizes.headWidth, sizes.paddedKeys)
    let scale = 1 / Float(headWidth).squareRoot()
    let slopes = scratch + headWidth * padded
    for b in 0..<sizes.batch {
      for h in 0..<sizes.heads {
        let column = h * headWidth
        let (queryRow, keyRow) = (b * sizes.queries, b * sizes.keys)
        let p = probabilities + (b * sizes.heads + h) * sizes.queries * padded
        let dy = StridedRows(first: gradient + queryRow * sizes.width + column, stride: sizes.width)
        if let (target, adds) = valueGradient {
          multiply(
            m: sizes.keys, n: headWidth, k: sizes.queries, p, aRow: 1, aStep: padded, dy, adds: adds,
            into: target + keyRow * values.stride + column, cRow: values.stride)
        }
        transposeHead(values.advanced(row: keyRow, column: column), sizes, to: scratch)
        multiply(
          m: sizes.queries, n: padded, k: headWidth, dy.first, aRow: dy.stride, aStep: 1,
          StridedRows(first: scratch, stride: padded), adds: false, into: slopes, cRow: padded)
        for i in 0..<sizes.queries {
          let (row, slope) = (p + i * padded, slopes + i * padded)
          var total = Lanes(repeating: 0)
          for j in stride(from: 0, to: padded, by: 16) {
            total = multiplyAdd(load(row + j), load(slope + j), total)
          }
          let mean = sum(total)
          for j in stride(from: 0, to: padded, by: 16) {
            let s: Lanes = load(row + j) * (load(slope + j) - mean) * scale
            store(s, slope + j)
          }
        }
        if let (target, adds) = queryGradient {
          multiply(
            m: sizes.queries, n: headWidth, k: sizes.keys, slopes, aRow: padded, aStep: 1,
            keys.advanced(row: keyRow, column: column), adds: adds,
            into: target + queryRow * queries.stride + column, cRow: queries.stride)
        }
        if let (target, adds) = keyGradient {
          multiply(
            m: sizes.keys, n: headWidth, k: sizes.queries, slopes, aRow: 1, aStep: padded,
            queries.advanced(row: queryRow, column: column), adds: adds,
            into: target + keyRow * keys.stride + column, cRow: keys.stride)
        }
      }
    }
  }
}

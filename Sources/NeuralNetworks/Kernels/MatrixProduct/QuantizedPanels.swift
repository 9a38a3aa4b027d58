// Weights in one byte each, for small batches whose time goes into fetching weights: an output's weights share a
// scale (its largest weight becomes 127), a row of inputs is rounded to 16 bits or a little less, and the sums are
// exact in 32-bit integers.
//
//   y[n] = (Σ_k round(x[k] / s_x) · q[n, k]) · s_x · s_w[n] + b[n]

import CPlanarLanes

/// The layout of quantized weights `[columns, k]`: panels of 32 columns, k in pairs, then one scale a column.
struct QuantizedPanels {
  let columns: Int
  let k: Int

  var pairs: Int { (k + 1) / 2 }
  var panelCount: Int { (columns + 31) / 32 }
  var panelBytes: Int { pairs * 64 }
  /// Numbers of 4 bytes for all panels and scales.
  var count: Int { panelCount * (panelBytes / 4 + 32) }
  /// Numbers of 4 bytes that `multiply` works in: a row's 16-bit inputs and the integer sums.
  var scratchCount: Int { (pairs + 15) / 16 * 16 + panelCount * 32 }

  private func scales(_ panels: UnsafePointer<Float>) -> UnsafePointer<Float> {
    panels + panelCount * panelBytes / 4
  }

  func pack(_ weights: UnsafePointer<Float>, to panels: UnsafeMutablePointer<Float>) {
    let bytes = UnsafeMutableRawPointer(panels).assumingMemoryBound(to: Int8.self)
    let scales = panels + panelCount * panelBytes / 4
    for column in 0..<panelCount * 32 {
      let row = weights + min(column, columns - 1) * k
      var top: Float = 0
      for i in 0..<k { top = max(top, abs(row[i])) }
      let isReal = column < columns && top > 0
      scales[column] = isReal ? top / 127 : 0
      let target = bytes + column / 32 * panelBytes + column % 32 * 2
      for i in 0..<2 * pairs {
        target[i / 2 * 64 + i % 2] = isReal && i < k ? Int8((row[i] / top * 127).rounded()) : 0
      }
    }
  }

  /// y = x·Wᵀ + b for `rows` rows.
  func multiply(
    _ x: UnsafePointer<Float>, rows: Int, panels: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    let inputs = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int16.self)
    let sums = UnsafeMutableRawPointer(scratch + (pairs + 15) / 16 * 16).assumingMemoryBound(to: Int32.self)
    let weightScales = scales(panels)
    // No sum can leave 32 bits: k·127·limit < 2³¹.
    let limit = min(32_767, Float(Int(Int32.max) / (127 * k)))
    for r in 0..<rows {
      let scale = quantize(x + r * k, limit: limit, to: inputs)
      planar_int8_row(
        UnsafeRawPointer(panels).assumingMemoryBound(to: Int8.self), panelBytes, panelCount, inputs, pairs, sums)
      let target = y + r * columns
      for n in 0..<columns { target[n] = Float(sums[n]) * (scale * weightScales[n]) + (bias?[n] ?? 0) }
    }
  }

  /// Rounds a row to integers of at most `limit`.
  ///
  /// - Returns: What one unit stands for; no number where the row has something that is not finite.
  private func quantize(_ x: UnsafePointer<Float>, limit: Float, to integers: UnsafeMutablePointer<Int16>) -> Float {
    var (tops, products) = (Lanes(repeating: 0), Lanes(repeating: 0))
    Kernels.columnBlocks(k) { i, width in
      let lanes = load(x + i, width: width)
      tops = maximum(tops, absolute(lanes))
      products = multiplyAdd(0, lanes, products)
    }
    // 0, unless something is not finite: an integer could not tell.
    let top = largest(tops) + sum(products)
    let factor = top > 0 ? limit / top : 0
    for i in 0..<k {
      // Adding 1.5·2²³ rounds to the nearest integer.
      let shifted = x[i] * factor + 12_582_912
      integers[i] = Int16(truncatingIfNeeded: shifted.bitPattern)
    }
    if k % 2 == 1 { integers[k] = 0 }
    return top / limit
  }
}

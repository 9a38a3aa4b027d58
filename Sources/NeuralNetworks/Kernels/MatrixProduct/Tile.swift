// The innermost part of every matrix product: a block of C that stays in vector registers while the sum over
// k runs. Each number of C is one chain of fused products in the order of k, whatever the block it falls
// into, so a row's result does not depend on how many rows are computed with it.
//
//              B  [k, 32]
//              ┌────────┐
//   A [8, k]   │        │      with 32 registers of 16 floats: 16 hold C, 2 a row of B, the rest numbers of A;
//   ┌───────┐  └────────┘      with smaller or fewer registers, 16 columns and two tiles of 4 rows
//   │       │  ┌────────┐
//   └───────┘  │   C    │
//              └────────┘

import CPlanarLanes

/// What all tiles of one product share.
struct TileOperands {
  /// A's numbers: row r, position k at `a[row offset r + place(k)]`.
  var a: UnsafePointer<Float>
  /// From one k to the next, within a run.
  var aStep = 1
  /// k goes through this many runs of `runLength` positions, `runStride` numbers apart: one for a plain
  /// matrix, a kernel's height for a convolution.
  var runs = 1
  var runStride = 0
  var runLength: Int
  /// Numbers from one row of B to the next.
  var bStride = Tile.columns
  var c: UnsafeMutablePointer<Float>
  /// `[columns of C]`, added to every row.
  var bias: UnsafePointer<Float>?
  /// Whether C's old numbers are added to.
  var adds = false
}

/// The kernels for one block of C.
enum Tile {
  /// Rows and columns of the largest tile.
  static let rows = 8
  static var columns: Int { planar_has_wide_registers() ? 32 : 16 }

  /// Computes at most `Tile.rows` × `Tile.columns` numbers of C.
  ///
  /// - Parameters:
  ///   - aRows: offsets of A's rows; those from `rows` on must be readable (repeat the last).
  ///   - b: the first of B's columns; whole vectors are read, so up to 15 numbers beyond the columns.
  ///   - cRows: offsets of C's rows at the tile's first column.
  ///   - firstColumn: where the tile's bias begins.
  @inline(__always)
  static func compute(
    _ operands: borrowing TileOperands, aRows: SIMD8<Int>, b: UnsafePointer<Float>, cRows: SIMD8<Int>,
    rows: Int, firstColumn: Int, columns: Int
  ) {
    if rows > 4 {
      if planar_has_wide_registers(), columns > 16 {
        eightByThirtyTwo(operands, aRows, b, cRows, rows, firstColumn, columns)
        return
      }
      let low = SIMD8(lowHalf: aRows.lowHalf, highHalf: aRows.lowHalf)
      let high = SIMD8(lowHalf: aRows.highHalf, highHalf: aRows.highHalf)
      let cHigh = SIMD8(lowHalf: cRows.highHalf, highHalf: cRows.highHalf)
      fourRows(operands, low, b, cRows, 4, firstColumn, columns)
      fourRows(operands, high, b, cHigh, rows - 4, firstColumn, columns)
    } else {
      fourRows(operands, aRows, b, cRows, rows, firstColumn, columns)
    }
  }

  @inline(__always)
  private static func fourRows(
    _ operands: borrowing TileOperands, _ aRows: SIMD8<Int>, _ b: UnsafePointer<Float>,
    _ cRows: SIMD8<Int>, _ rows: Int, _ firstColumn: Int, _ columns: Int
  ) {
    if planar_has_wide_registers(), columns > 16 {
      fourByThirtyTwo(operands, aRows, b, cRows, rows, firstColumn, columns)
      return
    }
    fourBySixteen(operands, aRows, b, cRows, rows, firstColumn, columns)
  }

  @inline(never)
  private static func eightByThirtyTwo(
    _ operands: borrowing TileOperands, _ aRows: SIMD8<Int>, _ panel: UnsafePointer<Float>,
    _ cRows: SIMD8<Int>, _ rows: Int, _ firstColumn: Int, _ columns: Int
  ) {
    let zero = Lanes(repeating: 0)
    var (c00, c01, c10, c11, c20, c21, c30, c31) = (zero, zero, zero, zero, zero, zero, zero, zero)
    var (c40, c41, c50, c51, c60, c61, c70, c71) = (zero, zero, zero, zero, zero, zero, zero, zero)
    let a = operands.a
    let (r0, r1, r2, r3) = (a + aRows[0], a + aRows[1], a + aRows[2], a + aRows[3])
    let (r4, r5, r6, r7) = (a + aRows[4], a + aRows[5], a + aRows[6], a + aRows[7])
    let (step, stride, length) = (operands.aStep, operands.bStride, operands.runLength)
    var b = panel
    for run in 0..<operands.runs {
      var k = run * operands.runStride
      for _ in 0..<length {
        let (b0, b1) = (load(b), load(b + 16))
        c00 = multiplyAdd(r0[k], b0, c00)
        c01 = multiplyAdd(r0[k], b1, c01)
        c10 = multiplyAdd(r1[k], b0, c10)
        c11 = multiplyAdd(r1[k], b1, c11)
        c20 = multiplyAdd(r2[k], b0, c20)
        c21 = multiplyAdd(r2[k], b1, c21)
        c30 = multiplyAdd(r3[k], b0, c30)
        c31 = multiplyAdd(r3[k], b1, c31)
        c40 = multiplyAdd(r4[k], b0, c40)
        c41 = multiplyAdd(r4[k], b1, c41)
        c50 = multiplyAdd(r5[k], b0, c50)
        c51 = multiplyAdd(r5[k], b1, c51)
        c60 = multiplyAdd(r6[k], b0, c60)
        c61 = multiplyAdd(r6[k], b1, c61)
        c70 = multiplyAdd(r7[k], b0, c70)
        c71 = multiplyAdd(r7[k], b1, c71)
        b += stride
        k &+= step
      }
    }
    let put = TileStore(operands, firstColumn: firstColumn, columns: columns)
    put(c00, c01, cRows[0])
    put(c10, c11, cRows[1])
    put(c20, c21, cRows[2])
    put(c30, c31, cRows[3])
    put(c40, c41, cRows[4])
    if rows > 5 { put(c50, c51, cRows[5]) }
    if rows > 6 { put(c60, c61, cRows[6]) }
    if rows > 7 { put(c70, c71, cRows[7]) }
  }

  @inline(never)
  private static func fourByThirtyTwo(
    _ operands: borrowing TileOperands, _ aRows: SIMD8<Int>, _ panel: UnsafePointer<Float>,
    _ cRows: SIMD8<Int>, _ rows: Int, _ firstColumn: Int, _ columns: Int
  ) {
    let zero = Lanes(repeating: 0)
    var (c00, c01, c10, c11, c20, c21, c30, c31) = (zero, zero, zero, zero, zero, zero, zero, zero)
    let a = operands.a
    let (r0, r1, r2, r3) = (a + aRows[0], a + aRows[1], a + aRows[2], a + aRows[3])
    let (step, stride, length) = (operands.aStep, operands.bStride, operands.runLength)
    var b = panel
    for run in 0..<operands.runs {
      var k = run * operands.runStride
      for _ in 0..<length {
        let (b0, b1) = (load(b), load(b + 16))
        c00 = multiplyAdd(r0[k], b0, c00)
        c01 = multiplyAdd(r0[k], b1, c01)
        c10 = multiplyAdd(r1[k], b0, c10)
        c11 = multiplyAdd(r1[k], b1, c11)
        c20 = multiplyAdd(r2[k], b0, c20)
        c21 = multiplyAdd(r2[k], b1, c21)
        c30 = multiplyAdd(r3[k], b0, c30)
        c31 = multiplyAdd(r3[k], b1, c31)
        b += stride
        k &+= step
      }
    }
    let put = TileStore(operands, firstColumn: firstColumn, columns: columns)
    put(c00, c01, cRows[0])
    if rows > 1 { put(c10, c11, cRows[1]) }
    if rows > 2 { put(c20, c21, cRows[2]) }
    if rows > 3 { put(c30, c31, cRows[3]) }
  }

  @inline(never)
  private static func fourBySixteen(
    _ operands: borrowing TileOperands, _ aRows: SIMD8<Int>, _ panel: UnsafePointer<Float>,
    _ cRows: SIMD8<Int>, _ rows: Int, _ firstColumn: Int, _ columns: Int
  ) {
    let zero = Lanes(repeating: 0)
    var (c0, c1, c2, c3) = (zero, zero, zero, zero)
    let a = operands.a
    let (r0, r1, r2, r3) = (a + aRows[0], a + aRows[1], a + aRows[2], a + aRows[3])
    let (step, stride, length) = (operands.aStep, operands.bStride, operands.runLength)
    var b = panel
    for run in 0..<operands.runs {
      var k = run * operands.runStride
      for _ in 0..<length {
        let row = load(b)
        c0 = multiplyAdd(r0[k], row, c0)
        c1 = multiplyAdd(r1[k], row, c1)
        c2 = multiplyAdd(r2[k], row, c2)
        c3 = multiplyAdd(r3[k], row, c3)
        b += stride
        k &+= step
      }
    }
    let put = TileStore(operands, firstColumn: firstColumn, columns: columns)
    put(c0, cRows[0])
    if rows > 1 { put(c1, cRows[1]) }
    if rows > 2 { put(c2, cRows[2]) }
    if rows > 3 { put(c3, cRows[3]) }
  }

  /// One row and four neighbouring panels: a vector times a packed matrix, at the speed at which the matrix
  /// arrives.
  @inline(__always)
  static func oneByFourPanels(
    _ operands: borrowing TileOperands, aRow: Int, panels: UnsafePointer<Float>, panelStride: Int,
    cRow: Int, firstColumn: Int
  ) {
    if planar_has_wide_registers() {
      oneByFourTimes32(operands, aRow, panels, panelStride, cRow, firstColumn)
    } else {
      oneByFourTimes16(operands, aRow, panels, panelStride, cRow, firstColumn)
    }
  }

  @inline(never)
  private static func oneByFourTimes32(
    _ operands: borrowing TileOperands, _ aRow: Int, _ panels: UnsafePointer<Float>, _ panelStride: Int,
    _ cRow: Int, _ firstColumn: Int
  ) {
    let zero = Lanes(repeating: 0)
    var (c0, c1, c2, c3, c4, c5, c6, c7) = (zero, zero, zero, zero, zero, zero, zero, zero)
    let row = operands.a + aRow
    var b = panels
    for run in 0..<operands.runs {
      var k = run * operands.runStride
      for _ in 0..<operands.runLength {
        let x = Lanes(repeating: row[k])
        c0 = multiplyAdd(x, load(b), c0)
        c1 = multiplyAdd(x, load(b + 16), c1)
        c2 = multiplyAdd(x, load(b + panelStride), c2)
        c3 = multiplyAdd(x, load(b + panelStride + 16), c3)
        c4 = multiplyAdd(x, load(b + 2 * panelStride), c4)
        c5 = multiplyAdd(x, load(b + 2 * panelStride + 16), c5)
        c6 = multiplyAdd(x, load(b + 3 * panelStride), c6)
        c7 = multiplyAdd(x, load(b + 3 * panelStride + 16), c7)
        b += 32
        k &+= operands.aStep
      }
    }
    TileStore(operands, firstColumn: firstColumn, columns: 32)(c0, c1, cRow)
    TileStore(operands, firstColumn: firstColumn + 32, columns: 32)(c2, c3, cRow + 32)
    TileStore(operands, firstColumn: firstColumn + 64, columns: 32)(c4, c5, cRow + 64)
    TileStore(operands, firstColumn: firstColumn + 96, columns: 32)(c6, c7, cRow + 96)
  }

  @inline(never)
  private static func oneByFourTimes16(
    _ operands: borrowing TileOperands, _ aRow: Int, _ panels: UnsafePointer<Float>, _ panelStride: Int,
    _ cRow: Int, _ firstColumn: Int
  ) {
    let zero = Lanes(repeating: 0)
    var (c0, c1, c2, c3) = (zero, zero, zero, zero)
    let row = operands.a + aRow
    var b = panels
    for run in 0..<operands.runs {
      var k = run * operands.runStride
      for _ in 0..<operands.runLength {
        let x = Lanes(repeating: row[k])
        c0 = multiplyAdd(x, load(b), c0)
        c1 = multiplyAdd(x, load(b + panelStride), c1)
        c2 = multiplyAdd(x, load(b + 2 * panelStride), c2)
        c3 = multiplyAdd(x, load(b + 3 * panelStride), c3)
        b += 16
        k &+= operands.aStep
      }
    }
    TileStore(operands, firstColumn: firstColumn, columns: 16)(c0, cRow)
    TileStore(operands, firstColumn: firstColumn + 16, columns: 16)(c1, cRow + 16)
    TileStore(operands, firstColumn: firstColumn + 32, columns: 16)(c2, cRow + 32)
    TileStore(operands, firstColumn: firstColumn + 48, columns: 16)(c3, cRow + 48)
  }
}

/// Puts finished sums into C, with the bias and on top of old numbers where the product says so.
private struct TileStore {
  let c: UnsafeMutablePointer<Float>
  let columns: Int
  let adds: Bool
  let bias: (Lanes, Lanes)

  @inline(__always)
  init(_ operands: borrowing TileOperands, firstColumn: Int, columns: Int) {
    c = operands.c
    adds = operands.adds
    self.columns = columns
    guard let all = operands.bias else {
      bias = (Lanes(repeating: 0), Lanes(repeating: 0))
      return
    }
    let first = all + firstColumn
    bias = (
      columns >= 16 ? load(first) : loadPartly(first, columns),
      columns >= 32 ? load(first + 16) : columns > 16 ? loadPartly(first + 16, columns - 16) : Lanes(repeating: 0)
    )
  }

  @inline(__always)
  func callAsFunction(_ low: Lanes, _ high: Lanes, _ row: Int) {
    let target = c + row
    if columns >= 32 {
      put(low + bias.0, target)
      put(high + bias.1, target + 16)
    } else {
      put(low + bias.0, target)
      putPartly(high + bias.1, target + 16, columns - 16)
    }
  }

  @inline(__always)
  func callAsFunction(_ lanes: Lanes, _ row: Int) {
    if columns >= 16 {
      put(lanes + bias.0, c + row)
    } else {
      putPartly(lanes + bias.0, c + row, columns)
    }
  }

  @inline(__always)
  private func put(_ lanes: Lanes, _ target: UnsafeMutablePointer<Float>) {
    store(adds ? load(target) + lanes : lanes, target)
  }

  @inline(__always)
  private func putPartly(_ lanes: Lanes, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    storePartly(adds ? loadPartly(target, count) + lanes : lanes, target, count)
  }
}

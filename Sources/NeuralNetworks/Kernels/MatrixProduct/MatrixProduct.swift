// Matrix products as loops over tiles. There is no packing of A: its rows are read where they lie, however
// they lie, so that a convolution is a product whose rows are windows of the input (the idea of the indirect
// convolution, Dukhan 2019).

extension Kernels {
  /// Rows of A that go through all of B before the next: their numbers stay in the second-level cache.
  private static let rowsPerBlock = 64

  /// C = A·B (+ bias) (+ C), with B in panels.
  ///
  /// - Parameters:
  ///   - rows, columns: of C.
  ///   - panels: B as `Packing` makes it: `[⌈columns / w⌉][k][w]` with w = `Tile.columns`.
  ///   - afterBlock: called with each range of rows of C that is finished, while it is in the cache.
  @inline(__always)
  static func product(
    _ operands: TileOperands, rows: Int, columns: Int, aOffsets: RowOffsets, cOffsets: RowOffsets,
    panels: UnsafePointer<Float>, afterBlock: (Range<Int>) -> Void
  ) {
    var start = 0
    while start < rows {
      let end = min(rows, start + rowsPerBlock)
      productBlock(
        operands, start..<end, columns: columns, aOffsets: aOffsets, cOffsets: cOffsets, panels: panels)
      afterBlock(start..<end)
      start = end
    }
  }

  /// The same without anything after.
  static func product(
    _ operands: TileOperands, rows: Int, columns: Int, aOffsets: RowOffsets, cOffsets: RowOffsets,
    panels: UnsafePointer<Float>
  ) {
    product(
      operands, rows: rows, columns: columns, aOffsets: aOffsets, cOffsets: cOffsets, panels: panels
    ) { _ in }
  }

  private static func productBlock(
    _ operands: TileOperands, _ rows: Range<Int>, columns: Int, aOffsets: RowOffsets, cOffsets: RowOffsets,
    panels: UnsafePointer<Float>
  ) {
    let panelCount = operands.runs * operands.runLength * Tile.columns
    if rows.count == 1 {
      oneRow(
        operands, rows.lowerBound, columns: columns, aOffsets: aOffsets, cOffsets: cOffsets, panels: panels,
        panelCount: panelCount)
      return
    }
    var column = 0
    var panel = panels
    while column < columns {
      var a = aOffsets.cursor(at: rows.lowerBound)
      var c = cOffsets.cursor(at: rows.lowerBound)
      var row = rows.lowerBound
      while row < rows.upperBound {
        let count = min(Tile.rows, rows.upperBound - row)
        Tile.compute(
          operands, aRows: a.next(count), b: panel, cRows: c.next(count) &+ column, rows: count,
          firstColumn: column, columns: min(Tile.columns, columns - column))
        row += count
      }
      column += Tile.columns
      panel += panelCount
    }
  }

  private static func oneRow(
    _ operands: TileOperands, _ row: Int, columns: Int, aOffsets: RowOffsets, cOffsets: RowOffsets,
    panels: UnsafePointer<Float>, panelCount: Int
  ) {
    var aCursor = aOffsets.cursor(at: row)
    var cCursor = cOffsets.cursor(at: row)
    let (a, c) = (aCursor.next(), cCursor.next())
    var column = 0
    while column + 4 * Tile.columns <= columns {
      Tile.oneByFourPanels(
        operands, aRow: a, panels: panels + column / Tile.columns * panelCount, panelStride: panelCount,
        cRow: c + column, firstColumn: column)
      column += 4 * Tile.columns
    }
    while column < columns {
      Tile.compute(
        operands, aRows: SIMD8(repeating: a), b: panels + column / Tile.columns * panelCount,
        cRows: SIMD8(repeating: c + column), rows: 1, firstColumn: column,
        columns: min(Tile.columns, columns - column))
      column += Tile.columns
    }
  }

  /// Rows summed over before the sum goes to C.
  private static let rowsPerSum = 256
  /// Space that `outerProduct` needs for this many columns of B.
  static func outerProductScratch(columns: Int) -> Int {
    // Whole vectors are written, so up to 15 numbers beyond the last.
    (columns + Tile.columns - 1) / Tile.columns * Tile.columns * rowsPerSum + 16
  }

  /// C (+)= Aᵀ·B over many rows: C `[m, n]`, A `[rows, m]` even, B `[rows, n]` whose rows are windows: the
  /// gradient of weights.
  ///
  /// - Parameters:
  ///   - bRuns, bRunStride: a window is `bRuns` runs of n / `bRuns` numbers, `bRunStride` apart.
  ///   - scratch: `outerProductScratch` numbers.
  static func outerProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Int, m: Int, n: Int, bOffsets: RowOffsets,
    bRuns: Int = 1, bRunStride: Int = 0, adds: Bool, scratch: UnsafeMutablePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    var cursor = bOffsets.cursor(at: 0)
    var row = 0
    while row < rows {
      let count = min(rowsPerSum, rows - row)
      packWindows(
        b, &cursor, rows: count, columns: n, runs: bRuns, runStride: bRunStride, to: scratch)
      var operands = TileOperands(a: a + row * m, runLength: count, c: c)
      operands.aStep = m
      operands.adds = adds || row > 0
      for i in stride(from: 0, to: m, by: Tile.rows) {
        let valid = min(Tile.rows, m - i)
        var (aRows, cRows) = (SIMD8<Int>(), SIMD8<Int>())
        for r in 0..<Tile.rows {
          aRows[r] = i + min(r, valid - 1)
          cRows[r] = (i + min(r, valid - 1)) * n
        }
        for column in stride(from: 0, to: n, by: Tile.columns) {
          Tile.compute(
            operands, aRows: aRows, b: scratch + column * count, cRows: cRows &+ column, rows: valid,
            firstColumn: column, columns: min(Tile.columns, n - column))
        }
      }
      row += count
    }
  }

  /// Copies windows into panels: `[⌈columns / w⌉][rows][w]` with w = `Tile.columns`; what lies beyond the columns
  /// holds anything.
  private static func packWindows(
    _ b: UnsafePointer<Float>, _ cursor: inout RowOffsets.Cursor, rows: Int, columns: Int, runs: Int,
    runStride: Int, to panels: UnsafeMutablePointer<Float>
  ) {
    let length = columns / runs
    for r in 0..<rows {
      let window = b + cursor.next()
      if columns <= Tile.columns, length <= 16 {
        // Short runs: whole vectors, each over the surplus of the one before; the next row overwrites the last's.
        for run in 0..<runs { store(load(window + run * runStride), panels + r * Tile.columns + run * length) }
      } else if runs == 1 || length == runStride {
        copyToPanels(window, first: 0, count: columns, panels + r * Tile.columns, panelStride: rows * Tile.columns)
      } else {
        for run in 0..<runs {
          copyToPanels(
            window + run * runStride, first: run * length, count: length, panels + r * Tile.columns,
            panelStride: rows * Tile.columns)
        }
      }
    }
  }

  /// Copies numbers that are columns `first ..< first + count` of a row into the row's parts of panels.
  @inline(__always)
  private static func copyToPanels(
    _ source: UnsafePointer<Float>, first: Int, count: Int, _ row: UnsafeMutablePointer<Float>,
    panelStride: Int
  ) {
    var i = 0
    while i < count {
      let column = first + i
      let within = column % Tile.columns
      let target = row + column / Tile.columns * panelStride + within
      if within == 0, i + Tile.columns <= count {
        store(load(source + i), target)
        if Tile.columns > 16 { store(load(source + i + 16), target + 16) }
        i += Tile.columns
      } else {
        let length = min(count - i, Tile.columns - within)
        target.update(from: source + i, count: length)
        i += length
      }
    }
  }
}

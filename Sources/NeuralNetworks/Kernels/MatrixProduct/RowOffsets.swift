// Where the rows of a matrix lie in memory, when they are windows of an image or every other position of a
// sequence rather than one after the other.

/// Rows counted in three nested loops: row (o·middle + i)·inner + j lies at
/// o·outerStride + i·middleStride + j·innerStride.
struct RowOffsets {
  var inner: Int
  var innerStride: Int
  var middle = 1
  var middleStride = 0
  var outerStride = 0

  /// Rows one after the other, `stride` numbers apart.
  static func even(_ stride: Int) -> RowOffsets { RowOffsets(inner: .max, innerStride: stride) }

  /// Walks through the offsets from a given row on.
  func cursor(at row: Int) -> Cursor {
    let (block, j) = row.quotientAndRemainder(dividingBy: inner)
    let (o, i) = block.quotientAndRemainder(dividingBy: middle)
    return Cursor(offsets: self, j: j, i: i, outer: o * outerStride)
  }

  struct Cursor {
    let offsets: RowOffsets
    var j: Int
    var i: Int
    var outer: Int

    /// The present row's offset; then goes on to the next row.
    @inline(__always)
    mutating func next() -> Int {
      let offset = outer + i * offsets.middleStride + j * offsets.innerStride
      j += 1
      if j == offsets.inner {
        j = 0
        i += 1
        if i == offsets.middle {
          i = 0
          outer += offsets.outerStride
        }
      }
      return offset
    }

    /// The next `count` offsets, at most eight; the last one repeated.
    @inline(__always)
    mutating func next(_ count: Int) -> SIMD8<Int> {
      if count == 8, j + 8 <= offsets.inner {
        // Eight of one run, as almost always.
        let first = outer + i * offsets.middleStride + j * offsets.innerStride
        if j + 8 < offsets.inner {
          j += 8
        } else {
          j += 7
          _ = next()
        }
        return SIMD8(repeating: first) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &* SIMD8(repeating: offsets.innerStride)
      }
      var eight = SIMD8<Int>()
      var offset = 0
      for r in 0..<8 {
        if r < count { offset = next() }
        eight[r] = offset
      }
      return eight
    }
  }
}

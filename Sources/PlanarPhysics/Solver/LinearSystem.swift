// A small linear system.

/// A square matrix with its right-hand side as last column, its rows padded to whole vectors of four.
struct LinearSystem: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<SIMD4<Double>>
  private let elements: UnsafeMutablePointer<Double>
  /// Unknowns.
  private(set) var count = 0
  /// Vectors per row.
  private var stride = 0

  var base: UnsafeMutableRawPointer { UnsafeMutableRawPointer(storage) }

  /// Room for `capacity` unknowns; whoever makes it frees `base`.
  init(capacity: Int) {
    let vectors = capacity * ((capacity + 4) / 4)
    storage = .allocate(capacity: vectors)
    storage.initialize(repeating: .zero, count: vectors)
    elements = UnsafeMutableRawPointer(storage).assumingMemoryBound(to: Double.self)
  }

  /// Makes it a system of `count` unknowns whose elements are to be set, padding included.
  @inline(__always)
  mutating func resize(_ count: Int) {
    self.count = count
    stride = (count + 4) / 4
    for row in 0..<count { storage[row * stride + stride - 1] = .zero }
  }

  @inline(__always)
  subscript(row: Int, column: Int) -> Double {
    get { elements[row * stride * 4 + column] }
    nonmutating set { elements[row * stride * 4 + column] = newValue }
  }

  /// Gaussian elimination with row pivoting; the solution takes the place of the right-hand side. False where the
  /// matrix is singular.
  func solve() -> Bool {
    for column in 0..<count {
      var pivot = column
      var i = column + 1
      while i < count {
        if abs(self[i, column]) > abs(self[pivot, column]) { pivot = i }
        i += 1
      }
      guard abs(self[pivot, column]) > 1e-300 else { return false }
      let first = column / 4
      let row = storage + column * stride
      if pivot != column {
        let other = storage + pivot * stride
        for j in first..<stride { (row[j], other[j]) = (other[j], row[j]) }
      }
      let inverse = 1 / self[column, column]
      i = column + 1
      while i < count {
        let factor = self[i, column] * inverse
        let other = storage + i * stride
        for j in first..<stride { other[j] -= factor * row[j] }
        i += 1
      }
    }
    var i = count - 1
    while i >= 0 {
      var sum = self[i, count]
      var j = i + 1
      while j < count {
        sum -= self[i, j] * self[j, count]
        j += 1
      }
      self[i, count] = sum / self[i, i]
      i -= 1
    }
    return true
  }
}

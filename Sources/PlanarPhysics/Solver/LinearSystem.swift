// A small linear system.

/// Gaussian elimination with row pivoting of `count` rows with their right-hand side as last column, which ends as
/// the solution; false where the matrix is singular.
func solveLinearSystem(_ m: UnsafeMutablePointer<Double>, count: Int) -> Bool {
  let width = count + 1
  for column in 0..<count {
    var pivot = column
    var i = column + 1
    while i < count {
      if abs(m[i * width + column]) > abs(m[pivot * width + column]) { pivot = i }
      i += 1
    }
    guard abs(m[pivot * width + column]) > 1e-300 else { return false }
    if pivot != column {
      for j in column..<width {
        (m[pivot * width + j], m[column * width + j]) =
          (m[column * width + j], m[pivot * width + j])
      }
    }
    let inverse = 1 / m[column * width + column]
    i = column + 1
    while i < count {
      let factor = m[i * width + column] * inverse
      for j in (column + 1)..<width { m[i * width + j] -= factor * m[column * width + j] }
      i += 1
    }
  }
  var i = count - 1
  while i >= 0 {
    var sum = m[i * width + count]
    var j = i + 1
    while j < count {
      sum -= m[i * width + j] * m[j * width + count]
      j += 1
    }
    m[i * width + count] = sum / m[i * width + i]
    i -= 1
  }
  return true
}

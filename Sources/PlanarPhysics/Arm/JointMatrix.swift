// Small symmetric matrices: over the joints, and over a body's motion.

/// A symmetric 4 × 4 matrix.
public struct JointMatrix: Hashable, Sendable {
  /// The rows, which are the columns too.
  public var row0: SIMD4<Double>
  /// As `row0`.
  public var row1: SIMD4<Double>
  /// As `row0`.
  public var row2: SIMD4<Double>
  /// As `row0`.
  public var row3: SIMD4<Double>

  /// diag(`diagonal`).
  @inlinable public init(diagonal: SIMD4<Double>) {
    row0 = SIMD4(diagonal.x, 0, 0, 0)
    row1 = SIMD4(0, diagonal.y, 0, 0)
    row2 = SIMD4(0, 0, diagonal.z, 0)
    row3 = SIMD4(0, 0, 0, diagonal.w)
  }

  /// Row 0 to 3.
  public subscript(row: Int) -> SIMD4<Double> {
    switch row {
    case 0: row0
    case 1: row1
    case 2: row2
    default: row3
    }
  }

  /// The product with a vector.
  @inlinable @inline(__always) public func times(_ v: SIMD4<Double>) -> SIMD4<Double> {
    // Symmetric, so columns serve as rows: no horizontal sums.
    row0 * v.x + row1 * v.y + row2 * v.z + row3 * v.w
  }

  /// Adds `diagonal` to the diagonal.
  @inlinable @inline(__always) public mutating func add(diagonal: SIMD4<Double>) {
    row0.x += diagonal.x
    row1.y += diagonal.y
    row2.z += diagonal.z
    row3.w += diagonal.w
  }

  /// weight·(v·vᵀ) added.
  @inlinable @inline(__always) mutating func addOuter(_ v: SIMD4<Double>, weight: Double) {
    let w = v * weight
    row0 += w * v.x
    row1 += w * v.y
    row2 += w * v.z
    row3 += w * v.w
  }

  /// The diagonal.
  public var diagonal: SIMD4<Double> { SIMD4(row0.x, row1.y, row2.z, row3.w) }

  /// The inverse of a positive definite matrix, by 2 × 2 blocks (Schur complement of the leading one).
  @inline(__always)
  public var inverse: JointMatrix {
    // [A B; Bᵀ D] with A = [a b; b c].
    let a = row0.x
    let b = row0.y
    let c = row1.y
    let scale = 1 / (a * c - b * b)
    let p = c * scale
    let q = -b * scale
    let r = a * scale
    // X = A⁻¹·B, its columns for joints 2 and 3.
    let x02 = p * row0.z + q * row1.z
    let x12 = q * row0.z + r * row1.z
    let x03 = p * row0.w + q * row1.w
    let x13 = q * row0.w + r * row1.w
    // S = D − Bᵀ·X.
    let s22 = row2.z - (row0.z * x02 + row1.z * x12)
    let s23 = row2.w - (row0.z * x03 + row1.z * x13)
    let s33 = row3.w - (row0.w * x03 + row1.w * x13)
    let schur = 1 / (s22 * s33 - s23 * s23)
    let t22 = s33 * schur
    let t23 = -s23 * schur
    let t33 = s22 * schur
    // −X·S⁻¹, and A⁻¹ + X·S⁻¹·Xᵀ.
    let u02 = x02 * t22 + x03 * t23
    let u03 = x02 * t23 + x03 * t33
    let u12 = x12 * t22 + x13 * t23
    let u13 = x12 * t23 + x13 * t33
    var result = JointMatrix(diagonal: .zero)
    result.row0 = SIMD4(p + u02 * x02 + u03 * x03, q + u02 * x12 + u03 * x13, -u02, -u03)
    result.row1 = SIMD4(result.row0.y, r + u12 * x12 + u13 * x13, -u12, -u13)
    result.row2 = SIMD4(-u02, -u12, t22, t23)
    result.row3 = SIMD4(-u03, -u13, t23, t33)
    return result
  }
}

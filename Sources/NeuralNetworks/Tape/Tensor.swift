// A handle to numbers on a tape.

/// Extents of a tensor, outermost first, one to four of them, without an allocation.
@frozen
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  @usableFromInline var extents: SIMD4<Int32>
  /// How many extents there are, 1 to 4.
  public let rank: Int

  /// A vector of `a` numbers.
  @inlinable public init(_ a: Int) {
    extents = SIMD4(Int32(a), 1, 1, 1)
    rank = 1
  }
  /// A matrix of `a` rows and `b` columns.
  @inlinable public init(_ a: Int, _ b: Int) {
    extents = SIMD4(Int32(a), Int32(b), 1, 1)
    rank = 2
  }
  /// Three extents, the last one contiguous.
  @inlinable public init(_ a: Int, _ b: Int, _ c: Int) {
    extents = SIMD4(Int32(a), Int32(b), Int32(c), 1)
    rank = 3
  }
  /// Four extents, the last one contiguous.
  @inlinable public init(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    extents = SIMD4(Int32(a), Int32(b), Int32(c), Int32(d))
    rank = 4
  }

  /// The extent of an axis; 1 beyond the rank.
  @inlinable public subscript(axis: Int) -> Int { Int(extents[axis]) }
  /// How many numbers.
  @inlinable public var count: Int { self[0] * self[1] * self[2] * self[3] }
  /// The last extent.
  @inlinable public var columns: Int { self[rank - 1] }
  /// The product of all extents but the last.
  @inlinable public var rows: Int { count / max(1, columns) }

  /// The same shape with another last extent.
  func replacingColumns(_ columns: Int) -> Shape {
    var shape = self
    shape.extents[rank - 1] = Int32(columns)
    return shape
  }

  /// The same shape without its last extent; `[1]` for a vector.
  var droppingColumns: Shape {
    var shape = self
    shape.extents[rank - 1] = 1
    return rank == 1 ? shape : Shape(extents: shape.extents, rank: rank - 1)
  }

  private init(extents: SIMD4<Int32>, rank: Int) {
    self.extents = extents
    self.rank = rank
  }

  /// The extents in brackets, such as `[8, 16, 2]`.
  public var description: String {
    "[" + (0..<rank).map { "\(self[$0])" }.joined(separator: ", ") + "]"
  }
}

/// Numbers on a `Tape`: a handle, valid until the tape begins again.
public struct Tensor: Sendable {
  /// Its extents, row-major.
  public let shape: Shape
  /// Index of the first number in the tape's arena.
  let offset: Int
  /// Which of the tape's gradients is this tensor's.
  let node: Int32
  /// Whether anything learned lies before it.
  let needsGradient: Bool

  /// How many numbers.
  public var count: Int { shape.count }
}

// Exact statistics of bytes.

/// How often each value of a byte was seen: exact statistics of pictures, at the price of a count per pixel.
public struct ByteHistogram: Equatable, Sendable {
  /// `[256]`
  public private(set) var counts = [Int](repeating: 0, count: 256)

  /// A histogram of no bytes.
  public init() {}

  /// Counts `values[start]`, `values[start + stride]` …
  public mutating func add(_ values: [UInt8], from start: Int = 0, stride: Int = 1) {
    precondition(start >= 0 && stride > 0, "values are counted forwards")
    values.withUnsafeBufferPointer { values in
      counts.withUnsafeMutableBufferPointer { counts in
        var index = start
        while index < values.count {
          counts[Int(values[index])] += 1
          index += stride
        }
      }
    }
  }

  /// Values counted.
  public var count: Int { counts.reduce(0, +) }

  /// 0 where nothing was counted.
  public var mean: Double {
    Double(counts.indices.reduce(0) { $0 + $1 * counts[$1] }) / Double(max(1, count))
  }

  /// With divisor `count`; 0 where nothing was counted.
  public var standardDeviation: Double {
    let mean = mean
    let squares = counts.indices.reduce(0) {
      $0 + (Double($1) - mean) * (Double($1) - mean) * Double(counts[$1])
    }
    return (squares / Double(max(1, count))).squareRoot()
  }

  /// The least and the greatest value counted; 0 where nothing was.
  public var range: ClosedRange<Int> {
    (counts.firstIndex { $0 > 0 } ?? 0)...(counts.lastIndex { $0 > 0 } ?? 0)
  }
}

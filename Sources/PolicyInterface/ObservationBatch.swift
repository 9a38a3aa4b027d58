// Observations of many rows in flat arrays: the one place that knows how a batch is laid out.

import PlanarCore

/// Observations of a batch's rows, every feature in an array of its own, all end to end:
///
/// ```
///   floats  | observation.state [rows, window, n] | observation.environment_state [rows, window, tokens, m] | …
///   bytes   | observation.images.top [rows, pictures, height, width, 3] |
/// ```
///
/// A row holds a window of consecutive observations, the newest last; of `uint8` features, which are large, it may hold
/// fewer, the newest.
public struct ObservationBatch: Sendable {
  /// The array of one feature, `[rows, steps, width]`.
  public struct Column: Equatable, Sendable {
    /// Its name in files, commands and reports.
    public let name: String
    /// What each number is stored as.
    public let dtype: FeatureSpec.ElementType
    /// Extents of one observation.
    public let shape: [Int]
    /// Observations that a row holds.
    public let steps: Int
    /// Numbers of one observation.
    public let width: Int
    /// Where the array begins among those of its type.
    public let offset: Int

    /// Numbers of one row.
    public var rowCount: Int { steps * width }
  }

  /// How many rows there are.
  public let rows: Int
  /// Observations of a row.
  public let window: Int
  /// In the order of the features. Those of which nothing is kept are left out.
  public let columns: [Column]
  /// All `float32` arrays.
  public private(set) var floats: [Float]
  /// All `uint8` arrays.
  public private(set) var bytes: [UInt8]
  /// `[rows]`: which of the features' robots; empty where they name none.
  public var robots: [Int32]

  /// Zeros.
  ///
  /// - Parameters:
  ///   - window: observations that a row holds.
  ///   - pictures: how many it holds of `uint8` features; nil for all.
  public init(rows: Int, features: FeatureSet, window: Int = 1, pictures: Int? = nil) {
    precondition(rows >= 0 && window > 0 && (0...window).contains(pictures ?? 0), "a row has a window")
    var columns: [Column] = []
    var counts: (floats: Int, bytes: Int) = (0, 0)
    for feature in features.observations {
      let isByte = feature.dtype == .uint8
      let steps = isByte ? pictures ?? window : window
      let column = Column(
        name: feature.name, dtype: feature.dtype, shape: feature.shape, steps: steps, width: feature.count,
        offset: isByte ? counts.bytes : counts.floats)
      guard column.rowCount > 0 else { continue }
      columns.append(column)
      if isByte { counts.bytes += rows * column.rowCount } else { counts.floats += rows * column.rowCount }
    }
    self.rows = rows
    self.window = window
    self.columns = columns
    floats = Array(repeating: 0, count: counts.floats)
    bytes = Array(repeating: 0, count: counts.bytes)
    robots = Array(repeating: 0, count: features.robots.isEmpty ? 0 : rows)
  }

  /// The column of a feature; nil where nothing of it is kept.
  public func column(_ name: String) -> Column? { columns.first { $0.name == name } }

  /// The array of a `float32` feature, `[rows, window, …]`; empty where it is not kept.
  public func floats(_ name: String) -> ArraySlice<Float> {
    guard let column = column(name), column.dtype == .float32 else { return [] }
    return floats[column.offset..<column.offset + rows * column.rowCount]
  }

  /// The array of a `uint8` feature, `[rows, pictures, …]`; empty where it is not kept.
  public func bytes(_ name: String) -> ArraySlice<UInt8> {
    guard let column = column(name), column.dtype == .uint8 else { return [] }
    return bytes[column.offset..<column.offset + rows * column.rowCount]
  }

  /// Copies one observation into a row's window; features that the batch does not keep are passed over.
  ///
  /// - Parameters:
  ///   - step: its index in the window, the newest last.
  ///   - stateIndices: where each number of its `observation.state` belongs; nil for all in order.
  public mutating func set(_ observation: Observation, row: Int, step: Int, stateIndices: [Int]? = nil) {
    withMutableRows { rows in
      for column in rows.columns {
        guard let field = observation.layout.field(column.name), field.dtype == column.dtype else {
          preconditionFailure("an observation has no \(column.name)")
        }
        let indices = column.name == FeatureName.state ? stateIndices : nil
        precondition(field.count == indices?.count ?? column.width, "\(column.name) of an observation has another size")
        switch column.dtype {
        case .float32:
          guard let target = rows.floats(column, row: row, step: step) else { continue }
          if let indices {
            for (i, index) in indices.enumerated() { target[index] = observation.floats[field.offset + i] }
          } else {
            target.copy(field.offset, of: observation.floats, count: field.count)
          }
        case .uint8:
          rows.bytes(column, row: row, step: step)?.copy(field.offset, of: observation.bytes, count: field.count)
        }
      }
    }
  }

  /// Gives some rows to `body` for the time of the call.
  public func withRows<Result>(_ range: Range<Int>, _ body: (ObservedRows) throws -> Result) rethrows -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) are not within the batch's \(rows)")
    return try floats.withUnsafeBufferPointer { floats in
      try bytes.withUnsafeBufferPointer { bytes in
        try robots.withUnsafeBufferPointer { robots in
          let robots = robots.isEmpty ? nil : robots.baseAddress
          return try body(ObservedRows(range, columns, floats.baseAddress, bytes.baseAddress, robots))
        }
      }
    }
  }

  /// Gives all rows to `body`, to be written to.
  public mutating func withMutableRows<Result>(
    _ body: (MutableObservedRows) throws -> Result
  ) rethrows -> Result {
    let (columns, rows, window) = (columns, rows, window)
    return try floats.withUnsafeMutableBufferPointer { floats in
      try bytes.withUnsafeMutableBufferPointer { bytes in
        try body(
          MutableObservedRows(
            rows: rows, window: window, columns: columns, floats: floats.baseAddress, bytes: bytes.baseAddress))
      }
    }
  }
}

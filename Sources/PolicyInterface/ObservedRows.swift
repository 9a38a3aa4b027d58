// Pointers to the rows of a batch, for the loops that read and write them.

import PlanarCore

/// Some rows' observations, as observed, by feature name.
public struct ObservedRows {
  /// How many rows there are.
  public let count: Int
  private let first: Int
  private let columns: [ObservationBatch.Column]
  private let floats: UnsafePointer<Float>?
  private let bytes: UnsafePointer<UInt8>?
  private let allRobots: UnsafePointer<Int32>?

  init(
    _ range: Range<Int>, _ columns: [ObservationBatch.Column], _ floats: UnsafePointer<Float>?,
    _ bytes: UnsafePointer<UInt8>?, _ robots: UnsafePointer<Int32>?
  ) {
    (count, first) = (range.count, range.lowerBound)
    self.columns = columns
    self.floats = floats
    self.bytes = bytes
    allRobots = robots
  }

  /// `[count, steps, …]` of a `float32` feature; nil where nothing of it is kept.
  public func floats(_ name: String) -> UnsafePointer<Float>? {
    guard let column = columns.first(where: { $0.name == name }), column.dtype == .float32 else { return nil }
    return floats.map { $0 + column.offset + first * column.rowCount }
  }

  /// `[count, steps, …]` of a `uint8` feature; nil where nothing of it is kept.
  public func bytes(_ name: String) -> UnsafePointer<UInt8>? {
    guard let column = columns.first(where: { $0.name == name }), column.dtype == .uint8 else { return nil }
    return bytes.map { $0 + column.offset + first * column.rowCount }
  }

  /// `[count]`, into the features' robots; nil where they name none.
  public var robots: UnsafePointer<Int32>? { allRobots.map { $0 + first } }
}

/// All rows of a batch, to be written to.
public struct MutableObservedRows {
  /// How many rows there are.
  public let rows: Int
  /// Observations of a row, To.
  public let window: Int
  /// Where each feature's numbers stand.
  public let columns: [ObservationBatch.Column]
  let floats: UnsafeMutablePointer<Float>?
  let bytes: UnsafeMutablePointer<UInt8>?

  /// Where a `float32` column keeps one observation, `[width]`; nil where it keeps only newer ones.
  ///
  /// - Parameter step: the observation's index in the row's window, the newest last.
  public func floats(
    _ column: ObservationBatch.Column, row: Int, step: Int = 0
  ) -> UnsafeMutableBufferPointer<Float>? {
    guard let start = start(column, row, step), let floats else { return nil }
    return UnsafeMutableBufferPointer(start: floats + start, count: column.width)
  }

  /// Where a `uint8` column keeps one observation, `[width]`; nil where it keeps only newer ones.
  ///
  /// - Parameter step: the observation's index in the row's window, the newest last.
  public func bytes(
    _ column: ObservationBatch.Column, row: Int, step: Int = 0
  ) -> UnsafeMutableBufferPointer<UInt8>? {
    guard let start = start(column, row, step), let bytes else { return nil }
    return UnsafeMutableBufferPointer(start: bytes + start, count: column.width)
  }

  private func start(_ column: ObservationBatch.Column, _ row: Int, _ step: Int) -> Int? {
    precondition(0..<rows ~= row && 0..<window ~= step, "a batch's rows and steps are counted from 0")
    let kept = step - (window - column.steps)
    return kept < 0 ? nil : column.offset + (row * column.steps + kept) * column.width
  }
}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
  /// Copies `count` numbers to the front; both ranges are checked.
  @inlinable
  public func copy(_ start: Int, of source: [Element], count: Int) {
    precondition(
      start >= 0 && start + count <= source.count && count <= self.count, "numbers are copied within their arrays")
    guard count > 0, let baseAddress else { return }
    source.withUnsafeBufferPointer { baseAddress.update(from: $0.baseAddress! + start, count: count) }
  }

  /// Copies `count` numbers to the front; both ranges are checked.
  @inlinable
  public func copy(_ start: Int, of source: UnsafeBufferPointer<Element>, count: Int) {
    precondition(
      start >= 0 && start + count <= source.count && count <= self.count, "numbers are copied within their arrays")
    guard count > 0, let baseAddress, let first = source.baseAddress else { return }
    baseAddress.update(from: first + start, count: count)
  }
}

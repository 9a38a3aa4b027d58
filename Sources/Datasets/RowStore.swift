// Rows of numbers that may be more than memory is to hold.

/// Rows of one width, only appended: in memory while they are few, beyond that in a file without a name.
///
/// ```
///   few rows     recent: [row 0, row 1, …]
///   many rows    file:   [row 0, …]      recent: the newest rows, which are not written yet
/// ```
///
/// Rows are read with `pread`, so that they stay in the system's page cache and do not count as the process's memory.
struct RowStore<Element: BitwiseCopyable & Sendable>: Sendable {
  /// Numbers in a row.
  let width: Int
  /// How many rows there are.
  private(set) var count = 0
  private var recent: [Element] = []
  private var file: ScratchFile?
  /// Rows in the file.
  private var filed = 0
  /// Bytes that are kept in memory before a file is begun.
  private let memoryLimit: Int
  /// Bytes of new rows that are written at once.
  private static var block: Int { 1 << 22 }

  /// No rows.
  ///
  /// - Parameter memoryLimit: bytes from which on rows go to a file.
  init(width: Int, memoryLimit: Int = 1 << 26) {
    self.width = width
    self.memoryLimit = memoryLimit
  }

  /// Adds a row.
  ///
  /// - Precondition: it has the width.
  /// - Throws: `UserError` where the disk refuses.
  mutating func append(_ row: some Collection<Element>) throws {
    precondition(row.count == width, "rows have one width")
    recent += row
    count += 1
    let bytes = recent.count * MemoryLayout<Element>.stride
    if bytes > (file == nil ? memoryLimit : min(Self.block, memoryLimit)) { try write() }
  }

  private mutating func write() throws {
    if file == nil {
      file = try ScratchFile()
    } else if !isKnownUniquelyReferenced(&file) {
      file = try file!.copy(length: offset(of: filed))
    }
    try recent.withUnsafeBytes { try file!.write($0, at: offset(of: filed)) }
    filed = count
    recent.removeAll(keepingCapacity: recent.capacity * MemoryLayout<Element>.stride <= 2 * Self.block)
  }

  private func offset(of row: Int) -> Int { row * width * MemoryLayout<Element>.stride }

  /// Gives some rows, one after another, to `body` for the time of the call.
  ///
  /// - Throws: `UserError` where the file cannot be read; and what `body` throws.
  func withRows<Result>(_ rows: Range<Int>, _ body: (UnsafeBufferPointer<Element>) throws -> Result) throws -> Result {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows are counted from 0")
    if rows.lowerBound >= filed {
      let first = (rows.lowerBound - filed) * width
      return try recent.withUnsafeBufferPointer { recent in
        try body(UnsafeBufferPointer(rebasing: recent[first..<first + rows.count * width]))
      }
    }
    return try withUnsafeTemporaryAllocation(of: Element.self, capacity: rows.count * width) { numbers in
      let inFile = min(rows.upperBound, filed) - rows.lowerBound
      let read = UnsafeMutableBufferPointer(rebasing: numbers[..<(inFile * width)])
      try file!.read(UnsafeMutableRawBufferPointer(read), at: offset(of: rows.lowerBound))
      for index in inFile * width..<numbers.count {
        numbers.initializeElement(at: index, to: recent[index - inFile * width])
      }
      return try body(UnsafeBufferPointer(numbers))
    }
  }

  /// Gives one row to `body` for the time of the call.
  ///
  /// - Throws: as `withRows`.
  func withRow<Result>(_ row: Int, _ body: (UnsafeBufferPointer<Element>) throws -> Result) throws -> Result {
    try withRows(row..<row + 1, body)
  }
}

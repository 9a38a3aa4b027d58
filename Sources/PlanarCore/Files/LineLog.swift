// A file of lines that grows while a process works.

import Foundation
import Synchronization

/// Lines that are appended as results come, in one write each, so that a killed process leaves whole lines and at most
/// the beginning of one more.
public final class LineLog: Sendable {
  /// Where the lines are.
  public let url: URL
  private let descriptor: Int32
  private let failure = Mutex<UserError?>(nil)

  /// Opens the file, which is made where it is not there.
  ///
  /// - Parameter keptBytes: how much of it stays; the rest, such as half a line, is cut off.
  /// - Throws: `UserError` where the disk refuses.
  public init(_ url: URL, keepingBytes keptBytes: Int = 0) throws {
    self.url = url
    descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    // A device has nothing to cut off.
    guard descriptor >= 0, ftruncate(descriptor, off_t(keptBytes)) == 0 || errno == EINVAL else {
      throw FileFailure.writing(url)
    }
  }

  deinit { close(descriptor) }

  /// Appends whole lines, their ends included.
  ///
  /// - Throws: `UserError` where the disk refuses, now or before.
  public func append(_ lines: Data) throws {
    try failure.withLock { failure in
      if let failure { throw failure }
      if !writeAll(lines, to: descriptor) {
        let error = FileFailure.writing(url)
        failure = error
        throw error
      }
    }
  }

  /// Flushes the lines to the disk.
  ///
  /// - Throws: `UserError` where the disk refuses, now or before.
  public func sync() throws {
    try failure.withLock { if let failure = $0 { throw failure } }
    guard fsync(descriptor) == 0 else { throw FileFailure.writing(url) }
  }
}

/// Whether bytes of a line never reached the disk: after a power failure some file systems give zeros for them.
package func isGap(_ line: Data) -> Bool { line.contains(0) }

/// Goes through the whole lines of a file with a piece of it in memory at a time; a last line without its end is left
/// out.
///
/// - Parameter body: gets a line without its end, and how many bytes of the file end with it; false ends the reading.
/// - Throws: what `body` throws, and `UserError` where the file cannot be read.
package func forEachLine(of url: URL, _ body: (_ line: Data, _ end: Int) throws -> Bool) throws {
  guard let file = try? FileHandle(forReadingFrom: url) else { throw UserError("cannot read \(url.path)") }
  defer { try? file.close() }
  var rest = Data()
  var end = 0
  while true {
    let piece: Data
    do { piece = try file.read(upToCount: 1 << 20) ?? Data() } catch {
      throw UserError("cannot read \(url.path): \(systemReason(of: error))")
    }
    if piece.isEmpty { return }
    var start = rest.startIndex
    // What was left of the pieces before has no end of a line.
    var unsearched = rest.endIndex
    rest += piece
    while let stop = rest[unsearched...].firstIndex(of: UInt8(ascii: "\n")) {
      end += stop - start + 1
      guard try body(rest[start..<stop], end) else { return }
      start = stop + 1
      unsearched = start
    }
    if start > rest.startIndex { rest = Data(rest[start...]) }
  }
}

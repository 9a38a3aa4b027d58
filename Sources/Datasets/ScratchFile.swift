// A file for what memory is not to hold.

import Foundation
import PlanarCore

/// A file that only this process knows, and that is gone with it.
final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// An empty file under `TMPDIR`, or `/var/tmp`, which is on a disk.
  ///
  /// - Throws: `UserError` where the folder cannot be written to.
  init() throws {
    folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
    var name = Array("\(folder)/planar-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Self.error(in: folder) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
  }

  deinit { close(descriptor) }

  /// - Throws: `UserError` where the disk refuses.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    try transfer(bytes.count) { pwrite(descriptor, bytes.baseAddress! + $0, bytes.count - $0, off_t(offset + $0)) }
  }

  /// - Throws: `UserError` where the disk refuses.
  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    try transfer(bytes.count) { pread(descriptor, bytes.baseAddress! + $0, bytes.count - $0, off_t(offset + $0)) }
  }

  /// Goes on until all bytes have been moved; `move` is given how many were.
  private func transfer(_ count: Int, _ move: (_ done: Int) -> Int) throws {
    var done = 0
    while done < count {
      let moved = move(done)
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else { throw Self.error(in: folder) }
      done += moved
    }
  }

  /// Another file with the first `length` bytes of this one.
  func copy(length: Int) throws -> ScratchFile {
    let other = try ScratchFile()
    let block = 1 << 22
    try withUnsafeTemporaryAllocation(byteCount: block, alignment: 16) { buffer in
      for start in stride(from: 0, to: length, by: block) {
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(block, length - start)])
        try read(part, at: start)
        try other.write(UnsafeRawBufferPointer(part), at: start)
      }
    }
    return other
  }

  private static func error(in folder: String) -> UserError {
    UserError(
      "cannot keep the training data in \(folder): \(String(cString: strerror(errno))); make room there, or set TMPDIR to a folder on another disk"
    )
  }
}

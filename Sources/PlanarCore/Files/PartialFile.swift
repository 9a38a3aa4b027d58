// A file that is there whole or not at all, whenever the process or the machine stops.

import Foundation

/// A file under way: written beside its place as `<name>.partial`, flushed to the disk, then renamed.
///
/// ```swift
/// var file = try PartialFile(replacing: url)
/// try file.write(data)
/// try file.commit()
/// ```
///
/// Until `commit` an older file stays as it was. The partial file is locked while it is written, so that two processes
/// that write the same file are told apart; what a killed process left of it is used again.
public struct PartialFile: ~Copyable {
  /// The ending of files under way.
  public static let pathExtension = "partial"

  /// Where the file will be.
  public let url: URL
  /// The file itself, where `url` is a link to it.
  private let place: String
  /// What is written to: beside the place, or the place itself where that is a device.
  private let path: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Opens the partial file beside its place, empty.
  ///
  /// - Throws: `UserError` where the folder is missing or cannot be written, the place is taken by a folder, or another
  ///   process is writing the same file.
  public init(replacing url: URL) throws {
    let place = url.resolvingSymlinksInPath().path
    var path = place + "." + Self.pathExtension
    var found = stat()
    if stat(place, &found) == 0, found.st_mode & S_IFMT != S_IFREG {
      guard found.st_mode & S_IFMT != S_IFDIR else {
        throw UserError("cannot write \(url.path): it is a folder; give the name of a file")
      }
      path = place
    }
    var opened: Int32
    repeat {
      opened = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard opened >= 0 else { throw FileFailure.writing(url) }
      guard FileLock.take(opened) else {
        close(opened)
        throw UserError("cannot write \(url.path): another process is writing it; wait for that one to end")
      }
      // The file may have been renamed by its writer between opening and locking: then it is another's finished file.
      if FileLock.isStill(path, opened) { break }
      close(opened)
    } while true
    guard path == place || ftruncate(opened, 0) == 0 else {
      let error = FileFailure.writing(url)
      close(opened)
      throw error
    }
    self.url = url
    self.place = place
    self.path = path
    descriptor = opened
  }

  deinit {
    if !isCommitted, path != place { unlink(path) }
    close(descriptor)
  }

  /// What is written to until `commit`, for a program that writes it itself.
  package var partialPath: String { path }

  /// Adds bytes at the end.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public mutating func write(_ data: Data) throws {
    guard writeAll(data, to: descriptor) else { throw FileFailure.writing(url) }
  }

  /// Puts the file in its place: from here on it is there, also after a power failure.
  ///
  /// - Throws: `UserError` where the disk refuses; an older file then stays whole.
  public mutating func commit() throws {
    precondition(!isCommitted, "a file is committed once")
    if path != place {
      guard fsync(descriptor) == 0, rename(path, place) == 0 else { throw FileFailure.writing(url) }
      syncFolder(URL(fileURLWithPath: place).deletingLastPathComponent())
    }
    isCommitted = true
  }

  /// Writes a whole file.
  ///
  /// - Throws: `UserError` where the disk refuses; an older file then stays whole.
  public static func write(_ data: Data, to url: URL) throws {
    var file = try PartialFile(replacing: url)
    try file.write(data)
    try file.commit()
  }
}

/// Writes all bytes, however many turns it takes; false where the file refuses them, with `errno` saying why.
package func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
  data.withUnsafeBytes { bytes in
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

/// Flushes the names of a folder's files to the disk, as far as its file system knows how.
func syncFolder(_ folder: URL) {
  let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

/// What the system said last, as an error for the user.
enum FileFailure {
  static func writing(_ url: URL) -> UserError {
    UserError("cannot write \(url.path): \(String(cString: strerror(errno)))")
  }
}

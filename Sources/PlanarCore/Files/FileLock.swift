// Locks that the system releases when their process ends, however it ends.

import Foundation

/// Locks on open files and folders, by flock(2). A file system that knows no locks grants every one.
enum FileLock {
  /// Whether this process holds the lock now; false where another does.
  static func take(_ descriptor: Int32) -> Bool {
    while true {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      if errno == EINTR { continue }
      return errno != EWOULDBLOCK
    }
  }

  /// Whether a path still names what was opened.
  static func isStill(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }
}

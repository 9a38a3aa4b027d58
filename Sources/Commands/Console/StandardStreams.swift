// The three streams of the program: results must arrive, progress may get lost, and neither ends the work.

// The C library's stdout is a global variable, which nobody sets.
@preconcurrency import Foundation
import ArgumentParser
import PlanarCore

/// Standard output and standard error, looked after.
package enum StandardStreams {
  /// Prepares the process: a reader that goes away, such as `head`, is an error of writing and no signal, and a stream
  /// that was closed is not taken by the next file that is opened.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    // Descriptors are given out in order, the least first. Opened for reading, standard output refuses what is written.
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      let opened = open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY)
      if opened >= 0, opened != descriptor { close(opened) }
    }
  }

  /// Says something on standard error; where that cannot be written, it is dropped.
  package static func tell(_ text: String) { _ = writeAll(Data(text.utf8), to: 2) }

  /// Sends on what was printed, such as a line of a log that somebody follows.
  static func flush() { fflush(stdout) }

  /// Sends on what was printed, at the end.
  ///
  /// - Throws: `UserError` where standard output has not taken all that was ever printed; `ExitCode` of a lost reader,
  ///   as shells know it, where somebody such as `head` has read enough and gone.
  package static func requireWritten() throws {
    errno = 0
    let isFlushed = fflush(stdout) == 0
    let reason = errno
    guard !isFlushed || ferror(stdout) != 0 else { return }
    if reason == EPIPE || hasLostReader { throw ExitCode(128 + SIGPIPE) }
    throw UserError(
      "cannot write the results to standard output\(reason == 0 ? "" : ": " + String(cString: strerror(reason))); send them where there is room"
    )
  }

  /// Whether standard output is a pipe that nobody reads from any more.
  private static var hasLostReader: Bool {
    var output = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
    return poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0
  }
}

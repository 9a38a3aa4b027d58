// Ctrl-C, a request to terminate and a lost terminal: one way to stop.

import ArgumentParser
import Dispatch
import Foundation
import PlanarCore
import Synchronization

/// Asks the work to end cleanly on SIGINT, SIGTERM or SIGHUP. Keep the object as long as the work lasts.
///
/// What is done by then is kept, and `exitIfStopped` ends the command with 128 + the signal's number, as shells expect, so
/// that `train && next` does not go on. A second Ctrl-C ends the program at once. A SIGHUP that is ignored when the
/// program starts, as under nohup, stays ignored.
final class StopSignals: Sendable {
  /// Raised by the first signal.
  let flag = StopFlag()
  private let received = Mutex<Int32?>(nil)
  // Sendable by hand: written once, before anybody else has the object.
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      if number == SIGHUP, isIgnoring(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.stop(number) }
      source.resume()
      sources.append(source)
    }
  }

  private func stop(_ number: Int32) {
    let isFirst = received.withLock { received in
      defer { received = received ?? number }
      return received == nil
    }
    if isFirst {
      flag.raise()
      StandardStreams.tell("\nStopping and keeping what is done; Ctrl-C again to quit at once.\n")
    } else if number == SIGINT {
      exit(128 + number)
    }
  }

  /// Ends the command where a signal has come, whether anything was left to do or not.
  ///
  /// - Throws: `ExitCode` with 128 + the signal's number.
  func exitIfStopped() throws {
    if let number = received.withLock({ $0 }) { throw ExitCode(128 + number) }
  }
}

/// Whether a signal's disposition is to be ignored.
private func isIgnoring(_ disposition: sighandler_t?) -> Bool {
  unsafeBitCast(disposition, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

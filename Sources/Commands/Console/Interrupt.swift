// Ctrl-C: the first asks the work to end cleanly, the second ends the program.

import Dispatch
import Foundation
import PlanarCore

/// A flag that Ctrl-C raises. Keep the returned object as long as the work lasts.
final class Interrupt {
  let flag = StopFlag()
  private let source: any DispatchSourceSignal

  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [flag] in
      if flag.isRaised { exit(130) }
      flag.raise()
      FileHandle.standardError.write(
        Data("\nStopping and keeping what is done; Ctrl-C again to quit at once.\n".utf8))
    }
    source.resume()
  }
}

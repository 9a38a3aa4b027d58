// What lies between the session's thread and the pages: the newest frame for all of them, and what they have sent.

import Dispatch
import Synchronization

/// The newest frame, and the messages that nobody has read yet.
final class PageStage: Sendable {
  private struct State {
    var frame = PageFrame()
    var pages: [PageConnection] = []
    var messages: [PageMessage] = []
    /// Why there will be nothing more; nil while there may be.
    var end: String?
  }

  private let state = Mutex(State())
  /// Raised by whatever the session's thread may wait for.
  private let bell = DispatchSemaphore(value: 0)

  /// How many pages can be open at once, and how many messages can wait.
  private static let (pages, messages) = (16, 4_096)

  /// What pages should show.
  var frame: PageFrame { state.withLock { $0.frame } }
  /// Whether any page is open.
  var hasPages: Bool { state.withLock { !$0.pages.isEmpty } }

  /// Gives all pages a frame; one that they have no time for is never sent.
  func publish(_ frame: PageFrame) {
    let pages = state.withLock { state in
      state.frame = frame
      return state.pages
    }
    for page in pages { page.wake() }
  }

  /// Whether there is room for another page.
  var hasRoom: Bool { state.withLock { $0.pages.count < Self.pages && $0.end == nil } }

  /// Lets a page take part.
  func add(_ page: PageConnection) {
    let end = state.withLock { state in
      state.pages.append(page)
      return state.end
    }
    if let end { page.close(.goingAway, end) }
    bell.signal()
  }

  func remove(_ page: PageConnection) {
    state.withLock { state in
      state.pages.removeAll { $0 === page }
      // Its hand lets go, and nobody types there any more.
      state.messages += [.event(.mouseReleased(.zero, .left)), .typing(false)]
    }
    bell.signal()
  }

  /// Takes a message in.
  ///
  /// - Returns: whether there was room for it.
  func receive(_ message: PageMessage) -> Bool {
    let isIn = state.withLock { state in
      // Of places that the pointer has passed, only the last one counts.
      if case .event(.mouseMoved) = message, case .event(.mouseMoved)? = state.messages.last {
        state.messages.removeLast()
      }
      guard state.messages.count < Self.messages else { return false }
      state.messages.append(message)
      return true
    }
    bell.signal()
    return isIn
  }

  /// The messages since the last call, in order.
  func takeMessages() -> [PageMessage] {
    state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }

  /// Waits until something happens, but no longer than so many seconds.
  func wait(atMost seconds: Double) {
    guard bell.wait(timeout: .now() + seconds) == .success else { return }
    while bell.wait(timeout: .now()) == .success {}
  }

  /// Tells all pages that this was all, and refuses new ones.
  func end(_ reason: String) {
    let pages = state.withLock { state in
      state.end = reason
      return state.pages
    }
    for page in pages { page.close(.goingAway, reason) }
  }
}

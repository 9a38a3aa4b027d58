// One open page: what it has, what it still has to draw, and what it says.

import FlyingFox
import Foundation
import Synchronization

/// A page's WebSocket.
///
/// The server asks for one message after the other, each when the one before has left; what is asked for is made from the
/// newest frame. A page that draws slowly, or is far away, gets fewer frames, never older ones: it says what it has drawn, and
/// no more than a few messages are on their way.
final class PageConnection: Sendable {
  private struct State {
    /// What the page shows, or will.
    var shown = PageFrame()
    var sent = 0
    var drawn = 0
    /// Frames of the protocol itself, which go first.
    var replies: [WSFrame] = []
    var isOver = false
  }

  private let stage: PageStage
  private let state = Mutex(State())
  private let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// How many messages may be on their way: enough for a far page, where an answer takes a tenth of a second.
  private static let underway = 6

  init(on stage: PageStage) { self.stage = stage }

  /// There may be something to send.
  func wake() { ringer.yield() }

  /// Ends the connection with a sentence.
  func close(_ code: WSCloseCode, _ reason: String) {
    state.withLock { state in
      guard !state.isOver else { return }
      // A reason has room for 123 bytes.
      state.replies.append(.close(code: WSCloseCode(code.code, reason: String(reason.prefix(100)))))
    }
    wake()
  }

  // MARK: To the page

  private enum Next {
    case send(WSFrame)
    case wait, end
  }

  /// What to send next, once there is something; nil where the connection is over.
  func next() async -> WSFrame? {
    while !Task.isCancelled {
      switch take() {
      case .send(let frame): return frame
      case .end: return nil
      case .wait: for await _ in bell { break }
      }
    }
    return nil
  }

  private func take() -> Next {
    let frame = stage.frame
    return state.withLock { state in
      if state.isOver { return .end }
      if !state.replies.isEmpty {
        let reply = state.replies.removeFirst()
        state.isOver = reply.opcode == .close
        return .send(reply)
      }
      guard frame.serial != state.shown.serial, state.sent - state.drawn < Self.underway else { return .wait }
      state.sent += 1
      let message = frame.message(state.sent, after: state.shown)
      state.shown = frame
      return .send(WSFrame(fin: true, opcode: .text, mask: nil, payload: Data(message.utf8)))
    }
  }

  // MARK: From the page

  /// Reads until the page goes.
  func read(_ frames: AsyncThrowingStream<WSFrame, any Error>) async {
    var text: Data?
    do {
      for try await frame in frames {
        switch frame.opcode {
        case .ping where frame.payload.count <= 125:
          reply(WSFrame(fin: true, opcode: .pong, mask: nil, payload: frame.payload))
        case .pong: break
        case .close: return close(.normalClosure, "")
        case .text where text == nil: text = frame.payload
        case .continuation where text != nil: text?.append(frame.payload)
        default: return close(.unsupportedData, "This is no message of this page's.")
        }
        guard let read = text else { continue }
        if read.count > PageMessage.capacity {
          return close(.messageTooBig, "A message has at most \(PageMessage.capacity) bytes.")
        }
        if frame.fin, frame.opcode == .text || frame.opcode == .continuation {
          text = nil
          guard receive(read) else { return }
        }
      }
    } catch {
      return close(.protocolError, "This is no WebSocket frame.")
    }
    state.withLock { $0.isOver = true }
    wake()
  }

  /// - Returns: whether the page may go on.
  private func receive(_ data: Data) -> Bool {
    guard let message = PageMessage(data) else {
      close(.invalidFramePayload, "This is no message of this page's.")
      return false
    }
    if case .drawn(let number) = message {
      state.withLock { $0.drawn = min(max(number, $0.drawn), $0.sent) }
      wake()
      return true
    }
    guard stage.receive(message) else {
      close(.policyViolation, "There were more messages than can be read.")
      return false
    }
    return true
  }

  private func reply(_ frame: WSFrame) {
    let hasRoom = state.withLock { state in
      guard state.replies.count < 16 else { return false }
      state.replies.append(frame)
      return true
    }
    if hasRoom { wake() }
  }
}

/// Upgrades a request to a page's connection.
struct PageSocket: WSHandler {
  let stage: PageStage

  func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
    let page = PageConnection(on: stage)
    let reading = Task { await page.read(client) }
    let visit = Visit(page, on: stage, reading)
    stage.add(page)
    return AsyncStream { await visit.next() }
  }

  /// Lasts as long as the server sends; then nothing is read any more either.
  private final class Visit: Sendable {
    private let page: PageConnection
    private let stage: PageStage
    private let reading: Task<Void, Never>

    init(_ page: PageConnection, on stage: PageStage, _ reading: Task<Void, Never>) {
      (self.page, self.stage, self.reading) = (page, stage, reading)
    }

    func next() async -> WSFrame? { await page.next() }

    deinit {
      reading.cancel()
      stage.remove(page)
    }
  }
}

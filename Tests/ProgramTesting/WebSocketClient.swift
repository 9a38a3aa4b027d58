// A WebSocket from the other side: what a browser sends, or what nobody should, byte for byte.

import Foundation
import Glibc

/// A connection to 127.0.0.1 that waits for each answer, but not for ever.
public final class WebSocketClient {
  /// What came.
  public enum Message: Equatable {
    /// A text.
    case text(String)
    /// The other side has ended the connection, with a code and a reason.
    case closed(UInt16, String)
    /// The connection is gone without a word.
    case lost
  }

  /// Something did not come in time, or not at all.
  public struct Failure: Error, CustomStringConvertible {
    /// What was waited for.
    public var description: String

    /// A failure in a few words.
    public init(_ description: String) { self.description = description }
  }

  private let socket: Int32
  private var received = Data()
  private let patience: Double
  /// The status line and the headers that the server answered with.
  public private(set) var answer = ""
  /// Whether the server has let the connection become a WebSocket.
  public var isOpen: Bool { answer.hasPrefix("HTTP/1.1 101 ") }

  /// Asks a server for a WebSocket.
  ///
  /// - Parameters:
  ///   - path: with its query.
  ///   - headers: besides those of every WebSocket; `Host` is added where it is left out.
  ///   - patience: how long an answer may take, s.
  /// - Throws: `Failure` where there is no answer.
  public init(port: Int, path: String, headers: [String: String] = [:], patience: Double = 60) throws {
    self.patience = patience
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure("nobody listens at port \(port)") }
    let all = [
      "Host": "127.0.0.1:\(port)", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ].merging(headers) { $1 }
    let lines = ["GET \(path) HTTP/1.1"] + all.map { "\($0.key): \($0.value)" } + ["", ""]
    write(Data(lines.joined(separator: "\r\n").utf8))
    let end = Data("\r\n\r\n".utf8)
    while received.range(of: end) == nil {
      guard try read() else { throw Failure("the server has hung up") }
    }
    let range = received.range(of: end)!
    answer = String(decoding: received[..<range.lowerBound], as: UTF8.self)
    received = Data(received[range.upperBound...])
  }

  deinit { close(socket) }

  /// Ends the connection without a word.
  public func hangUp() { shutdown(socket, Int32(SHUT_RDWR)) }

  /// Sends a text.
  public func send(_ text: String) { send(Data(text.utf8), opcode: 1) }

  /// Sends a frame.
  ///
  /// - Parameters:
  ///   - opcode: 1 for a text.
  ///   - isFinal: whether the message ends with it.
  public func send(_ payload: Data, opcode: UInt8, isFinal: Bool = true) {
    var frame = Data([(isFinal ? 0x80 : 0) | opcode])
    switch payload.count {
    case ..<126: frame.append(0x80 | UInt8(payload.count))
    case ..<65_536: frame += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default: frame += [0xff] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    let mask: [UInt8] = [1, 2, 3, 4]
    frame += mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    write(frame)
  }

  /// Sends bytes as they are.
  public func write(_ data: Data) {
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count <= 0 { return }
        sent += count
      }
    }
  }

  /// Waits for the next message.
  ///
  /// - Throws: `Failure` where none comes.
  public func next() throws -> Message {
    var text = Data()
    while true {
      guard let head = try take(2) else { return .lost }
      var length = Int(head[1] & 0x7f)
      if length >= 126 {
        guard let bytes = try take(length == 126 ? 2 : 8) else { return .lost }
        length = bytes.reduce(0) { $0 << 8 | Int($1) }
      }
      guard let payload = try take(length) else { return .lost }
      switch head[0] & 0x0f {
      case 8:
        let code = payload.prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        return .closed(code, String(decoding: payload.dropFirst(2), as: UTF8.self))
      case 9, 10: continue
      default: text += payload
      }
      if head[0] & 0x80 != 0 { return .text(String(decoding: text, as: UTF8.self)) }
    }
  }

  /// Waits for the end, whatever is sent before.
  ///
  /// - Throws: `Failure` where it does not come.
  public func end() throws -> Message {
    while true {
      let message = try next()
      if case .text = message { continue }
      return message
    }
  }

  /// nil where the connection is gone.
  private func take(_ count: Int) throws -> [UInt8]? {
    while received.count < count { guard try read() else { return nil } }
    defer { received = Data(received.dropFirst(count)) }
    return Array(received.prefix(count))
  }

  /// - Returns: whether the connection is still there.
  private func read() throws -> Bool {
    var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(patience * 1000)) > 0 else { throw Failure("nothing came in time") }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    received += buffer.prefix(max(0, count))
    return count > 0
  }
}

// The server of a session's page, on the loopback address.

import Dispatch
import FlyingFox
import FlyingSocks
import Foundation
import PlanarCore
import Synchronization

/// Answers with the page, and lets it open its connection.
final class PageServer: Sendable {
  /// Where it listens.
  let port: UInt16
  private let server: HTTPServer

  /// The first port that is tried where none is asked for, and how many are.
  private static let (firstPort, ports): (UInt16, UInt16) = (8737, 64)

  /// Listens at 127.0.0.1.
  ///
  /// - Parameter port: nil for the first that is free.
  /// - Throws: `UserError` where the port is in use, or none is free.
  init(port: UInt16?, access: PageAccess, stage: PageStage) throws {
    let wanted = port.map { [$0] } ?? Array(Self.firstPort..<Self.firstPort + Self.ports)
    for port in wanted {
      guard let server = try Self.start(at: port, PageHandler(access: access, stage: stage)) else { continue }
      (self.port, self.server) = (port, server)
      return
    }
    if let port {
      throw UserError("port \(port) is in use by another program; choose another one, or none to take one that is free")
    }
    throw UserError(
      "the ports \(Self.firstPort) to \(Self.firstPort + Self.ports - 1) are all in use; choose another one")
  }

  /// Runs a server until it listens.
  ///
  /// - Returns: nil where the port is in use.
  private static func start(at port: UInt16, _ handler: PageHandler) throws -> HTTPServer? {
    let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
    let server = HTTPServer(
      config: HTTPServer.Configuration(address: address, logger: .disabled), handler: handler)
    let outcome = Outcome()
    Task.detached {
      do { try await server.run() } catch { outcome.settle(error) }
    }
    Task.detached {
      do {
        try await server.waitUntilListening()
        outcome.settle(nil)
      } catch { outcome.settle(error) }
    }
    switch outcome.wait() {
    case nil: return server
    case SocketError.failed(_, errno: EADDRINUSE, _)?: return nil
    case SocketError.failed(_, errno: EACCES, _)?:
      throw UserError("port \(port) is for the system's own services; choose one from 1024 on")
    case let error?: throw UserError("cannot listen at 127.0.0.1:\(port): \(error.localizedDescription)")
    }
  }

  /// Stops listening, after what is being sent has left or half a second.
  func stop() {
    let done = DispatchSemaphore(value: 0)
    Task.detached { [server] in
      await server.stop(timeout: 0.3)
      done.signal()
    }
    _ = done.wait(timeout: .now() + 0.5)
  }

  /// How the beginning came out, for a thread that waits for it.
  private final class Outcome: Sendable {
    private let first = Mutex<(any Error)??>(nil)
    private let settled = DispatchSemaphore(value: 0)

    /// Only the first call counts.
    func settle(_ error: (any Error)?) {
      first.withLock { if $0 == nil { $0 = .some(error) } }
      settled.signal()
    }

    func wait() -> (any Error)? {
      settled.wait()
      return first.withLock { $0! }
    }
  }
}

/// Holds every request against the rules, and answers it.
private struct PageHandler: HTTPHandler {
  let access: PageAccess
  let stage: PageStage

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let isSocket = request.path == "/socket"
    if let reason = access.refusal(
      token: request.query.first { $0.name == "token" }?.value, host: request.headers[.host],
      origin: request.headers[HTTPHeader("Origin")], needsOrigin: isSocket)
    {
      return sentence(reason, .forbidden)
    }
    guard request.method == .GET else { return sentence("A page can only be read, by GET.", .methodNotAllowed) }
    switch request.path {
    case "/": return page(for: request)
    case "/socket":
      guard stage.hasRoom else {
        return sentence("Too many pages are open; close one of them.", .serviceUnavailable)
      }
      return try await WebSocketHTTPHandler(handler: PageSocket(stage: stage)).handleRequest(request)
    default: return sentence("There is nothing here; the session's page is at /.", .notFound)
    }
  }

  private func page(for request: HTTPRequest) -> HTTPResponse {
    // Scripts and styles without this number, which nobody can know before, are not run.
    let nonce = PageAccess().token
    var headers = Self.headers
    headers[HTTPHeader("Content-Type")] = "text/html; charset=utf-8"
    headers[HTTPHeader("Content-Security-Policy")] = [
      "default-src 'none'", "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'", "img-src data:",
      "connect-src 'self' ws://\(request.headers[.host] ?? "")", "base-uri 'none'", "form-action 'none'",
      "frame-ancestors 'none'",
    ].joined(separator: "; ")
    return HTTPResponse(statusCode: .ok, headers: headers, body: Data(SessionPage.html(nonce: nonce).utf8))
  }

  private func sentence(_ text: String, _ status: HTTPStatusCode) -> HTTPResponse {
    var headers = Self.headers
    headers[HTTPHeader("Content-Type")] = "text/plain; charset=utf-8"
    return HTTPResponse(statusCode: status, headers: headers, body: Data((text + "\n").utf8))
  }

  /// Nothing is kept, told to other sites, or shown within them.
  private static let headers: HTTPHeaders = [
    HTTPHeader("Cache-Control"): "no-store",
    HTTPHeader("Referrer-Policy"): "no-referrer",
    HTTPHeader("X-Content-Type-Options"): "nosniff",
    HTTPHeader("X-Frame-Options"): "DENY",
    HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
    HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
  ]
}

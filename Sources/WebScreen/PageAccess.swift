// Who may see a session's pages: people with its address, in a browser that was sent there by nobody else.

/// The rules that every request is held against.
///
/// A browser runs pages of many sites, and all of them can send requests to this machine. Three things keep them out: the
/// token, which only the printed address has; the `Host` header, which names this machine, so that no other name can be
/// made to lead here; and the `Origin` header, which says whose page sends a request: it must be the one that `Host` names.
/// Any port will do in both, as long as it is the same: through an SSH tunnel it is the tunnel's.
package struct PageAccess: Sendable {
  /// 128 random bits, as 32 hexadecimal digits.
  package let token: String

  /// Rules with a token that nobody has yet.
  package init() {
    var generator = SystemRandomNumberGenerator()
    token = (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Why a request is refused, as one sentence; nil where it is not.
  ///
  /// - Parameters:
  ///   - token: what it brings as its token.
  ///   - host: its `Host` header.
  ///   - origin: its `Origin` header.
  ///   - needsOrigin: whether a browser always sends an origin with such a request.
  package func refusal(token: String?, host: String?, origin: String?, needsOrigin: Bool) -> String? {
    guard let host, Self.isLoopback(host) else {
      return "This session is open to addresses of this machine only: 127.0.0.1, localhost or [::1]."
    }
    guard let token, isToken(token) else {
      return "Open the whole address that planar has printed; its token is missing here, or wrong."
    }
    guard origin.map({ $0.lowercased() == "http://" + host.lowercased() }) ?? !needsOrigin else {
      return "This session answers its own page only, and no other site's."
    }
    return nil
  }

  /// Takes the same time for every text of the token's length, so that none can be found digit by digit.
  private func isToken(_ text: String) -> Bool {
    let (given, wanted) = (Array(text.utf8), Array(token.utf8))
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Whether a `Host` header names this machine by itself, with or without a port.
  private static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    for name in ["127.0.0.1", "localhost", "[::1]"] where host.hasPrefix(name) {
      let rest = host.dropFirst(name.count)
      let isPort = rest.first == ":" && 2...6 ~= rest.count && rest.dropFirst().allSatisfy { "0"..."9" ~= $0 }
      if rest.isEmpty || isPort { return true }
    }
    return false
  }
}

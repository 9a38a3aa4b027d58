// Who is let in: by the rules themselves, and by requests to a server that listens.

import Foundation
import PlanarCore
import PlanarProgramTesting
import PlanarWebScreen
import Testing

@Suite(.serialized, .onOwnThreads) struct AccessTests {
  private let access = PageAccess()

  @Test func tokensHave128BitsAndAreNeverTheSame() {
    let tokens = (0..<100).map { _ in PageAccess().token }
    #expect(Set(tokens).count == 100)
    #expect(tokens.allSatisfy { $0.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
    // No digit is always the same, as it would be where bits were missing.
    for place in 0..<32 { #expect(Set(tokens.map { Array($0)[place] }).count > 8, "digit \(place)") }
  }

  @Test(arguments: ["127.0.0.1:8737", "localhost:8737", "LOCALHOST:9", "[::1]:8737", "127.0.0.1", "[::1]"])
  func addressesOfThisMachineAreLetIn(host: String) {
    for origin in [nil, "http://" + host] {
      #expect(access.refusal(token: access.token, host: host, origin: origin, needsOrigin: false) == nil)
    }
    #expect(access.refusal(token: access.token, host: host, origin: "http://" + host, needsOrigin: true) == nil)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8737", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.1:80:90",
    "127.0.0.1:", "127.0.0.1:999999", "127.0.0.1:8a", "10.0.0.1:8737", "0.0.0.0:8737", "",
  ])
  func otherHostsAreRefused(host: String) {
    let reason = access.refusal(token: access.token, host: host, origin: "http://" + host, needsOrigin: false)
    #expect(reason?.hasPrefix("This session is open to addresses of this machine only") == true)
  }

  @Test func otherOriginsAreRefused() {
    let origins = [
      "http://evil.example", "null", "https://127.0.0.1:8737", "http://127.0.0.1:8738", "http://localhost:8737", "",
    ]
    for origin in origins {
      for needsOrigin in [true, false] {
        let reason = access.refusal(
          token: access.token, host: "127.0.0.1:8737", origin: origin, needsOrigin: needsOrigin)
        #expect(reason == "This session answers its own page only, and no other site's.", "\(origin)")
      }
    }
    #expect(access.refusal(token: access.token, host: "127.0.0.1:8737", origin: nil, needsOrigin: true) != nil)
  }

  @Test func everyDigitOfTheTokenCounts() {
    for place in 0..<32 {
      var digits = Array(access.token)
      digits[place] = digits[place] == "0" ? "1" : "0"
      #expect(refusal(of: String(digits)) != nil, "digit \(place)")
    }
    for token in [nil, "", String(access.token.dropLast()), access.token + "0"] { #expect(refusal(of: token) != nil) }
    #expect(refusal(of: access.token) == nil)
  }

  private func refusal(of token: String?) -> String? {
    access.refusal(token: token, host: "127.0.0.1:8737", origin: nil, needsOrigin: false)
  }

  // MARK: At the server

  /// The status and headers of the answer to a request.
  private func answer(_ screen: WebScreen, _ path: String, _ headers: [String: String] = [:]) throws -> String {
    try WebSocketClient(port: screen.port, path: path, headers: headers).answer
  }

  @Test func thePageIsForWhoHasItsAddress() throws {
    let screen = try WebScreen()
    let query = String(screen.address.drop { $0 != "?" })
    #expect(screen.address == "http://127.0.0.1:\(screen.port)/\(query)" && query.hasPrefix("?token="))
    let page = try answer(screen, "/" + query)
    #expect(page.hasPrefix("HTTP/1.1 200 "))
    for header in [
      "Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
      "Content-Security-Policy: default-src 'none'; script-src 'nonce-", "frame-ancestors 'none'",
    ] { #expect(page.contains(header), "\(header) is missing in \(page)") }
    // Another number for each page that is given out.
    #expect(try page != answer(screen, "/" + query))
    let wrong = ["/", "/?token=", "/?token=0123456789abcdef0123456789abcdef", "/socket", "/elsewhere"]
    for path in wrong + ["/?Token" + query.dropFirst(6)] {
      #expect(try answer(screen, path).hasPrefix("HTTP/1.1 403 "), "\(path)")
    }
    #expect(try answer(screen, "/" + query, ["Host": "evil.example"]).hasPrefix("HTTP/1.1 403 "))
    #expect(try answer(screen, "/" + query, ["Origin": "http://evil.example"]).hasPrefix("HTTP/1.1 403 "))
    #expect(try answer(screen, "/elsewhere" + query).hasPrefix("HTTP/1.1 404 "))
  }

  @Test func theConnectionIsForThePageItself() throws {
    let screen = try WebScreen()
    let path = "/socket" + screen.address.drop { $0 != "?" }
    let own = "127.0.0.1:\(screen.port)"
    #expect(try answer(screen, path, ["Origin": "http://" + own]).hasPrefix("HTTP/1.1 101 "))
    // Through a tunnel from another port.
    let tunnel = ["Host": "localhost:2345", "Origin": "http://localhost:2345"]
    #expect(try answer(screen, path, tunnel).hasPrefix("HTTP/1.1 101 "))
    let foreign: [[String: String]] = [
      [:], ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "https://" + own],
      ["Host": "evil.example", "Origin": "http://evil.example"], ["Origin": "http://localhost:\(screen.port)"],
    ]
    for headers in foreign { #expect(try answer(screen, path, headers).hasPrefix("HTTP/1.1 403 "), "\(headers)") }
    #expect(try answer(screen, "/socket?token=0", ["Origin": "http://" + own]).hasPrefix("HTTP/1.1 403 "))
  }

  @Test func aPortInUseIsRefusedOrPassedOver() throws {
    let first = try WebScreen()
    let second = try WebScreen()
    #expect(first.port != second.port && first.address != second.address)
    let refusal = UserError(
      "port \(first.port) is in use by another program; choose another one, or none to take one that is free")
    #expect(throws: refusal) { try WebScreen(port: UInt16(first.port)) }
    // Beyond those that other tests take by themselves.
    var port: UInt16 = 20_000
    var third = try? WebScreen(port: port)
    while third == nil, port < 20_100 {
      port += 1
      third = try? WebScreen(port: port)
    }
    try #require(third).close()
    #expect(try WebScreen(port: port).port == Int(port), "a port that was left is free again")
  }
}

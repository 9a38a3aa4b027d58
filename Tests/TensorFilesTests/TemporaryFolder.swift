// A folder of its own for each test, and the exact comparison of messages.

import Foundation
import PlanarCore
import Testing

/// Made with the suite, removed with it.
final class TemporaryFolder: Sendable {
  let root: URL

  init() {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("planar-" + UUID().uuidString)
    try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func url(_ name: String) -> URL { root.appendingPathComponent(name) }

  func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
  }

  /// A safetensors file assembled by hand.
  func file(header: String, data: [UInt8]) throws -> URL {
    let url = url("hand.safetensors")
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try (length + Data(header.utf8) + Data(data)).write(to: url)
    return url
  }
}

/// Expects `body` to throw a `UserError` of exactly this message.
func expectUserError(
  _ message: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  #expect(throws: UserError(message), sourceLocation: sourceLocation, performing: body)
}

// PNG files and their failures.

import Foundation
import PlanarCore
import SceneDrawing
import Testing

@Suite struct ImageTests {
  @Test func pngHasSignatureAndSize() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.png")
    try Image(width: 300, height: 7).writePNG(to: path.path)
    let bytes = [UInt8](try Data(contentsOf: path))
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(Array(bytes[16..<24]) == [0, 0, 1, 44, 0, 0, 0, 7])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
  }

  @Test func unwritablePathIsAUserError() {
    #expect {
      try Image(width: 2, height: 2).writePNG(to: "/nonexistent/folder/a.png")
    } throws: { error in
      (error as? UserError)?.message.contains("/nonexistent/folder/a.png") == true
    }
  }

  @Test func hexColoursAndMixing() {
    let color = Color(hex: 0xff8000)
    #expect(color.red == 1 && abs(color.green - 128.0 / 255) < 1e-6 && color.blue == 0)
    #expect(Color.black.mixed(with: .white, by: 0.25).green == 0.25)
  }
}

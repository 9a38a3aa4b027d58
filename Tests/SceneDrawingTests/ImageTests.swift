// PNG files and their failures.

import Foundation
import PlanarCore
import PlanarSceneDrawing
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

  @Test func pngsAreReadAsTheyWereWritten() throws {
    var image = Image(width: 5, height: 3)
    for index in image.pixels.indices { image.pixels[index] = UInt8(index * 4 % 256) }
    for pixel in 0..<15 { image.pixels[pixel * 4 + 3] = 255 }
    #expect(Image(pngData: image.pngData()) == image)
    // Opacity goes through 8 bits of product and back.
    image.pixels[3] = 128
    let read = try #require(Image(pngData: image.pngData()))
    #expect(zip(read.pixels, image.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    #expect(Image(pngData: Array(image.pngData().dropLast(30))) == nil)
    #expect(Image(pngData: []) == nil)
    #expect(throws: UserError.self) { try Image(contentsOfPNG: "/nonexistent.png") }
  }

  @Test func threeBytesAPixelAndBack() {
    let rgb: [UInt8] = (0..<24).map { $0 * 10 }
    let image = Image(width: 4, height: 2, rgb: rgb)
    #expect(image.rgb == rgb)
    #expect(image[1, 0] == Color(hex: 0x1e2832) && image[3, 1] == Color(hex: 0xd2dce6))
  }
}

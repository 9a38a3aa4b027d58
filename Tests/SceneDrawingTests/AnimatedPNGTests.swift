// Animated PNGs: whole chunks, only what changed, readable by programs that know no animation.

import Foundation
import Testing

import PlanarSceneDrawing

/// A grey picture with one red pixel.
private func picture(_ x: Int, _ y: Int) -> Image {
  var image = Image(width: 12, height: 8, pixels: [UInt8](repeating: 200, count: 12 * 8 * 4))
  for channel in 0..<4 { image.pixels[(y * 12 + x) * 4 + channel] = [255, 0, 0, 255][channel] }
  for pixel in 0..<12 * 8 { image.pixels[pixel * 4 + 3] = 255 }
  return image
}

/// The chunks of a PNG file by name, with their content; nil where a length or a checksum is wrong.
private func readChunks(of file: [UInt8]) -> [(name: String, data: [UInt8])]? {
  var chunks: [(name: String, data: [UInt8])] = []
  var start = 8
  while start < file.count {
    guard start + 12 <= file.count else { return nil }
    let count = word(file, start)
    guard start + 12 + count <= file.count else { return nil }
    let body = Array(file[start + 4..<start + 8 + count])
    guard AnimatedPNG.checksum(of: body) == UInt32(word(file, start + 8 + count)) else { return nil }
    chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
    start += 12 + count
  }
  return chunks
}

private func word(_ bytes: [UInt8], _ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }

@Suite struct AnimatedPNGTests {
  @Test func checksumIsThatOfThePNGSpecification() {
    // The checksum of every PNG's last chunk.
    #expect(AnimatedPNG.checksum(of: Array("IEND".utf8)) == 0xae42_6082)
  }

  @Test func keepsTheRectangleThatChanged() throws {
    var film = AnimatedPNG()
    film.append(picture(2, 3), seconds: 0.1)
    film.append(picture(5, 4), seconds: 0.1)
    film.append(picture(5, 4), seconds: 0.5)
    #expect(film.frameCount == 2)
    let chunks = try #require(readChunks(of: film.data()))
    #expect(chunks.map(\.name) == ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"])
    #expect(word(chunks[1].data, 0) == 2 && word(chunks[1].data, 4) == 0)
    let second = chunks[4].data
    // Sequence number; width and height; columns 2 to 5 and rows 3 to 4; 600 ms.
    #expect([0, 4, 8, 12, 16].map { word(second, $0) } == [1, 4, 2, 2, 3])
    #expect(Array(second[20..<24]) == [600 >> 8, 600 & 0xff, 1000 >> 8, 1000 & 0xff])
    #expect(word(chunks[5].data, 0) == 2)
  }

  @Test func isAPictureOfItsFirstFrame() throws {
    var film = AnimatedPNG()
    film.append(picture(2, 3), seconds: 0.1)
    film.append(picture(5, 4), seconds: 0.1)
    #expect(Image(pngData: film.data()) == picture(2, 3))
  }

  @Test func laterFramesArePictures() throws {
    var film = AnimatedPNG()
    film.append(picture(2, 3), seconds: 0.1)
    film.append(picture(5, 4), seconds: 0.1)
    let chunks = try #require(readChunks(of: film.data()))
    // The frame's data under a header of its size is a PNG of the rectangle.
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(name.utf8) + data
      let crc = AnimatedPNG.checksum(of: body)
      func bytes(_ n: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: n >> $0) } }
      return bytes(UInt32(data.count)) + body + bytes(crc)
    }
    let header = Array(chunks[4].data[4..<12]) + chunks[0].data[8...]
    let png =
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header)
      + chunk("IDAT", Array(chunks[5].data.dropFirst(4))) + chunk("IEND", [])
    #expect(Image(pngData: png) == picture(5, 4).part(x: 2, y: 3, width: 4, height: 2))
  }

  @Test func refusesAFolderThatIsNotThere() {
    var film = AnimatedPNG()
    film.append(picture(2, 3), seconds: 0.1)
    #expect(throws: (any Error).self) { try film.write(to: "/no/such/folder/film.png") }
  }
}

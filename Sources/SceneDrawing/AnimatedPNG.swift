// Moving pictures that browsers and code hosts show, made without another program.

import Foundation
import PlanarCore

/// An animated PNG (the third edition of the PNG specification, W3C 2025, section 11.3.4), which is a PNG of its first
/// frame for whoever knows no animation.
///
/// ```
///   IHDR acTL | fcTL IDAT | fcTL fdAT | fcTL fdAT | … | IEND
///              first frame  only the rectangle that changed
/// ```
///
/// It keeps the compressed frames in memory; not for films of many minutes.
public struct AnimatedPNG: Sendable {
  private struct Frame {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    /// 1/1000 s.
    var milliseconds: Int
    /// The compressed pixels, without the header that says how large they are.
    var data: [UInt8]
  }

  private var header: [UInt8] = []
  private var frames: [Frame] = []
  private var last: Image?

  /// A film without frames.
  public init() {}

  /// How many frames differ from the one before.
  public var frameCount: Int { frames.count }

  /// Appends a picture of the size of the first.
  ///
  /// Of the picture, the rectangle that differs from the one before is kept; one without a difference makes that one
  /// stand longer.
  ///
  /// - Parameter seconds: how long the picture stands, 0.001 to 65 s.
  public mutating func append(_ image: Image, seconds: Double) {
    let milliseconds = max(1, Int((seconds * 1000).rounded()))
    var area = (x: 0, y: 0, width: image.width, height: image.height)
    if let last {
      precondition((image.width, image.height) == (last.width, last.height), "a film's pictures are of one size")
      guard let changed = image.difference(from: last) else {
        frames[frames.count - 1].milliseconds += milliseconds
        return
      }
      area = changed
    }
    let chunks = Self.chunks(of: image.part(x: area.x, y: area.y, width: area.width, height: area.height).pngData())
    if frames.isEmpty { header = chunks.filter { $0.name == "IHDR" }.flatMap(\.data) }
    frames.append(
      Frame(
        x: area.x, y: area.y, width: area.width, height: area.height, milliseconds: milliseconds,
        data: chunks.filter { $0.name == "IDAT" }.flatMap(\.data)))
    last = image
  }

  /// The bytes of the file, which plays again and again. Programmer error where there is no frame.
  public func data() -> [UInt8] {
    precondition(!frames.isEmpty, "a film has frames")
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    file += Self.chunk("IHDR", header)
    file += Self.chunk("acTL", Self.word(frames.count) + Self.word(0))
    var sequence = 0
    for (index, frame) in frames.enumerated() {
      let rectangle = [frame.width, frame.height, frame.x, frame.y].flatMap(Self.word)
      let delay = [min(frame.milliseconds, 65_535), 1000].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
      // The frame stays, and replaces what it covers.
      file += Self.chunk("fcTL", Self.word(sequence) + rectangle + delay + [0, 0])
      sequence += 1
      if index == 0 {
        file += Self.chunk("IDAT", frame.data)
      } else {
        file += Self.chunk("fdAT", Self.word(sequence) + frame.data)
        sequence += 1
      }
    }
    return file + Self.chunk("IEND", [])
  }

  /// Writes the film beside the path first, then renames it, so that no half file is seen.
  ///
  /// - Throws: `UserError` where the file cannot be written.
  public func write(to path: String) throws {
    do { try PartialFile.write(Data(data()), to: URL(fileURLWithPath: path)) } catch let error as UserError {
      throw UserError("\(error.message); check that the folder exists and may be written to")
    }
  }

  // MARK: Chunks

  private static func word(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return word(data.count) + body + word(Int(checksum(of: body)))
  }

  /// The chunks of a PNG file in order.
  private static func chunks(of png: [UInt8]) -> [(name: String, data: ArraySlice<UInt8>)] {
    var chunks: [(name: String, data: ArraySlice<UInt8>)] = []
    var start = 8
    while start + 12 <= png.count {
      let count = png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: png[start + 4..<start + 8], as: UTF8.self)
      chunks.append((name, png[start + 8..<start + 8 + count]))
      start += 12 + count
    }
    return chunks
  }

  /// CRC-32 as PNG's appendix D has it.
  package static func checksum(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xedb8_8320 ^ rest >> 1 : rest >> 1 }
    }
  }
}

extension Image {
  /// The smallest rectangle that holds all pixels which differ from another picture of the same size; nil where none
  /// does.
  func difference(from other: Image) -> (x: Int, y: Int, width: Int, height: Int)? {
    var (left, right, top, bottom) = (width, -1, height, -1)
    for y in 0..<height {
      let row = y * width * 4..<(y + 1) * width * 4
      guard pixels[row] != other.pixels[row] else { continue }
      (top, bottom) = (min(top, y), y)
      for x in 0..<width {
        let pixel = row.lowerBound + x * 4..<row.lowerBound + x * 4 + 4
        guard pixels[pixel] != other.pixels[pixel] else { continue }
        (left, right) = (min(left, x), max(right, x))
      }
    }
    return right < 0 ? nil : (left, top, right - left + 1, bottom - top + 1)
  }

  /// A rectangle of the picture.
  package func part(x: Int, y: Int, width: Int, height: Int) -> Image {
    let rows = (y..<y + height).map { pixels[($0 * self.width + x) * 4..<($0 * self.width + x + width) * 4] }
    return Image(width: width, height: height, pixels: rows.flatMap { $0 })
  }
}

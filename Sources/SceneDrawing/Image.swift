// Pictures in memory, and how they become PNG files.

import CPlanarCairo
import Foundation
import PlanarCore

/// An 8-bit RGBA picture, `[height, width, 4]`, top row first; a camera fills the same one again and again.
public struct Image: Equatable, Sendable {
  /// Pixels in a row.
  public private(set) var width: Int
  /// Rows.
  public private(set) var height: Int
  /// Red, green, blue, opacity of each pixel, straight (not premultiplied), row-major.
  public var pixels: [UInt8]

  /// A transparent picture. Programmer error where a side is not positive.
  public init(width: Int, height: Int) {
    self.init(
      width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height * 4))
  }

  /// A picture of the given numbers, `[height, width, 4]`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition(pixels.count == width * height * 4, "a picture holds height × width × 4 bytes")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The colour of the pixel in column `x` and row `y`, both from the top left corner.
  public subscript(x: Int, y: Int) -> Color {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel outside of the picture")
    let first = (y * width + x) * 4
    return Color(
      red: Float(pixels[first]) / 255, green: Float(pixels[first + 1]) / 255,
      blue: Float(pixels[first + 2]) / 255, alpha: Float(pixels[first + 3]) / 255)
  }

  /// Gives the picture another size; its content is lost unless the size is the same.
  public mutating func resize(width: Int, height: Int) {
    if (width, height) != (self.width, self.height) { self = Image(width: width, height: height) }
  }

  /// The picture as the bytes of a PNG file.
  public func pngData() -> [UInt8] {
    withSurface { surface in
      var png: [UInt8] = []
      let status = withUnsafeMutablePointer(to: &png) { sink in
        cairo_surface_write_to_png_stream(
          surface,
          { sink, data, length in
            guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
            sink.assumingMemoryBound(to: [UInt8].self).pointee += UnsafeBufferPointer(
              start: data, count: Int(length))
            return CAIRO_STATUS_SUCCESS
          }, sink)
      }
      precondition(status == CAIRO_STATUS_SUCCESS, "encoding a picture in memory cannot fail")
      return png
    }
  }

  /// Writes the picture as a PNG file: beside the path first, then renamed, so that no half file is seen.
  ///
  /// - Throws: `UserError` where the file cannot be written.
  public func writePNG(to path: String) throws {
    do { try PartialFile.write(Data(pngData()), to: URL(fileURLWithPath: path)) } catch let error as UserError {
      throw UserError("\(error.message); check that the folder exists and may be written to")
    }
  }
}

// Pictures as cairo's surfaces: drawn on, drawn from, encoded and decoded.

import CPlanarCairo
import Foundation
import PlanarCore

extension Image {
  /// Hands over the picture as a surface that lives as long as `body` runs.
  func withSurface<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    // cairo wants premultiplied 0xAARRGGBB words.
    var words = [UInt32](repeating: 0, count: width * height)
    for index in words.indices {
      let alpha = UInt32(pixels[index * 4 + 3])
      var word = alpha << 24
      for channel in 0..<3 {
        let value = (UInt32(pixels[index * 4 + channel]) * alpha + 127) / 255
        word |= value << UInt32(16 - 8 * channel)
      }
      words[index] = word
    }
    return words.withUnsafeMutableBytes { bytes in
      let surface = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_ARGB32, Int32(width),
        Int32(height), Int32(width * 4))!
      defer { cairo_surface_destroy(surface) }
      return body(surface)
    }
  }

  /// A picture that `draw` paints on a white page.
  init(width: Int, height: Int, draw: (_ context: OpaquePointer) -> Void) {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))!
    let context = cairo_create(surface)!
    cairo_set_source_rgba(context, 1, 1, 1, 1)
    cairo_paint(context)
    draw(context)
    cairo_destroy(context)
    self.init(width: width, height: height, surface: surface)
    cairo_surface_destroy(surface)
  }

  /// The content of an image surface of 32 bits a pixel.
  private init(width: Int, height: Int, surface: OpaquePointer) {
    cairo_surface_flush(surface)
    let isOpaque = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_RGB24
    let stride = Int(cairo_image_surface_get_stride(surface))
    let data = UnsafeRawPointer(cairo_image_surface_get_data(surface)!)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 4)
    for row in 0..<height {
      for column in 0..<width {
        let word = data.load(fromByteOffset: row * stride + column * 4, as: UInt32.self)
        let alpha = isOpaque ? 255 : word >> 24
        for shift in [16, 8, 0] as [UInt32] {
          let value = word >> shift & 0xff
          pixels.append(alpha == 0 ? 0 : UInt8(min(255, (value * 255 + alpha / 2) / alpha)))
        }
        pixels.append(UInt8(alpha))
      }
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// The picture in a PNG file.
  ///
  /// - Throws: `UserError` where the file cannot be read or is no PNG.
  public init(contentsOfPNG path: String) throws {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw UserError("cannot read the picture \(path): \(systemReason(of: error)); check its path")
    }
    guard let image = Image(pngData: [UInt8](data)) else {
      throw UserError("the picture \(path) is no PNG file, or a damaged one; write it again")
    }
    self = image
  }

  /// The picture in the bytes of a PNG file, or nil where they are none.
  public init?(pngData: [UInt8]) {
    var source = pngData[...]
    let decoded = withUnsafeMutablePointer(to: &source) { source in
      cairo_image_surface_create_from_png_stream(
        { source, target, length in
          guard let source, let target else { return CAIRO_STATUS_READ_ERROR }
          let rest = source.assumingMemoryBound(to: ArraySlice<UInt8>.self)
          guard rest.pointee.count >= Int(length) else { return CAIRO_STATUS_READ_ERROR }
          for (index, byte) in rest.pointee.prefix(Int(length)).enumerated() { target[index] = byte }
          rest.pointee.removeFirst(Int(length))
          return CAIRO_STATUS_SUCCESS
        }, source)
    }
    guard let surface = decoded else { return nil }
    defer { cairo_surface_destroy(surface) }
    let format = cairo_image_surface_get_format(surface)
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
      format == CAIRO_FORMAT_RGB24 || format == CAIRO_FORMAT_ARGB32
    else { return nil }
    self.init(
      width: Int(cairo_image_surface_get_width(surface)),
      height: Int(cairo_image_surface_get_height(surface)), surface: surface)
  }
}

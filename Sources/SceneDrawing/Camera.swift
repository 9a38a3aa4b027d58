// Turns a draw list into pixels: what pixel policies see, and what screenshots and videos show.

import CCairo
import PlanarCore

/// A view from above that fits a rectangle of the world into a picture.
///
/// The aspect is preserved: where the picture is wider or taller than the world, bars fill the rest.
/// ```
///   world, m, y up            picture, px, y down
///   ┌────────────max          (0,0)───┬──────────┬───┐
///   │            │             │ bar  │          │bar│
///   min──────────┘             └──────┴──────────┴─(width, height)
/// ```
/// Pixel (column i, row j) covers [i, i + 1) × [j, j + 1) of the picture's coordinates.
public struct Camera: Equatable, Sendable {
  public let bounds: WorldRectangle
  /// px
  public let width: Int
  /// px
  public let height: Int
  /// The colour of the bars.
  public var letterbox: Color
  /// px per m
  public let scale: Double

  /// Programmer error where a side is not positive.
  public init(bounds: WorldRectangle, width: Int, height: Int, letterbox: Color = .black) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.bounds = bounds
    self.width = width
    self.height = height
    self.letterbox = letterbox
    scale = min(Double(width) / bounds.width, Double(height) / bounds.height)
  }

  /// Where a point of the world (m) lies in the picture (px).
  public func project(_ point: Vec2) -> Vec2 {
    let offset = point - bounds.center
    return Vec2(Double(width) / 2 + offset.x * scale, Double(height) / 2 - offset.y * scale)
  }

  /// Which point of the world (m) lies at a position of the picture (px).
  public func unproject(_ pixel: Vec2) -> Vec2 {
    bounds.center + Vec2(pixel.x - Double(width) / 2, Double(height) / 2 - pixel.y) / scale
  }

  /// Draws a list, and overlays above it, into a picture that gets this camera's size.
  ///
  /// The list's background fills the camera's bounds; items that reach beyond them are cut.
  public func render(_ list: DrawList, overlay: [DrawItem] = [], into image: inout Image) {
    image.resize(width: width, height: height)
    image.pixels.withUnsafeMutableBytes { bytes in
      let surface = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_RGB24, Int32(width),
        Int32(height), Int32(width * 4))
      let context = cairo_create(surface)!
      let painter = ScenePainter(context: context, camera: self)
      painter.paint(list.background)
      for item in list.items { painter.paint(item) }
      for item in overlay { painter.paint(item) }
      cairo_destroy(context)
      cairo_surface_finish(surface)
      cairo_surface_destroy(surface)
      // From cairo's 0x00RRGGBB words to the bytes red, green, blue, opacity.
      for index in 0..<width * height {
        let word = bytes.load(fromByteOffset: index * 4, as: UInt32.self)
        let swapped = 0xff | (word & 0xff) << 8 | (word & 0xff00) << 8 | (word & 0xff0000) << 8
        bytes.storeBytes(of: swapped.bigEndian, toByteOffset: index * 4, as: UInt32.self)
      }
    }
  }

  /// Draws a list, and overlays above it, as a new picture.
  public func render(_ list: DrawList, overlay: [DrawItem] = []) -> Image {
    var image = Image(width: width, height: height)
    render(list, overlay: overlay, into: &image)
    return image
  }
}

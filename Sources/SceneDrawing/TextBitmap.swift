// A line of text as a coverage picture, from which windows make textures.

import CPlanarCairo
import PlanarCore

/// One line of text, rasterised: how much of each pixel its letters cover.
public struct TextBitmap: Equatable, Sendable {
  /// px
  public let width: Int
  /// px; the same for every text of one size, so that lines align.
  public let height: Int
  /// 0 … 255 per pixel, `[height, width]`, top row first.
  public let coverage: [UInt8]
  /// How far the pen moves, px; the letters begin at column `margin`.
  public let advance: Double
  /// Row of the baseline from the top, px.
  public let baseline: Double
  /// The height of capitals, px.
  public let capitalHeight: Double
  /// Empty columns at both sides, px, for strokes that reach beyond their pen.
  public static let margin = 2

  /// Rasterises `text` with an em of `size` px. Never fails: what no installed font has becomes a box.
  public init(_ text: String, size: Double, weight: TextWeight = .regular) {
    let measure = Self.makeContext(width: 1, height: 1)
    defer { measure.destroy() }
    let setter = TextSetter(context: measure.context, size: size, weight: weight)
    let runs = setter.runs(of: text)
    let advance = runs.map(\.advance).reduce(0, +)
    let (ascent, descent) = setter.verticalExtents()
    self.advance = advance
    // Fallback fonts may reach a little higher and lower than the first one.
    baseline = (ascent * 1.1).rounded(.up)
    capitalHeight = setter.capitalHeight()
    width = Int(advance.rounded(.up)) + 2 * Self.margin
    height = Int(baseline + (descent * 1.2).rounded(.up))

    let page = Self.makeContext(width: width, height: height)
    defer { page.destroy() }
    cairo_set_source_rgba(page.context, 1, 1, 1, 1)
    TextSetter(context: page.context, size: size, weight: weight)
      .show(runs, from: Vec2(Double(Self.margin), baseline))
    cairo_surface_flush(page.surface)
    let stride = Int(cairo_image_surface_get_stride(page.surface))
    let data = cairo_image_surface_get_data(page.surface)!
    let (width, height) = (self.width, self.height)
    coverage = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
      for row in 0..<height {
        for column in 0..<width { buffer[row * width + column] = data[row * stride + column] }
      }
      count = width * height
    }
  }

  /// How far the pen moves over `text`, px, without rasterising it.
  public static func advance(of text: String, size: Double, weight: TextWeight = .regular) -> Double {
    let measure = makeContext(width: 1, height: 1)
    defer { measure.destroy() }
    return TextSetter(context: measure.context, size: size, weight: weight)
      .runs(of: text).map(\.advance).reduce(0, +)
  }

  private static func makeContext(width: Int, height: Int) -> Page {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height))!
    return Page(surface: surface, context: cairo_create(surface)!)
  }

  private struct Page {
    let surface: OpaquePointer
    let context: OpaquePointer

    func destroy() {
      cairo_destroy(context)
      cairo_surface_destroy(surface)
    }
  }
}

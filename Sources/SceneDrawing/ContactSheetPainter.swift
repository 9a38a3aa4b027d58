// The layout of a contact sheet, from the top down.

import CPlanarCairo
import PlanarCore

/// Paints a sheet on one cairo context.
struct ContactSheetPainter {
  let sheet: ContactSheet
  let context: OpaquePointer

  private static let margin = 32.0
  private static let columnGap = 14.0
  private static let rowGap = 18.0
  private static let ink = Color(hex: 0x1f2328)
  private static let gray = Color(hex: 0x6a737d)
  private static let rule = Color(hex: 0xd8dee4)

  static func width(of sheet: ContactSheet) -> Double {
    2 * margin + Double(sheet.columns * sheet.pictureWidth) + Double(sheet.columns - 1) * columnGap
  }

  /// A size of letters with its line spacing, px.
  private struct Style {
    var size: Double
    var lead: Double
    var weight = TextWeight.regular
    var color = ContactSheetPainter.ink

    static let title = Style(size: 24, lead: 32, weight: .bold)
    static let subtitle = Style(size: 14, lead: 20, color: gray)
    static let heading = Style(size: 17, lead: 24, weight: .bold)
    static let note = Style(size: 13, lead: 24, color: gray)
    static let caption = Style(size: 12.5, lead: 17)
    static let detail = Style(size: 11, lead: 15, color: gray)
  }

  private var inner: Double { Self.width(of: sheet) - 2 * Self.margin }

  /// Paints the page.
  ///
  /// - Returns: its height, px.
  func paint() -> Double {
    var y = Self.margin
    y = paint(sheet.title, .title, x: Self.margin, y: y, width: inner)
    y = paint(sheet.subtitle, .subtitle, x: Self.margin, y: y, width: inner)
    for section in sheet.sections {
      y += 20
      paintRule(y: y)
      y += 16
      y = paintHeading(section, y: y)
      for first in stride(from: 0, to: section.cells.count, by: sheet.columns) {
        if first > 0 { y += Self.rowGap }
        y = paintRow(section.cells[first..<min(first + sheet.columns, section.cells.count)], y: y)
      }
    }
    return y + Self.margin
  }

  private func paintHeading(_ section: ContactSheet.Section, y: Double) -> Double {
    let width = setter(.heading).advance(of: section.heading)
    _ = paint(section.heading, .heading, x: Self.margin, y: y, width: inner, limit: 1)
    let x = Self.margin + width + 12
    _ = paint(section.note, .note, x: x, y: y, width: max(1, inner - width - 12), limit: 1)
    return y + Style.heading.lead + 8
  }

  private func paintRow(_ cells: ArraySlice<ContactSheet.Cell>, y: Double) -> Double {
    let width = Double(sheet.pictureWidth)
    let heights = cells.map { (width * Double($0.image.height) / Double($0.image.width)).rounded() }
    let tallest = heights.max() ?? 0
    var low = y
    for (column, cell) in cells.enumerated() {
      let x = Self.margin + Double(column) * (width + Self.columnGap)
      paint(cell.image, x: x, y: y, width: width, height: heights[column])
      var text = paint(cell.caption, .caption, x: x, y: y + tallest + 6, width: width, limit: 3)
      text = paint(cell.detail, .detail, x: x, y: text, width: width, limit: 2)
      low = max(low, text)
    }
    return low
  }

  private func paint(_ image: Image, x: Double, y: Double, width: Double, height: Double) {
    let scale = width / Double(image.width)
    image.withSurface { surface in
      cairo_save(context)
      cairo_rectangle(context, x, y, width, height)
      cairo_clip(context)
      cairo_translate(context, x, y)
      cairo_scale(context, scale, height / Double(image.height))
      cairo_set_source_surface(context, surface, 0, 0)
      let pattern = cairo_get_source(context)
      cairo_pattern_set_filter(pattern, scale > 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BEST)
      cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
      cairo_paint(context)
      cairo_restore(context)
    }
    setSource(Self.rule)
    cairo_set_line_width(context, 1)
    cairo_rectangle(context, x - 0.5, y - 0.5, width + 1, height + 1)
    cairo_stroke(context)
  }

  private func paintRule(y: Double) {
    setSource(Self.rule)
    cairo_rectangle(context, Self.margin, y, inner, 1)
    cairo_fill(context)
  }

  /// Sets a text in lines from `y` down.
  ///
  /// - Returns: where the next thing can begin.
  private func paint(
    _ text: String, _ style: Style, x: Double, y: Double, width: Double, limit: Int = .max
  ) -> Double {
    guard !text.isEmpty else { return y }
    let setter = setter(style)
    var y = y
    setSource(style.color)
    for line in setter.lines(of: text, width: width, limit: limit) {
      // The baseline stands where it leaves the same room above capitals and below them.
      let baseline = (y + style.lead / 2 + style.size * 0.36).rounded()
      setter.show(setter.runs(of: line), from: Vec2(x, baseline))
      y += style.lead
    }
    return y
  }

  private func setter(_ style: Style) -> TextSetter {
    TextSetter(context: context, size: style.size, weight: style.weight)
  }

  private func setSource(_ color: Color) {
    cairo_set_source_rgba(
      context, Double(color.red), Double(color.green), Double(color.blue), Double(color.alpha))
  }
}

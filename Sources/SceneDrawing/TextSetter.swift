// Lines of text by cairo: which font each stretch of a line needs, how wide it is, and its pixels.

import CPlanarCairo
import PlanarCore

/// How heavy letters are.
public enum TextWeight: Hashable, Sendable {
  /// As running text, or as a title.
  case regular, bold
}

/// Sets single lines of text on one cairo context at one size.
///
/// A line may mix scripts: stretches of Hangul and other East Asian characters get the first installed font that has all their
/// characters. Where no font has them, boxes stand in their place.
struct TextSetter {
  let context: OpaquePointer
  /// px of the em
  let size: Double
  let weight: TextWeight

  private static let latinFamily = "sans-serif"
  private static let eastAsianFamilies = [
    "Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Pretendard", "UnDotum", "Baekmuk Dotum",
    "Noto Sans Mono CJK KR", "Droid Sans Fallback", "sans-serif",
  ]

  /// Draws `text` with its anchor at `position` (px) in the context's source colour.
  func show(_ text: String, at position: Vec2, anchor: TextAnchor) {
    let runs = self.runs(of: text)
    let advance = runs.map(\.advance).reduce(0, +)
    var pen = position + Vec2(0, capitalHeight() / 2)
    switch anchor {
    case .leading: break
    case .center: pen.x -= advance / 2
    case .trailing: pen.x -= advance
    }
    show(runs, from: pen)
  }

  /// Draws runs with the pen's start on the baseline at `pen`, px.
  func show(_ runs: [Run], from pen: Vec2) {
    var x = pen.x
    for run in runs {
      select(run.family)
      cairo_move_to(context, x, pen.y)
      cairo_show_text(context, run.text)
      x += run.advance
    }
    cairo_new_path(context)
  }

  /// How high the font reaches above and below the baseline, px.
  func verticalExtents() -> (ascent: Double, descent: Double) {
    select(Self.latinFamily)
    var extents = cairo_font_extents_t()
    cairo_font_extents(context, &extents)
    return (extents.ascent, extents.descent)
  }

  /// The height of capitals, px.
  func capitalHeight() -> Double {
    select(Self.latinFamily)
    var capital = cairo_text_extents_t()
    cairo_text_extents(context, "H", &capital)
    return -capital.y_bearing
  }

  /// A stretch of a line in one font.
  struct Run {
    var text: String
    var family: String
    /// px
    var advance: Double
  }

  /// Cuts a line where its script changes.
  func runs(of text: String) -> [Run] {
    var stretches: [(text: String, isEastAsian: Bool)] = []
    // A zero byte would end the C string early; control characters have no shape.
    for character in text where character.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) {
      let isEastAsian = character.unicodeScalars.contains {
        (0x1100..<0x1200).contains($0.value) || (0x2e80..<0xfe00).contains($0.value)
          || (0xff00..<0xffe8).contains($0.value)
      }
      if stretches.last?.isEastAsian == isEastAsian {
        stretches[stretches.count - 1].text.append(character)
      } else {
        stretches.append((String(character), isEastAsian))
      }
    }
    return stretches.map { stretch in
      let family = stretch.isEastAsian ? eastAsianFamily(for: stretch.text) : Self.latinFamily
      select(family)
      var extents = cairo_text_extents_t()
      cairo_text_extents(context, stretch.text, &extents)
      return Run(text: stretch.text, family: family, advance: extents.x_advance)
    }
  }

  /// The first font of the list that has every character of `text`.
  private func eastAsianFamily(for text: String) -> String {
    Self.eastAsianFamilies.first { family in
      select(family)
      return hasGlyphs(for: text)
    } ?? Self.latinFamily
  }

  /// Whether the selected font has every character of `text`; glyph 0 is a font's "missing" box.
  private func hasGlyphs(for text: String) -> Bool {
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(
      cairo_get_scaled_font(context), 0, 0, text, -1, &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS, let glyphs else { return false }
    return (0..<Int(count)).allSatisfy { glyphs[$0].index != 0 }
  }

  private func select(_ family: String) {
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    let weight = weight == .bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    cairo_select_font_face(context, family, CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(context, size)
  }
}

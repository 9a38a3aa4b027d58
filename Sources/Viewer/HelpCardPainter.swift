// The card over the window that lists keys.

import PlanarCore
import PlanarSceneDrawing

/// Draws a card in the middle of an area, smaller where there is little room.
struct HelpCardPainter {
  let canvas: Canvas
  let palette: Palette
  /// px per point
  let scale: Double

  /// Where everything on a card stands, px.
  private struct Layout {
    /// px per point, with which the card fits.
    var scale: Double
    var size: Vec2
    var keyColumn: Double
    /// Between two rows.
    var pitch: Double
    /// The closing lines, wrapped.
    var lines: [String]
  }

  /// The card as large as it is meant to be, or as it fits.
  private func layout(of card: HelpCard, in area: PixelRectangle) -> Layout {
    var shrinking = 1.0
    while true {
      let layout = layout(of: card, in: area, scale: scale * shrinking)
      let room = Vec2(area.width - 16 * scale, area.height - 16 * scale)
      if (layout.size.x <= room.x && layout.size.y <= room.y) || shrinking < 0.55 { return layout }
      shrinking -= 0.03
    }
  }

  private func layout(of card: HelpCard, in area: PixelRectangle, scale: Double) -> Layout {
    let keyColumn =
      card.hints.map { canvas.width(of: $0.key, size: Theme.smallSize * scale) }.max().map { $0 + 30 * scale } ?? 0
    let meanings = card.hints.map { canvas.width(of: $0.meaning, size: Theme.bodySize * scale) }.max() ?? 0
    let width = max(560 * scale, keyColumn + meanings + 2 * Theme.margin * scale)
    let lines = card.lines.flatMap { line in
      wrapped(line, limit: width - 2 * Theme.margin * scale) { canvas.width(of: $0, size: Theme.bodySize * scale) }
    }
    let rest = (88 + (lines.isEmpty ? 0 : 14) + Double(lines.count) * 19) * scale
    // Rows move together where the window is low.
    let room = (area.height - 20 * scale - rest) / Double(max(1, card.hints.count))
    let pitch = min(max(room, 18 * scale), 30 * scale)
    return Layout(
      scale: scale, size: Vec2(width, rest + Double(card.hints.count) * pitch), keyColumn: keyColumn, pitch: pitch,
      lines: lines)
  }

  func paint(_ card: HelpCard, in area: PixelRectangle) {
    canvas.fill(area, color: palette.veil)
    let layout = layout(of: card, in: area)
    let scale = layout.scale
    let box = PixelRectangle(
      x: (area.center.x - layout.size.x / 2).rounded(), y: (area.center.y - layout.size.y / 2).rounded(),
      width: layout.size.x, height: layout.size.y)
    let shade = PixelRectangle(x: box.min.x, y: box.min.y + 8 * scale, width: box.width, height: box.height)
    canvas.fill(shade, radius: 12 * scale, color: palette.shadow, feather: 24 * scale)
    canvas.fill(box, radius: 12 * scale, color: palette.panel)
    let left = box.min.x + Theme.margin * scale
    var y = box.min.y + 34 * scale
    canvas.text(card.title, at: Vec2(left, y), size: 16 * scale, color: palette.ink, weight: .bold)
    y += 38 * scale
    for hint in card.hints {
      KeyCap(canvas: canvas, palette: palette, scale: scale, height: min(20, layout.pitch / scale - 1))
        .draw(hint.key, x: left, middle: y)
      canvas.text(
        hint.meaning, at: Vec2(left + layout.keyColumn, y), size: Theme.bodySize * scale, color: palette.ink)
      y += layout.pitch
    }
    y += 6 * scale
    for line in layout.lines {
      canvas.text(line, at: Vec2(left, y), size: Theme.bodySize * scale, color: palette.quiet)
      y += 19 * scale
    }
  }
}

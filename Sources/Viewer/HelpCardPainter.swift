// The card over the window that lists keys.

import PlanarCore
import PlanarSceneDrawing

/// Draws a card in the middle of an area.
struct HelpCardPainter {
  let canvas: Canvas
  let palette: Palette
  /// px per point
  let scale: Double

  func paint(_ card: HelpCard, in area: PixelRectangle) {
    canvas.fill(area, color: palette.veil)
    let keyColumn =
      card.hints.map { canvas.width(of: $0.key, size: Theme.smallSize * scale) }
      .max().map { $0 + 30 * scale } ?? 0
    let width = min(area.width - 24 * scale, 560 * scale)
    let lines = card.lines.flatMap { line in
      wrapped(line, limit: width - 2 * Theme.margin * scale) {
        canvas.width(of: $0, size: Theme.bodySize * scale)
      }
    }
    let rest = 88 + (lines.isEmpty ? 0 : 14) + Double(lines.count) * 19
    // Rows move together where the window is low.
    let room = (area.height / scale - 20 - rest) / Double(max(1, card.hints.count))
    let pitch = min(max(room, 18), 30) * scale
    let height = rest * scale + Double(card.hints.count) * pitch
    let box = PixelRectangle(
      x: (area.center.x - width / 2).rounded(), y: (area.center.y - height / 2).rounded(),
      width: width, height: height)
    let shade = PixelRectangle(
      x: box.min.x, y: box.min.y + 8 * scale, width: width, height: height)
    canvas.fill(shade, radius: 12 * scale, color: palette.shadow, feather: 24 * scale)
    canvas.fill(box, radius: 12 * scale, color: palette.panel)
    let left = box.min.x + Theme.margin * scale
    var y = box.min.y + 34 * scale
    canvas.text(
      card.title, at: Vec2(left, y), size: 16 * scale, color: palette.ink, weight: .bold)
    y += 38 * scale
    for hint in card.hints {
      KeyCap(canvas: canvas, palette: palette, scale: scale, height: min(20, pitch / scale - 1)).draw(
        hint.key, x: left, middle: y)
      canvas.text(
        hint.meaning, at: Vec2(left + keyColumn, y), size: Theme.bodySize * scale,
        color: palette.ink)
      y += pitch
    }
    y += 6 * scale
    for line in lines {
      canvas.text(line, at: Vec2(left, y), size: Theme.bodySize * scale, color: palette.quiet)
      y += 19 * scale
    }
  }
}

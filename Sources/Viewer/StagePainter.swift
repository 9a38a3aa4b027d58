// What stands on the window's stage: the scene, the banner above it, a picture beside it.

import PlanarCore
import PlanarSceneDrawing

/// How the stage is shared out.
///
/// ```
///   ┌─────────────────────────┐
///   │ banner                  │
///   ├───────────────┬─────────┤
///   │ scene         │ picture │
///   ├───────────────┴─────────┤
///   │ timeline                │
///   └─────────────────────────┘
/// ```
struct StageLayout: Equatable {
  var banner: PixelRectangle
  var scene: PixelRectangle
  var picture: PixelRectangle
  var timeline: PixelRectangle

  /// - Parameter scale: px per point
  init(_ stage: PixelRectangle, scale: Double, hasBanner: Bool, timeline model: TimelineModel?, picture: Image?) {
    let top = hasBanner ? (84 * scale).rounded() : 0
    let bottom = model.map { (TimelinePainter.height(of: $0) * scale).rounded() } ?? 0
    banner = PixelRectangle(x: stage.min.x, y: stage.min.y, width: stage.width, height: top)
    let share = picture == nil ? 0 : 0.45
    let side = (stage.width * share).rounded()
    scene = PixelRectangle(
      x: stage.min.x, y: stage.min.y + top, width: stage.width - side, height: stage.height - top - bottom)
    timeline = PixelRectangle(x: stage.min.x, y: stage.max.y - bottom, width: stage.width, height: bottom)
    self.picture = PixelRectangle(
      x: scene.max.x, y: scene.min.y, width: side, height: scene.height)
  }
}

/// Draws onto the stage.
struct StagePainter {
  let canvas: Canvas
  let palette: Palette
  /// px per point
  let scale: Double

  func paint(_ scene: DrawList, overlay: [DrawItem], in view: SceneView) {
    let table = view.table
    let shade = PixelRectangle(
      x: table.min.x, y: table.min.y + 5 * scale, width: table.width, height: table.height)
    canvas.mesh.addFrame(
      shade, radius: 4 * scale, color: palette.shadow, feather: 20 * scale, around: table.inset(by: 1))
    view.draw(scene, overlay: overlay, on: canvas)
    canvas.outline(table.inset(by: -scale), color: palette.tableEdge, width: scale)
  }

  /// The text as large as fits on one line, its detail below.
  func paint(_ banner: Banner, in area: PixelRectangle) {
    let room = area.width - 56 * scale
    var size = 26.0
    while size > 13, canvas.width(of: banner.text, size: size * scale, weight: .bold) > room {
      size -= 1
    }
    canvas.text(
      banner.text, at: Vec2(area.center.x, area.min.y + 34 * scale), size: size * scale,
      color: palette.ink, weight: .bold, anchor: .center)
    canvas.text(
      banner.detail, at: Vec2(area.center.x, area.min.y + 64 * scale),
      size: Theme.bodySize * scale, color: palette.color(of: banner.tone), anchor: .center)
    guard let share = banner.share else { return }
    let bar = PixelRectangle(
      x: area.min.x + 28 * scale, y: area.max.y, width: room, height: 4 * scale)
    canvas.fill(bar, radius: 2 * scale, color: palette.hairline)
    let part = PixelRectangle(
      x: bar.min.x, y: bar.min.y, width: max(bar.height, room * min(max(share, 0), 1)),
      height: bar.height)
    canvas.fill(part, radius: 2 * scale, color: palette.accent)
  }

  /// A red dot with words in the stage's upper right corner, on a card of its own.
  func paint(badge words: String, in area: PixelRectangle) {
    let size = Theme.bodySize * scale
    let width = canvas.width(of: words, size: size, weight: .bold) + 40 * scale
    let card = PixelRectangle(
      x: area.max.x - width - 8 * scale, y: area.min.y + 6 * scale, width: width, height: 24 * scale)
    canvas.fill(card, radius: 12 * scale, color: palette.panel)
    canvas.outline(card, radius: 12 * scale, color: palette.hairline, width: scale)
    let dot = PixelRectangle(
      x: card.min.x + 10 * scale, y: card.center.y - 5 * scale, width: 10 * scale, height: 10 * scale)
    canvas.fill(dot, radius: 5 * scale, color: Color(hex: 0xd42a1e))
    canvas.text(
      words, at: Vec2(dot.max.x + 8 * scale, card.center.y), size: size, color: palette.ink, weight: .bold)
  }

  /// The picture as large as fits, every pixel a sharp square, its caption below.
  func paint(_ picture: SidePicture, in area: PixelRectangle) {
    let image = picture.image
    let room = area.inset(by: 14 * scale)
    let size = Theme.smallSize * scale
    let lines = wrapped(picture.caption, limit: room.width) { canvas.width(of: $0, size: size) }
    let pitch = 16 * scale
    let caption = 14 * scale + Double(lines.count) * pitch
    // Whole pixels of the window per pixel of the picture, so that all are of one size.
    let factor = max(
      1,
      min(room.width / Double(image.width), (room.height - caption) / Double(image.height))
        .rounded(.down))
    let extent = Vec2(Double(image.width), Double(image.height)) * factor
    let corner = Vec2(
      (room.center.x - extent.x / 2).rounded(), (room.center.y - (extent.y + caption) / 2).rounded())
    canvas.setClip(area)
    for y in 0..<image.height {
      var x = 0
      while x < image.width {
        let color = image[x, y]
        let first = x
        repeat { x += 1 } while x < image.width && image[x, y] == color
        let run = PixelRectangle(
          x: corner.x + Double(first) * factor, y: corner.y + Double(y) * factor,
          width: Double(x - first) * factor, height: factor)
        canvas.fill(run, color: color)
      }
    }
    let frame = PixelRectangle(x: corner.x, y: corner.y, width: extent.x, height: extent.y)
    canvas.outline(frame.inset(by: -scale), color: palette.tableEdge, width: scale)
    for (row, line) in lines.enumerated() {
      canvas.text(
        line, at: Vec2(room.center.x, frame.max.y + 18 * scale + Double(row) * pitch), size: size,
        color: palette.quiet, anchor: .center)
    }
    canvas.setClip(nil)
  }
}

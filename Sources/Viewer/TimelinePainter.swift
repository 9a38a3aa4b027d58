// Draws the bar of time below the scene.

import PlanarCore
import PlanarSceneDrawing

/// Draws a timeline into a strip of the window.
struct TimelinePainter {
  let canvas: Canvas
  let palette: Palette
  /// px per point
  let scale: Double

  /// The height of the bar with its words, and what each curve above it adds, in points: its label, and its room.
  private static let height = 54.0
  private static let labelHeight = 15.0
  private static let curveHeight = 24.0

  /// The strip's height in points.
  static func height(of timeline: TimelineModel) -> Double {
    height + Double(timeline.curves.count) * (labelHeight + curveHeight)
  }

  /// Where the bar itself lies in its strip.
  static func bar(in area: PixelRectangle, scale: Double) -> PixelRectangle {
    let margin = 28 * scale
    return PixelRectangle(
      x: area.min.x + margin, y: area.max.y - (height - 8) * scale, width: max(1, area.width - 2 * margin),
      height: 6 * scale)
  }

  func paint(_ timeline: TimelineModel, in area: PixelRectangle) {
    let bar = Self.bar(in: area, scale: scale)
    func x(_ step: Int) -> Double { bar.min.x + timeline.share(ofStep: step) * bar.width }
    func part(to step: Int, color: Color) {
      let width = max(bar.height, x(step) - bar.min.x)
      canvas.fill(
        PixelRectangle(x: bar.min.x, y: bar.min.y, width: width, height: bar.height), radius: bar.height / 2,
        color: color)
    }
    canvas.fill(bar, radius: bar.height / 2, color: palette.hairline)
    part(to: timeline.steps.upperBound, color: palette.faint)
    part(to: timeline.position, color: palette.accent)
    paintCurves(timeline, above: bar, x)
    for mark in timeline.marks where timeline.steps.contains(mark) {
      canvas.fill(
        PixelRectangle(
          x: x(mark).rounded(), y: bar.max.y + 3 * scale, width: max(1, scale.rounded()), height: 5 * scale),
        color: palette.quiet)
    }
    let knob = PixelRectangle(
      x: x(timeline.position) - 7 * scale, y: bar.center.y - 7 * scale, width: 14 * scale, height: 14 * scale)
    canvas.fill(knob, radius: 7 * scale, color: palette.accent)
    canvas.fill(knob.inset(by: 3 * scale), radius: 4 * scale, color: palette.panel)
    let y = bar.max.y + 20 * scale
    let size = Theme.smallSize * scale
    canvas.text(timeline.label, at: Vec2(bar.min.x, y), size: size, color: palette.quiet)
    canvas.text(timeline.detail, at: Vec2(bar.max.x, y), size: size, color: palette.quiet, anchor: .trailing)
  }

  /// Each curve on a line of its own, with its label above it.
  private func paintCurves(_ timeline: TimelineModel, above bar: PixelRectangle, _ x: (Int) -> Double) {
    let (row, room) = ((Self.labelHeight + Self.curveHeight) * scale, (Self.curveHeight - 6) * scale)
    for (index, curve) in timeline.curves.reversed().enumerated() {
      let floor = bar.min.y - 8 * scale - Double(index) * row
      let ink = palette.curves[curve.ink % palette.curves.count]
      canvas.fill(
        PixelRectangle(x: bar.min.x, y: floor.rounded(), width: bar.width, height: max(1, scale.rounded())),
        color: palette.hairline)
      let points = curve.points.map { Vec2(x($0.step), floor - room * min(max($0.value, 0), 1)) }
      canvas.mesh.addLine(points, width: 1.5 * scale, color: ink)
      // Of many points the line says enough.
      for point in points where points.count <= 60 {
        canvas.fill(
          PixelRectangle(x: point.x - 2 * scale, y: point.y - 2 * scale, width: 4 * scale, height: 4 * scale),
          radius: 2 * scale, color: ink)
      }
      canvas.text(
        curve.label, at: Vec2(bar.min.x, floor - room - 9 * scale), size: Theme.smallSize * scale, color: ink)
    }
  }
}

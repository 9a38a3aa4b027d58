// The strokes and fills by which cairo paints a draw list in world coordinates.

import CCairo
import PlanarCore

/// Paints on one cairo context through one camera.
struct ScenePainter {
  let context: OpaquePointer
  let camera: Camera

  /// Fills the bars, then limits the context to the camera's bounds, in metres, and fills the background.
  func paint(_ background: Background) {
    let bounds = camera.bounds
    setSource(camera.letterbox)
    cairo_paint(context)
    let origin = camera.project(.zero)
    var matrix = cairo_matrix_t(
      xx: camera.scale, yx: 0, xy: 0, yy: -camera.scale, x0: origin.x, y0: origin.y)
    cairo_set_matrix(context, &matrix)
    cairo_rectangle(context, bounds.min.x, bounds.min.y, bounds.width, bounds.height)
    cairo_clip(context)
    setSource(background.color)
    cairo_paint(context)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    if let checker = background.checker { paint(checker) }
    if let gradient = background.gradient { paint(gradient) }
  }

  private func paint(_ checker: Background.Checker) {
    for (corner, size) in checker.squares(in: camera.bounds) {
      cairo_rectangle(context, corner.x, corner.y, size, size)
    }
    setSource(checker.color)
    cairo_fill(context)
  }

  private func paint(_ gradient: Background.Gradient) {
    let (near, far) = gradient.span(in: camera.bounds)
    let pattern = cairo_pattern_create_linear(near.x, near.y, far.x, far.y)
    let c = gradient.color
    cairo_pattern_add_color_stop_rgba(
      pattern, 0, Double(c.red), Double(c.green), Double(c.blue), 0)
    cairo_pattern_add_color_stop_rgba(
      pattern, 1, Double(c.red), Double(c.green), Double(c.blue), Double(c.alpha))
    cairo_set_source(context, pattern)
    cairo_paint(context)
    cairo_pattern_destroy(pattern)
  }

  func paint(_ item: DrawItem) {
    switch item {
    case .disc(let center, let radius, let fill, let outline):
      cairo_new_path(context)
      cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
      paintPath(fill: fill, outline: outline)
    case .polygon(let corners, let fill, let outline):
      trace(corners)
      cairo_close_path(context)
      paintPath(fill: fill, outline: outline)
    case .polyline(let points, let width, let color, let roundedCaps):
      trace(points)
      setSource(color)
      cairo_set_line_width(context, width)
      cairo_set_line_cap(context, roundedCaps ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_stroke(context)
    case .text(let text, let position, let height, let color, let anchor):
      let pixel = camera.project(position)
      cairo_save(context)
      cairo_identity_matrix(context)
      setSource(color)
      TextSetter(context: context, size: height * camera.scale, weight: .regular)
        .show(text, at: pixel, anchor: anchor)
      cairo_restore(context)
    }
  }

  private func trace(_ points: [Vec2]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func paintPath(fill: Color, outline: Outline?) {
    setSource(fill)
    cairo_fill_preserve(context)
    if let outline {
      setSource(outline.color)
      cairo_set_line_width(context, outline.width)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }

  private func setSource(_ color: Color) {
    cairo_set_source_rgba(
      context, Double(color.red), Double(color.green), Double(color.blue), Double(color.alpha))
  }
}

// The table in the window: a draw list of metres drawn by the canvas.

import PlanarCore
import SceneDrawing

/// Where the scene stands in the window, and how world and window positions correspond.
struct SceneView {
  let area: PixelRectangle
  private let camera: Camera

  init(bounds: WorldRectangle, area: PixelRectangle) {
    self.area = area
    camera = Camera(
      bounds: bounds, width: max(1, Int(area.width)), height: max(1, Int(area.height)))
  }

  /// From metres to window pixels.
  func project(_ point: Vec2) -> Vec2 { area.min + camera.project(point) }
  /// From window pixels to metres.
  func unproject(_ pixel: Vec2) -> Vec2 { camera.unproject(pixel - area.min) }

  /// The table's rectangle in the window.
  var table: PixelRectangle {
    let low = project(camera.bounds.min)
    let high = project(camera.bounds.max)
    return PixelRectangle(
      x: low.x.rounded(), y: high.y.rounded(), width: (high.x - low.x).rounded(),
      height: (low.y - high.y).rounded())
  }

  /// Draws the list and its overlay, cut at the table's edge.
  func draw(_ list: DrawList, overlay: [DrawItem], on canvas: Canvas) {
    canvas.setClip(table)
    draw(list.background, on: canvas)
    for item in list.items { draw(item, on: canvas) }
    for item in overlay { draw(item, on: canvas) }
    canvas.setClip(nil)
  }

  private func draw(_ background: Background, on canvas: Canvas) {
    canvas.mesh.addPolygon(corners(of: camera.bounds), color: background.color)
    if let checker = background.checker {
      for (corner, side) in checker.squares(in: camera.bounds) {
        let square = WorldRectangle(min: corner, max: corner + Vec2(side, side))
        canvas.mesh.addPolygon(corners(of: square), color: checker.color)
      }
    }
    if let gradient = background.gradient {
      let (near, far) = gradient.span(in: camera.bounds)
      let run = far - near
      let colors = camera.bounds.corners.map { corner in
        gradient.color.opacity(
          gradient.color.alpha * Float((corner - near).dot(run) / run.lengthSquared))
      }
      canvas.mesh.addQuad(corners(of: camera.bounds), colors: colors)
    }
  }

  private func corners(of rectangle: WorldRectangle) -> [Vec2] { rectangle.corners.map(project) }

  private func draw(_ item: DrawItem, on canvas: Canvas) {
    let scale = camera.scale
    switch item {
    case .disc(let center, let radius, let fill, let outline):
      let pixel = project(center)
      let half = Vec2(radius, radius) * scale
      canvas.mesh.addBox(center: pixel, half: half, radius: half.x, color: fill)
      if let outline {
        canvas.mesh.addBox(
          center: pixel, half: half, radius: half.x, color: outline.color,
          stroke: outline.width * scale)
      }
    case .polygon(let points, let fill, let outline):
      let pixels = points.map(project)
      canvas.mesh.addPolygon(pixels, color: fill)
      if let outline {
        canvas.mesh.addLine(
          pixels, width: outline.width * scale, color: outline.color, closed: true)
      }
    case .polyline(let points, let width, let color, let roundedCaps):
      canvas.mesh.addLine(
        points.map(project), width: width * scale, color: color, roundedCaps: roundedCaps)
    case .text(let text, let position, let height, let color, let anchor):
      canvas.text(
        text, at: project(position), size: height * scale, color: color, anchor: anchor)
    }
  }
}

// The table in the window: a draw list of metres drawn by the canvas.

import PlanarCore
import PlanarSceneDrawing

/// Where the scene stands in the window, and how world and window positions correspond.
struct SceneView {
  let area: PixelRectangle
  private let camera: Camera

  init(bounds: WorldRectangle, area: PixelRectangle, pose: CameraPose = .centered) {
    self.area = area
    camera = Camera(
      bounds: bounds, width: max(1, Int(area.width)), height: max(1, Int(area.height)), pose: pose)
  }

  /// px per m
  var scale: Double { camera.scale }
  /// From metres to window pixels.
  func project(_ point: Vec2) -> Vec2 { area.min + camera.project(point) }
  /// From window pixels to metres.
  func unproject(_ pixel: Vec2) -> Vec2 { camera.unproject(pixel - area.min) }

  /// The rectangle in the window of what is visible.
  var table: PixelRectangle {
    PixelRectangle(
      x: area.min.x + Double(camera.frame.x), y: area.min.y + Double(camera.frame.y),
      width: Double(camera.frame.width), height: Double(camera.frame.height))
  }

  /// Draws the list and its overlay, cut at the edge of what is visible.
  func draw(_ list: DrawList, overlay: [DrawItem], on canvas: Canvas) {
    canvas.setClip(table)
    canvas.table(of: list, through: camera, at: area.min)
    draw(list.items, light: list.light, exposure: list.exposure, on: canvas)
    draw(overlay, light: nil, exposure: .neutral, on: canvas)
    canvas.setClip(nil)
  }

  private func draw(_ items: [DrawItem], light: Light?, exposure: Exposure, on canvas: Canvas) {
    var shadowed = 0
    for index in items.indices {
      if let light, let shadow = light.shadow, index >= shadowed, items[index].relief != nil {
        // The shadows of neighbours lie under all of them, as the camera draws them.
        shadowed = index
        while shadowed < items.count, let relief = items[shadowed].relief {
          drawShadow(
            of: items[shadowed], offset: light.shadowOffset(of: relief), shadow, exposure, on: canvas)
          shadowed += 1
        }
      }
      draw(items[index], light, exposure, on: canvas)
    }
  }

  private func drawShadow(
    of item: DrawItem, offset: Vec2, _ shadow: Light.Shadow, _ exposure: Exposure, on canvas: Canvas
  ) {
    let softness = shadow.softness * camera.scale
    let color = exposure(Color.black.opacity(shadow.opacity)).limited
    switch item {
    case .disc(let center, let radius, _, _, _):
      let count = max(24, Int((10 * radius * camera.scale).squareRoot() * Double.pi) + 1)
      let corners = (0..<count).map { corner in
        center + offset + Rotation(angle: 2 * Double.pi * Double(corner) / Double(count)).direction * radius
      }
      canvas.mesh.addSoftPolygon(corners.map(project), softness: softness, color: color)
    case .polygon(let corners, _, _, _):
      canvas.mesh.addSoftPolygon(
        corners.map { project($0 + offset) }, softness: softness, color: color)
    case .polyline, .text: break
    }
  }

  private func draw(_ item: DrawItem, _ light: Light?, _ exposure: Exposure, on canvas: Canvas) {
    let scale = camera.scale
    switch item {
    case .disc(let center, let radius, let fill, let outline, let relief):
      let pixel = project(center)
      let half = Vec2(radius, radius) * scale
      canvas.mesh.addBox(
        center: pixel, half: half, radius: half.x, color: exposure(fill).limited,
        shade: shade(fill, relief, light, exposure))
      if let outline {
        canvas.mesh.addBox(
          center: pixel, half: half, radius: half.x, color: exposure(outline.color).limited,
          stroke: outline.width * scale)
      }
    case .polygon(let points, let fill, let outline, let relief):
      let pixels = points.map(project)
      if let shade = shade(fill, relief, light, exposure) {
        canvas.mesh.addPolygon(pixels, color: shade)
      } else {
        canvas.mesh.addPolygon(pixels, color: exposure(fill).limited)
      }
      if let outline {
        canvas.mesh.addLine(
          pixels, width: outline.width * scale, color: exposure(outline.color).limited, closed: true)
      }
    case .polyline(let points, let width, let color, let roundedCaps):
      canvas.mesh.addLine(
        points.map(project), width: width * scale, color: exposure(color).limited,
        roundedCaps: roundedCaps)
    case .text(let text, let position, let height, let color, let anchor):
      guard height * scale >= DrawItem.smallestText else { return }
      canvas.text(
        text, at: project(position), size: height * scale, color: exposure(color).limited,
        anchor: anchor, axis: camera.horizontal)
    }
  }

  /// The colour of a lit item by the window's pixels, or nil where light does not change it.
  private func shade(
    _ fill: Color, _ relief: Relief?, _ light: Light?, _ exposure: Exposure
  ) -> ((Vec2) -> Color)? {
    guard let light, let relief, light.shading != 0 else { return nil }
    return { exposure(light.shade(fill, of: relief, at: unproject($0))) }
  }
}

extension Color {
  /// The colour that a picture can show: channels within [0, 1].
  fileprivate var limited: Color {
    Color(
      red: min(max(red, 0), 1), green: min(max(green, 0), 1), blue: min(max(blue, 0), 1), alpha: alpha)
  }
}

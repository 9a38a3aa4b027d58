// Drawing in window pixels: collects shapes and texts and hands them to OpenGL in as few calls as can be.

import CPlanarGLFW
import PlanarCore
import PlanarSceneDrawing

/// An upright rectangle of the window, px, y down.
struct PixelRectangle: Equatable {
  var min: Vec2
  var max: Vec2

  init(x: Double, y: Double, width: Double, height: Double) {
    min = Vec2(x, y)
    max = Vec2(x + width, y + height)
  }

  var center: Vec2 { (min + max) * 0.5 }
  var width: Double { max.x - min.x }
  var height: Double { max.y - min.y }

  var corners: [Vec2] { [min, Vec2(max.x, min.y), max, Vec2(min.x, max.y)] }

  func contains(_ point: Vec2) -> Bool {
    point.x >= min.x && point.x < max.x && point.y >= min.y && point.y < max.y
  }

  /// Whether any of it may be seen in an area; a place that is no number may be anywhere.
  func touches(_ area: PixelArea) -> Bool {
    !(max.x < Double(area.x) || min.x > Double(area.x + area.width) || max.y < Double(area.y)
      || min.y > Double(area.y + area.height))
  }

  /// Whether its corners are corners of pixels.
  var isOnPixels: Bool { [min.x, min.y, max.x, max.y].allSatisfy { $0 == $0.rounded() } }

  func inset(by margin: Double) -> PixelRectangle {
    PixelRectangle(
      x: min.x + margin, y: min.y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }
}

/// Whole pixels of the window, y down.
struct PixelArea: Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  var isEmpty: Bool { width <= 0 || height <= 0 }

  func intersection(_ other: PixelArea) -> PixelArea {
    let (left, top) = (max(x, other.x), max(y, other.y))
    return PixelArea(
      x: left, y: top, width: max(0, min(x + width, other.x + other.width) - left),
      height: max(0, min(y + height, other.y + other.height) - top))
  }
}

extension PixelArea {
  /// The pixels whose middles a rectangle covers, as OpenGL's rounding has it.
  init(rounding rectangle: PixelRectangle) {
    let (left, top) = (Int(rectangle.min.x.rounded()), Int(rectangle.min.y.rounded()))
    self.init(
      x: left, y: top, width: max(0, Int(rectangle.max.x.rounded()) - left),
      height: max(0, Int(rectangle.max.y.rounded()) - top))
  }

  /// All pixels that a rectangle touches, and some around it.
  init(around rectangle: PixelRectangle, margin: Double) {
    // Far beyond any window; a number that is none counts as that.
    func pixel(_ value: Double, or far: Int) -> Int { value.isNaN ? far : Int(min(max(value, -1e6), 1e6)) }
    let left = pixel((rectangle.min.x - margin).rounded(.down), or: -1_000_000)
    let top = pixel((rectangle.min.y - margin).rounded(.down), or: -1_000_000)
    self.init(
      x: left, y: top, width: pixel((rectangle.max.x + margin).rounded(.up), or: 1_000_000) - left,
      height: pixel((rectangle.max.y + margin).rounded(.up), or: 1_000_000) - top)
  }
}

/// The window's drawing surface.
final class Canvas {
  private let shader: ShapeShader
  private let atlas = TextAtlas()
  private let tableTexture = TableTexture()
  private let target = RenderTarget()
  var mesh = ShapeMesh()
  private var clip: PixelRectangle?
  /// What is drawn anew, each pixel once; elsewhere the last picture stays.
  private var areas: [PixelArea] = []

  /// - Throws: `UserError` where the driver refuses the shaders.
  init() throws { shader = try ShapeShader() }

  /// Begins to draw areas anew that do not overlap; elsewhere what was drawn before stays, if the size is the same.
  func begin(width: Int, height: Int, areas: [PixelArea], color: Color) {
    target.begin(width: width, height: height)
    let all = PixelArea(x: 0, y: 0, width: width, height: height)
    self.areas = areas.map { $0.intersection(all) }.filter { !$0.isEmpty }
    for area in self.areas { target.clear(area, color: color) }
    mesh.restart()
    clip = nil
  }

  /// Draws what waits.
  func end() { flush() }

  func present() { target.present() }

  /// Draws over what is presented, and not into the picture that stays.
  func drawOnWindow(_ paint: () -> Void) {
    target.beginOnWindow()
    mesh.restart()
    areas = [PixelArea(x: 0, y: 0, width: target.width, height: target.height)]
    clip = nil
    paint()
    flush()
  }

  func readPixels() -> Image { target.readPixels() }
  func readWindow() -> Image { target.readWindow() }

  /// Limits what follows to a rectangle; nil lifts the limit.
  func setClip(_ rectangle: PixelRectangle?) {
    flush()
    clip = rectangle
  }

  /// A rectangle, with round corners where `radius` is not 0; only then can its edge fade over `feather` px.
  func fill(_ rectangle: PixelRectangle, radius: Double = 0, color: Color, feather: Double = 1) {
    if radius == 0, rectangle.isOnPixels {
      mesh.addRectangle(rectangle, color: color)
    } else {
      mesh.addBox(
        center: rectangle.center, half: Vec2(rectangle.width, rectangle.height) * 0.5,
        radius: radius, color: color, feather: feather)
    }
  }

  /// The line around a rectangle, inside of it.
  func outline(_ rectangle: PixelRectangle, radius: Double = 0, color: Color, width: Double) {
    let half = Vec2(rectangle.width - width, rectangle.height - width) * 0.5
    mesh.addBox(
      center: rectangle.center, half: half, radius: max(0, radius - width / 2), color: color,
      stroke: width)
  }

  /// The surface under a draw list's items, as a camera that sees nothing else draws it.
  func table(of list: DrawList, through camera: Camera, at corner: Vec2) {
    flush()
    tableTexture.show(list, through: camera)
    let place = (x: Int(corner.x.rounded()), y: Int(corner.y.rounded()))
    let all = PixelArea(x: place.x, y: place.y, width: camera.width, height: camera.height)
    for area in seenAreas.map({ $0.intersection(all) }) where !area.isEmpty {
      target.copy(area, from: tableTexture.framebuffer, at: place)
    }
  }

  /// A line of text whose anchor stands at `position`, vertically at half the capitals' height.
  ///
  /// - Parameter axis: the unit vector that the text runs along.
  /// - Returns: how wide it is, px.
  @discardableResult
  func text(
    _ text: String, at position: Vec2, size: Double, color: Color, weight: TextWeight = .regular,
    anchor: TextAnchor = .leading, axis: Vec2 = Vec2(1, 0)
  ) -> Double {
    guard !text.isEmpty, size >= 1 else { return 0 }
    let entry = atlas.entry(for: text, size: size, weight: weight, beforeEmptying: flush)
    var back = Double(TextBitmap.margin)
    switch anchor {
    case .leading: break
    case .center: back += entry.advance / 2
    case .trailing: back += entry.advance
    }
    var corner =
      position - axis * back + axis.perpendicular * (entry.capitalHeight / 2 - entry.baseline)
    // Upright letters are sharp on whole pixels.
    if axis == Vec2(1, 0) { corner = Vec2(corner.x.rounded(), corner.y.rounded()) }
    mesh.addText(corner: corner, size: entry.size, axis: axis, texture: entry.texture, color: color)
    return entry.advance
  }

  /// How wide a line of text is, px.
  func width(of text: String, size: Double, weight: TextWeight = .regular) -> Double {
    text.isEmpty ? 0 : atlas.advance(of: text, size: size, weight: weight)
  }

  /// What of the areas the clip leaves.
  private var seenAreas: [PixelArea] {
    let clip = clip.map { PixelArea(rounding: $0) }
    return areas.map { area in clip.map { $0.intersection(area) } ?? area }.filter { !$0.isEmpty }
  }

  private func flush() {
    guard !mesh.isEmpty else { return }
    let seen = seenAreas
    if !seen.isEmpty {
      atlas.bind()
      shader.load(mesh.vertices, on: target)
      let shapes = mesh.shapes
      for area in seen {
        target.scissor(area)
        shader.draw(shapes.filter { $0.bounds.touches(area) }.map(\.range))
      }
    }
    mesh.removeAll()
  }
}

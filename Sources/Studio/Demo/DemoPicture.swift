// What a demo shows at a moment, for pictures without a panel.

import PlanarCore
import PlanarSceneDrawing

/// A scene with what is drawn over it, and what a caption can say of it.
package struct DemoPicture {
  var scene: DrawList
  var overlay: [DrawItem]
  var command: String
  /// Who drives; empty where the scene's own titles say so.
  var driver: String
  /// Whether the attempt is over.
  var isOver: Bool
  /// s
  var controlPeriod: Double

  /// The height of a line of the caption, m.
  private var line: Double { min(scene.bounds.height * 0.055, scene.bounds.width * 0.04) }
  /// The caption's strip above the table; text has room for the font's ascenders in it.
  private var strip: WorldRectangle {
    let bounds = scene.bounds
    return WorldRectangle(
      min: Vec2(bounds.min.x, bounds.max.y), max: Vec2(bounds.max.x, bounds.max.y + 1.8 * line))
  }
  /// Scene and strip.
  private var bounds: WorldRectangle { WorldRectangle(min: scene.bounds.min, max: strip.max) }

  /// How high a picture of a width is, px.
  func height(ofWidth width: Int) -> Int { max(2, Int((Double(width) * bounds.height / bounds.width).rounded())) }

  /// Draws it, with a caption that tells the command and who drives.
  func draw(into image: inout Image) {
    let camera = Camera(bounds: bounds, width: image.width, height: image.height, letterbox: .white)
    let caption: [DrawItem] = [
      .polygon(strip.corners, fill: .white),
      .text(
        command, at: Vec2(strip.min.x + 0.4 * line, strip.center.y),
        height: min(line, bounds.width * 0.96 / (0.56 * Double(max(1, command.count)))), color: .black,
        anchor: .leading),
      .text(
        driver, at: Vec2(strip.max.x - 0.4 * line, strip.center.y), height: 0.8 * line, color: Color(hex: 0x666666),
        anchor: .trailing),
    ]
    camera.render(scene, overlay: overlay + caption, into: &image)
  }

  /// It as an image.
  package func image(width: Int) -> Image {
    var image = Image(width: width, height: height(ofWidth: width))
    draw(into: &image)
    return image
  }
}

extension DemoSession {
  /// - Parameter scene: what is shown below the overlay; nil for the world as it is.
  func picture(of scene: DrawList? = nil) -> DemoPicture {
    DemoPicture(
      scene: scene ?? shownScene, overlay: overlay + captions, command: world.info.command, driver: pilot.name,
      isOver: status != .running, controlPeriod: world.controlPeriod)
  }
}

extension DemoControls {
  /// All lanes as they are now.
  package var picture: DemoPicture {
    let captions = lanes.indices.flatMap { layout.placed(lanes[$0].captions, in: $0) }
    return DemoPicture(
      scene: scene, overlay: overlay + captions, command: session.command,
      driver: lanes.count > 1 ? "" : session.pilot.name, isOver: !isRunning, controlPeriod: controlPeriod)
  }
}

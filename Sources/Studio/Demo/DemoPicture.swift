// What a demo shows at a moment, for pictures without a panel.

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

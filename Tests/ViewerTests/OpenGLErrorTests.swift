// A window that is asked to tells what the graphics driver has against it; drawing gives it nothing to say.

import PlanarCore
import PlanarProgramTesting
import PlanarSceneDrawing
import PlanarViewer
import PlanarWindowTesting
import Testing

@Suite(.serialized, .onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct OpenGLErrorTests {
  private let scene = DrawList(
    bounds: WorldRectangle(min: .zero, max: Vec2(0.4, 0.3)), background: Background(color: .white),
    items: [
      .disc(center: Vec2(0.1, 0.1), radius: 0.05, fill: .black),
      .polyline([.zero, Vec2(0.3, 0.2), Vec2(0.1, 0.25)], width: 0.01, color: .black.opacity(0.5)),
      .polygon([Vec2(0.2, 0.1), Vec2(0.3, 0.1), Vec2(0.25, 0.2)], fill: .black),
      .text("a", at: Vec2(0.2, 0.15), height: 0.03, color: .black),
    ])

  @Test func drawingIsRightInAllSizesAndLooks() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 700, height: 500, checksOpenGL: true)
      var panel = PanelModel(title: "Test", timeline: TimelineModel(steps: 0...9, position: 3, end: 20))
      for theme in WindowTheme.allCases {
        for card in [nil, HelpCard(title: "Keys", hints: [KeyHint("A", "all")])] {
          (panel.card, panel.badge) = (card, theme.rawValue)
          _ = window.pollEvents()
          window.use(theme)
          window.draw(
            scene: scene, panel: panel, picture: SidePicture(image: Image(width: 3, height: 3), caption: "picture"))
        }
      }
      _ = window.readPixels()
      #expect(window.openGLErrors.isEmpty)
      window.makeOpenGLError()
      #expect(!window.openGLErrors.isEmpty)
      let unasked = try ViewerWindow(title: "Test", width: 700, height: 500)
      unasked.makeOpenGLError()
      #expect(unasked.openGLErrors.isEmpty)
    }
  }
}

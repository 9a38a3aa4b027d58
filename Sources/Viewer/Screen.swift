// Where sessions are shown: a window, or pages in browsers.

import PlanarCore
import PlanarSceneDrawing

/// Shows scenes with their panels, and tells what people did there.
///
/// Use it on one thread only.
public protocol Screen: AnyObject {
  /// Whether anybody can see it. While nobody does, a session waits.
  var isWatched: Bool { get }

  /// What happened since the last call, in order.
  func pollEvents() -> [Event]

  /// Shows a scene, `overlay` on it in the same metres, and the panel beside it. Where nothing is other than in the
  /// last picture, that one stays. It takes as long as keeps a loop of calls at the rate that people can see.
  ///
  /// - Parameters:
  ///   - visible: the part of the scene that is shown; nil shows all of it.
  ///   - picture: shown beside the scene.
  /// - Returns: whether there was anything to draw.
  func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool

  /// Sleeps until something happens, but no longer than so many seconds.
  func sleep(atMost seconds: Double)

  /// What was drawn last, as a picture. Programmer error before the first `draw`.
  func readPixels() -> Image

  /// Looks so around the scene from now on.
  func use(_ theme: WindowTheme)

  /// Why nothing can be shown any more; nil while all is well.
  var failure: UserError? { get }
}

extension Screen {
  /// Nothing: pages in browsers look as the browser's settings say.
  public func use(_ theme: WindowTheme) {}

  /// None: people come and go.
  public var failure: UserError? { nil }
}

extension ViewerWindow: Screen {
  /// A window is there to be looked at.
  public var isWatched: Bool { true }

  /// Looks so from the next picture on.
  public func use(_ theme: WindowTheme) { self.theme = theme }

  /// Draws with a camera that stands where it should.
  @discardableResult
  public func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool {
    draw(scene: scene, overlay: overlay, pose: .centered, panel: panel, visible: visible, picture: picture)
  }
}

// The window: one call takes what happened, one call draws scene, overlay and panel.

import CPlanarGLFW
import Foundation
import PlanarCore
import PlanarSceneDrawing

/// A window with an OpenGL 3.3 picture of a draw list and a panel of text beside it.
///
/// Use it on one thread only, the main thread where the system asks for that.
public final class ViewerWindow {
  private let window: OpaquePointer
  private let canvas: Canvas
  private let inbox = WindowInbox()
  private var view: SceneView?
  private var hits: [HitRegion] = []
  /// The bar of time as it was drawn last, with the model behind it.
  private var timeline: (bar: PixelRectangle, model: TimelineModel)?
  private var isScrubbing = false
  /// The sliders as they were drawn last.
  private var sliders: [(id: String, bar: PixelRectangle)] = []
  /// The slider that the mouse holds.
  private var heldSlider: (id: String, bar: PixelRectangle)?
  /// The panel as it was drawn last, and how far it is scrolled up and can be, px.
  private var panel = (area: PixelRectangle(x: 0, y: 0, width: 0, height: 0), scroll: 0.0, reach: 0.0)
  /// What was drawn last.
  private var shown: WindowFrame?
  /// Whether a gamepad is asked for, too.
  public var usesGamepad = false
  private var gamepad = GamepadReader()
  /// Handed what the window shows, with what pictures of it leave out, whenever something is drawn; nil saves the time.
  package var onPicture: ((Image) -> Void)?
  /// How it looks around the scene.
  public var theme = WindowTheme.light

  /// What listens to the graphics driver; nil where nobody asked for it.
  private let listener: OpenGLErrors?

  /// Opens a window whose content is `width` × `height` points.
  ///
  /// - Parameter checksOpenGL: whether the driver is asked to tell what it has against the window's calls, which takes time;
  ///   `openGLErrors` has it.
  /// - Throws: `UserError` where there is no display or no OpenGL 3.3.
  public init(title: String, width: Int, height: Int, checksOpenGL: Bool = false) throws {
    guard glfwInit() != 0 else {
      throw UserError(
        "cannot open a window: no display was found\(Self.lastError()); start it from a desktop session, or run headless"
      )
    }
    LostDisplay.watch()
    Self.keepMemoryWhole()
    for (hint, value) in [
      (GLFW_CONTEXT_VERSION_MAJOR, 3), (GLFW_CONTEXT_VERSION_MINOR, 3),
      (GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE), (GLFW_OPENGL_FORWARD_COMPAT, 1),
      (GLFW_OPENGL_DEBUG_CONTEXT, checksOpenGL ? 1 : 0), (GLFW_SCALE_TO_MONITOR, 1), (GLFW_DEPTH_BITS, 0),
      (GLFW_STENCIL_BITS, 0),
    ] { glfwWindowHint(hint, value) }
    guard let window = glfwCreateWindow(Int32(width), Int32(height), title, nil, nil) else {
      throw UserError(
        "cannot open a window: OpenGL 3.3 is not available\(Self.lastError()); install Mesa's or the vendor's graphics driver, or run headless"
      )
    }
    self.window = window
    glfwSetWindowSizeLimits(window, 640, 480, GLFW_DONT_CARE, GLFW_DONT_CARE)
    glfwMakeContextCurrent(window)
    glfwSwapInterval(1)
    listener = checksOpenGL ? OpenGLErrors() : nil
    listener?.attach()
    do {
      canvas = try Canvas()
    } catch {
      glfwDestroyWindow(window)
      throw error
    }
    inbox.attach(to: window)
  }

  /// Closes the window. GLFW itself stays for other windows of the program.
  deinit {
    guard !LostDisplay.isLost else { return }
    glfwMakeContextCurrent(window)
    inbox.detach(from: window)
    glfwDestroyWindow(window)
  }

  /// What the graphics driver had against the window's calls so far; empty where it is not asked.
  public var openGLErrors: [String] { listener?.words ?? [] }

  /// Calls OpenGL with what it refuses, for a test of who tells it.
  package func makeOpenGLError() {
    glfwMakeContextCurrent(window)
    glEnable(gl(GL_NO_ERROR))
    listener?.ask()
  }

  /// Why nothing can be shown any more; nil while all is well.
  public var failure: UserError? {
    LostDisplay.isLost ? UserError(LostDisplay.reason) : nil
  }

  /// What happened since the last call, in order; nothing once the display is lost.
  public func pollEvents() -> [Event] {
    guard !LostDisplay.isLost else { return [] }
    glfwPollEvents()
    let change = usesGamepad ? gamepad.change() : nil
    return inbox.take().compactMap(translate) + (change.map { [$0] } ?? [])
  }

  /// Sleeps until something happens, but no longer than so many seconds.
  public func sleep(atMost seconds: Double) {
    guard !LostDisplay.isLost else { return }
    glfwWaitEventsTimeout(max(seconds, 0.001))
  }

  /// Draws and shows one picture: the scene, `overlay` on it in the same metres, the panel beside it. Where nothing is
  /// other than in the last picture, that one stays.
  ///
  /// - Parameters:
  ///   - pose: of the camera through which the scene is seen; the mouse points at the same metres as ever.
  ///   - visible: the part of the scene that fills the window; nil shows all of it.
  ///   - picture: shown beside the scene, which makes room.
  /// - Returns: whether there was anything to draw.
  @discardableResult
  public func draw(
    scene: DrawList, overlay: [DrawItem] = [], pose: CameraPose = .centered, panel: PanelModel,
    visible: WorldRectangle? = nil, picture: SidePicture? = nil
  ) -> Bool {
    guard !LostDisplay.isLost else { return false }
    glfwMakeContextCurrent(window)
    let (width, height, scale) = framebuffer()
    let pointer = inbox.pointer * pixelsPerUnit()
    let frame = WindowFrame(
      scene: scene, overlay: overlay, pose: pose, panel: panel, visible: visible, picture: picture,
      pointer: self.panel.area.contains(pointer) ? pointer : Vec2(-1, -1), scroll: self.panel.scroll, theme: theme,
      width: width, height: height, scale: scale)
    // Where the display is lost, sizes are anything.
    guard !LostDisplay.isLost else { return false }
    let last = inbox.takeDamage() ? nil : shown
    guard frame != last else { return false }
    shown = frame
    let layout = WindowLayout(frame)
    view = layout.view
    timeline = panel.timeline.map { (layout.timelineBar, $0) }
    let areas = frame.damage(since: last, layout, width: { canvas.width(of: $0, size: $1) })
    func isDamaged(_ part: PixelRectangle) -> Bool {
      areas.contains { !$0.intersection(PixelArea(rounding: part)).isEmpty }
    }
    canvas.begin(width: width, height: height, areas: areas, color: theme.palette.surround)
    if isDamaged(layout.stage) { paintStage(frame, layout) }
    if isDamaged(layout.side) { paintPanel(frame, layout.side) }
    if let card = panel.card {
      HelpCardPainter(canvas: canvas, palette: frame.theme.palette, scale: scale).paint(
        card, in: PixelRectangle(x: 0, y: 0, width: Double(width), height: Double(height)))
    }
    canvas.end()
    guard isDisplayThere() else { return false }
    LostDisplay.show { canvas.present() }
    if let badge = panel.badge {
      canvas.drawOnWindow {
        StagePainter(canvas: canvas, palette: frame.theme.palette, scale: scale).paint(badge: badge, in: layout.stage)
      }
    }
    if let onPicture { onPicture(canvas.readWindow()) }
    listener?.ask()
    guard isDisplayThere() else { return false }
    LostDisplay.show { glfwSwapBuffers(window) }
    return true
  }

  /// Has the C library take large blocks from the system one by one, and give them back so. By itself it soon keeps them
  /// among small ones, and what a picture needs for a moment leaves gaps there, by the hundred megabytes in an hour.
  private static func keepMemoryWhole() {
    #if canImport(Glibc)
      _ = mallopt(M_MMAP_THRESHOLD, 131_072)
    #endif
  }

  /// Whether the display is there, after all that is drawn so far; what happens is taken in.
  private func isDisplayThere() -> Bool {
    glFinish()
    glfwPollEvents()
    return !LostDisplay.isLost
  }

  private func paintStage(_ frame: WindowFrame, _ layout: WindowLayout) {
    let painter = StagePainter(canvas: canvas, palette: frame.theme.palette, scale: frame.scale)
    painter.paint(frame.scene, overlay: frame.overlay, in: layout.view)
    if let banner = frame.panel.banner { painter.paint(banner, in: layout.parts.banner) }
    if let picture = frame.picture { painter.paint(picture, in: layout.parts.picture) }
    if let timeline = frame.panel.timeline {
      TimelinePainter(canvas: canvas, palette: frame.theme.palette, scale: frame.scale)
        .paint(timeline, in: layout.parts.timeline)
    }
  }

  private func paintPanel(_ frame: WindowFrame, _ side: PixelRectangle) {
    var painter = PanelPainter(
      canvas: canvas, palette: frame.theme.palette, area: side, scale: frame.scale, pointer: frame.pointer,
      scroll: frame.scroll)
    painter.paint(frame.panel)
    // The card lies over what could be clicked.
    hits = frame.panel.card == nil ? painter.hits : []
    sliders = frame.panel.card == nil ? painter.sliders : []
    panel = (side, min(panel.scroll, painter.reach), painter.reach)
  }

  /// The last drawn picture, at the display's resolution. Programmer error before the first `draw`.
  public func readPixels() -> Image {
    precondition(view != nil, "draw before reading pixels")
    glfwMakeContextCurrent(window)
    return canvas.readPixels()
  }

  /// Where a point of the world (m) stood in the last drawn picture, px from its top left.
  public func project(_ point: Vec2) -> Vec2 {
    guard let view else { preconditionFailure("draw before projecting") }
    return view.project(point)
  }

  /// Where a step of the bar of time was drawn last, px; nil without a bar.
  package func place(ofStep step: Int) -> Vec2? {
    timeline.map { bar, model in Vec2(bar.min.x + model.share(ofStep: step) * bar.width, bar.center.y) }
  }

  /// Where a share of a slider was drawn last, px; nil where there is none of that id.
  package func place(ofSlider id: String, share: Double) -> Vec2? {
    sliders.first { $0.id == id }.map { Vec2($0.bar.min.x + share * $0.bar.width, $0.bar.center.y) }
  }

  /// Where a row of the panel that is chosen or switched by a click was drawn last, px; nil where there is none of that id.
  package func place(ofRow id: String) -> Vec2? {
    hits.first { $0.event == .choiceClicked(id) || $0.event == .switchClicked(id) }?.rectangle.center
  }

  /// Lets go of the display, so that the next window finds out anew how it is. No window may be open.
  package static func forgetDisplay() { glfwTerminate() }

  /// The framebuffer's size, px, and the pixels of a point.
  private func framebuffer() -> (width: Int, height: Int, scale: Double) {
    var width: Int32 = 0
    var height: Int32 = 0
    glfwGetFramebufferSize(window, &width, &height)
    var scale: Float = 1
    glfwGetWindowContentScale(window, &scale, nil)
    return (max(1, Int(width)), max(1, Int(height)), Double(min(max(scale, 1), 4)))
  }

  /// Pixels of the framebuffer per unit of the pointer's coordinates.
  private func pixelsPerUnit() -> Double {
    var units: Int32 = 0
    var pixels: Int32 = 0
    glfwGetWindowSize(window, &units, nil)
    glfwGetFramebufferSize(window, &pixels, nil)
    return units > 0 ? Double(pixels) / Double(units) : 1
  }

  /// Gives a raw event its meaning in the last drawn picture.
  private func translate(_ raw: WindowInbox.RawEvent) -> Event? {
    switch raw {
    case .plain(let event): return event
    case .moved(let position):
      if isScrubbing { return scrubbed(to: position) }
      if let heldSlider { return slid(heldSlider, to: position) }
      return world(position).map { .mouseMoved($0) }
    case .released(let position, let button):
      isScrubbing = false
      heldSlider = nil
      return world(position).map { .mouseReleased($0, button) }
    case .scrolled(let position, let turn):
      if panel.area.contains(position * pixelsPerUnit()) {
        panel.scroll = min(max(panel.scroll - 40 * turn * framebuffer().scale, 0), panel.reach)
        return nil
      }
      return world(position).map { .scrolled($0, turn) }
    case .pressed(let position, let button):
      let pixel = position * pixelsPerUnit()
      if button == .left, let hit = hits.last(where: { $0.rectangle.contains(pixel) }) {
        return hit.event
      }
      let reach = 10 * framebuffer().scale
      if button == .left, let slider = sliders.last(where: { $0.bar.inset(by: -reach).contains(pixel) }) {
        heldSlider = slider
        return slid(slider, to: position)
      }
      if button == .left, let bar = timeline?.bar, bar.inset(by: -14 * framebuffer().scale).contains(pixel) {
        isScrubbing = true
        return scrubbed(to: position)
      }
      return world(position).map { .mousePressed($0, button) }
    }
  }

  private func slid(_ slider: (id: String, bar: PixelRectangle), to position: Vec2) -> Event {
    let share = ((position * pixelsPerUnit()).x - slider.bar.min.x) / slider.bar.width
    return .slid(slider.id, min(max(share, 0), 1))
  }

  private func scrubbed(to position: Vec2) -> Event? {
    timeline.map { bar, model in
      .scrubbed(model.step(atShare: ((position * pixelsPerUnit()).x - bar.min.x) / bar.width))
    }
  }

  private func world(_ position: Vec2) -> Vec2? { view?.unproject(position * pixelsPerUnit()) }

  /// GLFW's own words in brackets, or nothing.
  private static func lastError() -> String {
    var text: UnsafePointer<CChar>?
    glfwGetError(&text)
    return text.map { " (" + String(cString: $0) + ")" } ?? ""
  }
}

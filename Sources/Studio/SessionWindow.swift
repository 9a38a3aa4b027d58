// The window or page of any session: real time, smooth between control steps, pictures on demand.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A session with its input, apart from any window: what a window shows and tells.
public protocol WindowControls {
  /// Seconds between control steps.
  var controlPeriod: Double { get }
  /// How many times as fast as it is the session is shown.
  var speed: Double { get }
  /// The scene after the newest control step.
  var scene: DrawList { get }
  /// Whether the scene has just been laid out: it is shown at once, without motion from the one before.
  var isSceneFresh: Bool { get }
  /// What people see above the scene and policies do not.
  var overlay: [DrawItem] { get }
  /// What stands beside the scene.
  var panel: PanelModel { get }
  /// The part of the scene to show; nil shows all of it.
  var visible: WorldRectangle? { get }
  /// A picture to show beside the scene, if any.
  var sidePicture: SidePicture? { get }
  /// Whether the window is to be closed.
  var wantsQuit: Bool { get }
  /// The episode so far, under each policy that is shown; empty where none is known.
  var episodes: [ShownEpisode] { get }

  /// Takes in a key, a click or a typed letter.
  mutating func handle(_ event: Event)
  /// A control step is due: takes it, where the session runs.
  ///
  /// - Returns: a line for the log, if there is something to tell.
  mutating func takeStep() -> String?
  /// Whether a screenshot was asked for since the last call.
  mutating func takeScreenshotRequest() -> Bool
  /// Another session that was asked for since the last call.
  mutating func takeSessionRequest() -> DemoRequest?
  /// Shows a sentence in the panel.
  mutating func show(_ text: String, tone: Tone)
  /// Draws what stands between and beside scenes so that it suits a theme.
  mutating func use(_ theme: WindowTheme)
}

extension WindowControls {
  /// As fast as it is.
  public var speed: Double { 1 }
  /// All of the world.
  public var visible: WorldRectangle? { nil }
  /// None.
  public var sidePicture: SidePicture? { nil }
  /// None.
  public var episodes: [ShownEpisode] { [] }
  /// None.
  public mutating func takeSessionRequest() -> DemoRequest? { nil }
  /// Nothing: there is only the scene.
  public mutating func use(_ theme: WindowTheme) {}
}

/// Shows sessions, in a window or on another screen, until it is closed.
public struct SessionWindow {
  /// How a window looks around the scene.
  public typealias Theme = WindowTheme

  /// Where pictures, films and pages are saved.
  public var screenshotFolder: String

  /// Makes another session that was asked for by a key; where it throws, the present one goes on with the reason in
  /// its panel. Nil where there is no other.
  public var open: ((DemoRequest) throws -> any WindowControls)?

  /// Told how long each picture took that was drawn; nil tells nobody.
  public var onPicture: ((Duration) -> Void)?
  /// Told, once the window is closed, what the graphics driver had against its calls; nil asks for nothing, since that takes
  /// time.
  public var onOpenGLError: ((String) -> Void)?
  /// Whether gamepads are asked for.
  public var usesGamepad = false
  /// The window's size in points.
  public var size = (width: 1240, height: 780)
  /// How it looks at first; Ctrl-J changes that.
  public var theme = Theme.light

  /// A window.
  ///
  /// - Parameter open: makes the session that a key asks for; nil where there is no other.
  public init(
    screenshotFolder: String = ".", open: ((DemoRequest) throws -> any WindowControls)? = nil
  ) {
    self.screenshotFolder = screenshotFolder
    self.open = open
  }

  /// Opens the window and returns when it is closed or `stop` is raised.
  ///
  /// - Parameters:
  ///   - first: what to show; it goes on where the window leaves it.
  ///   - log: receives the lines that control steps tell.
  /// - Throws: `UserError` where no window can be opened, or its display goes away.
  public func run<Controls: WindowControls>(
    _ first: inout Controls, stop: StopFlag = StopFlag(), log: (String) -> Void = { _ in }
  ) throws {
    let window = try ViewerWindow(
      title: "Planar", width: size.width, height: size.height, checksOpenGL: onOpenGLError != nil)
    window.usesGamepad = usesGamepad
    run(&first, on: window, stop: stop, log: log)
    for error in window.openGLErrors { onOpenGLError?(error) }
    if let failure = window.failure { throw failure }
  }

  /// Shows sessions on a screen that is there already, and returns when its end is asked for, `stop` is raised, or the
  /// screen can show nothing any more. While nobody watches the screen, the session waits.
  ///
  /// - Parameters:
  ///   - first: what to show; it goes on where the screen leaves it.
  ///   - log: receives the lines that control steps tell.
  public func run<Controls: WindowControls>(
    _ first: inout Controls, on screen: any Screen, stop: StopFlag = StopFlag(), log: (String) -> Void = { _ in }
  ) {
    var controls: any WindowControls = first
    defer { if let last = controls as? Controls { first = last } }
    var theme = theme
    var capture = WindowCapture(folder: screenshotFolder)
    defer { capture.endFilm(for: &controls) }
    screen.use(theme)
    controls.use(theme)
    var pace = Pace(period: .seconds(controls.controlPeriod), scene: controls.scene)
    while !controls.wantsQuit && !stop.isRaised && screen.failure == nil {
      for event in screen.pollEvents() {
        switch event {
        case .key(.letter("j"), .control):
          theme = theme.other
          screen.use(theme)
          controls.use(theme)
          pace.cut(to: controls.scene)
        case .key(.letter("p"), [.control, .shift]): capture.toggleFilm(for: &controls)
        case .key(.letter("s"), [.control, .shift]): capture.saveEpisode(of: &controls)
        default: controls.handle(event)
        }
      }
      if let request = controls.takeSessionRequest() {
        do {
          guard let open else { throw UserError("no other environment, level or language can be opened from here") }
          controls = try open(request)
          controls.use(theme)
          if let note = request.note { controls.show(note, tone: .neutral) }
          pace = Pace(period: .seconds(controls.controlPeriod), scene: controls.scene)
        } catch {
          controls.show(sentence(of: error), tone: .bad)
        }
      }
      guard screen.isWatched else {
        screen.sleep(atMost: 0.1)
        continue
      }
      pace.period = .seconds(controls.controlPeriod / controls.speed)
      if controls.isSceneFresh { pace.cut(to: controls.scene) }
      while pace.isStepDue() {
        if let line = controls.takeStep() { log(line) }
        pace.show(controls.scene)
      }
      var panel = controls.panel
      panel.badge = capture.badge
      let start = ContinuousClock.now
      let isNew = screen.draw(
        scene: pace.currentScene, overlay: controls.overlay, panel: panel, visible: controls.visible,
        picture: controls.sidePicture)
      if isNew { onPicture?(ContinuousClock.now - start) }
      guard screen.failure == nil else { break }
      if controls.takeScreenshotRequest() { capture.save(screen.readPixels(), for: &controls) }
      capture.film(for: &controls, isNew: isNew) { screen.readPixels() }
      if !isNew { screen.sleep(atMost: min(pace.secondsLeft, 0.1)) }
    }
  }
}

/// An error's message as a sentence: a capital first and a stop last.
func sentence(of error: any Error) -> String {
  let text = "\(error)"
  return text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
}

// Synthetic keys, text and mouse for the real window, through the display's own input (xdotool).

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// Shows a session in a window and plays a script: does something, waits until the panel says what should come of it, and
/// goes on.
public final class ScriptedScreen: Screen {
  /// One thing that is done, and what should come of it.
  public struct Step {
    let words: [String]
    let isSeen: (PanelModel, DrawList) -> Bool

    /// - Parameters:
    ///   - words: arguments of xdotool, such as `["key", "ctrl+n"]`; none only waits.
    ///   - isSeen: whether it has come.
    public init(_ words: [String], until isSeen: @escaping (PanelModel, DrawList) -> Bool = { _, _ in true }) {
      self.words = words
      self.isSeen = isSeen
    }
  }

  /// Whether the script has been played to its end.
  public private(set) var isPlayed = false
  /// The words of the step that is waited for.
  public private(set) var waitsFor: [String] = []
  /// The window behind it.
  public let window: ViewerWindow
  private let title: String
  private var steps: [(PanelModel, ViewerWindow) -> Step]
  private var step: Step?
  private let stop: StopFlag
  private let end = Date(timeIntervalSinceNow: 90)

  /// The program that presses keys; nil where it is not installed.
  public static let program = ["/usr/bin/xdotool"].first { FileManager.default.isExecutableFile(atPath: $0) }

  /// - Parameters:
  ///   - steps: each made once the one before has come, from the panel and the window as they are then.
  ///   - stop: raised at the script's end, or after a minute and a half.
  public init(
    width: Int = 1240, height: Int = 780, stop: StopFlag, steps: [(PanelModel, ViewerWindow) -> Step]
  ) throws {
    title = "Planar \(UUID().uuidString)"
    window = try ViewerWindow(title: title, width: width, height: height)
    self.steps = steps
    self.stop = stop
  }

  /// Somebody plays.
  public var isWatched: Bool { true }
  /// The window's.
  public func pollEvents() -> [Event] { window.pollEvents() }
  /// Never long: what comes is looked for in every picture.
  public func sleep(atMost seconds: Double) { window.sleep(atMost: min(seconds, 0.01)) }
  /// The window's.
  public func readPixels() -> Image { window.readPixels() }
  /// The window's.
  public func use(_ theme: WindowTheme) { window.use(theme) }

  /// Draws in the window, and goes on in the script where what it waits for has come.
  public func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool {
    let isNew = window.draw(scene: scene, overlay: overlay, panel: panel, visible: visible, picture: picture)
    if let step {
      if step.isSeen(panel, scene) { next(panel) }
    } else {
      // Nobody else gives windows of a virtual display the keyboard.
      xdotool(["search", "--name", title, "windowfocus", "--sync"])
      next(panel)
    }
    if Date() > end { stop.raise() }
    return isNew
  }

  private func next(_ panel: PanelModel) {
    guard !steps.isEmpty else {
      isPlayed = true
      return stop.raise()
    }
    let step = steps.removeFirst()(panel, window)
    self.step = step
    waitsFor = step.words
    if !step.words.isEmpty { xdotool(step.words) }
  }

  private func xdotool(_ words: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program!)
    // Positions are those of this window.
    process.arguments =
      words.first == "mousemove"
      ? ["search", "--name", title, "mousemove", "--window", "%1"] + words.dropFirst()
      : words.first == "windowsize" ? ["search", "--name", title, "windowsize", "%1"] + words.dropFirst() : words
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try? process.run()
    process.waitUntilExit()
  }
}

extension PanelModel {
  /// Whether some text of the panel or the bar of time has these words.
  public func says(_ words: String) -> Bool {
    let texts = items.flatMap { item -> [String] in
      switch item {
      case .heading(let text), .paragraph(let text, _), .message(let text, _, _): [text]
      case .field(let field, _): [field.text]
      case .readings(let readings): readings.map { "\($0.label) \($0.value)" }
      case .sliders(let sliders): sliders.map { "\($0.label) \($0.text)" }
      default: []
      }
    }
    return (texts + [timeline?.label ?? "", timeline?.detail ?? ""]).contains { $0.contains(words) }
  }
}

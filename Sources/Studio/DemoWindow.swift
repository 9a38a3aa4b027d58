// The demo in a window: real time, smooth between control steps.

import Foundation
import PlanarCore
import SceneDrawing
import Viewer

/// Shows a session until the window is closed.
public struct DemoWindow {
  /// Where P saves pictures.
  public var screenshotFolder: String
  /// How long a finished scene stays before the next comes by itself.
  public var pauseAfterEpisode: Duration

  public init(screenshotFolder: String = ".", pauseAfterEpisode: Duration = .seconds(2)) {
    self.screenshotFolder = screenshotFolder
    self.pauseAfterEpisode = pauseAfterEpisode
  }

  /// Opens the window and returns when it is closed or `stop` is raised.
  ///
  /// - Parameter log: receives a line per chunk.
  /// - Throws: `UserError` where no window can be opened.
  public func run<World>(
    _ session: DemoSession<World>, stop: StopFlag = StopFlag(), log: (String) -> Void = { _ in }
  ) throws {
    let window = try ViewerWindow(title: "Planar", width: 1240, height: 780)
    var controls = DemoControls(session: session)
    var pace = Pace(period: .seconds(session.world.controlPeriod), scene: session.world.drawList)
    var endedAt: ContinuousClock.Instant?
    while !controls.wantsQuit && !stop.isRaised {
      for event in window.pollEvents() { controls.handle(event) }
      if controls.session.step == 0 { pace.cut(to: controls.session.world.drawList) }
      while pace.isStepDue() {
        if let report = controls.advance() { log(report.line) }
        pace.show(controls.session.world.drawList)
      }
      if controls.session.status == .running {
        endedAt = nil
      } else if endedAt == nil {
        endedAt = .now
      }
      if let ended = endedAt, controls.mayMoveOn, ended.duration(to: .now) > pauseAfterEpisode {
        controls.moveOn()
      }
      window.draw(
        scene: pace.currentScene, overlay: controls.session.overlay, panel: controls.panel)
      if controls.takeScreenshotRequest() { save(window.readPixels(), for: &controls) }
    }
  }

  private func save<World>(_ image: Image, for controls: inout DemoControls<World>) {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let name = "planar-\(formatter.string(from: Date())).png"
    let path = URL(fileURLWithPath: screenshotFolder).appendingPathComponent(name).path
    do {
      try image.writePNG(to: path)
      controls.show("Saved \(name).")
    } catch {
      controls.show("\(error)", tone: .bad)
    }
  }
}

/// Keeps control steps in real time, and the picture moving evenly from one to the next.
private struct Pace {
  private let period: Duration
  private var nextStep = ContinuousClock.now
  private var earlier: DrawList
  private var later: DrawList

  init(period: Duration, scene: DrawList) {
    self.period = period
    earlier = scene
    later = scene
  }

  /// Whether a control step is due; asking counts as taking it. After a stall lost time is not made up.
  mutating func isStepDue() -> Bool {
    let now = ContinuousClock.now
    guard now >= nextStep else { return false }
    nextStep += period
    if nextStep <= now { nextStep = now + period }
    return true
  }

  /// Shows another scene at once.
  mutating func cut(to scene: DrawList) {
    earlier = scene
    later = scene
  }

  /// Moves to what a control step led to.
  mutating func show(_ scene: DrawList) {
    earlier = later
    later = scene
  }

  /// The picture one period ago, moving towards the newest one.
  var currentScene: DrawList {
    let left = ContinuousClock.now.duration(to: nextStep) / period
    return earlier.blended(with: later, by: min(max(1 - left, 0), 1))
  }
}

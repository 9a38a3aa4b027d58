// The loop of sessions on a screen that is no window.

import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

/// Writes down what it is asked for, and does what a test tells it.
private final class StubScreen: Screen {
  var isWatched = false
  private(set) var calls: [String] = []
  /// Whether a scene is like the last one.
  private var last: DrawList?
  /// What happens at each call of `pollEvents`; counts from 1.
  let happening: (StubScreen, Int) -> [Event]
  private var polls = 0

  init(happening: @escaping (StubScreen, Int) -> [Event]) { self.happening = happening }

  func pollEvents() -> [Event] {
    polls += 1
    return happening(self, polls)
  }

  func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool {
    calls.append("draw")
    defer { last = scene }
    return scene != last
  }

  func sleep(atMost seconds: Double) { calls.append("sleep") }

  func readPixels() -> Image {
    calls.append("read")
    return Image(width: 1, height: 1)
  }
}

@Suite struct ScreenLoopTests {
  @Test func aSessionWaitsUntilSomebodyWatches() throws {
    var controls = DemoControls(session: try makeSession())
    let stop = StopFlag()
    var lines = 0
    let screen = StubScreen { screen, poll in
      screen.isWatched = poll > 3
      return []
    }
    SessionWindow().run(&controls, on: screen, stop: stop) { _ in
      lines += 1
      stop.raise()
    }
    #expect(Array(screen.calls.prefix(4)) == ["sleep", "sleep", "sleep", "draw"])
    #expect(lines == 1 && controls.session.step == 1)
  }

  @Test func eventsAreHeardBeforeAnybodyWatches() throws {
    var controls = DemoControls(session: try makeSession())
    let screen = StubScreen { _, poll in poll == 2 ? [.closeRequested] : [] }
    SessionWindow().run(&controls, on: screen)
    #expect(controls.wantsQuit && screen.calls == ["sleep", "sleep"] && controls.session.step == 0)
  }

  @Test func whereNothingMovesTheScreenSleeps() throws {
    var controls = DemoControls(session: try makeSession())
    controls.handle(.key(.space, []))
    let screen = StubScreen { screen, poll in
      screen.isWatched = true
      return poll == 5 ? [.closeRequested] : []
    }
    SessionWindow().run(&controls, on: screen)
    #expect(screen.calls.prefix(7) == ["draw", "draw", "sleep", "draw", "sleep", "draw", "sleep"])
  }
}

// Ctrl-J: the same session in the other look, and the look stays where another session is opened.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct WindowThemeTests {
  /// Plays events, one in each look at them, and remembers what was shown in which theme.
  private final class Recorder: Screen {
    var events: [Event]
    let stop: StopFlag
    var themes: [WindowTheme] = []
    var strips: [Color] = []
    private var theme = WindowTheme.light

    init(_ events: [Event], stop: StopFlag) {
      self.events = events
      self.stop = stop
    }

    var isWatched: Bool { true }
    func pollEvents() -> [Event] {
      guard !events.isEmpty else {
        stop.raise()
        return []
      }
      return [events.removeFirst()]
    }
    func draw(
      scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
    ) -> Bool {
      themes.append(theme)
      if case .polygon(_, let fill, _, _)? = scene.items.last { strips.append(fill) }
      return true
    }
    func sleep(atMost seconds: Double) {}
    func readPixels() -> Image { Image(width: 1, height: 1) }
    func use(_ theme: WindowTheme) { self.theme = theme }
  }

  private func makeLanes() throws -> DemoControls<ArmEnvironment> {
    let session = try makeSession()
    return DemoControls(
      lanes: try [0, 1].map { try session.beside(drivenBy: $0) }, view: DemoView(isPaused: true),
      environments: ["push", "other"])
  }

  @Test func theKeyChangesTheLookForThisSessionAndTheNext() throws {
    let stop = StopFlag()
    let screen = Recorder(
      [.key(.letter("j"), .control), .key(.letter("e"), .control), .key(.letter("j"), .control)], stop: stop)
    var opened = 0
    let window = SessionWindow { _ in
      opened += 1
      return try makeLanes()
    }
    var controls = try makeLanes()
    window.run(&controls, on: screen, stop: stop)
    #expect(opened == 1 && screen.themes == [.dark, .dark, .light, .light])
    // The strips between the tables go along.
    #expect(screen.strips == screen.themes.map(\.palette.surround))
  }

  @Test func aWindowBeginsInTheLookThatItIsGiven() throws {
    let stop = StopFlag()
    let screen = Recorder([.mouseMoved(.zero)], stop: stop)
    var window = SessionWindow()
    window.theme = .dark
    var controls = try makeLanes()
    window.run(&controls, on: screen, stop: stop)
    #expect(screen.themes == [.dark, .dark] && screen.strips == screen.themes.map(\.palette.surround))
  }
}

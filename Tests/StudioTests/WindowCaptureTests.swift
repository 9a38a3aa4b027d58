// What a person keeps of a window: films, pictures and pages, each in a file of its own.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

/// Does what a test tells it, and shows pictures of one colour after the other.
private final class CaptureScreen: Screen {
  var panels: [PanelModel] = []
  var size = (width: 40, height: 30)
  private var shown: UInt8 = 0
  private var polls = 0
  let happening: (CaptureScreen, Int) -> [Event]

  init(happening: @escaping (CaptureScreen, Int) -> [Event]) { self.happening = happening }

  var isWatched: Bool { true }
  func pollEvents() -> [Event] {
    polls += 1
    return happening(self, polls)
  }
  func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool {
    panels.append(panel)
    shown &+= 40
    return true
  }
  func sleep(atMost seconds: Double) { Thread.sleep(forTimeInterval: seconds) }
  func readPixels() -> Image {
    var image = Image(width: size.width, height: size.height)
    for index in 0..<image.pixels.count / 4 {
      image.pixels.replaceSubrange(index * 4..<index * 4 + 4, with: [shown, 255 - shown, 9, 255])
    }
    return image
  }
}

@Suite struct WindowCaptureTests {
  private let folder = DataFolder()

  private func play(
    _ controls: inout DemoControls<ArmEnvironment>, _ happening: @escaping (CaptureScreen, Int) -> [Event]
  ) throws -> CaptureScreen {
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    let screen = CaptureScreen(happening: happening)
    SessionWindow(screenshotFolder: folder.url.path).run(&controls, on: screen)
    return screen
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() }
  }

  @Test func aFilmIsMadeBetweenTwoPressesOfTheKey() throws {
    var controls = DemoControls(session: try makeSession())
    let key = Event.key(.letter("p"), [.control, .shift])
    var said: [String] = []
    let screen = try play(&controls) { screen, poll in
      Thread.sleep(forTimeInterval: 0.02)
      said.append(screen.panels.last.map { "\($0.items)" } ?? "")
      return poll == 2 || poll == 12 ? [key] : poll == 14 ? [.closeRequested] : []
    }
    // The dot is there while it is made, and only then.
    #expect(screen.panels.map { $0.badge != nil } == (1...14).map { (2..<12).contains($0) })
    #expect(screen.panels.compactMap(\.badge).first == "0:00")
    let name = try #require(try names.first)
    #expect(try names.count == 1 && name.hasPrefix("planar-"))
    let data = try Data(contentsOf: folder.url.appendingPathComponent(name))
    // Either form tells more than one picture.
    #expect(data.range(of: Data((name.hasSuffix("mp4") ? "moov" : "acTL").utf8)) != nil)
    #expect(said.contains { $0.contains("Ctrl-Shift-P ends it") } && said.last!.contains("Saved \(name) in "))
  }

  /// Nothing is lost where the window is closed meanwhile, and where it gets another size the film ends with its size.
  @Test(arguments: [true, false]) func aFilmEndsWithItsWindow(isResized: Bool) throws {
    var controls = DemoControls(session: try makeSession())
    let screen = try play(&controls) { screen, poll in
      Thread.sleep(forTimeInterval: 0.02)
      if poll == 6, isResized { screen.size.width += 10 }
      return poll == 1 ? [.key(.letter("p"), [.control, .shift])] : poll == 12 ? [.closeRequested] : []
    }
    #expect(try names.count == 1 && names.allSatisfy { !$0.hasSuffix("partial") })
    #expect((screen.panels.last?.badge == nil) == isResized)
  }

  @Test func noFileTakesAnothersPlace() throws {
    var controls = DemoControls(session: try makeSession())
    _ = try play(&controls) { _, poll in poll <= 3 ? [.key(.letter("p"), .control)] : [.closeRequested] }
    #expect(try names.count == 3 && names.allSatisfy { $0.hasSuffix(".png") })
  }

  @Test func theEpisodeSoFarIsAPage() throws {
    let session = try makeSession()
    var controls = DemoControls(lanes: try [0, 1].map { try session.beside(drivenBy: $0) })
    for _ in 0..<7 { _ = controls.advance() }
    _ = try play(&controls) { _, poll in
      poll == 1 ? [.key(.space, []), .key(.letter("s"), [.control, .shift])] : [.closeRequested]
    }
    let name = try #require(try names.first)
    let page = try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
    #expect(name.hasSuffix(".html") && page.components(separatedBy: "<canvas").count == 3)
    #expect(page.contains("seed \(session.world.info.seed)") && page.contains("— under way"))
    for lane in controls.lanes { #expect(page.contains(lane.pilot.name)) }
    // Eight scenes, every second one and the last: 0, 2, 4, 6, 7.
    #expect(page.contains("max=\"4\""))
    #expect(!page.contains("http://") && !page.contains("https://"), "nothing is fetched")
  }

  /// Where the folder cannot be written, the panel says so, and the session goes on.
  @Test func aFolderThatIsNotThereIsTold() throws {
    var controls = DemoControls(session: try makeSession())
    let keys: [Event] = [
      .key(.letter("s"), [.control, .shift]), .key(.letter("p"), .control), .key(.letter("p"), [.control, .shift]),
    ]
    let screen = CaptureScreen { _, poll in poll <= 3 ? [keys[poll - 1]] : poll < 6 ? [] : [.closeRequested] }
    SessionWindow(screenshotFolder: folder.url.appendingPathComponent("none").path).run(&controls, on: screen)
    #expect(controls.message?.tone == .bad && screen.panels.last?.badge == nil)
    #expect(!FileManager.default.fileExists(atPath: folder.url.path))
  }
}

// The window shows what the camera rasterises, and its panel is there.

import PlanarCore
import PlanarSceneDrawing
import Testing
import PlanarViewer
import PlanarProgramTesting
import PlanarWindowTesting

@Suite(.serialized, .onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct WindowTests {
  let table = WorldRectangle(min: Vec2(-0.4, -0.1), max: Vec2(0.4, 0.5))
  let red = Color(hex: 0xd9594c)

  var scene: DrawList {
    DrawList(
      bounds: table,
      background: Background(
        color: Color(hex: 0xf0ece4), checker: .init(color: Color(hex: 0xe0dcd4), cell: 0.07),
        gradient: .init(color: .black.opacity(0.2), direction: Vec2(1, 0.5))),
      items: [
        .disc(
          center: Vec2(-0.2, 0.3), radius: 0.08, fill: red,
          outline: Outline(color: .black, width: 0.01)),
        .polygon(
          [Vec2(0.1, 0.2), Vec2(0.3, 0.25), Vec2(0.2, 0.4)], fill: Color(hex: 0x4a7fc1),
          outline: Outline(color: Color(hex: 0x203050), width: 0.008)),
        // Translucent, with a sharp bend: each pixel must be covered once.
        .polyline(
          [Vec2(-0.3, 0), Vec2(0, 0.15), Vec2(0.02, -0.05)], width: 0.06,
          color: .black.opacity(0.5)),
        .polyline(
          [Vec2(0.1, 0), Vec2(0.35, 0.05)], width: 0.04, color: red, roundedCaps: false),
        .disc(center: Vec2(0.4, 0.5), radius: 0.05, fill: .black),
      ])
  }

  /// Hands over a window of its own.
  func withWindow(_ body: (ViewerWindow) throws -> Void) throws {
    try VirtualDisplay.use {
      try body(ViewerWindow(title: "Test", width: 900, height: 600))
    }
  }

  /// The scene with all that randomization can change.
  var disguisedScene: DrawList {
    var list = scene
    list.background.texture = .init(.wood, color: Color(hex: 0xb08a5a, alpha: 0.5), size: 0.06, angle: 0.5, seed: 4)
    list.light = Light(direction: Vec2(1, -0.7), shading: 0.3, shadow: .init(opacity: 0.5, softness: 0.02))
    list.exposure = Exposure(brightness: 0.06, contrast: 0.85)
    let corners = [Vec2(-0.3, 0.05), Vec2(-0.15, 0.08), Vec2(-0.18, 0.2)]
    let relief = Relief(height: 0.03, center: Vec2(-0.21, 0.11), radius: 0.1)
    list.items.append(.polygon(corners, fill: red, outline: Outline(color: .black, width: 0.004), relief: relief))
    list.items.append(.disc(center: Vec2(-0.05, 0.35), radius: 0.06, fill: Color(hex: 0x33a655), relief: relief))
    list.items.append(.text("HOME 집", at: Vec2(0.15, 0.1), height: 0.06, color: .black))
    return list
  }

  @Test func windowAndCameraAgree() throws {
    try withWindow { window in
      try expectAgreement(scene, .centered, in: window)
      let middle = window.project(Vec2(-0.2, 0.3))
      #expect(window.readPixels()[Int(middle.x), Int(middle.y)] == red)
    }
  }

  /// Only what has changed is drawn: the picture is to the bit what drawing all of it makes.
  @Test func aPartDrawnAnewIsAsTheWhole() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Parts", width: 900, height: 600)
      var panel = PanelModel(
        title: "Test", items: [.readings([Reading("Time", "1")])],
        timeline: TimelineModel(steps: 0...9, position: 3, end: 20))
      var scene = disguisedScene
      var overlay: [DrawItem] = []
      func moved(_ place: Int, by way: Vec2) { scene.items[place] = scene.items[place].moved(by: way) }
      let changes: [(String, () -> Void)] = [
        ("a disc", { moved(0, by: Vec2(0.1, -0.05)) }), ("a line", { moved(2, by: Vec2(0.05, 0.2)) }),
        ("with a shadow", { moved(5, by: Vec2(0.2, 0.1)) }), ("a text", { moved(7, by: Vec2(-0.2, 0.1)) }),
        ("the light", { scene.light = nil }), ("beyond the table", { moved(0, by: Vec2(-0.4, 0.3)) }),
        ("nowhere", { scene.items[0] = .disc(center: Vec2(.nan, 0), radius: 0.1, fill: .black) }),
        ("nothing is left", { scene.items.removeLast(3) }),
        ("an overlay", { overlay = [.disc(center: .zero, radius: 0.05, fill: red)] }),
        ("the overlay goes", { overlay = [] }), ("a figure", { panel.items = [.readings([Reading("Time", "2")])] }),
        ("the time", { panel.timeline?.position = 8 }),
        ("a curve", { panel.timeline?.curves = [.init("A curve", [.init(step: 1, value: 0.5)], ink: 1)] }),
        ("a banner", { panel.banner = Banner(text: "Look") }),
        ("a card", { panel.card = HelpCard(title: "Keys", hints: [KeyHint("A", "all")]) }),
        ("no card", { panel.card = nil }),
        (
          "all at once",
          {
            moved(1, by: Vec2(0.05, 0)); panel.timeline?.position = 2; panel.title = "Other"
          }
        ),
      ]
      func draw(in window: ViewerWindow) -> Image {
        _ = window.pollEvents()
        window.draw(scene: scene, overlay: overlay, panel: panel)
        return window.readPixels()
      }
      var before = draw(in: window)
      for (name, change) in changes {
        change()
        let shown = draw(in: window)
        let whole = draw(in: try ViewerWindow(title: "Whole", width: 900, height: 600))
        #expect(shown == whole, "\(name)")
        if !["nowhere", "beyond the table"].contains(name) { #expect(shown != before, "\(name)") }
        before = shown
      }
    }
  }

  /// An arm that sweeps along the table's edge, frame after frame, leaves nothing behind.
  @Test(arguments: [(1240, 780), (1001, 707)]) func nothingStaysBehindAtTheEdge(width: Int, height: Int) throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Sweep", width: width, height: height)
      var scene = scene
      func draw(in window: ViewerWindow) -> Image {
        _ = window.pollEvents()
        window.draw(
          scene: scene, panel: PanelModel(title: "Test", timeline: TimelineModel(steps: 0...9, position: 3, end: 20)))
        return window.readPixels()
      }
      for step in 0..<40 {
        let angle = Double(step) * 0.11
        let far = Rotation(angle: angle).direction * 0.6
        scene.items[3] = .polyline(
          [Vec2(0.02, -0.3), Vec2(0.02, -0.3) + far, Vec2(-0.1, 0.2) + far * 0.4], width: 0.022,
          color: .black.opacity(0.35))
        _ = draw(in: window)
      }
      let (shown, whole) = (draw(in: window), draw(in: try ViewerWindow(title: "Whole", width: width, height: height)))
      #expect(shown == whole)
    }
  }

  @Test func windowAndCameraAgreeOnLightTexturesAndPoses() throws {
    try withWindow { window in
      try expectAgreement(disguisedScene, .centered, in: window)
      try expectAgreement(
        disguisedScene, CameraPose(shift: Vec2(0.03, -0.02), rotation: 0.15, zoom: 1.15), in: window)
      let point = Vec2(0.1, 0.2)
      let camera = Camera(
        bounds: table, width: 100, height: 75,
        pose: CameraPose(shift: Vec2(0.03, -0.02), rotation: 0.15, zoom: 1.15))
      // The window is another size; directions from its middle are the same.
      let stage = window.project(camera.unproject(Vec2(50, 37.5)))
      let seen = (window.project(point) - stage).normalized()
      #expect((seen - (camera.project(point) - Vec2(50, 37.5)).normalized()).length < 1e-9)
    }
  }

  func expectAgreement(
    _ scene: DrawList, _ pose: CameraPose, in window: ViewerWindow, location: SourceLocation = #_sourceLocation
  ) throws {
    _ = window.pollEvents()
    let overlay = [DrawItem.disc(center: Vec2(0.25, 0.1), radius: 0.03, fill: .white)]
    // Where the table lies does not depend on the pose.
    window.draw(scene: scene, overlay: overlay, panel: PanelModel(title: "Test"))
    let corner = window.project(Vec2(table.min.x, table.max.y))
    let far = window.project(Vec2(table.max.x, table.min.y))
    window.draw(scene: scene, overlay: overlay, pose: pose, panel: PanelModel(title: "Test"))
    let shown = window.readPixels()
    func camera(_ pose: CameraPose) -> Camera {
      Camera(
        bounds: table, width: Int((far.x - corner.x).rounded()), height: Int((far.y - corner.y).rounded()),
        pose: pose)
    }
    // The table's middle need not lie between two pixels of the window as it does in a picture of its own.
    let middle = camera(pose).project(table.center)
    let apart = window.project(table.center) - Vec2(corner.x.rounded(), corner.y.rounded()) - middle
    var sharedPose = pose
    sharedPose.shift += camera(pose).unproject(middle - apart) - table.center
    let camera = camera(sharedPose)
    let expected = camera.render(scene, overlay: overlay)
    var total = 0.0
    var wrong = 0
    for y in 2..<camera.height - 2 {
      for x in 2..<camera.width - 2 {
        let a = shown[x + Int(corner.x.rounded()), y + Int(corner.y.rounded())]
        let b = expected[x, y]
        let difference = max(abs(a.red - b.red), abs(a.green - b.green), abs(a.blue - b.blue))
        total += Double(difference)
        if difference > 0.04 { wrong += 1 }
      }
    }
    let count = Double(camera.width * camera.height)
    #expect(total / count < 0.004, sourceLocation: location)
    // Only pixels on edges may differ by their smoothing.
    #expect(Double(wrong) / count < 0.02, sourceLocation: location)
  }

  @Test func panelStandsBesideTheScene() throws {
    try withWindow { window in
      func picture(_ panel: PanelModel) -> Image {
        window.draw(scene: scene, panel: panel)
        return window.readPixels()
      }
      let empty = picture(PanelModel(title: "Test"))
      let full = picture(
        PanelModel(
          title: "Test",
          items: [
            .field(TextField(text: "빨간 상자", isFocused: true), placeholder: ""),
            .message(String(repeating: "a rather long sentence ", count: 12), tone: .bad),
            .choices([Choice(id: "a", label: "Flow", isChosen: true)]),
          ]))
      #expect(full.width == 900 && full.height == 600)
      let edge = Int(window.project(table.max).x) + 29
      #expect((0..<full.height).allSatisfy { y in (0..<edge).allSatisfy { full[$0, y] == empty[$0, y] } })
      #expect((edge..<900).contains { x in (0..<600).contains { full[x, $0] != empty[x, $0] } })
      let card = picture(
        PanelModel(title: "Test", card: HelpCard(title: "Keys", hints: [KeyHint("N", "Next")])))
      #expect(card[4, 4] != empty[4, 4])
    }
  }

  @Test func manyTextsOverflowTheAtlasWithoutHarm() throws {
    try withWindow { window in
      var list = scene
      list.items = (0..<400).map {
        .text("\($0) lines of text", at: Vec2(0, 0.2), height: 0.2, color: .black)
      }
      list.items.append(.polygon(table.corners, fill: red))
      window.draw(scene: list, panel: PanelModel(title: "Test"))
      let middle = window.project(Vec2(0, 0.2))
      #expect(window.readPixels()[Int(middle.x), Int(middle.y)] == red)
    }
  }

  @Test func aSidePictureHasSharpSquarePixels() throws {
    try withWindow { window in
      let colors: [Color] = [.black, red, .white, Color(hex: 0x3366d9), red, .black]
      var image = Image(width: 3, height: 2)
      image.pixels = colors.flatMap {
        [UInt8($0.red * 255), UInt8($0.green * 255), UInt8($0.blue * 255), 255]
      }
      window.draw(
        scene: scene, panel: PanelModel(title: "Test"),
        picture: SidePicture(image: image, caption: "Six pixels"))
      let shown = window.readPixels()
      // Each of the six is one square of the same side: found by walking from its corner.
      let blue = Color(hex: 0x3366d9)
      var count = 0
      var (left, right, top, bottom) = (shown.width, 0, shown.height, 0)
      for y in 0..<shown.height {
        for x in 0..<shown.width where x > Int(window.project(table.max).x) + 4 && shown[x, y] == blue {
          count += 1
          (left, right) = (min(left, x), max(right, x))
          (top, bottom) = (min(top, y), max(bottom, y))
        }
      }
      let side = right - left + 1
      #expect(side > 20 && bottom - top + 1 == side && count == side * side)
      // Row 1 begins with blue; above it stands black, to the right red.
      #expect(shown[left + side / 2, top - side / 2] == .black)
      #expect(shown[left + side + side / 2, top + side / 2] == red)
      #expect(shown[left + side + side / 2, top - side / 2] == red)
    }
  }

  @Test func aCloserLookShowsTheSamePointsLarger() throws {
    try withWindow { window in
      let part = WorldRectangle(min: Vec2(-0.4, 0.2), max: Vec2(0, 0.5))
      window.draw(scene: scene, panel: PanelModel(title: "Test"))
      let wide = (window.project(Vec2(-0.2, 0.3)) - window.project(Vec2(-0.3, 0.3))).x
      window.draw(scene: scene, panel: PanelModel(title: "Test"), visible: part)
      let near = (window.project(Vec2(-0.2, 0.3)) - window.project(Vec2(-0.3, 0.3))).x
      #expect(abs(near - 2 * wide) < 1e-6)
      let middle = window.project(Vec2(-0.2, 0.3))
      #expect(window.readPixels()[Int(middle.x), Int(middle.y)] == red)
    }
  }

  @Test func aBannerTakesRoomFromTheScene() throws {
    try withWindow { window in
      window.draw(scene: scene, panel: PanelModel(title: "Test"))
      let before = window.project(table.center)
      let banner = Banner(text: "push the red square", detail: "12 s left", share: 0.5)
      window.draw(scene: scene, panel: PanelModel(title: "Test", banner: banner))
      #expect(window.project(table.center).y > before.y + 20)
      let shown = window.readPixels()
      // Its text is in the upper strip, dark on the surround.
      let dark = (0..<60).flatMap { y in (0..<500).map { shown[$0, y] } }.count { $0.red < 0.3 }
      #expect(dark > 100)
    }
  }

  @Test func aTimelineTakesRoomBelowTheScene() throws {
    try withWindow { window in
      window.draw(scene: scene, panel: PanelModel(title: "Test"))
      let before = window.project(table.center)
      let bare = window.readPixels()
      let timeline = TimelineModel(steps: 0...50, position: 25, end: 100, marks: [0, 8, 16], label: "2.5 s")
      window.draw(scene: scene, panel: PanelModel(title: "Test", timeline: timeline))
      #expect(window.project(table.center).y < before.y - 20)
      let shown = window.readPixels()
      // What is past is blue; at 900 × 600 the stage is 564 px wide, the bar 508.
      func isBlue(_ image: Image, _ x: Int) -> Bool {
        (540..<575).contains { image[x, $0].blue > image[x, $0].red + 0.2 }
      }
      #expect(isBlue(shown, 40) && isBlue(shown, 140) && !isBlue(shown, 240) && !isBlue(bare, 40))
    }
  }

  @Test func whatIsDrawnAlreadyStays() throws {
    try withWindow { window in
      func draw(_ panel: PanelModel) -> Bool { window.draw(scene: scene, panel: panel) }
      let first = PanelModel(title: "Test")
      // The system may ask for the picture once more when the window appears.
      var drawn = 0
      while drawn < 20, draw(first) {
        drawn += 1
        _ = window.pollEvents()
      }
      #expect(drawn < 20)
      let before = window.readPixels()
      #expect(draw(PanelModel(title: "Other")))
      #expect(window.readPixels() != before)
    }
  }

  /// More rows than there is room for are reached by scrolling: a bar tells of them.
  @Test func aLongPanelShowsAScrollBar() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 700, height: 500)
      func hasBar(_ count: Int) -> Bool {
        let choices = (0..<count).map { Choice(id: "\($0)", label: "policy \($0)", isChosen: $0 == 0) }
        window.draw(scene: scene, panel: PanelModel(title: "Test", items: [.choices(choices)]))
        let shown = window.readPixels()
        return (0..<shown.height).contains { shown[shown.width - 5, $0].red < 0.75 }
      }
      #expect(!hasBar(5) && hasBar(15))
    }
  }

  /// The red dot of a film is not in the film; all else that the window shows is what is read.
  @Test func theBadgeIsOnTheWindowAlone() throws {
    try withWindow { window in
      var shown: Image?
      window.onPicture = { shown = $0 }
      func draw(_ badge: String?) throws -> (isNew: Bool, window: Image, picture: Image) {
        _ = window.pollEvents()
        var panel = PanelModel(title: "Test")
        panel.badge = badge
        let isNew = window.draw(scene: disguisedScene, panel: panel)
        return (isNew, try #require(shown), window.readPixels())
      }
      func differences(_ a: Image, _ b: Image) -> [(x: Int, y: Int)] {
        (0..<a.height).flatMap { y in (0..<a.width).map { (x: $0, y: y) } }.filter { a[$0.x, $0.y] != b[$0.x, $0.y] }
      }
      let (plain, first, second) = (try draw(nil), try draw("0:01"), try draw("0:02"))
      #expect(differences(plain.window, plain.picture).isEmpty)
      #expect(first.isNew && second.isNew && first.picture == plain.picture && second.picture == plain.picture)
      let badge = differences(first.window, first.picture)
      // In the stage's upper right corner; at 900 × 600 the stage is 564 px wide.
      #expect(badge.count > 500 && badge.allSatisfy { (440..<564).contains($0.x) && $0.y < 40 })
      #expect(badge.contains { first.window[$0.x, $0.y].red > first.window[$0.x, $0.y].green + 0.5 })
      #expect(!differences(first.window, second.window).isEmpty)
    }
  }

  /// A caption is never cut: what there is no room for beside it stands below.
  @Test func aLongCaptionIsWrapped() throws {
    try withWindow { window in
      var white = Image(width: 96, height: 72)
      white.pixels = white.pixels.map { _ in 255 }
      func words(_ caption: String) -> (count: Int, isCut: Bool) {
        _ = window.pollEvents()
        window.draw(
          scene: scene, panel: PanelModel(title: "Test"),
          picture: SidePicture(image: white, caption: caption))
        let shown = window.readPixels()
        // At 900 × 600 the picture has the columns from 310 to 564.
        let dark = (0..<600).flatMap { y in (310..<564).map { ($0, shown[$0, y].green) } }.filter { $0.1 < 0.5 }
        return (dark.count, dark.contains { $0.0 < 318 || $0.0 > 556 })
      }
      let (short, long) = (words("one"), words(Array(repeating: "one", count: 30).joined(separator: " ")))
      let none = words("")
      #expect(!long.isCut)
      #expect((28...32).contains((long.count - none.count) / max(1, short.count - none.count)))
    }
  }

  /// However many keys there are, the card with them lies within the window.
  @Test(arguments: [(700, 500), (640, 480)]) func aCardFitsASmallWindow(width: Int, height: Int) throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: width, height: height)
      func picture(_ count: Int) -> Image {
        let hints = (0..<count).map {
          KeyHint("Ctrl-\($0)", "A sentence that says at some length what key \($0) is for, and with Shift")
        }
        let card = HelpCard(title: "Keys", hints: hints, lines: [String(repeating: "Closing words. ", count: 20)])
        _ = window.pollEvents()
        window.draw(scene: scene, panel: PanelModel(title: "Test", card: card))
        return window.readPixels()
      }
      let (few, many) = (picture(2), picture(24))
      func frame(_ picture: Image) -> [Color] {
        (0..<width).flatMap { [picture[$0, 2], picture[$0, height - 3]] }
          + (0..<height).flatMap { [picture[2, $0], picture[width - 3, $0]] }
      }
      let brightest = frame(many).map(\.green).max()!
      #expect(brightest < 0.85 && many != few)
    }
  }
}

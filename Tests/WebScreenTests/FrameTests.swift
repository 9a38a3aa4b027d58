// What pages are sent: everything at first, then what has changed, and never more than they can draw.

import Foundation
import PlanarCore
import PlanarProgramTesting
import PlanarSceneDrawing
import PlanarViewer
import PlanarWebScreen
import Testing

@Suite(.serialized, .onOwnThreads) struct FrameTests {
  private let word = "t 0,0,100 #000000 center a \"quoted\"\nword"

  @Test func aMessageHasWhatDiffers() {
    var earlier = PageFrame()
    (earlier.parts, earlier.items) = (["a": "1", "b": "2", "c": "3"], ["d 1", "l 2", "p 3"])
    var later = earlier
    (later.parts, later.items) = (["a": "1", "b": "{\"x\":4}", "d": "\"new\""], ["d 1", "l \"5\\"])
    #expect(
      later.message(7, after: earlier)
        == #"{"number":7,"parts":{"b":{"x":4},"c":null,"d":"new"},"items":["2 =","1 l \"5\\"]}"#)
    #expect(later.message(8, after: later) == #"{"number":8,"parts":{},"items":[]}"#)
  }

  @Test func changesMakeTheNextListOfTheLast() {
    let lists: [[String]] = [[], ["a", "b"], ["a", "c", "d"], ["e"], [], ["a b c", "= ="]]
    for list in lists {
      for next in lists {
        var made = list
        made.apply(list.changes(to: next))
        #expect(made == next, "\(list) to \(next)")
      }
    }
    #expect(["a", "b"].changes(to: ["a", "c"]) == ["1 c"])
  }

  /// Numbers that no length can be would stop the program where they became whole ones.
  @Test func anyNumberCanBeWritten() {
    let far = DrawItem.disc(center: Vec2(.nan, -.infinity), radius: 1e300, fill: .black)
    #expect(far.pageItem() == "d 0,0,10000000 #000000")
    let bright = DrawItem.disc(center: .zero, radius: 0.01, fill: Color(hex: 0x808080))
    #expect(bright.pageItem(under: Exposure(brightness: 0.5)) == "d 0,0,100 #ffffff")
  }

  @Test func aPageIsSentAllThenWhatChanges() throws {
    let screen = try WebScreen()
    #expect(!screen.isWatched)
    #expect(screen.show(at: 0))
    let page = try screen.openPage()
    try page.read()
    #expect(page.items == [word, "d 0,1000,100 #ff0000"])
    #expect(page.parts["title"] as? String == "Planar" && page.parts["count"] as? Int == 7)
    #expect(page.field("scene", "bounds") as? [Double] == [-100, 0, 400, 200])
    #expect(page.field("scene", "background") as? String == "#ffffff" && page.parts["table"] == nil)
    #expect(page.field("item3", "text") as? String == "Done. Alt-N brings another scene.")
    #expect(page.field("item3", "tone") as? String == "good")
    #expect((page.field("item5", "rows") as? [[String: Any]])?.first?["key"] as? String == "Alt-F")
    let hints = [["key": "Alt-N", "meaning": "Next scene"], ["key": "Letters", "meaning": "Ctrl-A, Alt-B"]]
    #expect(page.parts["hints"] as? [[String: String]] == hints)
    #expect(page.field("timeline", "marks") as? [Int] == [3])
    #expect(!screen.show(at: 0), "nothing has changed")
    #expect(screen.show(at: 0.05))
    try page.read()
    #expect(page.news.parts.isEmpty && page.news.items == ["1 d 500,1000,100 #ff0000"])
    let way = DrawItem.polyline([.zero], width: 0.001, color: .black)
    #expect(screen.show(at: 0.05, samplePanel(position: 4, figure: "2"), overlay: [way]))
    try page.read()
    #expect(page.news.parts == ["timeline", "item6"])
    #expect(page.news.items == ["3 =", "2 l 0,0 #000000 10"])
    // A tab that comes later, or comes back, gets everything.
    let other = try screen.openPage()
    try other.read()
    #expect(other.items == page.items && other.parts as NSDictionary == page.parts as NSDictionary)
    // Blocks that are gone leave nothing behind.
    #expect(screen.show(at: 0.05, PanelModel(title: "Other", items: [.heading("Only")])))
    for page in [page, other] {
      try page.read()
      #expect(Set(page.parts.keys) == ["title", "subtitle", "count", "item0", "hints", "scene"])
    }
  }

  @Test func slidersAndCurvesAreBlocks() throws {
    let screen = try WebScreen()
    let plot = Plot(
      label: "Success", text: "8 %", points: [.init(x: 0, y: 0), .init(x: 1, y: 0.0804)], low: "0 %", high: "100 %",
      marks: [0.5])
    let slider = Slider(id: "mass", label: "mass", text: "× 2", share: 0.75, isSet: true)
    screen.show(at: 0, PanelModel(title: "Blocks", items: [.sliders([slider]), .plot(plot)]))
    let page = try screen.openPage()
    try page.read()
    let row = try #require((page.field("item0", "rows") as? [[String: Any]])?.first)
    #expect(page.field("item0", "kind") as? String == "sliders" && row["id"] as? String == "mass")
    #expect(row["share"] as? Double == 0.75 && row["isOn"] as? Bool == true && row["detail"] as? String == "× 2")
    #expect(
      page.field("item1", "points") as? [Double] == [0, 0, 1, 0.08]
        && page.field("item1", "marks") as? [Double] == [0.5])
    #expect(page.field("item1", "high") as? String == "100 %")
  }

  @Test func whatLiesOnTheTableIsAPicture() throws {
    let screen = try WebScreen()
    var scene = sampleScene(at: 0)
    scene.background.checker = Background.Checker(color: .black, cell: 0.02)
    scene.light = Light(direction: Vec2(1, 0), shading: 0.2, shadow: Light.Shadow(opacity: 0.5))
    scene.items.append(
      .disc(center: .zero, radius: 0.01, fill: .black, relief: Relief(height: 0.02, center: .zero, radius: 0.01)))
    let picture = SidePicture(image: Image(width: 2, height: 3), caption: "camera")
    let view = WorldRectangle(min: .zero, max: Vec2(0.1, 0.05))
    _ = screen.draw(scene: scene, overlay: [], panel: samplePanel(), visible: view, picture: picture)
    let page = try screen.openPage()
    try page.read()
    #expect(page.field("scene", "bounds") as? [Double] == [0, 0, 100, 50])
    #expect(page.field("table", "extent") as? [Double] == [-100, 0, 400, 200])
    #expect((page.field("table", "image") as? String)?.hasPrefix("data:image/png;base64,") == true)
    #expect(page.field("picture", "caption") as? String == "camera")
    #expect(page.items[2...] == ["d 200,0,100 #00000080", "d 0,0,100 #000000"], "the shadow lies under the disc")
    #expect(screen.readPixels().width == 1280 && screen.readPixels().height == 640)
    // Neither is sent again, or kept where it is gone.
    _ = screen.draw(scene: scene, overlay: [], panel: samplePanel(), visible: nil, picture: picture)
    try page.read()
    #expect(page.news.parts == ["scene"])
    _ = screen.draw(scene: sampleScene(at: 0), overlay: [], panel: samplePanel(), visible: nil, picture: nil)
    try page.read()
    #expect(page.parts["table"] == nil && page.parts["picture"] == nil)
  }

  /// A page that does not say that it has drawn is far away or hidden: frames are dropped for it, and the newest one wins.
  @Test func aSlowPageMissesFramesButNotTheNewest() throws {
    let screen = try WebScreen()
    let page = try screen.openPage()
    for step in 1...40 { screen.show(at: Double(step) / 1000) }
    for _ in 0..<6 { try page.read(answering: false) }
    let shown = page.items[1]
    #expect(shown != "d 400,1000,100 #ff0000")
    page.client.send("{\"kind\":\"drawn\",\"number\":\(page.number)}")
    try page.read()
    #expect(page.number == 7 && page.items[1] == "d 400,1000,100 #ff0000")
  }
}

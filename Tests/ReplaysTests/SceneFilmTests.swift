// Films of episodes: each frame can be put together again from its changes, and a page holds them safely.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarReplays
import PlanarSceneDrawing
import Testing

@Suite struct SceneFilmTests {
  private let red = Color(hex: 0xff0000)

  private func list(_ items: [DrawItem]) -> DrawList {
    DrawList(
      bounds: WorldRectangle(min: Vec2(-0.1, 0), max: Vec2(0.3, 0.2)),
      background: Background(color: Color(hex: 0x102030)),
      items: items)
  }

  @Test func framesSayWhatChanged() {
    let disc = DrawItem.disc(center: Vec2(0.01, 0.02), radius: 0.005, fill: red)
    let line = DrawItem.polyline([Vec2(0, 0), Vec2(0.1, 0.05)], width: 0.002, color: red.opacity(0.5))
    let moved = DrawItem.disc(center: Vec2(0.0123, 0.02), radius: 0.005, fill: red)
    let text = DrawItem.text("left <zone>", at: .zero, height: 0.01, color: red, anchor: .leading)
    let film = SceneFilm(
      title: "BC", caption: "push it", rate: 5,
      lists: [list([disc, line]), list([moved, line]), list([moved, line]), list([text])])
    #expect(film.bounds == [-100, 0, 400, 200])
    #expect(film.background == "#102030")
    #expect(
      film.frames == [
        ["2 =", "0 d 100,200,50 #ff0000", "1 l 0,0,1000,500 #ff000080 20"], ["0 d 123,200,50 #ff0000"], [],
        ["1 =", "0 t 0,0,100 #ff0000 left left <zone>"],
      ])
  }

  /// Six pictures of ten frames, the last one as the changes of all before make it, with nothing that a text could break.
  @Test func aStripShowsFramesFromTheFirstToTheLast() {
    let lists = (0..<10).map { step in
      list(
        [.disc(center: Vec2(0.01 * Double(step), 0.02), radius: 0.005, fill: red)]
          + (step == 9 ? [.text("<b>", at: .zero, height: 0.01, color: red, anchor: .leading)] : []))
    }
    let strip = SceneFilm(title: "a & b", caption: "push it", rate: 5, lists: lists).strip
    #expect(strip.components(separatedBy: "<svg ").count - 1 == 6)
    #expect(strip.contains("viewBox=\"0 0 4000 2000\"") && strip.contains("<strong>a &amp; b</strong>: push it"))
    // 0.02 m above the lower edge of 0.2 m, and so far right of the left one at −0.1 m as the step has it.
    for step in [0, 1, 3, 5, 7, 9] {
      #expect(strip.contains("<circle cx=\"\(1000 + 100 * step)\" cy=\"1800\" r=\"50\" fill=\"#ff0000\"/>"), "\(step)")
      #expect(strip.contains("<span>\(String(format: "%.1f", Double(step) / 5)) s</span>"), "\(step)")
    }
    #expect(strip.contains(">&lt;b&gt;</text>") && !strip.contains("<b>"))
  }

  @Test func aFilmOfOneFrameHasOnePicture() {
    let line = DrawItem.polyline([Vec2(-0.1, 0), Vec2(0.3, 0.2)], width: 0.002, color: red)
    let square = DrawItem.polygon(
      [Vec2(0, 0), Vec2(0.1, 0), Vec2(0.1, 0.1)], fill: red, outline: Outline(color: red, width: 0.001))
    let strip = SceneFilm(title: "BC", caption: "", rate: 5, lists: [list([line, square])]).strip
    #expect(strip.components(separatedBy: "<svg ").count - 1 == 1)
    #expect(strip.contains("<polyline points=\"0,2000 4000,0\" fill=\"none\" stroke=\"#ff0000\" stroke-width=\"20\""))
    #expect(strip.contains("<polygon points=\"1000,2000 2000,2000 2000,1000\" fill=\"#ff0000\" stroke=\"#ff0000\""))
  }
}

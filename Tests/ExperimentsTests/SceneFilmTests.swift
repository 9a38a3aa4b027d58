// Films of episodes: each frame can be put together again from its changes, and a page holds them safely.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
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
}

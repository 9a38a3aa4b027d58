// Players in a page: they hold what films say safely, and in a browser the slider moves them.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarProgramTesting
import PlanarReplays
import PlanarSceneDrawing
import Testing

@Suite struct PlayerPageTests {
  private let films: [SceneFilm] = ["BC", "DAgger </script>"].enumerated().map { index, title in
    let lists = (0..<(5 + index)).map { step in
      DrawList(
        bounds: WorldRectangle(min: Vec2(-0.1, 0), max: Vec2(0.3, 0.2)),
        background: Background(color: Color(hex: 0xffffff)),
        items: [.disc(center: Vec2(0.02 * Double(step), 0.1), radius: 0.01, fill: Color(hex: 0xff0000))])
    }
    return SceneFilm(title: title, caption: "push <it>", rate: 2, lists: lists)
  }

  private var page: HTMLReport {
    var page = HTMLReport(title: "Films")
    page.player(films, caption: "Two & two")
    page.player(films, caption: "again")
    return page
  }

  @Test func whatAFilmSaysCannotEndTheScript() {
    let html = page.html
    #expect(html.components(separatedBy: "</script>").count - 1 == 3, "two of data, one of the player")
    #expect(html.contains("DAgger &lt;/script&gt;") && html.contains("push &lt;it&gt;"))
    #expect(html.components(separatedBy: "<canvas").count - 1 == 4)
    #expect(!html.contains("http://") && !html.contains("https://"), "nothing is fetched")
  }

  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func theSliderMovesTheFilms() throws {
    let reports = try Browser.reports(
      on: page.html,
      script: """
        const red = () => [...document.querySelector("canvas").getContext("2d").getImageData(192, 120, 1, 1).data].join();
        const before = red();
        const slider = document.querySelector("input");
        slider.value = 3;
        slider.dispatchEvent(new Event("input"));
        report(`before ${before} after ${red()} at ${document.querySelector("output").textContent} of ${slider.max}`);
        """)
    // 480 px show 400 mm from x = −100 mm on: the pixel (192, 120) is at 60 mm, where the disc comes in its fourth frame.
    #expect(reports == ["before 255,255,255,255 after 255,0,0,255 at 1.5 s of 5"])
  }

  /// What a browser tests is worth something only if a fault is seen.
  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func aFaultIsReported() throws {
    let broken = page.html.replacingOccurrences(of: "JSON.parse(", with: "JSON.pause(")
    let reports = try Browser.reports(on: broken, script: "console.error('late'); " + Browser.movingEverySlider)
    #expect(reports.contains { $0.hasPrefix("fault: ") && $0.contains("pause") }, "\(reports)")
    #expect(reports.contains("fault: late") && !reports.contains("the film moved"), "\(reports)")
  }
}

// The page of an experiment in a browser: the slider moves the films, and nothing complains. Where Chromium is there.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
import PlanarSceneDrawing
import Testing

private let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

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

  @Test(.enabled(if: chromium != nil, "there is no Chromium")) func theSliderMovesTheFilms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("planar-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let probe = """
      <script>
      window.addEventListener("error", (event) => document.body.append("fau" + "lt: " + event.message));
      document.addEventListener("DOMContentLoaded", () => setTimeout(() => {
        const red = () => [...document.querySelector("canvas").getContext("2d").getImageData(192, 120, 1, 1).data].join();
        const before = red();
        const slider = document.querySelector("input");
        slider.value = 3;
        slider.dispatchEvent(new Event("input"));
        document.body.append(`before ${before} after ${red()} at ${document.querySelector("output").textContent} of ${slider.max}`);
      }, 50));
      </script>
      </body>
      """
    let file = folder.appendingPathComponent("page.html")
    try Data(page.html.replacingOccurrences(of: "</body>", with: probe).utf8).write(to: file)
    let browser = Process()
    browser.executableURL = URL(fileURLWithPath: chromium!)
    browser.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--virtual-time-budget=2000",
      "--dump-dom", file.absoluteString,
    ]
    let output = Pipe()
    browser.standardOutput = output
    browser.standardError = FileHandle.nullDevice
    try browser.run()
    let dom = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    browser.waitUntilExit()
    #expect(!dom.contains("fault: "))
    // 480 px show 400 mm from x = −100 mm on: the pixel (192, 120) is at 60 mm, where the disc comes in its fourth frame.
    #expect(
      dom.contains("before 255,255,255,255 after 255,0,0,255 at 1.5 s of 5"), "\(dom.suffix(300))")
  }
}

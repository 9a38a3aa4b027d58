// planar demo --film: a film in the form that its name says, whole or not at all.

import Foundation
import PlanarProgramTesting
import Testing

private let hasFFmpeg = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
  FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg")
}

@Suite struct DemoFilmTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func film(_ name: String, episodes: String = "1") -> [String] {
    [
      "demo", "--headless", "--environment", "reach", "--policies", "expert", "--episodes", episodes, "--film",
      folder.path(name),
    ]
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.root.path).sorted() }
  }

  @Test(.enabled(if: hasFFmpeg, "ffmpeg is not on the PATH")) func filmsAreWhatTheirNamesSay() throws {
    for (name, mark) in [("a.gif", "GIF89a"), ("a.mp4", "ftyp"), ("a.png", "acTL")] {
      let made = try run("planar", film(name))
      #expect(made.status == 0, "\(made.errors)")
      let head = try Data(contentsOf: folder.url(name)).prefix(80)
      #expect(head.range(of: Data(mark.utf8)) != nil, "\(name)")
    }
    #expect(try names == ["a.gif", "a.mp4", "a.png"])
    let again = try run("planar", film("a.gif"))
    #expect(again.status == 1 && again.errors.contains("a.gif is there already; give --overwrite"), "\(again.errors)")
    #expect(try run("planar", film("a.gif") + ["--overwrite"]).status == 0)
  }

  /// Ctrl-C leaves the film of what was shown until then, and nothing beside it.
  @Test(.enabled(if: hasFFmpeg, "ffmpeg is not on the PATH")) func aStoppedFilmIsWhole() throws {
    let path = folder.path("long.mp4")
    let stopped = try run("planar", film("long.mp4", episodes: "100000")) {
      FileManager.default.fileExists(atPath: path + ".partial")
    }
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(try names == ["long.mp4"])
    #expect(try Data(contentsOf: folder.url("long.mp4")).range(of: Data("moov".utf8)) != nil)
  }

  @Test func withoutFFmpegTheMendIsTold() throws {
    let refused = try run("planar", film("a.mp4"), hiding: ["PATH"])
    #expect(refused.status == 1 && refused.errors.hasPrefix("Error: ") && refused.output.isEmpty)
    #expect(refused.errors.contains("ffmpeg, which is not on the PATH; install it (apt install ffmpeg)"))
    #expect(try names == [])
    #expect(try run("planar", film("a.png"), hiding: ["PATH"]).status == 0)
    #expect(try run("planar", film("a.avi")).errors.contains("ends in .png (animated), .gif or .mp4"))
  }
}

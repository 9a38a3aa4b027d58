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

  /// What the tour promises is what happens in it.
  @Test func theTourShowsWhatItSays() throws {
    let tour = try run("planar", ["demo", "--tour", "--headless", "--film", folder.path("tour.png")])
    #expect(tour.status == 0, "\(tour.errors)")
    let lines = tour.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    func ending(_ lane: String, inAct act: Int) -> String? {
      guard let first = lines.firstIndex(where: { $0.hasPrefix("\(act). ") }) else { return nil }
      return lines[(first + 1)...].prefix { !$0.hasPrefix("\(act + 1). ") }.first { $0.hasPrefix("\(lane): ") }
    }
    #expect(ending("Flow", inAct: 1)?.contains("Done") == true)
    #expect(ending("Flow", inAct: 2)?.contains("Done") == true)
    #expect(
      ending("Cloned", inAct: 3)?.contains("Done") == false && ending("DAgger", inAct: 3)?.contains("Done") == true)
    #expect(ending("Regression", inAct: 4)?.contains("rule") == true)
    for lane in ["Regression, asked every step", "Diffusion", "Flow"] {
      #expect(ending(lane, inAct: 4)?.contains("Done") == true, "\(lane)")
    }
    #expect(
      ending("Naive", inAct: 6)?.contains("Done") == false && ending("Real-time", inAct: 6)?.contains("Done") == true)
    #expect(try names == ["tour.png"])
  }

  @Test func presetsPlaySideBySide() throws {
    let made = try run("planar", ["demo", "--preset", "shift", "--headless", "--episodes", "2"])
    #expect(made.status == 0 && made.output.contains("DAgger") && made.output.contains("only Cloned"), "\(made.errors)")
    #expect(made.output.contains("compare policies push-regression-cloned push-regression-dagger"))
    let other = try run("planar", ["demo", "--preset", "shfit", "--headless"])
    #expect(other.status != 0 && other.errors.contains("take one of shift, modes, delay"), "\(other.errors)")
    let both = try run("planar", ["demo", "--preset", "shift", "--policies", "expert", "--headless"])
    #expect(both.status == 1 && both.errors.contains("--preset brings its own policies"), "\(both.errors)")
  }

  @Test func whatHasNoEffectIsRefused() throws {
    for (arguments, word) in [
      (["--learn", "--delay", "4"], "--delay"), (["--tour", "--policies", "expert"], "--policies"),
      (["--learn", "--environment=reach"], "--environment"),
    ] {
      let refused = try run("planar", ["demo", "--headless"] + arguments)
      #expect(refused.status == 1 && refused.errors.contains("leaves no choice of \(word)"), "\(refused.errors)")
    }
  }
}

// The demo without a window: lines, summary, pictures.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import Testing

@Suite struct HeadlessDemoTests {
  @Test func tellsEveryChunkAndSumsUp() throws {
    func run() throws -> (DemoSummary, [String]) {
      var session = try makeSession()
      var lines: [String] = []
      let summary = try HeadlessDemo(episodes: 2).run(&session) { lines.append($0) }
      return (summary, lines)
    }
    let (summary, lines) = try run()
    #expect(summary.episodes == 2 && summary.successes == 2 && summary.pilot == "expert")
    #expect(lines.last == summary.line)
    #expect(lines[0].hasPrefix("episode 1  step   0  \"") && lines[0].hasSuffix(" µs"))
    #expect(lines[1].hasPrefix("episode 1  step   8  \""))
    #expect(lines.filter { $0.contains("succeeded after") }.count == 2)
    // Without times two runs tell the same.
    let again = try run()
    func untimed(_ lines: [String]) -> [String] {
      lines.dropLast().map { $0.components(separatedBy: ")  ").dropLast().joined() }
    }
    #expect(untimed(again.1) == untimed(lines))
  }

  @Test func writesAFramePerControlStep() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    var session = try makeSession()
    _ = try HeadlessDemo(episodes: 1, framesFolder: folder.path, frameWidth: 101).run(&session) { _ in }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count == session.step + 1 && files.first == "frame-00001.png")
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(files[0])))
    #expect(bytes[19] == 100 && bytes[23] % 2 == 0)
  }

  @Test func filmsTheEpisodes() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".png").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: UserError.self) { try DemoFilm(to: path).finish() }
    var session = try makeSession()
    let film = try DemoFilm(to: path, width: 100)
    _ = try HeadlessDemo(episodes: 1, film: film).run(&session) { _ in }
    try film.finish()
    // The table, 0.7 × 0.5 m, and the caption above it.
    let first = try Image(contentsOfPNG: path)
    #expect(first.width == 100 && first.height > 71 && first.height < 85)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let control = try #require(bytes.firstRange(of: Array("acTL".utf8)))
    let frames = bytes[control.upperBound..<control.upperBound + 4].reduce(0) { $0 << 8 | Int($1) }
    #expect(frames > session.step / 2 && frames <= session.step + 1)
  }

  @Test func stopsWhenAskedTo() throws {
    var session = try makeSession()
    let stop = StopFlag()
    let summary = try HeadlessDemo(episodes: 50).run(&session, stop: stop) { line in
      if line.hasPrefix("episode 2") { stop.raise() }
    }
    #expect(session.episode == 2 && summary.episodes == 1)
  }
}

// Films by their names' endings, those of ffmpeg where it is there.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import Testing

private func program(_ name: String) -> URL? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { URL(fileURLWithPath: "\($0)/\(name)") }.first {
    FileManager.default.isExecutableFile(atPath: $0.path)
  }
}

private let hasFFmpeg = program("ffmpeg") != nil && program("ffprobe") != nil

@Suite struct FilmFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("planar-film-\(UUID().uuidString)")
  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  private func picture(_ level: UInt8) -> Image {
    Image(width: 31, height: 17, pixels: (0..<31 * 17).flatMap { _ in [level, 0, 255 - level, 255] })
  }

  /// Three pictures at 20 a second, of which the last stands three times as long.
  private func write(_ name: String) throws {
    let film = try FilmFile(path(name))
    #expect(film.isEmpty)
    try film.append(picture(0), seconds: 0.05)
    try film.append(picture(120), seconds: 0.05)
    try film.append(picture(255), seconds: 0.15)
    #expect(!names.contains(name), "nothing stands there before it is whole")
    try film.finish()
  }

  private func probed(_ name: String) throws -> String {
    let probe = Process()
    probe.executableURL = program("ffprobe")
    probe.arguments =
      ["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,width,height,nb_read_frames"]
      + ["-of", "csv=p=0", path(name)]
    let output = Pipe()
    probe.standardOutput = output
    try probe.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    probe.waitUntilExit()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func animatedPNGNeedsNobody() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("film.PNG")
    #expect(names == ["film.PNG"])
    #expect(try Image(contentsOfPNG: path("film.PNG")).width == 31)
  }

  @Test(.enabled(if: hasFFmpeg, "ffmpeg and ffprobe are not on the PATH"))
  func gifAndMP4HoldEveryPictureAsLongAsItStands() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["film.gif", "film.mp4"] { try write(name) }
    #expect(names == ["film.gif", "film.mp4"], "and nothing beside them")
    // A GIF tells a picture that stands longer by its time; MP4 repeats it, and its sides are even.
    #expect(try probed("film.gif").hasPrefix("gif,31,17,"))
    #expect(try probed("film.mp4") == "h264,32,18,5")
  }

  @Test(.enabled(if: hasFFmpeg, "ffmpeg and ffprobe are not on the PATH"))
  func whatIsGivenUpLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("older".utf8).write(to: folder.appendingPathComponent("film.mp4"))
    do {
      let film = try FilmFile(path("film.mp4"))
      try film.append(picture(0), seconds: 0.05)
    }
    #expect(names == ["film.mp4"])
    #expect(try Data(contentsOf: folder.appendingPathComponent("film.mp4")) == Data("older".utf8))
    #expect(throws: UserError.self) { try FilmFile(path("none/film.mp4")).append(picture(0), seconds: 0.05) }
    #expect(throws: UserError.self) { try FilmFile(path("empty.mp4")).finish() }
  }

  @Test func anUnknownEndingIsRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["film", "film.avi", "film.mp4.txt"] {
      let error = #expect(throws: UserError.self) { _ = try FilmFile(path(name)) }
      #expect(error?.message.contains("ends in .png (animated), .gif or .mp4") == true)
    }
  }
}

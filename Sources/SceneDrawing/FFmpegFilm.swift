// GIF and MP4, by the program ffmpeg.

import Foundation
import PlanarCore

/// A film that ffmpeg encodes while it is drawn: raw pictures go to its standard input.
///
/// It writes into the partial file beside the film's place, so that nothing half-written stands there; where the film is
/// given up, the process is ended and the partial file removed.
final class FFmpegFilm {
  private let url: URL
  private let size: (width: Int, height: Int)
  /// How long one picture stands, s.
  private let period: Double
  private let process = Process()
  private let (pictures, complaints) = (Pipe(), Pipe())
  private var file: PartialFile

  /// Where ffmpeg is.
  ///
  /// - Throws: `UserError` where it is in no folder of PATH.
  static func program(for path: String) throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let places = folders.map { URL(fileURLWithPath: "\($0)/ffmpeg") }
    guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw UserError(
        "\(path) is made by ffmpeg, which is not on the PATH; install it (apt install ffmpeg), or give a name that ends in .png"
      )
    }
    return program
  }

  /// Starts ffmpeg.
  ///
  /// - Parameter period: how long one picture stands, s.
  /// - Throws: `UserError` where it is not there, or the place cannot be written.
  init(to url: URL, _ form: FilmFile.Form, width: Int, height: Int, period: Double) throws {
    let program = try Self.program(for: url.relativePath)
    file = try PartialFile(replacing: url)
    self.url = url
    self.period = period
    size = (width, height)
    process.executableURL = program
    let input = [
      "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "rawvideo", "-pixel_format", "rgba", "-video_size",
      "\(width)x\(height)", "-framerate", "\(1 / period)", "-i", "pipe:0",
    ]
    let output =
      switch form {
      case .png: preconditionFailure("animated PNG is not ffmpeg's")
      // A palette for each picture, without dots in plain areas: one for the whole film would keep all of it in memory.
      case .gif:
        [
          "-filter_complex", "[0:v]split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=none",
          "-loop",
          "0", "-f", "gif",
        ]
      // What every player shows has even sides and colours at half the resolution.
      case .mp4:
        [
          "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "20",
          "-movflags", "+faststart", "-f", "mp4",
        ]
      }
    process.arguments = input + output + [file.partialPath]
    process.standardInput = pictures
    process.standardOutput = FileHandle.nullDevice
    process.standardError = complaints
    do { try process.run() } catch {
      throw UserError("\(program.path) cannot be run for \(url.relativePath): \(systemReason(of: error))")
    }
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Sends a picture as often as it stands.
  ///
  /// - Throws: `UserError` with ffmpeg's words where it has ended.
  func append(_ image: Image, seconds: Double) throws {
    precondition((image.width, image.height) == size, "a film's pictures are of one size")
    let bytes = Data(image.pixels)
    for _ in 0..<max(1, Int((seconds / period).rounded())) {
      guard writeAll(bytes, to: pictures.fileHandleForWriting.fileDescriptor) else { throw failure() }
    }
  }

  /// Lets ffmpeg come to its end, and puts the film in its place.
  ///
  /// - Throws: `UserError` with ffmpeg's words where it fails, or where the disk refuses.
  func finish() throws {
    try? pictures.fileHandleForWriting.close()
    let words = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { throw failure(words) }
    try file.commit()
  }

  private func failure(_ words: Data? = nil) -> UserError {
    let words = words ?? complaints.fileHandleForReading.readDataToEndOfFile()
    let text = String(decoding: words, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
    return UserError(
      "ffmpeg cannot make \(url.relativePath)\(text.isEmpty ? "" : ": \(text)"); give a name that ends in .png for a film without it"
    )
  }
}

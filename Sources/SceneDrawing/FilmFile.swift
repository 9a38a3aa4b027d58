// Moving pictures by the ending of their name.

import Foundation
import PlanarCore

/// A film under way, picture by picture, in the form that its name's ending says: `.png` (animated), `.gif` or `.mp4`.
///
/// PNG is made here; GIF and MP4 by ffmpeg, which gets the pictures as they come. The file is there whole once `finish`
/// has returned, and not at all before; an older file stays until then.
public final class FilmFile {
  /// How a film is stored.
  package enum Form: String, CaseIterable {
    case png, gif, mp4
  }

  private enum Work {
    case animated(AnimatedPNG)
    /// By ffmpeg, which is started by the first picture.
    case encoded(FFmpegFilm?)
  }

  private let url: URL
  private let form: Form
  private var work: Work

  /// A film without pictures.
  ///
  /// - Throws: `UserError` where the name has another ending, or ffmpeg is needed and not there.
  public init(_ path: String) throws {
    url = URL(fileURLWithPath: path)
    guard let form = Form(rawValue: url.pathExtension.lowercased()) else {
      throw UserError(
        "a film's name ends in .png (animated), .gif or .mp4, and '\(path)' does not; give it such a name")
    }
    self.form = form
    if form != .png { _ = try FFmpegFilm.program(for: path) }
    work = form == .png ? .animated(AnimatedPNG()) : .encoded(nil)
  }

  /// Whether ffmpeg is there, for GIF and MP4.
  public static var canEncode: Bool { (try? FFmpegFilm.program(for: "a film")) != nil }

  /// Whether there is no picture yet.
  public var isEmpty: Bool {
    switch work {
    case .animated(let film): film.frameCount == 0
    case .encoded(let film): film == nil
    }
  }

  /// Appends a picture of the size of the first.
  ///
  /// - Parameter seconds: how long it stands. In GIF and MP4 all pictures stand as long as the first, or a multiple of it.
  /// - Throws: `UserError` where ffmpeg or the disk refuses.
  public func append(_ image: Image, seconds: Double) throws {
    switch work {
    case .animated(var film):
      // So that there is one owner, and nothing is copied.
      work = .animated(AnimatedPNG())
      film.append(image, seconds: seconds)
      work = .animated(film)
    case .encoded(let begun):
      let film = try begun ?? FFmpegFilm(to: url, form, width: image.width, height: image.height, period: seconds)
      work = .encoded(film)
      try film.append(image, seconds: seconds)
    }
  }

  /// Puts the film in its place.
  ///
  /// - Throws: `UserError` where there is no picture, or ffmpeg or the disk refuses.
  public func finish() throws {
    guard !isEmpty else { throw UserError("no picture was drawn: no film to write to \(url.relativePath)") }
    switch work {
    case .animated(let film): try film.write(to: url.path)
    case .encoded(let film): try film?.finish()
    }
  }
}

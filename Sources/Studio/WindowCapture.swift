// What a person keeps of a window: pictures, films, and episodes as pages, in files that are named by the time.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A film of what a screen shows, in real time.
struct WindowFilm {
  /// Where it will be.
  let url: URL
  private let file: FilmFile
  /// How long a picture stands, s.
  private let period: Double
  private let start: ContinuousClock.Instant
  /// For how many periods pictures are in the film.
  private var shown = 0
  private var last: Image?
  /// Whether the screen shows another picture than the last one.
  private var isStale = true

  /// - Parameter picturesPerSecond: of real time.
  /// - Throws: `UserError` as `FilmFile`.
  init(to url: URL, picturesPerSecond: Double, start: ContinuousClock.Instant = .now) throws {
    self.url = url
    period = 1 / picturesPerSecond
    self.start = start
    file = try FilmFile(url.path)
  }

  /// Since the beginning, s.
  func seconds(at now: ContinuousClock.Instant = .now) -> Double { (now - start) / .seconds(1) }

  /// Takes the picture of a moment, if one is due.
  ///
  /// - Parameters:
  ///   - isNew: whether the screen shows another picture than at the last call.
  ///   - picture: asked for where it is needed.
  /// - Returns: whether the picture was of another size than the ones before: it was not taken, and none can be.
  /// - Throws: `UserError` where the film cannot be written.
  mutating func take(at now: ContinuousClock.Instant = .now, isNew: Bool, _ picture: () -> Image) throws -> Bool {
    isStale = isStale || isNew
    var due = Int(seconds(at: now) / period) + 1 - shown
    guard due > 0 else { return false }
    let image = isStale ? picture() : last ?? picture()
    if let last, (last.width, last.height) != (image.width, image.height) { return true }
    isStale = false
    if last == nil {
      // The first one says how long a picture stands.
      try file.append(image, seconds: period)
      (due, shown) = (due - 1, shown + 1)
    }
    last = image
    guard due > 0 else { return false }
    try file.append(image, seconds: Double(due) * period)
    shown += due
    return false
  }

  /// Puts the film in its place.
  ///
  /// - Throws: `UserError` where no picture was taken, or the film cannot be written.
  func finish() throws { try file.finish() }
}

/// Keeps pictures, films and pages in a folder, and tells a session about it.
struct WindowCapture {
  private let folder: URL
  /// The film under way.
  private(set) var film: WindowFilm?

  init(folder: String) { self.folder = URL(fileURLWithPath: folder, isDirectory: true) }

  /// What the window shows while a film is made: for how long already.
  var badge: String? {
    film.map { film in
      let seconds = Int(film.seconds())
      return "\(seconds / 60):" + String(format: "%02d", seconds % 60)
    }
  }

  /// Saves a picture.
  func save(_ image: Image, for controls: inout any WindowControls) {
    tell(&controls) {
      let url = place(ending: "png")
      try image.writePNG(to: url.path)
      return saved(url)
    }
  }

  /// Saves the episode as it was shown so far as a page.
  func saveEpisode(of controls: inout any WindowControls) {
    let episodes = controls.episodes
    guard !episodes.isEmpty else { return controls.show("There is no episode here to save.", tone: .neutral) }
    tell(&controls) {
      let url = place(ending: "html")
      try PartialFile.write(ShownEpisode.page(of: episodes), to: url)
      return saved(url) + " Any browser shows it."
    }
  }

  /// Begins a film, or ends the one under way.
  mutating func toggleFilm(for controls: inout any WindowControls) {
    guard film == nil else { return endFilm(for: &controls) }
    tell(&controls) {
      let ending = FilmFile.canEncode ? "mp4" : "png"
      film = try WindowFilm(to: place(ending: ending), picturesPerSecond: ending == "mp4" ? 20 : 10)
      return "Filming what the window shows; Ctrl-Shift-P ends it."
    }
  }

  /// Ends the film under way, if there is one.
  ///
  /// - Parameter reason: why, as a sentence, where no key has ended it.
  mutating func endFilm(for controls: inout any WindowControls, because reason: String = "") {
    guard let film else { return }
    self.film = nil
    tell(&controls) {
      try film.finish()
      return reason + saved(film.url)
    }
  }

  /// Takes the picture of a moment, if a film is under way and wants one.
  ///
  /// - Parameter isNew: whether the screen shows another picture than at the last call.
  mutating func film(for controls: inout any WindowControls, isNew: Bool, _ picture: () -> Image) {
    guard film != nil else { return }
    do {
      if try film!.take(isNew: isNew, picture) {
        endFilm(for: &controls, because: "The window has another size now, so that the film ends here. ")
      }
    } catch {
      film = nil
      controls.show(sentence(of: error), tone: .bad)
    }
  }

  private func tell(_ controls: inout any WindowControls, _ work: () throws -> String) {
    do { controls.show(try work(), tone: .neutral) } catch { controls.show(sentence(of: error), tone: .bad) }
  }

  private func saved(_ url: URL) -> String {
    let isHere = folder.standardizedFileURL.path == URL(fileURLWithPath: ".").standardizedFileURL.path
    let place = isHere ? "the folder that Planar was started in" : folder.relativePath
    return "Saved \(url.lastPathComponent) in \(place)."
  }

  /// A name that no file has, from the time.
  private func place(ending: String) -> URL {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let name = "planar-\(formatter.string(from: Date()))"
    let names = [name] + (2...1000).map { "\(name)-\($0)" }
    let places = names.lazy.map { folder.appendingPathComponent("\($0).\(ending)") }
    return places.first { !FileManager.default.fileExists(atPath: $0.path) } ?? places[0]
  }
}

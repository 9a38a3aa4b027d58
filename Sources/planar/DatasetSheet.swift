// The contact sheet of a dataset: three pictures an episode, its command above them.

import Datasets
import Foundation
import PlanarCore
import PolicyInterface
import Rollouts
import SceneDrawing
import Studio

/// One episode of a contact sheet.
struct EpisodeStrip {
  /// What is told of it in words.
  struct Report: Encodable {
    var episode: Int
    var seed: UInt64
    var command: String
    var success: Bool
    var frames: Int
    /// The first frame at which the replay shows something else than the record; nil where there is none.
    var replayDiffersFrom: Int?
    /// The replay is the record, bit by bit.
    var replayIsFaithful: Bool

    enum CodingKeys: String, CodingKey {
      case episode, seed, command, success, frames
      case replayDiffersFrom = "replay_differs_from_frame"
      case replayIsFaithful = "replay_is_faithful"
    }

    var text: String {
      let end = success ? "success" : "failure"
      let replay: String
      if let frame = replayDiffersFrom {
        replay = "the replay differs from frame \(frame) on"
      } else {
        replay = replayIsFaithful ? "replays exactly" : "the replay ends otherwise"
      }
      return "episode \(episode) (seed \(seed)): \"\(command)\", \(frames) frames, \(end); \(replay)"
    }
  }

  var report: Report
  /// The first, the middle and the last picture.
  var pictures: [Image]

  static let pictureWidth = 200

  /// Replays an episode.
  ///
  /// - Parameters:
  ///   - imageShape: `[height, width, 3]` of recorded pictures, which are then shown; nil without.
  ///   - meddling: what happened to the world besides the actions.
  /// - Throws: `UserError` where the episode is not one of `world`.
  init<World: DrawableEnvironment>(
    of episode: Episode, number: Int, imageShape: [Int]?, meddling: Meddling<World>?,
    in world: inout World
  ) throws {
    let wanted = [0, episode.frameCount / 2, episode.frameCount]
    var drawn: [Int: Image] = [:]
    let seed = episode.info.seed
    let replay = try replay(episode, in: &world) { frame, world in
      if wanted.contains(frame), imageShape == nil { drawn[frame] = Self.picture(of: world) }
    } meddle: { world, frame in
      meddling?(&world, seed, frame)
    }
    if let imageShape {
      let last = episode.frameCount - 1
      pictures = wanted.compactMap { frame in
        last < 0
          ? nil
          : Self.picture(of: episode.observations[min(frame, last)].image, shape: imageShape)
      }
    } else {
      pictures = wanted.compactMap { drawn[$0] }
    }
    report = Report(
      episode: number, seed: episode.info.seed, command: episode.info.command,
      success: episode.success, frames: episode.frameCount,
      replayDiffersFrom: replay.firstDifference, replayIsFaithful: replay.isFaithful)
  }

  private static func picture(of world: some DrawableEnvironment) -> Image {
    let list = world.drawList
    let height = Double(pictureWidth) * list.bounds.height / list.bounds.width
    return Camera(bounds: list.bounds, width: pictureWidth, height: max(1, Int(height.rounded())))
      .render(list)
  }

  /// A recorded picture, its pixels drawn as squares.
  private static func picture(of bytes: [UInt8], shape: [Int]) -> Image {
    let (height, width) = (shape[0], shape[1])
    let factor = max(1, pictureWidth / width)
    var image = Image(width: width * factor, height: height * factor)
    for y in 0..<height * factor {
      for x in 0..<width * factor {
        let source = (y / factor * width + x / factor) * 3
        let target = (y * width * factor + x) * 4
        for channel in 0..<3 { image.pixels[target + channel] = bytes[source + channel] }
        image.pixels[target + 3] = 255
      }
    }
    return image
  }
}

enum DatasetSheet {
  private static let gap = 6
  private static let captionHeight = 24

  /// Episodes below each other in two columns; one column where there is one episode.
  static func image(of strips: [EpisodeStrip]) -> Image {
    let pictures = strips.flatMap(\.pictures)
    let width = pictures.map(\.width).max() ?? 1
    let height = pictures.map(\.height).max() ?? 1
    let columns = min(2, strips.count)
    let cell = (width: 3 * (width + gap) + 2 * gap, height: captionHeight + height + 2 * gap)
    let size = (columns * cell.width, (strips.count + columns - 1) / columns * cell.height)
    func corner(_ index: Int) -> (x: Int, y: Int) {
      (index % columns * cell.width + gap, index / columns * cell.height + gap)
    }
    let bounds = WorldRectangle(min: .zero, max: Vec2(Double(size.0), Double(size.1)))
    var page = DrawList(bounds: bounds, background: Background(color: Color(hex: 0xFAF8F3)))
    for (index, strip) in strips.enumerated() {
      let (x, y) = corner(index)
      page.items += caption(
        strip.report, at: Vec2(Double(x), Double(size.1 - y - captionHeight / 2)),
        width: Double(cell.width - 2 * gap))
    }
    var sheet = Camera(bounds: bounds, width: size.0, height: size.1).render(page)
    for (index, strip) in strips.enumerated() {
      let (x, y) = corner(index)
      for (place, picture) in strip.pictures.enumerated() {
        sheet.paste(picture, x: x + place * (width + gap), y: y + captionHeight)
      }
    }
    return sheet
  }

  /// A dot in the colour of success or failure, the episode's number and its command.
  private static func caption(
    _ report: EpisodeStrip.Report, at place: Vec2, width: Double
  ) -> [DrawItem] {
    let ink = Color(hex: 0x33302B)
    let tone = report.success ? Color(hex: 0x2E8B57) : Color(hex: 0xC0392B)
    let size = 14.0
    let warning = report.replayIsFaithful ? "" : "  (the replay differs)"
    var text = "\(report.episode)  \(report.command)"
    if TextBitmap.advance(of: text + warning, size: size) > width - 20 {
      while TextBitmap.advance(of: text + "…" + warning, size: size) > width - 20, text.count > 1 {
        text.removeLast()
      }
      text += "…"
    }
    return [
      .disc(center: place + Vec2(5, 0), radius: 4, fill: tone),
      .text(text + warning, at: place + Vec2(16, 0), height: size, color: ink, anchor: .leading),
    ]
  }
}

extension Image {
  /// Copies a picture to column `x` and row `y`; what lies outside is cut.
  fileprivate mutating func paste(_ other: Image, x: Int, y: Int) {
    let columns = min(other.width, width - x)
    for row in 0..<min(other.height, height - y) where columns > 0 {
      let target = ((y + row) * width + x) * 4
      let source = row * other.width * 4
      pixels.replaceSubrange(
        target..<target + columns * 4, with: other.pixels[source..<source + columns * 4])
    }
  }
}

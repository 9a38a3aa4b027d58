// The contact sheet of a dataset: three pictures an episode, its command above them.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing
import PlanarStudio

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
      return "episode \(episode) (seed \(seed)): \"\(command)\", \(frames) frames, \(end); \(replayText)"
    }

    var replayText: String {
      if let frame = replayDiffersFrom { return "the replay differs from frame \(frame) on" }
      return replayIsFaithful ? "replays exactly" : "the replay ends otherwise"
    }
  }

  var report: Report
  /// The first, the middle and the last picture, beside each other.
  var picture: Image

  private static let pictureWidth = 200

  /// Replays an episode.
  ///
  /// - Parameters:
  ///   - imageShape: `[height, width, 3]` of recorded pictures, which are then shown; nil without.
  ///   - perturbation: what happened to the world besides the actions.
  /// - Throws: `UserError` where the episode is not one of `world`.
  init<World: DrawableEnvironment>(
    of episode: Episode, number: Int, imageShape: [Int]?, perturbation: Perturbation<World>?,
    in world: inout World
  ) throws {
    let wanted = [0, episode.frameCount / 2, episode.frameCount]
    var drawn: [Int: Image] = [:]
    let replay = try replay(
      episode, in: &world,
      visit: { frame, world in
        if wanted.contains(frame), imageShape == nil { drawn[frame] = Self.draw(world) }
      }, perturbation: perturbation)
    if let imageShape {
      let last = episode.frameCount - 1
      picture = Self.joined(
        wanted.filter { _ in last >= 0 }.map {
          Image(
            width: imageShape[1], height: imageShape[0], rgb: episode.observations[min($0, last)].image)
        })
    } else {
      picture = Self.joined(wanted.compactMap { drawn[$0] })
    }
    report = Report(
      episode: number, seed: episode.info.seed, command: episode.info.command,
      success: episode.success, frames: episode.frameCount,
      replayDiffersFrom: replay.firstDifference, replayIsFaithful: replay.isFaithful)
  }

  private static func draw(_ world: some DrawableEnvironment) -> Image {
    let list = world.drawList
    let height = Double(pictureWidth) * list.bounds.height / list.bounds.width
    return Camera(bounds: list.bounds, width: pictureWidth, height: max(1, Int(height.rounded())))
      .render(list)
  }

  /// All pictures beside each other.
  private static func joined(_ pictures: [Image]) -> Image {
    let gap = max(1, (pictures.map(\.width).max() ?? 1) / 32)
    let width = pictures.reduce(0) { $0 + $1.width } + gap * max(0, pictures.count - 1)
    var strip = Image(width: max(1, width), height: pictures.map(\.height).max() ?? 1)
    var x = 0
    for picture in pictures {
      strip.paste(picture, x: x)
      x += picture.width + gap
    }
    return strip
  }

  /// The cell of the sheet.
  var cell: ContactSheet.Cell {
    let end = report.success ? "success" : "FAILURE"
    let replay = report.replayIsFaithful ? "" : " – \(report.replayText)"
    return ContactSheet.Cell(
      picture, caption: report.command,
      detail: "episode \(report.episode), seed \(report.seed): \(end) after \(report.frames) steps\(replay)")
  }
}

extension Image {
  /// Copies a picture that fits to column `x`.
  fileprivate mutating func paste(_ other: Image, x: Int) {
    for row in 0..<other.height {
      let target = (row * width + x) * 4
      let source = row * other.width * 4
      pixels.replaceSubrange(
        target..<target + other.width * 4, with: other.pixels[source..<source + other.width * 4])
    }
  }
}

// What a session has shown of its episode, as a page can show it again.

import Foundation
import PlanarReplays
import PlanarSceneDrawing

/// An episode from its first moment that is known to the one that is shown.
public struct ShownEpisode: Sendable {
  /// Who drives.
  public var driver: String
  /// What was commanded.
  public var command: String
  /// How it stands, or ended.
  public var ending: String
  /// The environment, with its randomization and the seed.
  public var place: String
  /// Seconds between two scenes.
  public var period: Double
  /// The scene after each control step; at least one.
  public var scenes: [DrawList]

  /// An episode.
  public init(
    driver: String, command: String, ending: String, place: String, period: Double, scenes: [DrawList]
  ) {
    precondition(!scenes.isEmpty, "an episode has a scene")
    (self.driver, self.command, self.ending) = (driver, command, ending)
    (self.place, self.period, self.scenes) = (place, period, scenes)
  }

  /// Every second scene, and the last.
  private var film: SceneFilm {
    let places = Array(stride(from: 0, to: scenes.count, by: 2)) + (scenes.count % 2 == 0 ? [scenes.count - 1] : [])
    return SceneFilm(
      title: driver, caption: "\(command) — \(ending)", rate: 1 / (2 * period), lists: places.map { scenes[$0] })
  }

  /// Episodes of the same scene as one page.
  ///
  /// - Parameter episodes: at least one.
  package static func page(of episodes: [ShownEpisode]) -> Data {
    EpisodePage(
      title: episodes[0].command, words: [episodes[0].place, "Shown by Planar, a sandbox for robot policies."],
      films: episodes.map(\.film)
    ).data
  }
}

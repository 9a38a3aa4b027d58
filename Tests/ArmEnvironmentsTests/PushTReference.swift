// What gym-pusht did, recorded: `Resources/pusht.json`.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

struct PushTReference: Decodable {
  /// The pusher alone: `[x, y, vx, vy]` at the start and after each action.
  struct FreeRun: Decodable {
    var start: [Double]
    var actions, rows: [[Double]]
  }
  struct Episode: Decodable {
    var name: String
    /// As gym-pusht's `reset_to_state`: pusher x, y, block x, y, angle.
    var start: [Double]
    var actions: [[Double]]
    /// Pusher x, y, block x, y, angle, coverage after each action.
    var rows: [[Double]]
  }
  struct Trace: Decodable {
    var episode: String
    var firstAction: Int
    /// Block x, y, angle, vx, vy, omega after each substep.
    var rows: [[Double]]

    enum CodingKeys: String, CodingKey {
      case episode, rows
      case firstAction = "first_action"
    }
  }
  var freeSpace: [FreeRun]
  /// x, y, angle, coverage.
  var coverage: [[Double]]
  var episodes: [Episode]
  var trace: Trace

  enum CodingKeys: String, CodingKey {
    case coverage, episodes, trace
    case freeSpace = "free_space"
  }

  static func load() throws -> PushTReference {
    let url = try #require(
      Bundle.module.url(forResource: "pusht", withExtension: "json", subdirectory: "Resources"))
    return try JSONDecoder().decode(PushTReference.self, from: Data(contentsOf: url))
  }

  func episode(_ name: String) throws -> Episode {
    try #require(episodes.first { $0.name == name })
  }
}

extension PushTReference.Episode {
  var pushTStart: PushTStart {
    PushTStart(
      pusher: Vec2(start[0], start[1]), block: Vec2(start[2], start[3]), angle: start[4])
  }
}

/// The largest difference between numbers of two lists.
func largestDifference(_ a: [Double], _ b: ArraySlice<Double>) -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
}

// Reading a folder of recorded episodes.

import Foundation
import PlanarCore
import PolicyInterface

/// A folder of episodes: `info.json`, `stats.json`, `episodes-00000.safetensors` …
public struct EpisodeStore: Sendable {
  public let folder: URL
  public let info: DatasetInfo

  /// Opens a folder and reads its `info.json`; shards are read when asked for.
  ///
  /// - Throws: `UserError` where the folder is no dataset or of an unknown format.
  public init(reading folder: URL) throws {
    let url = folder.appendingPathComponent("info.json")
    guard let data = try? Data(contentsOf: url) else {
      throw UserError("\(folder.path) is no dataset: it has no readable info.json; record one first")
    }
    do {
      info = try JSONDecoder().decode(DatasetInfo.self, from: data)
    } catch {
      throw UserError("\(url.path) is damaged or not a dataset's: \(plainReason(error))")
    }
    guard info.formatVersion == DatasetInfo.currentVersion else {
      throw UserError(
        "\(url.path) has format version \(info.formatVersion), this program reads \(DatasetInfo.currentVersion); record the dataset again"
      )
    }
    guard info.shards.allSatisfy({ min($0.episodes, $0.frames, $0.labels) >= 0 }),
      info.horizons.prediction > 0, info.features.objects.shape.count == 2
    else { throw UserError("\(url.path) is damaged: a count or a shape is out of range") }
    self.folder = folder
  }

  /// The episodes of one shard, exactly as they were recorded.
  ///
  /// - Throws: `UserError` naming a shard that is missing or damaged.
  public func episodes(inShard index: Int) throws -> [Episode] {
    let shard = info.shards[index]
    return try EpisodeShard.read(
      folder.appendingPathComponent(shard.file), shard: shard,
      firstIndex: info.shards[..<index].reduce(0) { $0 + $1.episodes }, info: info)
  }

  /// All episodes in order of recording, or the first `limit` of them.
  ///
  /// - Throws: `UserError` naming a shard that is missing or damaged.
  public func episodes(limit: Int = .max) throws -> [Episode] {
    var episodes: [Episode] = []
    for shard in info.shards.indices where episodes.count < limit {
      episodes += try self.episodes(inShard: shard)
    }
    return Array(episodes.prefix(limit))
  }
}

/// The place and sentence inside a decoding error.
func plainReason(_ error: any Error) -> String {
  switch error as? DecodingError {
  case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
    .dataCorrupted(let context):
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? context.debugDescription : "at '\(place)': \(context.debugDescription)"
  default: return "\(error)"
  }
}

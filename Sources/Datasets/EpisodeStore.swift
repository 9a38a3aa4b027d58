// Reading a folder of recorded episodes.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// A folder of episodes: `info.json`, `stats.json`, `episodes-00000.safetensors` …
public struct EpisodeStore: Sendable {
  /// The dataset's folder.
  public let folder: URL
  /// What `info.json` says.
  public let info: DatasetInfo
  /// The number of each shard's first episode.
  private let firstEpisodes: [Int]
  /// Shards whose file another one before them has.
  private let repeatedShards: Set<Int>
  /// false leaves pictures unread where the shards have them: observations then have none.
  public var readsImages = true

  /// What to do about shards that are missing or damaged.
  public enum Reading: Hashable, Sendable {
    /// Throw at the first.
    case strict
    /// Leave them out, and say which.
    case usable
  }

  /// A shard that could not be read.
  public struct DamagedShard: Codable, Equatable, Sendable {
    /// The file's name within the dataset's folder.
    public var file: String
    /// One sentence that names the file and what is wrong with it.
    public var problem: String
    /// What it should have held.
    public var episodes: Int
    /// The labels that are lost with it.
    public var labels: Int
  }

  /// Opens a folder and reads its `info.json`; shards are read when asked for.
  ///
  /// - Throws: `UserError` where the folder is no dataset or of an unknown format.
  public init(reading folder: URL) throws {
    let url = folder.appendingPathComponent("info.json")
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw UserError("\(folder.path) is no dataset: it has no readable info.json; record one first")
    }
    let file = URL(fileURLWithPath: url.path)
    info = try SettingsNode(json: settingsText(file), file: url.path).decode(DatasetInfo.self)
    guard DatasetInfo.readableVersions.contains(info.formatVersion) else {
      throw UserError(
        "\(url.path) has format version \(info.formatVersion), this program reads 1 and 2; record the dataset again"
      )
    }
    self.folder = folder
    var (first, starts, files) = (0, [Int](), Set<String>())
    var repeated = Set<Int>()
    for (index, shard) in info.shards.enumerated() {
      starts.append(first)
      first += shard.episodes
      if !files.insert(shard.file).inserted { repeated.insert(index) }
    }
    (firstEpisodes, repeatedShards) = (starts, repeated)
  }

  /// Where a shard is.
  func url(ofShard index: Int) -> URL { folder.appendingPathComponent(info.shards[index].file) }

  /// The number of a shard's first episode; shards that cannot be read count too.
  public func firstEpisode(ofShard index: Int) -> Int { firstEpisodes[index] }

  /// The shard that lists an episode, `0 ..< info.episodeCount`.
  public func shard(ofEpisode number: Int) -> Int {
    precondition(0..<info.episodeCount ~= number, "an episode's number lies in 0 ..< episodeCount")
    return info.shards.indices.last { firstEpisode(ofShard: $0) <= number && info.shards[$0].episodes > 0 }!
  }

  /// The episodes of one shard, exactly as they were recorded. What format version 1 does not tell is derived where it
  /// can be, as `Episode` says.
  ///
  /// - Throws: `UserError` naming a shard that is missing or damaged.
  public func episodes(inShard index: Int) throws -> [Episode] {
    guard !repeatedShards.contains(index) else {
      throw UserError(
        "\(url(ofShard: index).path) stands twice in info.json's list of shards; restore info.json or record the dataset again"
      )
    }
    return try EpisodeShard.read(
      url(ofShard: index), shard: info.shards[index], firstIndex: firstEpisode(ofShard: index),
      info: info, includesImages: readsImages)
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

  /// The greatest seed among the episodes; nil where there is none.
  ///
  /// - Throws: `UserError` naming a shard that is missing or damaged.
  public func lastSeed() throws -> UInt64? {
    var last: UInt64?
    try forEachShard { _, episodes in
      last = ([last].compactMap(\.self) + episodes.map(\.info.seed)).max()
    }
    return last
  }

  /// Goes through all episodes, one shard in memory at a time.
  ///
  /// - Parameter body: gets a shard's number and its episodes.
  /// - Returns: The shards that were left out; none where reading is strict.
  /// - Throws: `UserError` naming a shard that is missing or damaged where reading is strict, and what `body` throws.
  @discardableResult
  public func forEachShard(
    _ reading: Reading = .strict, _ body: (_ shard: Int, _ episodes: [Episode]) throws -> Void
  ) throws -> [DamagedShard] {
    var damaged: [DamagedShard] = []
    for index in info.shards.indices {
      let episodes: [Episode]
      do {
        episodes = try self.episodes(inShard: index)
      } catch let error as UserError where reading == .usable {
        let shard = info.shards[index]
        damaged.append(
          DamagedShard(
            file: shard.file, problem: withoutFolder(error.message), episodes: shard.episodes,
            labels: shard.labels))
        continue
      }
      try body(index, episodes)
    }
    return damaged
  }

  /// A sentence about a file of this dataset, its path cut to the name.
  func withoutFolder(_ sentence: String) -> String {
    sentence.replacing(folder.path + "/", with: "")
  }
}

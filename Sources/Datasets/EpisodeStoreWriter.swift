// Writing a folder of recorded episodes, safe against being killed at any moment.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// Appends episodes to a dataset folder, shard by shard.
///
/// Each file is written beside its place and renamed, and `info.json` alone says what counts: a folder is at every
/// moment a valid dataset of the shards that were finished. A shard left over from a killed run is not listed there,
/// and its name is used again.
///
/// ```
///   episodes-00001.safetensors ─► stats-next.json ─► info.json ─► stats-next.json becomes stats.json
///                                                    from here on the shard counts
/// ```
public struct EpisodeStoreWriter {
  /// Episodes in a full shard.
  public static let shardSize = 256
  /// Bytes of pictures after which a shard is full with fewer episodes, so that one in memory stays small.
  public static let shardImageBytes = 64 << 20

  /// The dataset's folder.
  public let folder: URL
  /// What `info.json` will say, shards written so far included.
  public private(set) var info: DatasetInfo
  private var statistics: FeatureStatistics
  /// The seeds of all episodes, those that are still in memory included.
  public private(set) var seeds: Set<UInt64> = []
  /// The greatest seed among the episodes; nil where there is none.
  public private(set) var lastSeed: UInt64?
  private var pending: [Episode] = []
  private var pendingImageBytes = 0

  /// Makes a new, empty dataset.
  ///
  /// - Throws: `UserError` where `folder` already holds one, or cannot be made.
  public init(creating folder: URL, info: DatasetInfo) throws {
    let infoURL = folder.appendingPathComponent("info.json")
    guard !FileManager.default.fileExists(atPath: infoURL.path) else {
      throw UserError(
        "\(folder.path) already holds a dataset; choose another folder or append to this one")
    }
    try makeFolder(folder)
    self.folder = folder
    self.info = info
    self.info.shards = []
    self.info.formatVersion = DatasetInfo.currentVersion
    statistics = FeatureStatistics(info.features)
    try writeJSON(self.info, to: infoURL)
  }

  /// Continues a dataset. All its shards are read once, for the statistics and to find damage early.
  ///
  /// - Throws: `UserError` where `folder` is no dataset or one of an older format, or a shard is missing or damaged.
  public init(appendingTo folder: URL) throws {
    let store = try EpisodeStore(reading: folder)
    guard store.info.formatVersion == DatasetInfo.currentVersion else {
      throw UserError(
        "\(folder.path) has format version \(store.info.formatVersion), which holds no rewards and can be read but not appended to; record again: \(store.info.recordingCommand(output: folder.path + "-2"))"
      )
    }
    self.folder = folder
    info = store.info
    statistics = FeatureStatistics(info.features)
    try store.forEachShard { _, episodes in
      for episode in episodes {
        statistics.add(episode)
        lastSeed = max(lastSeed ?? 0, episode.info.seed)
        seeds.insert(episode.info.seed)
      }
    }
    let next = folder.appendingPathComponent(DatasetStatistics.nextFile)
    if FileManager.default.fileExists(atPath: next.path) {
      // A writer was killed before its statistics had their name, or before their shard counted.
      if info.frameCount > 0 {
        try writeJSON(statistics.summary, to: folder.appendingPathComponent(DatasetStatistics.file))
      }
      try? FileManager.default.removeItem(at: next)
    }
  }

  /// Continues a dataset with episodes of the same kind.
  ///
  /// - Parameters:
  ///   - new: describes the episodes to come. Its provenance, where it says something else, is kept beside the old.
  ///   - sameProvenance: keys of the provenance that must agree.
  /// - Throws: `UserError` that names what differs, or as `init(appendingTo:)` does.
  public init(
    appendingTo folder: URL, episodesOf new: DatasetInfo, sameProvenance: [String] = []
  ) throws {
    let old = try EpisodeStore(reading: folder).info
    if let difference = old.difference(from: new, sameProvenance: sameProvenance) {
      throw UserError(
        "\(folder.path) holds \(difference); append episodes of the same kind, or choose another folder")
    }
    try self.init(appendingTo: folder)
    let added = new.provenance.filter { old.provenance[$0.key] != $0.value }
    if !added.isEmpty {
      let count = old.provenance.keys.count { $0.hasPrefix("appended_") }
      info.provenance["appended_\(count + 1)"] =
        added.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
  }

  /// Takes episodes; every 256, or fewer with many pictures, are written as a shard at once, the rest by `finish`.
  ///
  /// - Throws: `UserError` where an episode does not have the dataset's shapes, holds a number that is
  ///   not finite, or cannot be written.
  public mutating func append(_ episodes: [Episode]) throws {
    for episode in episodes {
      try check(episode)
      lastSeed = max(lastSeed ?? 0, episode.info.seed)
      seeds.insert(episode.info.seed)
      pending.append(episode)
      pendingImageBytes += episode.observations.reduce(0) { $0 + $1.bytes.count }
      if pending.count == Self.shardSize || pendingImageBytes >= Self.shardImageBytes {
        try writeShard()
      }
    }
  }

  /// Writes what is still in memory. Appending may go on afterwards, with a new shard.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public mutating func finish() throws {
    if !pending.isEmpty { try writeShard() }
  }

  private mutating func writeShard() throws {
    let number = String(info.shards.count)
    let padded = String(repeating: "0", count: max(0, 5 - number.count)) + number
    let file = "episodes-\(padded).safetensors"
    let url = folder.appendingPathComponent(file)
    try EpisodeShard.write(pending, firstIndex: info.episodeCount, info: info, to: url)
    for episode in pending { statistics.add(episode) }
    info.shards.append(
      DatasetInfo.Shard(
        file: file, episodes: pending.count,
        frames: pending.reduce(0) { $0 + $1.frameCount },
        labels: pending.reduce(0) { $0 + $1.labels.count }, checksum: try Checksum.text(ofFile: url)))
    pending = []
    pendingImageBytes = 0
    if info.frameCount > 0 {
      try writeJSON(statistics.summary, to: folder.appendingPathComponent(DatasetStatistics.nextFile))
    }
    try writeJSON(info, to: folder.appendingPathComponent("info.json"))
    if info.frameCount > 0 {
      let (next, final) = (DatasetStatistics.nextFile, DatasetStatistics.file)
      guard rename(folder.appendingPathComponent(next).path, folder.appendingPathComponent(final).path) == 0 else {
        throw UserError("cannot write \(folder.path)/\(final): \(String(cString: strerror(errno)))")
      }
    }
  }

  private func check(_ episode: Episode) throws {
    let features = info.features
    let layout = ObservationLayout(features)
    let hasShapes =
      episode.actions.count == episode.frameCount
      && episode.actions.allSatisfy { $0.count == features.action.count }
      && episode.observations.allSatisfy { $0.layout == layout }
      && episode.finalObservation.map { $0.layout == layout } ?? true
      && episode.labels.count == episode.labelFrames.count
      && episode.labels.allSatisfy {
        $0.horizon == info.horizons.prediction && $0.dimension == features.action.count
      }
    guard hasShapes else {
      throw UserError(
        "the episode of seed \(episode.info.seed) does not have the shapes of the dataset \(folder.path); record it with the environment and horizons of info.json"
      )
    }
    guard episode.isComplete else {
      throw UserError(
        "the episode of seed \(episode.info.seed) does not hold a reward, an end and a driver for every frame, and a final observation, as episodes of format version 1 do not; it was not stored in \(folder.path): record it again"
      )
    }
    let observations = episode.observations + [episode.finalObservation].compactMap(\.self)
    let finite =
      observations.allSatisfy { $0.floats.allSatisfy(\.isFinite) }
      && episode.rewards.allSatisfy(\.isFinite)
      && episode.actions.allSatisfy { $0.allSatisfy(\.isFinite) }
      && episode.labels.allSatisfy { $0.values.allSatisfy(\.isFinite) }
    guard finite else {
      throw UserError(
        "the episode of seed \(episode.info.seed) holds a number that is not finite; it was not stored in \(folder.path)"
      )
    }
  }
}

extension DatasetInfo {
  /// What it holds that episodes of `other` would not go with; nil where they would.
  fileprivate func difference(from other: DatasetInfo, sameProvenance: [String]) -> String? {
    func text(_ variation: [String: String]) -> String {
      variation.isEmpty
        ? "no variation"
        : variation.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
    if environment != other.environment {
      return "episodes of '\(environment)', not of '\(other.environment)'"
    }
    if randomization != other.randomization {
      return "episodes at randomization '\(randomization)', not '\(other.randomization)'"
    }
    if variation != other.variation {
      return "episodes recorded with \(text(variation)), not with \(text(other.variation))"
    }
    if horizons.prediction != other.horizons.prediction || controlPeriod != other.controlPeriod {
      return
        "labels of \(horizons.prediction) steps of \(controlPeriod) s, not of \(other.horizons.prediction) steps of \(other.controlPeriod) s"
    }
    for key in sameProvenance where provenance[key] != other.provenance[key] {
      return
        "episodes recorded with \(key) \(provenance[key] ?? "0"), not \(other.provenance[key] ?? "0")"
    }
    var pairs: [(FeatureSpec?, FeatureSpec?)] = features.observations.map { ($0, other.features[$0.name]) }
    pairs.append((features.action, other.features.action))
    pairs += other.features.observations.filter { features[$0.name] == nil }.map { (nil, $0) }
    for (old, new) in pairs {
      switch (old, new) {
      case (nil, nil): continue
      case (let old?, let new?) where old.hasLayout(of: new): continue
      case (let old?, let new?): return "\(old.name) \(old.shape) of other elements than \(new.shape) now"
      case (let old?, nil): return "episodes with \(old.name)"
      case (nil, let new?): return "episodes without \(new.name)"
      }
    }
    return nil
  }
}

/// Writes pretty, sorted JSON, whole or not at all.
private func writeJSON(_ value: some Encodable, to url: URL) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  try PartialFile.write(try encoder.encode(value) + Data("\n".utf8), to: url)
}

// Is a dataset what it says it is? Every shard is read, and everything wrong is told by name.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// What a check of a dataset found.
public struct DatasetCheck: Codable, Equatable, Sendable {
  /// What kind of thing is wrong.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A shard is missing, truncated, damaged, or not what info.json says.
    case damagedShard = "damaged_shard"
    /// info.json contradicts itself.
    case info
    /// stats.json is missing or says something else than the data.
    case statistics
    /// A number is not finite.
    case notFinite = "not_finite"
    /// An executed action leaves [−1, 1].
    case actionRange = "action_range"
    /// A label leaves [−1, 1].
    case labelRange = "label_range"
    /// An observation leaves its declared bounds.
    case bounds
    /// A seed is reserved for evaluation or tuning.
    case reservedSeed = "reserved_seed"
    /// Two episodes have one seed.
    case duplicateSeed = "duplicate_seed"
  }

  /// One kind of thing that is wrong with one file.
  public struct Problem: Codable, Equatable, Sendable {
    /// The file's name within the dataset's folder.
    public var file: String
    /// What kind of problem it is.
    public var kind: Kind
    /// A sentence that names the file; it tells the first case where there are several.
    public var problem: String
    /// How often.
    public var count: Int
  }

  /// The environment that was recorded.
  public var environment: String
  /// How many shards were looked at.
  public var shards: Int
  /// Shards that can be used for training.
  public var usableShards: Int
  /// Episodes of usable shards.
  public var episodes = 0
  /// Frames of usable shards.
  public var frames = 0
  /// Labels of usable shards.
  public var labels = 0
  /// What was found, file by file; empty for a sound dataset.
  public var problems: [Problem] = []
  /// What is worth knowing and not wrong.
  public var notes: [String] = []

  enum CodingKeys: String, CodingKey {
    case environment, shards
    case usableShards = "usable_shards"
    case episodes, frames, labels, problems, notes
  }

  /// Reads all of a dataset.
  ///
  /// - Throws: `UserError` where the folder is no dataset or its `info.json` cannot be read.
  public init(of folder: URL, progress: any ProgressReporter = SilentProgress()) throws {
    let store = try EpisodeStore(reading: folder)
    environment = store.info.environment
    shards = store.info.shards.count
    usableShards = shards
    checkInfo(of: store)
    var statistics = FeatureStatistics(store.info.features)
    var seeds: [UInt64: Int] = [:]
    let damaged = try store.forEachShard(.usable) { shard, episodes in
      let first = store.firstEpisode(ofShard: shard)
      let file = store.info.shards[shard].file
      var faults = EpisodeFaults(store.info.features)
      for (offset, episode) in episodes.enumerated() {
        faults.check(episode, index: first + offset, seeds: &seeds)
        statistics.add(episode)
        self.frames += episode.frameCount
        self.labels += episode.labels.count
      }
      self.episodes += episodes.count
      problems += faults.problems(of: file)
      do {
        try EpisodeShard.checkColumns(
          store.url(ofShard: shard), against: episodes, firstIndex: first, info: store.info)
      } catch let error as UserError {
        add(.damagedShard, file, store.withoutFolder(error.message))
      }
      progress.report(stage: "checking", done: shard + 1, total: shards, note: "")
    }
    for shard in damaged {
      add(.damagedShard, shard.file, shard.problem)
      usableShards -= 1
    }
    checkStatistics(of: store, against: statistics, isComplete: damaged.isEmpty)
    let unlisted = Self.unlistedFiles(of: store)
    if !unlisted.isEmpty {
      notes.append(
        "not listed in info.json, as a killed run leaves them; they are not used: \(unlisted.joined(separator: ", "))"
      )
    }
    if store.info.formatVersion == 1 {
      notes.append(
        "format version 1: rewards, kinds of end and final observations are not known, and nothing can be appended")
    }
    let unchecked = store.info.shards.count { $0.checksum == nil }
    if unchecked > 0 {
      notes.append(
        "\(unchecked) of \(shards) shards are without a checksum, as older programs wrote them: flipped bits in them may go unseen"
      )
    }
  }

  private mutating func add(_ kind: Kind, _ file: String, _ sentence: String) {
    problems.append(Problem(file: file, kind: kind, problem: UserError(sentence).message, count: 1))
  }

  private mutating func checkInfo(of store: EpisodeStore) {
    let info = store.info
    var seen = Set<String>()
    for shard in info.shards where !seen.insert(shard.file).inserted {
      add(.info, "info.json", "info.json lists \(shard.file) twice")
    }
    struct Totals: Codable {
      var episodes: Int
      var frames: Int
      var labels: Int

      enum CodingKeys: String, CodingKey {
        case episodes = "total_episodes"
        case frames = "total_frames"
        case labels = "total_labels"
      }
    }
    let url = store.folder.appendingPathComponent("info.json")
    guard let text = try? settingsText(url),
      let totals = try? SettingsNode(json: text, file: "info.json").decode(Totals.self)
    else { return add(.info, "info.json", "info.json has no total_episodes, total_frames and total_labels") }
    for (name, said, sum) in [
      ("total_episodes", totals.episodes, info.episodeCount),
      ("total_frames", totals.frames, info.frameCount),
      ("total_labels", totals.labels, info.labelCount),
    ] where said != sum {
      add(.info, "info.json", "info.json says \(name) \(said), but its shards have \(sum)")
    }
  }

  private mutating func checkStatistics(
    of store: EpisodeStore, against statistics: FeatureStatistics, isComplete: Bool
  ) {
    guard isComplete else {
      return notes.append("stats.json was not compared with the data, as some of the data is missing")
    }
    guard frames > 0 else { return }
    // In the order that leaves no gap while somebody records: see `EpisodeStoreWriter`.
    let next = Self.statisticsProblems(in: DatasetStatistics.nextFile, of: store, against: statistics)
    if next.isEmpty { return }
    let found = Self.statisticsProblems(in: DatasetStatistics.file, of: store, against: statistics)
    if found.isEmpty { return }
    if let now = try? EpisodeStore(reading: store.folder).info, now != store.info {
      return notes.append("episodes were recorded meanwhile, so stats.json was not compared with the data")
    }
    for problem in found { add(.statistics, DatasetStatistics.file, problem) }
  }

  private static func statisticsProblems(
    in file: String, of store: EpisodeStore, against statistics: FeatureStatistics
  ) -> [String] {
    guard let text = try? settingsText(store.folder.appendingPathComponent(file)) else {
      return ["\(file) is missing or cannot be read"]
    }
    do {
      let said = try SettingsNode(json: text, file: file).decode(DatasetStatistics.self)
      return said.differences(from: statistics.summary, features: store.info.features)
    } catch let error as UserError {
      return ["\(file) is damaged: \(error.message)"]
    } catch {
      return ["\(file) is damaged"]
    }
  }

  private static func unlistedFiles(of store: EpisodeStore) -> [String] {
    let listed = Set(store.info.shards.map(\.file))
    let files = (try? FileManager.default.contentsOfDirectory(atPath: store.folder.path)) ?? []
    return files.filter { $0.hasPrefix("episodes-") && !listed.contains($0) }.sorted()
  }
}

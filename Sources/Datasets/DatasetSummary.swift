// What a dataset holds, counted from its episodes: for people who look before they train.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// Counts, shares and statistics of a dataset, from its usable shards.
public struct DatasetSummary: Codable, Equatable, Sendable {
  /// How much there is of something.
  public struct GroupStatistics: Codable, Equatable, Sendable {
    /// How many episodes.
    public var episodes = 0
    /// How many of them succeeded.
    public var successes = 0
    /// Control steps of the group's episodes.
    public var frames = 0
    /// How many labels.
    public var labels = 0

    /// A group without episodes.
    public init() {}

    mutating func add(_ episode: Episode) {
      episodes += 1
      successes += episode.success ? 1 : 0
      frames += episode.frameCount
      labels += episode.labels.count
    }
  }

  /// Mean, spread and range of a number drawn once per episode.
  public struct Spread: Codable, Equatable, Sendable {
    /// The mean.
    public var mean: Double
    /// The standard deviation.
    public var std: Double
    /// The least value.
    public var min: Double
    /// The greatest value.
    public var max: Double
    /// Episodes that have it.
    public var episodes: Int

    init(_ statistics: RunningStatistics) {
      (mean, std) = (statistics.mean, statistics.standardDeviation)
      (min, max) = (statistics.minimum, statistics.maximum)
      episodes = statistics.count
    }
  }

  /// The smallest and the largest seed, and how many of the usable episodes lie in which range.
  public struct Seeds: Codable, Equatable, Sendable {
    /// The least seed.
    public var first: UInt64
    /// The greatest seed.
    public var last: UInt64
    /// Episodes with seeds that are reserved for evaluation.
    public var evaluation = 0
    /// Episodes with seeds that are reserved for tuning.
    public var tuning = 0
    /// Episodes with seeds for training.
    public var training = 0
  }

  /// The environment that was recorded.
  public var environment: String
  /// The level of domain randomization.
  public var randomization: String
  /// What else differed from the environment's files.
  public var variation: [String: String]
  /// Time between two frames, s.
  public var controlPeriod: Double
  /// What was observed, and what an action is.
  public var features: FeatureSet
  /// The horizons that labels were made for.
  public var horizons: Horizons
  /// How the dataset came about, by key.
  public var provenance: [String: String]
  /// How many episodes there are.
  public var episodes = 0
  /// Counts of the whole dataset.
  public var total = GroupStatistics()
  /// The share of episodes that succeeded; 0 without episodes.
  public var successRate = 0.0
  /// How many files of episodes there are.
  public var shards: Int
  /// Bytes of all the dataset's files.
  public var bytes = 0
  /// nil where there is no episode.
  public var lengths: LengthDistribution?
  /// nil where there is no episode.
  public var seeds: Seeds?
  /// Different commands.
  public var commands = 0
  /// By the language of the episode's command, `en` or `ko`.
  public var languages: [String: GroupStatistics] = [:]
  /// By command split, such as `train` or `paraphrase`; empty where it is not known.
  public var splits: [String: GroupStatistics] = [:]
  /// By attribute of the goal and its value, such as `["color": ["red": …]]`.
  public var goals: [String: [String: GroupStatistics]] = [:]
  /// What domain randomization drew, by name.
  public var draws: [String: Spread] = [:]
  /// Frames by who drove; empty where it is not known.
  public var drivers: [String: Int] = [:]
  /// Sums of rewards over episodes; nil where rewards are not known.
  public var returns: Spread?
  /// nil where there is no frame.
  public var statistics: DatasetStatistics?
  /// Shards that could not be read and are not in any count.
  public var damaged: [EpisodeStore.DamagedShard] = []

  enum CodingKeys: String, CodingKey {
    case environment, randomization, variation
    case controlPeriod = "control_period"
    case features, horizons, provenance, episodes, total
    case successRate = "success_rate"
    case shards, bytes, lengths, seeds, commands, languages, splits, goals, draws, drivers, returns, statistics, damaged
  }

  /// Reads all shards of a dataset; those that are damaged are left out and named in `damaged`.
  ///
  /// - Parameter split: the command split that an episode belongs to; nil where that is not known.
  public init(
    of store: EpisodeStore, split: (EpisodeInfo) -> String? = { _ in nil },
    progress: any ProgressReporter = SilentProgress()
  ) throws {
    let info = store.info
    environment = info.environment
    randomization = info.randomization
    variation = info.variation
    controlPeriod = info.controlPeriod
    features = info.features
    horizons = info.horizons
    provenance = info.provenance
    shards = info.shards.count
    bytes = store.byteCount

    var frameCounts: [Int] = []
    var names = Set<String>()
    var drawn: [String: RunningStatistics] = [:]
    var sums = RunningStatistics()
    var values = FeatureStatistics(info.features)
    damaged = try store.forEachShard(.usable) { shard, episodes in
      for episode in episodes {
        total.add(episode)
        frameCounts.append(episode.frameCount)
        names.insert(episode.info.command)
        count(seed: episode.info.seed)
        languages[languageCode(of: episode.info.command), default: GroupStatistics()].add(episode)
        if let split = split(episode.info) { splits[split, default: GroupStatistics()].add(episode) }
        for (attribute, value) in episode.info.goal {
          goals[attribute, default: [:]][value, default: GroupStatistics()].add(episode)
        }
        for (name, value) in episode.info.draws where value.isFinite {
          drawn[name, default: RunningStatistics()].add(value)
        }
        for driver in episode.drivers { drivers[driver, default: 0] += 1 }
        if episode.isComplete { sums.add(episode.rewards.reduce(0) { $0 + Double($1) }) }
        values.add(episode)
      }
      progress.report(stage: "reading", done: shard + 1, total: info.shards.count, note: "")
    }
    commands = names.count
    episodes = total.episodes
    successRate = Double(total.successes) / Double(max(1, total.episodes))
    lengths = LengthDistribution(frameCounts)
    draws = drawn.mapValues(Spread.init)
    if sums.count > 0 { returns = Spread(sums) }
    if total.frames > 0 { statistics = values.summary }
  }

  private mutating func count(seed: UInt64) {
    var counts = seeds ?? Seeds(first: seed, last: seed)
    counts.first = min(counts.first, seed)
    counts.last = max(counts.last, seed)
    if SeedRanges.evaluation.contains(seed) {
      counts.evaluation += 1
    } else if SeedRanges.tuning.contains(seed) {
      counts.tuning += 1
    } else {
      counts.training += 1
    }
    seeds = counts
  }
}

/// How long episodes are, in control steps.
public struct LengthDistribution: Codable, Equatable, Sendable {
  /// Episodes of `from` up to, but not including, `to` steps.
  public struct Bin: Codable, Equatable, Sendable {
    /// The least length in the bin, in frames.
    public var from: Int
    /// The greatest length in the bin, in frames.
    public var to: Int
    /// How many episodes are of such a length.
    public var episodes: Int
  }

  /// The mean length, in frames.
  public var mean: Double
  /// The least length, in frames.
  public var min: Int
  /// A tenth of the episodes is at most this long.
  public var tenth: Int
  /// The median length, in frames.
  public var median: Int
  /// Nine tenths of the episodes are at most this long.
  public var ninetieth: Int
  /// The greatest length, in frames.
  public var max: Int
  /// At most ten, equally wide.
  public var bins: [Bin]

  /// nil where there are none.
  public init?(_ lengths: [Int]) {
    guard !lengths.isEmpty else { return nil }
    let sorted = lengths.sorted()
    func quantile(_ share: Double) -> Int {
      sorted[Int((share * Double(sorted.count - 1)).rounded())]
    }
    mean = Double(sorted.reduce(0, +)) / Double(sorted.count)
    (min, max) = (sorted[0], sorted[sorted.count - 1])
    (tenth, median, ninetieth) = (quantile(0.1), quantile(0.5), quantile(0.9))
    let width = (max - min) / 10 + 1
    let start = min
    bins = (0...(max - min) / width).map {
      Bin(from: start + $0 * width, to: start + ($0 + 1) * width, episodes: 0)
    }
    for length in sorted { bins[(length - start) / width].episodes += 1 }
  }
}

/// The language of a command: `ko` where it has a Korean letter, else `en`.
public func languageCode(of command: String) -> String {
  command.unicodeScalars.contains {
    switch $0.value {
    case 0x1100...0x11ff, 0x3130...0x318f, 0xac00...0xd7a3: true
    default: false
    }
  } ? "ko" : "en"
}

extension EpisodeStore {
  /// Bytes of all the files that the dataset lists.
  public var byteCount: Int {
    (info.shards.map(\.file) + ["info.json", "stats.json"]).reduce(0) { sum, file in
      let path = folder.appendingPathComponent(file).path
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? Int) ?? 0)
    }
  }
}

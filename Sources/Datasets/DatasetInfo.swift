// What a folder of episodes says about itself: info.json and stats.json.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// `info.json`: what the episodes are and where they came from. Written last, it makes a shard count.
public struct DatasetInfo: Codable, Equatable, Sendable {
  /// The layout of the folder that is written. Version 2 has whole transitions; version 1 had neither rewards, kinds of
  /// end, drivers nor final observations.
  public static let currentVersion = 2
  /// The layouts that are read.
  public static let readableVersions = 1...2

  /// The version of the files' layout.
  public var formatVersion = Self.currentVersion
  /// The environment that was recorded.
  public var environment: String
  /// The randomization level under which the episodes were recorded.
  public var randomization: String
  /// What else of the environment differed from its files, by option, such as `["language": "ko"]`.
  public var variation: [String: String]
  /// Seconds between frames.
  public var controlPeriod: Double
  /// What was observed, and what an action is.
  public var features: FeatureSet
  /// `prediction` is the length of every label.
  public var horizons: Horizons
  /// How the data came about, in free words: driver, seeds, noise, program version.
  public var provenance: [String: String]
  /// The files of episodes, in order.
  public var shards: [Shard] = []

  /// One file of episodes.
  public struct Shard: Codable, Equatable, Sendable {
    /// The file's name within the dataset's folder.
    public var file: String
    /// Episodes in the file.
    public var episodes: Int
    /// Frames in the file.
    public var frames: Int
    /// Labels in the file.
    public var labels: Int
    /// `crc32:` and eight hexadecimal digits over the whole file; nil where none was recorded.
    public var checksum: String?
  }

  /// Episodes of all shards.
  public var episodeCount: Int { shards.reduce(0) { $0 + $1.episodes } }
  /// Frames of all shards.
  public var frameCount: Int { shards.reduce(0) { $0 + $1.frames } }
  /// Labels of all shards.
  public var labelCount: Int { shards.reduce(0) { $0 + $1.labels } }

  /// The info of a dataset without shards.
  public init(
    environment: String, randomization: String, variation: [String: String] = [:],
    controlPeriod: Double, features: FeatureSet, horizons: Horizons, provenance: [String: String] = [:]
  ) {
    self.environment = environment
    self.randomization = randomization
    self.variation = variation
    self.controlPeriod = controlPeriod
    self.features = features
    self.horizons = horizons
    self.provenance = provenance
  }

  /// The description of what `world` records.
  public init(
    of world: some Environment, horizons: Horizons, provenance: [String: String] = [:]
  ) {
    self.init(
      environment: world.name, randomization: world.randomization, variation: world.variation,
      controlPeriod: world.controlPeriod, features: world.features, horizons: horizons,
      provenance: provenance)
  }

  enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case environment, randomization, variation
    case controlPeriod = "control_period"
    case features, horizons, provenance, shards
    case episodeCount = "total_episodes"
    case frameCount = "total_frames"
    case labelCount = "total_labels"
  }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    formatVersion = try container.decode(Int.self, forKey: .formatVersion)
    environment = try container.decode(String.self, forKey: .environment)
    randomization = try container.decode(String.self, forKey: .randomization)
    variation = try container.decode(.variation, or: [:])
    controlPeriod = try container.decode(Double.self, forKey: .controlPeriod)
    features = try container.decode(FeatureSet.self, forKey: .features)
    horizons = try container.decode(Horizons.self, forKey: .horizons)
    provenance = try container.decode([String: String].self, forKey: .provenance)
    shards = try container.decode([Shard].self, forKey: .shards)
    guard features.hasShapes else {
      throw UserError(
        "features must have observation.state [n] and action [n], and where they are there observation.environment_state [n, m] and observation.images.top [height, width, 3]"
      )
    }
    for shard in shards where shard.file.contains("/") || shard.file.hasPrefix(".") || shard.file.isEmpty {
      throw UserError("a shard is called '\(shard.file)'; it must be the name of a file in the dataset's own folder")
    }
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(formatVersion, forKey: .formatVersion)
    try container.encode(environment, forKey: .environment)
    try container.encode(randomization, forKey: .randomization)
    if !variation.isEmpty { try container.encode(variation, forKey: .variation) }
    try container.encode(controlPeriod, forKey: .controlPeriod)
    try container.encode(features, forKey: .features)
    try container.encode(horizons, forKey: .horizons)
    try container.encode(provenance, forKey: .provenance)
    try container.encode(shards, forKey: .shards)
    try container.encode(episodeCount, forKey: .episodeCount)
    try container.encode(frameCount, forKey: .frameCount)
    try container.encode(labelCount, forKey: .labelCount)
  }
}

extension DatasetInfo: Limited {
  /// Every number's.
  public static var limits: [NumberLimit<DatasetInfo>] {
    [NumberLimit("control_period", 1e-6...3_600) { $0.controlPeriod }]
  }
}

extension DatasetInfo.Shard: Limited {
  /// Of one file: sums over all files of a dataset are numbers too.
  public static var limits: [NumberLimit<DatasetInfo.Shard>] {
    let counts = 0...1_000_000_000
    return [
      NumberLimit("episodes", counts) { $0.episodes }, NumberLimit("frames", counts) { $0.frames },
      NumberLimit("labels", counts) { $0.labels },
    ]
  }
}

extension DatasetInfo {
  /// How its environment was loaded.
  ///
  /// - Throws: `UserError` where this program does not understand it.
  public var settings: EnvironmentSettings {
    get throws { try EnvironmentSettings(randomization: randomization, variation: variation) }
  }
}

// Where kept episodes go: a dataset that is complete after every one of them.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// A dataset of episodes that a person drove. Each is written as a shard of its own at once, labelled with the chunks
/// that were executed.
public struct TeleopDataset {
  /// What `provenance["source"]` says of such datasets.
  public static let source = DriverName.person.description

  private var writer: EpisodeStoreWriter
  private let labelStride: Int
  /// The seed after the last recorded scene's; nil in an empty dataset.
  public private(set) var nextSeed: UInt64?

  /// Makes a new dataset, or goes on with one that was driven in the same environment before.
  ///
  /// - Parameters:
  ///   - horizons: `prediction` is the length of a label.
  ///   - labelStride: control steps between labelled states.
  /// - Throws: `UserError` where `folder` holds other data, or cannot be made.
  public init(
    at folder: URL, of world: some Environment, horizons: Horizons = Horizons(), labelStride: Int = 2
  ) throws {
    precondition(labelStride > 0, "labels are at least a frame apart")
    self.labelStride = labelStride
    let info = DatasetInfo(
      of: world, horizons: horizons,
      provenance: ["source": Self.source, "label_stride": "\(labelStride)"])
    let infoFile = folder.appendingPathComponent("info.json")
    guard FileManager.default.fileExists(atPath: infoFile.path) else {
      writer = try EpisodeStoreWriter(creating: folder, info: info)
      return
    }
    let store = try EpisodeStore(reading: folder)
    try Self.requireSameSource(store.info, info, in: folder)
    nextSeed = try store.episodes().map(\.info.seed).max().map { $0 &+ 1 }
    writer = try EpisodeStoreWriter(appendingTo: folder)
  }

  private static func requireSameSource(
    _ old: DatasetInfo, _ new: DatasetInfo, in folder: URL
  ) throws {
    var old = old
    if let source = old.provenance["source"] { old.provenance["source"] = DriverName(source).description }
    let difference: String? =
      if old.provenance["source"] != new.provenance["source"] {
        "episodes that '\(old.provenance["source"] ?? "somebody else")' recorded"
      } else if old.environment != new.environment || old.randomization != new.randomization {
        "episodes of '\(old.environment)' at randomization '\(old.randomization)'"
      } else if !old.features.hasLayout(of: new.features) || old.horizons != new.horizons
        || old.provenance != new.provenance || old.variation != new.variation
      {
        "episodes with other settings, features, horizons or labels"
      } else {
        nil
      }
    if let difference {
      throw UserError(
        "\(folder.path) already holds \(difference); choose another folder for --output")
    }
  }

  /// What `info.json` will say.
  public var info: DatasetInfo { writer.info }

  /// Writes an episode before it returns.
  ///
  /// - Parameter hold: the action `[action]` that labels near the episode's end go on with.
  /// - Throws: `UserError` where the disk refuses.
  public mutating func append(_ episode: Episode, hold: Action) throws {
    // A copy, so that an episode that could not be written does not wait in the writer.
    var next = writer
    try next.append([
      episode.labelled(
        byExecutedActions: info.horizons.prediction, stride: labelStride, hold: hold)
    ])
    try next.finish()
    writer = next
    nextSeed = max(nextSeed ?? 0, episode.info.seed &+ 1)
  }
}

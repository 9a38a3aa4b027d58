// One file of episodes: frames of all its episodes end to end, under LeRobot's feature names.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles

/// The layout of a shard.
///
/// ```
///   observation.state              [frames, proprioception]     F32
///   observation.environment_state  [frames, objects, features]  F32
///   observation.images.top         [frames, height, width, 3]   U8, only where the features have a picture
///   …                              [frames, …]                  every other feature that is observed, by its name
///   action                         [frames, action]             F32, as executed
///   episode_index, frame_index     [frames]                     I64
///   task_index                     [frames]                     I64, into the metadata's list `tasks`
///   timestamp                      [frames]                     F32, seconds
///   next.done                      [frames]                     U8, 1 at an episode's last frame
///   next.reward                    [frames]                     F32                             ┐
///   next.terminated                [frames]                     U8, 1 where the task is over    │
///   next.truncated                 [frames]                     U8, 1 where the time is over    │
///   next.success                   [frames]                     U8, 1 where the command is done │ from format
///   driver_index                   [frames]                     I64, into the list `drivers`    │ version 2 on
///   final.episode_index            [ends]                       I64, of episodes with a frame   │
///   final.task_index               [ends]                       I64                             │
///   final.observation.…            [ends, …]                    as observation.…, after the end ┘
///   label.episode_index            [labels]                     I64
///   label.frame_index              [labels]                     I64
///   label.action_chunk             [labels, horizon, action]    F32
///   metadata                       format_version, tasks, drivers, episodes (JSON: info, success, frame count)
/// ```
enum EpisodeShard {
  /// The part of an episode that is no array.
  struct Header: Codable {
    var info: EpisodeInfo
    var success: Bool
    var frames: Int
  }

  /// Writes episodes whose shapes were checked.
  static func write(
    _ episodes: [Episode], firstIndex: Int, info: DatasetInfo, to url: URL
  ) throws {
    let columns = ShardColumns(
      episodes, firstIndex: firstIndex, period: info.controlPeriod, features: info.features)
    let transitions = TransitionColumns(episodes, firstIndex: firstIndex, tasks: columns.tasks)
    let frames = columns.frameIndex.count
    let labels = columns.labelFrame.count
    let features = info.features
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let headers = episodes.map {
      Header(info: $0.info, success: $0.success, frames: $0.frameCount)
    }
    var writer = TensorFileWriter(metadata: [
      "format_version": String(info.formatVersion),
      "tasks": String(decoding: try encoder.encode(transitions.tasks.names), as: UTF8.self),
      "drivers": String(decoding: try encoder.encode(transitions.drivers.names), as: UTF8.self),
      "episodes": String(decoding: try encoder.encode(headers), as: UTF8.self),
    ])
    for feature in features.observations {
      let shape = [frames] + feature.shape
      switch feature.dtype {
      case .float32: writer.add(feature.name, shape: shape, values: columns.observations.floats(feature.name))
      case .uint8: writer.add(feature.name, shape: shape, values: columns.observations.bytes(feature.name))
      }
    }
    writer.add("action", shape: [frames, features.action.count], values: columns.actions)
    writer.add("episode_index", shape: [frames], values: columns.episodeIndex)
    writer.add("frame_index", shape: [frames], values: columns.frameIndex)
    writer.add("task_index", shape: [frames], values: columns.taskIndex)
    writer.add("timestamp", shape: [frames], values: columns.timestamp)
    writer.add("next.done", shape: [frames], values: columns.done)
    writer.add("label.episode_index", shape: [labels], values: columns.labelEpisode)
    writer.add("label.frame_index", shape: [labels], values: columns.labelFrame)
    writer.add(
      "label.action_chunk", shape: [labels, info.horizons.prediction, features.action.count],
      values: columns.labelChunks)
    transitions.add(to: &writer, features: features)
    try writer.write(to: url)
  }
}

/// The columns of a shard, put together from its episodes.
struct ShardColumns {
  /// A row for each frame.
  private(set) var observations: ObservationBatch
  private(set) var actions: [Float] = []
  private(set) var episodeIndex: [Int64] = []
  private(set) var frameIndex: [Int64] = []
  private(set) var taskIndex: [Int64] = []
  private(set) var timestamp: [Float] = []
  private(set) var done: [UInt8] = []
  private(set) var labelEpisode: [Int64] = []
  private(set) var labelFrame: [Int64] = []
  private(set) var labelChunks: [Float] = []
  private(set) var tasks = NameTable()

  /// - Parameter period: seconds between frames.
  init(_ episodes: [Episode], firstIndex: Int, period: Double, features: FeatureSet) {
    observations = ObservationBatch(rows: episodes.reduce(0) { $0 + $1.frameCount }, features: features)
    for (offset, episode) in episodes.enumerated() {
      append(episode, index: firstIndex + offset, period: period)
    }
  }

  private mutating func append(_ episode: Episode, index: Int, period: Double) {
    for (frame, observation) in episode.observations.enumerated() {
      observations.set(observation, row: frameIndex.count, step: 0)
      actions += episode.actions[frame]
      episodeIndex.append(Int64(index))
      frameIndex.append(Int64(frame))
      taskIndex.append(Int64(tasks.index(of: observation.command)))
      timestamp.append(Float(Double(frame) * period))
      done.append(frame == episode.frameCount - 1 ? 1 : 0)
    }
    for (frame, label) in zip(episode.labelFrames, episode.labels) {
      labelEpisode.append(Int64(index))
      labelFrame.append(Int64(frame))
      labelChunks += label.values
    }
  }
}

// One file of episodes: frames of all its episodes end to end, under LeRobot's feature names.

import Foundation
import PlanarCore
import PolicyInterface
import TensorFiles

/// The layout of a shard.
///
/// ```
///   observation.state              [frames, proprioception]     F32
///   observation.environment_state  [frames, objects, features]  F32
///   action                         [frames, action]             F32, as executed
///   episode_index, frame_index     [frames]                     I64
///   task_index                     [frames]                     I64, into the metadata's list `tasks`
///   timestamp                      [frames]                     F32, seconds
///   next.done                      [frames]                     U8, 1 at an episode's last frame
///   label.episode_index            [labels]                     I64
///   label.frame_index              [labels]                     I64
///   label.action_chunk             [labels, horizon, action]    F32
///   metadata                       format_version, tasks, episodes (JSON: info, success, frame count)
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
    var columns = Columns()
    for (offset, episode) in episodes.enumerated() {
      columns.append(episode, index: firstIndex + offset, period: info.controlPeriod)
    }
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
      "tasks": String(decoding: try encoder.encode(columns.tasks.names), as: UTF8.self),
      "episodes": String(decoding: try encoder.encode(headers), as: UTF8.self),
    ])
    writer.add(
      "observation.state", shape: [frames, features.proprioception.count],
      values: columns.proprioception)
    writer.add(
      "observation.environment_state", shape: [frames] + features.objects.shape,
      values: columns.objects)
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
    try writer.write(to: url)
  }

  /// Reads a shard back, exactly as its episodes were.
  ///
  /// - Throws: `UserError` naming the file where it is missing, damaged, or not what `info` says.
  static func read(
    _ url: URL, shard: DatasetInfo.Shard, firstIndex: Int, info: DatasetInfo
  ) throws -> [Episode] {
    let file = try TensorFile(reading: url)
    let features = info.features
    let horizon = info.horizons.prediction
    let headers = try file.json("episodes", as: [Header].self)
    let tasks = try file.json("tasks", as: [String].self)
    guard headers.count == shard.episodes, headers.allSatisfy({ $0.frames >= 0 }),
      headers.reduce(0, { $0 &+ $1.frames }) == shard.frames
    else {
      throw UserError(
        "\(url.path) does not hold the \(shard.episodes) episodes and \(shard.frames) frames that info.json lists; restore the file or record the dataset again"
      )
    }
    let state = try file.floats(
      "observation.state", shape: [shard.frames, features.proprioception.count])
    let objects = try file.floats(
      "observation.environment_state", shape: [shard.frames] + features.objects.shape)
    let actions = try file.floats("action", shape: [shard.frames, features.action.count])
    let taskIndex = try file.int64s("task_index", shape: [shard.frames])
    let labelEpisode = try file.int64s("label.episode_index", shape: [shard.labels])
    let labelFrame = try file.int64s("label.frame_index", shape: [shard.labels])
    let chunks = try file.floats(
      "label.action_chunk", shape: [shard.labels, horizon, features.action.count])
    guard taskIndex.allSatisfy({ tasks.indices.contains(Int($0)) }) else {
      throw UserError("\(url.path): task_index points outside the \(tasks.count) tasks of the file")
    }

    var episodes: [Episode] = []
    var start = 0
    var label = 0
    for (offset, header) in headers.enumerated() {
      let frames = start..<start + header.frames
      var episode = Episode(
        info: header.info, success: header.success,
        observations: frames.map { frame in
          Observation(
            proprioception: row(frame, of: state, features.proprioception.count),
            objects: row(frame, of: objects, features.objects.count),
            command: tasks[Int(taskIndex[frame])])
        },
        actions: frames.map { row($0, of: actions, features.action.count) },
        labelFrames: [], labels: [])
      while label < shard.labels, labelEpisode[label] == firstIndex + offset {
        let frame = Int(labelFrame[label])
        guard 0..<header.frames ~= frame, frame > episode.labelFrames.last ?? -1 else {
          throw UserError("\(url.path): label \(label) stands at frame \(frame), out of place")
        }
        episode.labelFrames.append(frame)
        episode.labels.append(
          ActionChunk(
            horizon: horizon, dimension: features.action.count,
            values: row(label, of: chunks, horizon * features.action.count)))
        label += 1
      }
      episodes.append(episode)
      start = frames.upperBound
    }
    guard label == shard.labels else {
      throw UserError(
        "\(url.path): label \(label) belongs to episode \(labelEpisode[label]), out of place")
    }
    return episodes
  }

  private static func row(_ index: Int, of table: [Float], _ width: Int) -> [Float] {
    Array(table[index * width..<(index + 1) * width])
  }
}

/// The columns of a shard while it is put together.
private struct Columns {
  var proprioception: [Float] = []
  var objects: [Float] = []
  var actions: [Float] = []
  var episodeIndex: [Int64] = []
  var frameIndex: [Int64] = []
  var taskIndex: [Int64] = []
  var timestamp: [Float] = []
  var done: [UInt8] = []
  var labelEpisode: [Int64] = []
  var labelFrame: [Int64] = []
  var labelChunks: [Float] = []
  var tasks = NameTable()

  mutating func append(_ episode: Episode, index: Int, period: Double) {
    for (frame, observation) in episode.observations.enumerated() {
      proprioception += observation.proprioception
      objects += observation.objects
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

extension TensorFile {
  /// A metadata string that holds JSON.
  fileprivate func json<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
    guard let text = metadata[key],
      let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
    else {
      throw UserError("\(url.path): the metadata '\(key)' is missing or damaged")
    }
    return value
  }
}

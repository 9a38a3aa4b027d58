// Reading a shard back, with every claim of its header and of info.json checked.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles

extension EpisodeShard {
  /// Reads a shard back, exactly as its episodes were.
  ///
  /// - Parameter includesImages: false leaves pictures out where the shard has them.
  /// - Throws: `UserError` naming the file where it is missing, damaged, or not what `info` says.
  static func read(
    _ url: URL, shard: DatasetInfo.Shard, firstIndex: Int, info: DatasetInfo,
    includesImages: Bool = true
  ) throws -> [Episode] {
    let file = try TensorFile(reading: url)
    let headers = try file.json("episodes", as: [Header].self)
    guard headers.count == shard.episodes, headers.allSatisfy({ 0...shard.frames ~= $0.frames }),
      headers.reduce(0, { $0 &+ $1.frames }) == shard.frames
    else {
      throw UserError(
        "\(url.path) does not hold the \(shard.episodes) episodes and \(shard.frames) frames that info.json lists; restore the file or record the dataset again"
      )
    }
    if let expected = shard.checksum {
      let found = try Checksum.text(ofFile: url)
      guard found == expected else {
        throw UserError(
          "\(url.path) has the checksum \(found), but info.json lists \(expected): bytes of it have changed since it was written; restore the file or record the dataset again"
        )
      }
    }
    let observations = try observations(
      of: file, count: shard.frames, features: info.features, includesImages: includesImages)
    let actions: [[Float]] = try file.rows("action", shape: [shard.frames, info.features.action.count])
    var episodes: [Episode] = []
    var start = 0
    for header in headers {
      let own = start..<start + header.frames
      episodes.append(
        Episode(
          info: header.info, success: header.success, observations: Array(observations[own]),
          actions: Array(actions[own])))
      start = own.upperBound
    }
    try addLabels(of: file, shard: shard, firstIndex: firstIndex, info: info, to: &episodes)
    if info.formatVersion == 1 {
      deriveTransitions(info: info, in: &episodes)
    } else {
      try addTransitions(
        of: file, firstIndex: firstIndex, info: info, includesImages: includesImages, to: &episodes)
    }
    return episodes
  }

  /// Observations of the columns whose names begin with `prefix`, `count` of them.
  static func observations(
    of file: TensorFile, prefix: String = "", count: Int, features: FeatureSet, includesImages: Bool
  ) throws -> [Observation] {
    let tasks = try file.json("tasks", as: [String].self)
    let taskIndex = try file.int64s(prefix + "task_index", shape: [count])
    guard taskIndex.allSatisfy({ tasks.indices.contains(Int($0)) }) else {
      throw UserError("\(file.url.path): \(prefix)task_index points outside the \(tasks.count) tasks of the file")
    }
    let states: [[Float]] = try file.rows(
      prefix + "observation.state", shape: [count, features.proprioception.count])
    let objects: [[Float]] = try file.rows(
      prefix + "observation.environment_state", shape: [count] + features.objects.shape)
    let touch: [[Float]]? = try features.touch.map {
      try file.rows(prefix + touchName, shape: [count, $0.count])
    }
    let images: [[UInt8]]? = try (includesImages ? features.image : nil).map {
      try file.rows(prefix + imageName, shape: [count] + $0.shape)
    }
    return (0..<count).map { index in
      Observation(
        proprioception: states[index], objects: objects[index], command: tasks[Int(taskIndex[index])],
        image: images?[index] ?? [], touch: touch?[index] ?? [])
    }
  }

  private static func addLabels(
    of file: TensorFile, shard: DatasetInfo.Shard, firstIndex: Int, info: DatasetInfo,
    to episodes: inout [Episode]
  ) throws {
    let horizon = info.horizons.prediction
    let width = info.features.action.count
    let labelEpisode = try file.int64s("label.episode_index", shape: [shard.labels])
    let labelFrame = try file.int64s("label.frame_index", shape: [shard.labels])
    let chunks: [[Float]] = try file.rows(
      "label.action_chunk", shape: [shard.labels, horizon, width])
    var episode = 0
    for label in 0..<shard.labels {
      while episode < episodes.count, labelEpisode[label] != firstIndex + episode { episode += 1 }
      guard episode < episodes.count else {
        throw UserError(
          "\(file.url.path): label \(label) belongs to episode \(labelEpisode[label]), out of place")
      }
      let frame = Int(labelFrame[label])
      guard 0..<episodes[episode].frameCount ~= frame,
        frame > episodes[episode].labelFrames.last ?? -1
      else {
        throw UserError("\(file.url.path): label \(label) stands at frame \(frame), out of place")
      }
      episodes[episode].labelFrames.append(frame)
      episodes[episode].labels.append(
        ActionChunk(horizon: horizon, dimension: width, values: chunks[label]))
    }
  }

  /// Checks the columns that only foreign readers use, numbers of episodes and frames, times and ends, and that ends and
  /// successes are in keeping with each other.
  ///
  /// - Parameter episodes: what the shard was read as.
  /// - Throws: `UserError` naming the file and the column.
  static func checkColumns(
    _ url: URL, against episodes: [Episode], firstIndex: Int, info: DatasetInfo
  ) throws {
    let file = try TensorFile(reading: url)
    let columns = ShardColumns(
      episodes, firstIndex: firstIndex, period: info.controlPeriod, features: info.features)
    let numbers = [
      ("episode_index", columns.episodeIndex), ("frame_index", columns.frameIndex),
    ]
    for (name, expected) in numbers {
      let found = try file.int64s(name, shape: [expected.count])
      if let frame = found.indices.first(where: { found[$0] != expected[$0] }) {
        throw UserError(
          "\(url.path): \(name) of frame \(frame) is \(found[frame]), but must be \(expected[frame])")
      }
    }
    let times = try file.floats("timestamp", shape: [columns.timestamp.count])
    if let frame = times.indices.first(where: { !(abs(times[$0] - columns.timestamp[$0]) <= 1e-4) }) {
      throw UserError(
        "\(url.path): timestamp of frame \(frame) is \(times[frame]) s, but must be \(columns.timestamp[frame]) s"
      )
    }
    guard try file.values("next.done", as: UInt8.self, shape: [columns.done.count]) == columns.done
    else { throw UserError("\(url.path): next.done does not mark the last frames of its episodes") }
    try checkEnds(url, of: episodes, firstIndex: firstIndex)
  }
}

extension TensorFile {
  /// A metadata string that holds JSON.
  func json<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
    guard let text = metadata[key],
      let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
    else {
      throw UserError("\(url.path): the metadata '\(key)' is missing or damaged")
    }
    return value
  }

  /// The rows along a tensor's first axis, each as an array of its own.
  fileprivate func rows<Element: TensorElement>(_ name: String, shape: [Int]) throws -> [[Element]] {
    let width = shape.dropFirst().reduce(1, *)
    return try withValues(name, as: Element.self, shape: shape) { values in
      (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
  }
}

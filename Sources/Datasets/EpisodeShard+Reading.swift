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
    var seen = features
    if !includesImages { seen.observations.removeAll { $0.dtype == .uint8 } }
    let layout = ObservationLayout(seen)
    var floats = emptyRows(count, width: layout.floatCount) as [[Float]]
    var bytes = emptyRows(count, width: layout.byteCount) as [[UInt8]]
    for feature in seen.observations {
      let shape = [count] + feature.shape
      switch feature.dtype {
      case .float32: try file.append(prefix + feature.name, shape: shape, to: &floats)
      case .uint8: try file.append(prefix + feature.name, shape: shape, to: &bytes)
      }
    }
    return (0..<count).map { index in
      Observation(
        layout: layout, floats: floats[index], bytes: bytes[index], command: tasks[Int(taskIndex[index])])
    }
  }

  /// Rows with room for so many elements each.
  private static func emptyRows<Element>(_ count: Int, width: Int) -> [[Element]] {
    (0..<count).map { _ in
      var row: [Element] = []
      row.reserveCapacity(width)
      return row
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

  /// Appends the rows along a tensor's first axis to arrays that are there already.
  fileprivate func append<Element: TensorElement>(_ name: String, shape: [Int], to rows: inout [[Element]]) throws {
    let width = shape.dropFirst().reduce(1, *)
    try withValues(name, as: Element.self, shape: shape) { values in
      for row in rows.indices { rows[row] += values[row * width..<(row + 1) * width] }
    }
  }
}

// What makes the transitions of a shard whole: outcomes of steps, drivers and final observations (format version 2).

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles

/// The columns that format version 2 adds, put together from complete episodes.
struct TransitionColumns {
  private(set) var rewards: [Float] = []
  private(set) var terminated: [UInt8] = []
  private(set) var truncated: [UInt8] = []
  private(set) var successes: [UInt8] = []
  private(set) var driverIndex: [Int64] = []
  private(set) var drivers = NameTable()
  private(set) var finalEpisode: [Int64] = []
  private(set) var finalTask: [Int64] = []
  /// The shard's commands, those of final observations added.
  private(set) var tasks: NameTable
  private var finals: [Observation] = []

  static let finalPrefix = "final."

  /// - Parameter tasks: the commands of the frames.
  init(_ episodes: [Episode], firstIndex: Int, tasks: NameTable) {
    self.tasks = tasks
    for (offset, episode) in episodes.enumerated() {
      rewards += episode.rewards
      terminated += episode.terminated.map { $0 ? 1 : 0 }
      truncated += episode.truncated.map { $0 ? 1 : 0 }
      successes += episode.successes.map { $0 ? 1 : 0 }
      for driver in episode.drivers { driverIndex.append(Int64(drivers.index(of: driver))) }
      guard let final = episode.finalObservation else { continue }
      finalEpisode.append(Int64(firstIndex + offset))
      finalTask.append(Int64(self.tasks.index(of: final.command)))
      finals.append(final)
    }
  }

  /// Adds the columns to a shard.
  func add(to writer: inout TensorFileWriter, features: FeatureSet) {
    let frames = rewards.count
    let ends = finals.count
    writer.add("next.reward", shape: [frames], values: rewards)
    writer.add("next.terminated", shape: [frames], values: terminated)
    writer.add("next.truncated", shape: [frames], values: truncated)
    writer.add("next.success", shape: [frames], values: successes)
    writer.add("driver_index", shape: [frames], values: driverIndex)
    let prefix = Self.finalPrefix
    writer.add(prefix + "episode_index", shape: [ends], values: finalEpisode)
    writer.add(prefix + "task_index", shape: [ends], values: finalTask)
    var batch = ObservationBatch(rows: ends, features: features)
    for (row, final) in finals.enumerated() { batch.set(final, row: row, step: 0) }
    for feature in features.observations {
      let shape = [ends] + feature.shape
      switch feature.dtype {
      case .float32: writer.add(prefix + feature.name, shape: shape, values: batch.floats(feature.name))
      case .uint8: writer.add(prefix + feature.name, shape: shape, values: batch.bytes(feature.name))
      }
    }
  }
}

extension EpisodeShard {
  /// Fills in the outcomes, drivers and final observations of episodes that were read without them.
  ///
  /// - Throws: `UserError` naming the file and the column that is missing or damaged.
  static func addTransitions(
    of file: TensorFile, firstIndex: Int, info: DatasetInfo, includesImages: Bool, to episodes: inout [Episode]
  ) throws {
    let frames = episodes.reduce(0) { $0 + $1.frameCount }
    let drivers = try file.json("drivers", as: [String].self)
    let rewards = try file.floats("next.reward", shape: [frames])
    let terminated = try file.values("next.terminated", as: UInt8.self, shape: [frames])
    let truncated = try file.values("next.truncated", as: UInt8.self, shape: [frames])
    let successes = try file.values("next.success", as: UInt8.self, shape: [frames])
    let driverIndex = try file.int64s("driver_index", shape: [frames])
    guard driverIndex.allSatisfy({ 0..<Int64(drivers.count) ~= $0 }) else {
      throw UserError("\(file.url.path): driver_index points outside the \(drivers.count) drivers of the file")
    }
    var start = 0
    for index in episodes.indices {
      let own = start..<start + episodes[index].frameCount
      episodes[index].rewards = Array(rewards[own])
      episodes[index].terminated = terminated[own].map { $0 != 0 }
      episodes[index].truncated = truncated[own].map { $0 != 0 }
      episodes[index].successes = successes[own].map { $0 != 0 }
      episodes[index].drivers = driverIndex[own].map { drivers[Int($0)] }
      start = own.upperBound
    }
    try addFinalObservations(
      of: file, firstIndex: firstIndex, info: info, includesImages: includesImages, to: &episodes)
  }

  private static func addFinalObservations(
    of file: TensorFile, firstIndex: Int, info: DatasetInfo, includesImages: Bool, to episodes: inout [Episode]
  ) throws {
    let ended = episodes.indices.filter { episodes[$0].frameCount > 0 }
    let prefix = TransitionColumns.finalPrefix
    let finals = try observations(
      of: file, prefix: prefix, count: ended.count, features: info.features, includesImages: includesImages)
    let numbers = try file.int64s(prefix + "episode_index", shape: [ended.count])
    guard numbers == ended.map({ Int64(firstIndex + $0) }) else {
      throw UserError("\(file.url.path): \(prefix)episode_index does not list the episodes that have a frame")
    }
    for (index, final) in zip(ended, finals) { episodes[index].finalObservation = final }
  }

  /// What version 1 tells of its transitions: a success ends its episode by the task's rules; how a failure ended is not
  /// said and taken for the time limit; the driver is known where all episodes have the same.
  static func deriveTransitions(info: DatasetInfo, in episodes: inout [Episode]) {
    for index in episodes.indices {
      let count = episodes[index].frameCount
      let success = episodes[index].success
      episodes[index].terminated = (0..<count).map { $0 == count - 1 && success }
      episodes[index].truncated = (0..<count).map { $0 == count - 1 && !success }
      episodes[index].successes = episodes[index].terminated
      if let driver = info.onlyDriver { episodes[index].drivers = Array(repeating: driver, count: count) }
    }
  }

  /// Checks that episodes end where their last frames are, and as their headers say.
  ///
  /// - Throws: `UserError` naming the file and the episode.
  static func checkEnds(_ url: URL, of episodes: [Episode], firstIndex: Int) throws {
    for (offset, episode) in episodes.enumerated() {
      let ends = zip(episode.terminated, episode.truncated).map { $0 || $1 }
      if let frame = ends.dropLast().firstIndex(of: true) {
        throw UserError(
          "\(url.path): next.terminated or next.truncated ends episode \(firstIndex + offset) at frame \(frame), before its last"
        )
      }
      guard episode.frameCount == 0 || episode.successes.last == episode.success else {
        throw UserError(
          "\(url.path): next.success of the last frame of episode \(firstIndex + offset) is not what the episode's header says"
        )
      }
    }
  }
}

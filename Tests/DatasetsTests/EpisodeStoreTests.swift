// A folder of episodes gives back exactly what was put in, survives being killed, and refuses damage.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles
import Testing

@Suite struct EpisodeStoreTests {
  let folder = TemporaryFolder()
  var root: URL { folder.root.appendingPathComponent("data") }

  private func write(_ episodes: [Episode]) throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    try writer.append(episodes)
    try writer.finish()
  }

  @Test func episodesComeBackExactly() throws {
    let episodes = sampleEpisodes(0..<600)
    try write(episodes)
    let store = try EpisodeStore(reading: root)
    #expect(try store.episodes() == episodes)
    #expect(try store.episodes(limit: 3) == Array(episodes.prefix(3)))
    #expect(try store.episodes(inShard: 1) == Array(episodes[256..<512]))
    #expect(store.info.shards.map(\.episodes) == [256, 256, 88])
    #expect(store.info.episodeCount == 600)
    #expect(store.info.frameCount == episodes.reduce(0) { $0 + $1.frameCount })
    #expect(store.info.labelCount == 450 * 3)
    #expect(store.info.provenance == ["actor": "expert"])
    #expect(store.info.features == sampleFeatures)
  }

  @Test func anEmptyDatasetAndAnEmptyEpisodeAreFine() throws {
    try write([])
    #expect(try EpisodeStore(reading: root).episodes() == [])
    var writer = try EpisodeStoreWriter(appendingTo: root)
    let empty = sampleEpisode(0, frames: 0, labelFrames: [])
    try writer.append([empty, sampleEpisode(1, frames: 2, labelFrames: [1])])
    try writer.finish()
    #expect(
      try EpisodeStore(reading: root).episodes()
        == [empty, sampleEpisode(1, frames: 2, labelFrames: [1])])
  }

  @Test func appendingGivesTheSameStatisticsAsWritingAtOnce() throws {
    let episodes = sampleEpisodes(0..<30)
    try write(Array(episodes[0..<20]))
    var writer = try EpisodeStoreWriter(appendingTo: root)
    try writer.append(Array(episodes[20..<30]))
    try writer.finish()
    #expect(try EpisodeStore(reading: root).episodes() == episodes)

    let data = try Data(contentsOf: root.appendingPathComponent("stats.json"))
    let statistics = try JSONDecoder().decode(DatasetStatistics.self, from: data)
    let indices = episodes.flatMap { $0.observations.map { Double($0.proprioception[0]) } }
    let mean = indices.reduce(0, +) / Double(indices.count)
    let variance = indices.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(indices.count)
    let state = try #require(statistics["observation.state"])
    #expect(abs(state.mean[0] - mean) < 1e-9)
    #expect(abs(state.std[0] - variance.squareRoot()) < 1e-9)
    #expect(state.min[0] == 0 && state.max[0] == 29)
    let objects = try #require(statistics["observation.environment_state"])
    #expect(objects.mean.count == 2 && objects.count == 3 * indices.count)
    #expect(statistics["action"]?.count == indices.count)
  }

  /// What a killed run leaves: finished shards, a shard not yet listed, a partial file.
  @Test func aKilledWriterLeavesAValidDataset() throws {
    let episodes = sampleEpisodes(0..<300)
    var killed = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    try killed.append(episodes)  // 256 written, 44 in memory, no `finish`.
    try Data("rubbish".utf8).write(to: root.appendingPathComponent("episodes-00001.safetensors"))
    try Data("rubbish".utf8).write(
      to: root.appendingPathComponent("episodes-00001.safetensors.partial"))
    #expect(try EpisodeStore(reading: root).episodes() == Array(episodes[0..<256]))

    var resumed = try EpisodeStoreWriter(appendingTo: root)
    #expect(resumed.info.episodeCount == 256)
    try resumed.append(Array(episodes[256...]))
    try resumed.finish()
    #expect(try EpisodeStore(reading: root).episodes() == episodes)
  }

  @Test func theShardHasLeRobotsNames() throws {
    try write([sampleEpisode(0, frames: 4, labelFrames: [1, 3])])
    let file = try TensorFile(reading: root.appendingPathComponent("episodes-00000.safetensors"))
    #expect(
      file.names == [
        "action", "driver_index", "episode_index", "final.episode_index",
        "final.observation.environment_state", "final.observation.state", "final.task_index", "frame_index",
        "label.action_chunk", "label.episode_index", "label.frame_index", "next.done", "next.reward",
        "next.success", "next.terminated", "next.truncated", "observation.environment_state",
        "observation.state", "task_index", "timestamp",
      ])
    #expect(try file.tensor("label.action_chunk").shape == [2, 4, 2])
    #expect(try file.tensor("observation.environment_state").shape == [4, 3, 2])
    #expect(try file.floats("timestamp") == [0, 0.1, 0.2, 0.3])
    #expect(try file.values("next.done", as: UInt8.self) == [0, 0, 0, 1])
    #expect(file.metadata["tasks"] == #"["push 빨간","now stop"]"#)
    #expect(try file.floats("next.reward") == [0, 1, 2, 3].map { Float($0) / 3 })
    #expect(try file.values("next.terminated", as: UInt8.self) == [0, 0, 0, 1])
    #expect(try file.values("next.truncated", as: UInt8.self) == [0, 0, 0, 0])
    #expect(try file.values("next.success", as: UInt8.self) == [0, 0, 0, 1])
    #expect(try file.int64s("driver_index") == [0, 0, 0, 1])
    #expect(file.metadata["drivers"] == #"["learner 0","expert"]"#)
    #expect(try file.floats("final.observation.state") == [0, 4])
    #expect(try file.int64s("final.episode_index") == [0] && file.int64s("final.task_index") == [1])
  }

  @Test func aMissingShardIsNamed() throws {
    try write(sampleEpisodes(0..<4))
    let shard = root.appendingPathComponent("episodes-00000.safetensors")
    try FileManager.default.removeItem(at: shard)
    #expect(throws: UserError("cannot open \(shard.path): No such file or directory")) {
      try EpisodeStore(reading: root).episodes()
    }
  }

  @Test func aTruncatedShardIsNamed() throws {
    try write(sampleEpisodes(0..<4))
    let shard = root.appendingPathComponent("episodes-00000.safetensors")
    let whole = try Data(contentsOf: shard)
    for count in [0, 7, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(count).write(to: shard)
      let error = #expect(throws: UserError.self) { try EpisodeStore(reading: root).episodes() }
      #expect(error?.message.contains(shard.path) == true)
    }
  }

  /// A byte of a shard may be wrong: it is refused by a sentence or read as other numbers, never a crash.
  @Test func aDamagedByteNeverCrashes() throws {
    try write(sampleEpisodes(0..<3))
    let shard = root.appendingPathComponent("episodes-00000.safetensors")
    let whole = try Data(contentsOf: shard)
    let handle = try FileHandle(forUpdating: shard)
    for place in stride(from: 0, to: whole.count, by: 13) {
      for byte in [0xff, UInt8(ascii: "9"), whole[place]] {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte])
        do {
          #expect(try EpisodeStore(reading: root).episodes().count == 3)
        } catch {
          #expect((error as? UserError)?.message.contains(shard.path) == true)
        }
      }
    }
  }

  @Test func aShardOfAnotherDatasetIsRefused() throws {
    try write(sampleEpisodes(0..<4))
    let shard = root.appendingPathComponent("episodes-00000.safetensors")
    let other = folder.root.appendingPathComponent("other")
    var writer = try EpisodeStoreWriter(creating: other, info: sampleInfo())
    try writer.append(sampleEpisodes(0..<3))
    try writer.finish()
    try FileManager.default.removeItem(at: shard)
    try FileManager.default.copyItem(
      at: other.appendingPathComponent("episodes-00000.safetensors"), to: shard)
    #expect(
      throws: UserError(
        "\(shard.path) does not hold the 4 episodes and 23 frames that info.json lists; restore the file or record the dataset again"
      )
    ) { try EpisodeStore(reading: root).episodes() }
  }

  @Test func badFoldersAreRefused() throws {
    #expect(
      throws: UserError(
        "\(root.path) is no dataset: it has no readable info.json; record one first")
    ) { try EpisodeStore(reading: root) }
    try write([])
    #expect(
      throws: UserError(
        "\(root.path) already holds a dataset; choose another folder or append to this one")
    ) { try EpisodeStoreWriter(creating: root, info: sampleInfo()) }
    let info = root.appendingPathComponent("info.json")
    let text = try String(contentsOf: info, encoding: .utf8)
    try text.replacingOccurrences(of: "\"format_version\" : 2", with: "\"format_version\" : 9")
      .write(to: info, atomically: true, encoding: .utf8)
    #expect(
      throws: UserError(
        "\(info.path) has format version 9, this program reads 1 and 2; record the dataset again")
    ) { try EpisodeStore(reading: root) }
    try "{".write(to: info, atomically: true, encoding: .utf8)
    let error = #expect(throws: UserError.self) { try EpisodeStore(reading: root) }
    #expect(error?.message == "\(info.path):1: is not valid JSON: a key in quotes is expected")
  }

  /// What of info.json does not fit is told with file, line and key, before anything is read or allocated for it.
  @Test(arguments: [
    ("\"prediction\" : 4", "\"prediction\" : 4611686018427387904", "'horizons.prediction' must be a whole number"),
    ("\"frames\" : ", "\"frames\" : -", "'shards[0].frames' must be a whole number from 0 to 1000000000, not -"),
    ("\"file\" : \"", "\"file\" : \"../", "'shards' "),
    ("\"control_period\" : 0.1", "\"control_period\" : 0", "'control_period' must be a number"),
  ])
  func infoThatCannotBe(text: String, replacement: String, message: String) throws {
    try write([sampleEpisode(0, frames: 3, labelFrames: [0])])
    let info = root.appendingPathComponent("info.json")
    let before = try String(contentsOf: info, encoding: .utf8)
    let after = before.replacingOccurrences(of: text, with: replacement)
    try #require(after != before, "\(before)")
    try after.write(to: info, atomically: true, encoding: .utf8)
    let error = #expect(throws: UserError.self) { try EpisodeStore(reading: root) }
    let said = error?.message ?? ""
    #expect(said.hasPrefix("\(info.path)"), "\(said)")
    if !message.hasPrefix("'shards'") { #expect(said.contains(message), "\(said)") }
  }

  /// The features of a dataset are checked as a whole: shapes, names, bounds and anchors fit each other.
  @Test func featuresThatCannotBe() throws {
    let edits: [(String, (inout [String: Any]) -> Void)] = [
      ("the shape [4294967296, 4294967296]: more than", { $0["shape"] = [4_294_967_296, 4_294_967_296] }),
      ("but 0 names in 'elements'", { $0["elements"] = [String]() }),
      ("but 1 entries in 'bounds'", { $0["bounds"] = [["least": 0, "greatest": 1]] }),
      (
        "whose least, 2.0, is more",
        { spec in
          let count = (spec["elements"] as! [String]).count
          spec["bounds"] = Array(repeating: ["least": 2, "greatest": 1], count: count)
        }
      ),
      ("give one to 6 counts", { $0["shape"] = [Int]() }),
    ]
    try write([sampleEpisode(0, frames: 3, labelFrames: [0])])
    let url = root.appendingPathComponent("info.json")
    let original = try Data(contentsOf: url)
    for (message, edit) in edits {
      var info = try JSONSerialization.jsonObject(with: original) as! [String: Any]
      var features = info["features"] as! [String: Any]
      var list = features["observations"] as! [[String: Any]]
      edit(&list[0])
      features["observations"] = list
      info["features"] = features
      try JSONSerialization.data(withJSONObject: info).write(to: url)
      let error = #expect(throws: UserError.self) { try EpisodeStore(reading: root) }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("'features.observations[0]'") == true, "\(error?.message ?? "")")
    }
    var info = try JSONSerialization.jsonObject(with: original) as! [String: Any]
    var features = info["features"] as! [String: Any]
    var action = features["action"] as! [String: Any]
    let count = (action["elements"] as! [String]).count
    action["anchors"] = Array(repeating: ["element": 99, "least": 0, "greatest": 1], count: count)
    features["action"] = action
    info["features"] = features
    try JSONSerialization.data(withJSONObject: info).write(to: url)
    let error = #expect(throws: UserError.self) { try EpisodeStore(reading: root) }
    #expect(error?.message.contains("is number 99 of observation.state") == true, "\(error?.message ?? "")")
  }

  /// A dataset that was changed by hand is not learned from, and the number at fault is named.
  @Test func numbersThatAreNoneAreNamed() throws {
    var episode = sampleEpisode(2, frames: 3, labelFrames: [0])
    let features = sampleInfo().features
    #expect(episode.firstNotFinite(of: features) == nil)
    episode.labels[0].values[1] = .infinity
    #expect(episode.firstNotFinite(of: features)?.hasPrefix("label at frame 0: ") == true)
    episode.actions[1][0] = .nan
    #expect(episode.firstNotFinite(of: features) == "frame 1: \(features.action.elements[0]) of action is nan")
  }

  @Test func episodesOfOtherShapesOrNotFiniteAreRefused() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    let long = sampleEpisode(0, frames: 3, labelFrames: [0], horizon: 5)
    #expect(throws: UserError.self) { try writer.append([long]) }
    var short = sampleEpisode(0, frames: 3, labelFrames: [])
    short.actions.removeLast()
    #expect(throws: UserError.self) { try writer.append([short]) }
    var broken = sampleEpisode(7, frames: 3, labelFrames: [0])
    broken.observations[1].objects[2] = .nan
    #expect(
      throws: UserError(
        "the episode of seed \(UInt64.max - 7) holds a number that is not finite; it was not stored in \(root.path)"
      )
    ) { try writer.append([broken]) }
    broken = sampleEpisode(7, frames: 3, labelFrames: [0])
    broken.rewards[2] = .infinity
    #expect(throws: UserError.self) { try writer.append([broken]) }
  }

  /// Nothing goes into a dataset from which rewards, ends, drivers or the last observation cannot be learned.
  @Test func incompleteEpisodesAreRefused() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    let whole = sampleEpisode(2, frames: 3, labelFrames: [0])
    #expect(whole.isComplete)
    let spoilers: [(inout Episode) -> Void] = [
      { $0.rewards = [] }, { $0.terminated.removeLast() }, { $0.truncated = [] }, { $0.successes = [] },
      { $0.drivers = ["expert"] }, { $0.finalObservation = nil },
    ]
    for spoil in spoilers {
      var episode = whole
      spoil(&episode)
      #expect(!episode.isComplete)
      let error = #expect(throws: UserError.self) { try writer.append([episode]) }
      #expect(error?.message.contains("does not hold a reward, an end and a driver for every frame") == true)
    }
    var other = whole
    other.finalObservation!.objects = []
    let error = #expect(throws: UserError.self) { try writer.append([other]) }
    #expect(error?.message.contains("does not have the shapes") == true)
    try writer.append([whole])
  }
}

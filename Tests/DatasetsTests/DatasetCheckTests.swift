// What a check finds in shards that can be read, and says with place and number.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct DatasetCheckTests {
  /// The one problem of a dataset.
  private func problem(_ data: FourShards) throws -> DatasetCheck.Problem {
    let problems = try DatasetCheck(of: data.root).problems
    #expect(problems.count == 1, "\(problems)")
    return try #require(problems.first)
  }

  @Test func numbersThatAreNotFinite() throws {
    let data = try FourShards()
    try data.rewrite(1, "observation.environment_state", as: Float.self) { $0[6 * 7 + 3] = .nan }
    let problem = try problem(data)
    #expect(problem.kind == .notFinite && problem.file == "episodes-00001.safetensors")
    #expect(
      problem.problem
        == "episodes-00001.safetensors: episode 4 (seed 1000004), frame 1: b of observation.environment_state is nan"
    )
  }

  @Test func actionsAndLabelsOutOfRange() throws {
    let data = try FourShards()
    try data.rewrite(0, "action", as: Float.self) {
      $0[3] = 1.5
      $0[5] = -2
    }
    // The statistics are right about what is stored, so stats.json is told to differ, too.
    let problems = try DatasetCheck(of: data.root).problems
    #expect(problems.map(\.kind) == [.actionRange, .statistics])
    #expect(problems[0].count == 2)
    #expect(
      problems[0].problem
        == "episodes-00000.safetensors: episode 0 (seed 1000000), frame 1: action dy is 1.5, outside of [-1, 1] (the first of 2 cases)"
    )
    let other = try FourShards()
    try other.rewrite(3, "label.action_chunk", as: Float.self) { $0[8 + 7] = .infinity }
    #expect(try self.problem(other).kind == .notFinite)
    try other.rewrite(3, "label.action_chunk", as: Float.self) { $0[8 + 7] = -3 }
    let label = try self.problem(other)
    #expect(label.kind == .labelRange && label.problem.contains("label at frame 3: dy is -3.0"))
  }

  @Test func observationsOutOfBounds() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    var features = sampleFeatures
    features.proprioception.bounds = [FeatureSpec.Bounds(0, 2), FeatureSpec.Bounds(0, 5)]
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo(features))
    try writer.append((0..<4).map(soundEpisode))
    try writer.finish()
    let problems = try DatasetCheck(of: root).problems
    #expect(problems.map(\.kind) == [.bounds])
    // The y of all four final observations, and the x of the last episode's frames and its final observation.
    #expect(problems[0].count == 4 + 7)
    #expect(
      problems[0].problem.hasPrefix(
        "episodes-00000.safetensors: episode 0 (seed 1000000), final observation: y (m) of observation.state is 6.0, outside of its bounds [0.0, 5.0]"
      ))
  }

  @Test func seedsThatAreReservedOrComeTwice() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    var episodes = (0..<4).map(soundEpisode)
    episodes[1].info.seed = 17
    episodes[2].info.seed = 500_000
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    try writer.append(episodes)
    try writer.finish()
    try writer.append([episodes[3]])
    try writer.finish()
    let problems = try DatasetCheck(of: root).problems
    #expect(problems.map(\.kind) == [.reservedSeed, .duplicateSeed])
    #expect(problems[0].count == 2)
    #expect(problems[0].problem.contains("episode 1 (seed 17) has a seed reserved for evaluation"))
    #expect(
      problems[1].problem
        == "episodes-00001.safetensors: episode 4 (seed 1000003) has the seed of episode 3")
    let seeds = try #require(try DatasetSummary(of: EpisodeStore(reading: root)).seeds)
    #expect(seeds.first == 17 && seeds.last == 1_000_003)
    #expect(seeds.evaluation == 1 && seeds.tuning == 1 && seeds.training == 3)
  }

  @Test func statisticsThatDoNotFit() throws {
    let data = try FourShards()
    try data.edit(
      "stats.json", "\"count\" : 72,\n    \"max\" : [\n      0.7", "\"count\" : 72,\n    \"max\" : [\n      0.8")
    #expect(
      try problem(data).problem.hasPrefix("stats.json says the max of dx of action is 0.8"))
    try FileManager.default.removeItem(at: data.root.appendingPathComponent("stats.json"))
    #expect(try problem(data).problem == "stats.json is missing or cannot be read")
    try Data("[]".utf8).write(to: data.root.appendingPathComponent("stats.json"))
    #expect(try problem(data).problem.hasPrefix("stats.json is damaged: "))
    try Data("{}".utf8).write(to: data.root.appendingPathComponent("stats.json"))
    #expect(
      try DatasetCheck(of: data.root).problems.map(\.problem)
        == ["observation.state", "observation.environment_state", "action"].map {
          "stats.json has no statistics of \($0)"
        })
  }

  @Test func infoThatContradictsItself() throws {
    let data = try FourShards()
    try data.edit("info.json", "\"total_frames\" : 72", "\"total_frames\" : 71")
    #expect(try problem(data).problem == "info.json says total_frames 71, but its shards have 72")
  }

  /// A file that is listed again and again is read once, and is refused where data are learned from.
  @Test func aShardThatIsListedAgain() throws {
    let data = try FourShards()
    try data.edit("info.json", "episodes-00002.safetensors", "episodes-00001.safetensors")
    let problems = try DatasetCheck(of: data.root).problems
    #expect(problems.map(\.kind) == [.info, .damagedShard])
    #expect(problems.first?.problem == "info.json lists episodes-00001.safetensors twice")
    #expect(problems.last?.problem.hasPrefix("episodes-00001.safetensors stands twice in info.json's list") == true)
    let store = try EpisodeStore(reading: data.root)
    #expect {
      try store.episodes()
    } throws: { "\($0)".contains(data.root.path) && "\($0)".contains("stands twice in info.json's list of shards") }
    #expect((0..<4).map(store.firstEpisode) == [0, 3, 6, 9] && store.shard(ofEpisode: 8) == 2)
  }

  @Test func columnsOfForeignReaders() throws {
    let data = try FourShards()
    try data.rewrite(2, "frame_index", as: Int64.self) { $0[4] = 9 }
    let problem = try problem(data)
    #expect(
      problem.problem == "episodes-00002.safetensors: frame_index of frame 4 is 9, but must be 4")
    let other = try FourShards()
    try other.rewrite(2, "next.done", as: UInt8.self) { $0[4] = 1 }
    #expect(try self.problem(other).problem.contains("next.done"))
    // Ends and successes must be in keeping with the frames.
    let early = try FourShards()
    try early.rewrite(2, "next.truncated", as: UInt8.self) { $0[2] = 1 }
    #expect(try self.problem(early).problem.contains("ends episode 6 at frame 2, before its last"))
    let denied = try FourShards()
    try denied.rewrite(2, "next.success", as: UInt8.self) { $0[5] = 0 }
    #expect(try self.problem(denied).problem.contains("next.success of the last frame of episode 6"))
    let unpaid = try FourShards()
    try unpaid.rewrite(1, "next.reward", as: Float.self) { $0[4] = .nan }
    #expect(try self.problem(unpaid).problem.hasSuffix("episode 3 (seed 1000003), frame 4: next.reward is nan"))
    let third = try FourShards()
    try third.rewrite(2, "timestamp", as: Float.self) { $0[3] = 2 }
    #expect(try self.problem(third).problem.contains("timestamp of frame 3 is 2.0 s"))
  }

  @Test func filesThatAKilledRunLeft() throws {
    let data = try FourShards()
    try Data().write(to: data.root.appendingPathComponent("episodes-00004.safetensors.partial"))
    let check = try DatasetCheck(of: data.root)
    #expect(check.problems.isEmpty)
    #expect(check.notes.count == 1 && check.notes[0].contains("episodes-00004.safetensors.partial"))
  }

  /// A writer that is killed between two of its renames, at each of them: what counts is sound, and appending goes on.
  @Test func aKilledWriterRaisesNoAlarm() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    try writer.append((0..<3).map(soundEpisode))
    try writer.finish()
    func files() throws -> [String: Data] {
      try Dictionary(
        uniqueKeysWithValues: ["info.json", "stats.json"].map {
          ($0, try Data(contentsOf: root.appendingPathComponent($0)))
        })
    }
    let before = try files()
    try writer.append((3..<5).map(soundEpisode))
    try writer.finish()
    let after = try files()
    func expectSound(_ episodes: Int, _ left: [String: Data], sourceLocation: SourceLocation = #_sourceLocation) throws
    {
      for (name, data) in left { try data.write(to: root.appendingPathComponent(name)) }
      let check = try DatasetCheck(of: root)
      #expect(check.problems.isEmpty && check.episodes == episodes, "\(check.problems)", sourceLocation: sourceLocation)
    }
    let next = root.appendingPathComponent("stats-next.json")
    // The shard is there, then the next statistics, and nothing lists them yet.
    try expectSound(3, before)
    try expectSound(3, ["stats-next.json": after["stats.json"]!])
    // It is listed, and its statistics do not have their name yet.
    try expectSound(5, ["info.json": after["info.json"]!])
    var appended = try EpisodeStoreWriter(appendingTo: root)
    #expect(!FileManager.default.fileExists(atPath: next.path))
    try expectSound(5, [:])
    try appended.append([soundEpisode(5)])
    try appended.finish()
    #expect(appended.seeds.count == 6)
    try expectSound(6, [:])
  }
}

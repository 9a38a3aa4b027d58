// Damage is told by the shard's name, and what is whole stays usable.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles
import Testing

/// A dataset of four shards of three sound episodes each.
struct FourShards {
  let folder = TemporaryFolder()
  var root: URL { folder.root.appendingPathComponent("data") }
  let episodes = (0..<12).map(soundEpisode)

  init() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    for start in stride(from: 0, to: 12, by: 3) {
      try writer.append(Array(episodes[start..<start + 3]))
      try writer.finish()
    }
  }

  func url(_ shard: Int) -> URL { root.appendingPathComponent("episodes-0000\(shard).safetensors") }

  /// Flips one bit of a file.
  func flip(_ bit: Int, ofByte place: Int, in url: URL) throws {
    var data = try Data(contentsOf: url)
    data[place] ^= 1 << UInt8(bit)
    try data.write(to: url)
  }

  /// Replaces text of info.json or stats.json.
  func edit(_ file: String, _ from: String, _ to: String) throws {
    let url = root.appendingPathComponent(file)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(from))
    try text.replacingOccurrences(of: from, with: to).write(to: url, atomically: true, encoding: .utf8)
  }

  /// Writes a shard again with one tensor changed, as a program without checksums would.
  func rewrite<Element: TensorElement>(
    _ shard: Int, _ name: String, as type: Element.Type, _ change: (inout [Element]) -> Void
  ) throws {
    let file = try TensorFile(reading: url(shard))
    var writer = TensorFileWriter(metadata: file.metadata)
    for other in file.names {
      let (type, shape) = try file.tensor(other)
      if other == name {
        var values = try file.values(name, as: Element.self)
        change(&values)
        writer.add(name, shape: shape, values: values)
      } else {
        switch type {
        case .float32: writer.add(other, shape: shape, values: try file.floats(other))
        case .int64: writer.add(other, shape: shape, values: try file.int64s(other))
        default: writer.add(other, shape: shape, values: try file.values(other, as: UInt8.self))
        }
      }
    }
    try writer.write(to: url(shard))
    try withoutChecksums()
  }

  /// Makes the dataset one of an older program.
  func withoutChecksums() throws {
    let url = root.appendingPathComponent("info.json")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    try lines.filter { !$0.contains("\"checksum\"") }.joined(separator: "\n")
      .write(to: url, atomically: true, encoding: .utf8)
  }

  func usable() throws -> (episodes: [Episode], damaged: [EpisodeStore.DamagedShard]) {
    var found: [Episode] = []
    let damaged = try EpisodeStore(reading: root).forEachShard(.usable) { found += $1 }
    return (found, damaged)
  }
}

@Suite struct DamagedShardTests {
  @Test func wholeDatasetsHaveNothingWrong() throws {
    let data = try FourShards()
    let check = try DatasetCheck(of: data.root)
    #expect(check.problems.isEmpty && check.notes.isEmpty)
    #expect(check.shards == 4 && check.usableShards == 4 && check.episodes == 12 && check.labels == 24)
    #expect(try data.usable().episodes == data.episodes)
  }

  @Test func missingTruncatedAndForeignShardsAreNamedAndTheRestIsUsable() throws {
    let data = try FourShards()
    try FileManager.default.removeItem(at: data.url(0))
    try Data(contentsOf: data.url(1)).prefix(900).write(to: data.url(1))
    try Data("rubbish that is no tensor file".utf8).write(to: data.url(2))
    let (episodes, damaged) = try data.usable()
    #expect(episodes == Array(data.episodes[9...]))
    #expect(damaged.map(\.file) == (0..<3).map { "episodes-0000\($0).safetensors" })
    for shard in damaged {
      #expect(shard.problem.contains(shard.file) && shard.episodes == 3 && shard.labels == 6)
    }
    #expect(damaged[0].problem == "cannot open episodes-00000.safetensors: No such file or directory")
    #expect(damaged[1].problem.contains("truncated"))

    let check = try DatasetCheck(of: data.root)
    #expect(check.problems.map(\.kind) == Array(repeating: .damagedShard, count: 3))
    #expect(check.problems.map(\.file) == damaged.map(\.file))
    #expect(check.usableShards == 1 && check.episodes == 3)
    #expect(throws: UserError.self) { try EpisodeStore(reading: data.root).forEachShard { _, _ in } }
    let summary = try DatasetSummary(of: try EpisodeStore(reading: data.root))
    #expect(summary.damaged == damaged && summary.total.episodes == 3 && summary.shards == 4)
  }

  /// Any one bit of a shard, the numbers' least significant ones too.
  @Test func aFlippedBitIsFound() throws {
    let data = try FourShards()
    let size = try Data(contentsOf: data.url(2)).count
    let store = try EpisodeStore(reading: data.root)
    for place in stride(from: 3, to: size, by: 37) {
      try data.flip(place % 8, ofByte: place, in: data.url(2))
      let error = #expect(throws: UserError.self) { try store.episodes(inShard: 2) }
      #expect(error?.message.contains("episodes-00002.safetensors") == true)
      try data.flip(place % 8, ofByte: place, in: data.url(2))
    }
    try data.flip(0, ofByte: size - 1, in: data.url(2))
    let check = try DatasetCheck(of: data.root)
    #expect(check.problems.map(\.file) == ["episodes-00002.safetensors"])
    #expect(check.problems.first?.problem.contains("has the checksum crc32:") == true)
    #expect(try data.usable().episodes == Array(data.episodes[0..<6] + data.episodes[9...]))
  }

  @Test func checksumsAreZlibs() throws {
    let (root, folder) = try oldDataset()
    defer { withExtendedLifetime(folder) {} }
    // zlib.crc32 of the resource's shard, as Python gives it.
    let info = root.appendingPathComponent("info.json")
    let text = try String(contentsOf: info, encoding: .utf8)
    for (sum, isRight) in [("be6cca2d", true), ("00000000", false)] {
      try text.replacingOccurrences(
        of: "\"episodes\" : 2,", with: "\"episodes\" : 2, \"checksum\" : \"crc32:\(sum)\","
      )
      .write(to: info, atomically: true, encoding: .utf8)
      #expect(try DatasetCheck(of: root).problems.isEmpty == isRight)
    }
  }
}

/// A copy of a dataset that an older program wrote: no checksums, no bounds.
func oldDataset() throws -> (root: URL, folder: TemporaryFolder) {
  let folder = TemporaryFolder()
  let root = folder.root.appendingPathComponent("old")
  let source = try #require(Bundle.module.url(forResource: "Resources/without-checksums", withExtension: nil))
  try FileManager.default.copyItem(at: source, to: root)
  return (root, folder)
}

@Suite struct OldDatasetTests {
  @Test func oldDatasetsLoad() throws {
    let (root, folder) = try oldDataset()
    defer { withExtendedLifetime(folder) {} }
    let store = try EpisodeStore(reading: root)
    #expect(store.info.shards.map(\.checksum) == [nil])
    #expect(store.info.features.observations.map(\.name) == ["observation.state", "observation.environment_state"])
    let old = try store.episodes()
    #expect(old.count == 2 && old[0].info.command == "put the green circle in the upper zone")
    #expect(old[0].observations[0].layout == ObservationLayout(store.info.features))
    let check = try DatasetCheck(of: root)
    #expect(check.problems.isEmpty)
    #expect(check.notes.count == 2 && check.notes[0].hasPrefix("format version 1: rewards"))
    #expect(check.notes[1].contains("1 of 1 shards are without a checksum"))

    var labels = LabelSet(features: store.info.features, horizons: store.info.horizons)
    try labels.append(old)
    #expect(labels.count == store.info.labelCount)

  }

  /// What version 1 does not say is derived where it can be, and missing where it cannot.
  @Test func version1TellsWhatItCan() throws {
    let (root, folder) = try oldDataset()
    defer { withExtendedLifetime(folder) {} }
    for episode in try EpisodeStore(reading: root).episodes() {
      #expect(episode.success && !episode.isComplete)
      #expect(episode.rewards.isEmpty && episode.finalObservation == nil)
      #expect(episode.terminated.last == true && !episode.terminated.dropLast().contains(true))
      #expect(episode.successes == episode.terminated && !episode.truncated.contains(true))
      #expect(episode.drivers == Array(repeating: "expert", count: episode.frameCount))
    }
    // Episodes that somebody else drove may be among them.
    let info = root.appendingPathComponent("info.json")
    try String(contentsOf: info, encoding: .utf8)
      .replacing("\"source\" : \"expert\"", with: "\"appended_1\" : \"source planner\", \"source\" : \"expert\"")
      .write(to: info, atomically: true, encoding: .utf8)
    #expect(try EpisodeStore(reading: root).episodes().allSatisfy { $0.drivers.isEmpty })
  }

  /// Nothing is written in the old format; the refusal is a command that makes the new one.
  @Test func version1CannotBeAppendedTo() throws {
    let (root, folder) = try oldDataset()
    defer { withExtendedLifetime(folder) {} }
    #expect(
      throws: UserError(
        "\(root.path) has format version 1, which holds no rewards and can be read but not appended to; record again: planar record --environment push --randomization train --action-noise 0.0 --push-probability 0.0 --label-stride 8 --seed 1000000 --episodes 2 --output \(root.path)-2"
      )
    ) { try EpisodeStoreWriter(appendingTo: root) }
    var info = sampleInfo()
    info.variation = ["touch": "true", "image": "32x32", "set.friction": "0.3", "language": "ko"]
    info.provenance = ["source": "planner", "shove_probability": "0.1"]
    #expect(
      info.recordingCommand(output: "my data")
        == "planar record --environment point --randomization train --image 32 --language ko --set friction=0.3 --touch --from planner --shove-probability 0.1 --output 'my data'"
    )
  }

  /// The columns that version 1 had are, byte for byte, those of version 2.
  @Test func version2KeepsTheColumnsOfVersion1() throws {
    let (root, folder) = try oldDataset()
    let old = try EpisodeStore(reading: root)
    let new = folder.root.appendingPathComponent("new")
    var writer = try EpisodeStoreWriter(creating: new, info: old.info)
    try writer.append(
      try old.episodes().map {
        var episode = $0
        episode.rewards = Array(repeating: -1, count: episode.frameCount)
        episode.finalObservation = episode.observations.last
        return episode
      })
    try writer.finish()
    #expect(try EpisodeStore(reading: new).info.formatVersion == 2)
    let before = try TensorFile(reading: root.appendingPathComponent("episodes-00000.safetensors"))
    let after = try TensorFile(reading: new.appendingPathComponent("episodes-00000.safetensors"))
    for name in before.names {
      #expect(try before.tensor(name) == after.tensor(name))
      switch try before.tensor(name).type {
      case .float32: #expect(try before.floats(name) == after.floats(name), "\(name)")
      case .int64: #expect(try before.int64s(name) == after.int64s(name), "\(name)")
      default:
        #expect(try before.values(name, as: UInt8.self) == after.values(name, as: UInt8.self), "\(name)")
      }
    }
    #expect(
      try Data(contentsOf: root.appendingPathComponent("stats.json"))
        == Data(contentsOf: new.appendingPathComponent("stats.json")))
  }
}

// Touch and pictures go into shards and come back, only where the features have them.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarTensorFiles
import Testing

@Suite struct SensingTests {
  let folder = TemporaryFolder()
  var root: URL { folder.root.appendingPathComponent("data") }
  let episodes = [
    sensingEpisode(0, frames: 5, labelFrames: [0, 4]), sensingEpisode(1, frames: 3, labelFrames: []),
  ]

  private func write(_ episodes: [Episode], _ features: FeatureSet = sensingFeatures) throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo(features))
    try writer.append(episodes)
    try writer.finish()
  }

  @Test func touchAndPicturesComeBackExactly() throws {
    try write(episodes)
    var store = try EpisodeStore(reading: root)
    #expect(store.info.features == sensingFeatures)
    #expect(try store.episodes() == episodes)
    let file = try TensorFile(reading: root.appendingPathComponent("episodes-00000.safetensors"))
    #expect(try file.tensor("observation.images.top") == (.uint8, [8, 2, 3, 3]))
    #expect(try file.tensor("observation.touch") == (.float32, [8, 1]))

    store.readsImages = false
    let blind = try store.episodes()
    #expect(blind.flatMap(\.observations).allSatisfy { $0.image.isEmpty })
    func touch(_ episodes: [Episode]) -> [[Float]] {
      episodes.flatMap { $0.observations.map { $0.floats("observation.touch") } }
    }
    #expect(touch(blind) == touch(episodes) && touch(blind)[1] == [0.25])
  }

  @Test func statisticsPerChannel() throws {
    try write(episodes)
    let data = try Data(contentsOf: root.appendingPathComponent("stats.json"))
    let statistics = try JSONDecoder().decode(DatasetStatistics.self, from: data)
    let image = try #require(statistics["observation.images.top"])
    let pictures = episodes.flatMap { $0.observations.map(\.image) }
    for channel in 0..<3 {
      let values = pictures.flatMap { picture in (0..<6).map { Double(picture[$0 * 3 + channel]) } }
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(abs(image.mean[channel] - mean) < 1e-9)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(image.std[channel] - variance.squareRoot()) < 1e-9)
      #expect(image.min[channel] == values.min() && image.max[channel] == values.max())
    }
    #expect(image.count == 48)
    let touch = try #require(statistics["observation.touch"])
    #expect(touch.max == [1.5] && touch.count == 8)
    #expect(try DatasetCheck(of: root).problems.allSatisfy { $0.kind != .statistics })
  }

  @Test func whatTheFeaturesHaveMustBeThereAndNoMore() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo(sensingFeatures))
    #expect(throws: UserError.self) {
      try writer.append([sampleEpisode(0, frames: 2, labelFrames: [])])
    }
    var numb = episodes[0]
    numb.observations[2].remove("observation.touch")
    #expect(throws: UserError.self) { try writer.append([numb]) }
    numb.observations[2].set("observation.touch", floats: [.infinity])
    let error = #expect(throws: UserError.self) { try writer.append([numb]) }
    #expect(error?.message.contains("not finite") == true)
    var plain = try EpisodeStoreWriter(
      creating: folder.root.appendingPathComponent("plain"), info: sampleInfo())
    #expect(throws: UserError.self) { try plain.append(episodes) }
  }

  /// Many pictures end a shard early, so that neither writer nor reader needs much memory.
  @Test func shardsWithPicturesStaySmall() throws {
    var features = sampleFeatures
    features.image = FeatureSpec(
      name: "observation.images.top", dtype: .uint8, shape: [1024, 1024, 3], elements: ["red", "green", "blue"])
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo(features))
    let picture = [UInt8](repeating: 7, count: 1024 * 1024 * 3)
    for index in 0..<12 {
      var episode = sampleEpisode(index, frames: 4, labelFrames: [])
      for frame in 0..<4 { episode.observations[frame].image = picture }
      episode.finalObservation?.image = picture
      try writer.append([episode])
    }
    try writer.finish()
    #expect(try EpisodeStore(reading: root).info.shards.map(\.episodes) == [6, 6])
  }
}

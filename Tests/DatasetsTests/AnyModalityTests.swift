// A feature that nobody in the program knows goes from an observation to a training batch.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface
import Testing

/// The sample features with a thermometer's numbers and a depth camera's bytes among them.
private let features = FeatureSet(
  observations: [
    sampleFeatures.proprioception,
    FeatureSpec(
      name: "observation.temperature", shape: [2, 1], elements: ["temperature (K)"],
      bounds: [FeatureSpec.Bounds(0, 400)]),
    FeatureSpec(name: "observation.depth", dtype: .uint8, shape: [2, 2, 1], elements: ["depth (mm)"]),
    sampleFeatures.objects,
  ], action: sampleFeatures.action)

private func episode(_ index: Int, frames: Int, labelFrames: [Int]) -> Episode {
  var episode = sampleEpisode(index, frames: frames, labelFrames: labelFrames)
  let layout = ObservationLayout(features)
  func sensing(_ plain: Observation, _ frame: Int) -> Observation {
    let heat = [Float(290 + frame), Float(300 + index)]
    return Observation(
      layout: layout, floats: plain.proprioception + heat + plain.objects,
      bytes: (0..<4).map { UInt8(10 * frame + $0) },
      command: plain.command)
  }
  for frame in 0..<frames { episode.observations[frame] = sensing(episode.observations[frame], frame) }
  episode.finalObservation = episode.finalObservation.map { sensing($0, frames) }
  return episode
}

@Suite struct AnyModalityTests {
  let folder = TemporaryFolder()
  var root: URL { folder.root.appendingPathComponent("data") }
  let episodes = [episode(0, frames: 5, labelFrames: [0, 4]), episode(1, frames: 3, labelFrames: [2])]

  private func write() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo(features))
    try writer.append(episodes)
    try writer.finish()
  }

  @Test func itIsStoredAndComesBack() throws {
    try write()
    var store = try EpisodeStore(reading: root)
    #expect(store.info.features == features)
    #expect(try store.episodes() == episodes)
    store.readsImages = false
    let blind = try store.episodes()
    #expect(blind[1].observations[2].floats("observation.temperature") == [292, 301])
    #expect(blind[1].observations[2].bytes.isEmpty && blind[1].observations[2].layout.field("observation.depth") == nil)
  }

  @Test func itHasStatisticsAndIsChecked() throws {
    try write()
    let data = try Data(contentsOf: root.appendingPathComponent("stats.json"))
    let statistics = try JSONDecoder().decode(DatasetStatistics.self, from: data)
    let heat = try #require(statistics["observation.temperature"])
    #expect(heat.count == 16 && heat.min == [290] && heat.max == [301])
    #expect(statistics["observation.depth"]?.max == [43])
    var hot = episode(2, frames: 2, labelFrames: [])
    hot.observations[1].set("observation.temperature", floats: [290, 500])
    var writer = try EpisodeStoreWriter(appendingTo: root)
    try writer.append([hot])
    try writer.finish()
    let problems = try DatasetCheck(of: root).problems.filter { $0.kind == .bounds }
    #expect(
      problems.map(\.problem) == [
        "episodes-00001.safetensors: episode 2 (seed \(UInt64.max - 2)), frame 1: temperature (K) of observation.temperature is 500.0, outside of its bounds [0.0, 400.0]"
      ])
  }

  @Test func itIsInTrainingBatches() throws {
    var set = LabelSet(features: features, horizons: sampleHorizons, pictures: 1)
    try set.append(episodes)
    var batch = LabelBatch(rows: 2, features: features, horizons: sampleHorizons, pictures: 1)
    try set.fill([2, 0], &batch)
    #expect(batch.observations.floats("observation.temperature") == [291, 301, 292, 301, 290, 300, 290, 300])
    #expect(batch.observations.bytes("observation.depth") == [20, 21, 22, 23, 0, 1, 2, 3])
    #expect(Array(batch.observations.floats("observation.state")) == [1, 1, 1, 2, 0, 0, 0, 0])
    let first = episodes[1].history(at: 2, horizon: 2).observations.flatMap(\.objects)
    #expect(Array(batch.observations.floats("observation.environment_state").prefix(12)) == first)
  }

  @Test func datasetsOfOtherFeaturesDoNotGoTogether() throws {
    try write()
    let error = #expect(throws: UserError.self) {
      try EpisodeStoreWriter(appendingTo: root, episodesOf: sampleInfo())
    }
    #expect(error?.message.contains("episodes with observation.temperature") == true)
  }
}

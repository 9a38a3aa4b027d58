// Episodes are appended to a dataset of their own kind only, and the dataset says where each part came from.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct AppendingTests {
  let folder = TemporaryFolder()
  var root: URL { folder.root.appendingPathComponent("data") }

  private func refusal(_ change: (inout DatasetInfo) -> Void, same: [String] = []) -> String {
    var info = sampleInfo()
    change(&info)
    do {
      _ = try EpisodeStoreWriter(appendingTo: root, episodesOf: info, sameProvenance: same)
      return ""
    } catch { return (error as? UserError)?.message ?? "\(error)" }
  }

  @Test func whatDiffersIsNamed() throws {
    var base = sampleInfo()
    base.variation = ["language": "ko"]
    var writer = try EpisodeStoreWriter(creating: root, info: base)
    try writer.append([soundEpisode(0)])
    try writer.finish()
    func message(_ change: (inout DatasetInfo) -> Void, same: [String] = []) -> String {
      refusal(
        {
          $0.variation = ["language": "ko"]
          change(&$0)
        }, same: same)
    }
    #expect(message { _ in } == "")
    #expect(
      message { $0.environment = "push" }
        == "\(root.path) holds episodes of 'point', not of 'push'; append episodes of the same kind, or choose another folder"
    )
    #expect(message { $0.randomization = "wide" }.contains("at randomization 'train', not 'wide'"))
    #expect(
      message { $0.variation = ["set.friction": "0.3"] }
        .contains("recorded with language=ko, not with set.friction=0.3"))
    #expect(message { $0.variation = [:] }.contains("not with no variation"))
    #expect(message { $0.horizons.prediction = 8 }.contains("labels of 4 steps of 0.1 s, not of 8 steps"))
    #expect(message { $0.features = sensingFeatures }.contains("without observation.images.top"))
    #expect(
      message { $0.features.objects.elements[1] = "c" }
        .contains("observation.environment_state [3, 2] of other elements"))
    #expect(message({ $0.provenance["shove"] = "0.1" }, same: ["shove"]).contains("with shove 0, not 0.1"))
    // Bounds may be told more exactly, and the execution horizon is no matter of the data.
    #expect(
      message {
        $0.features.action.bounds = [FeatureSpec.Bounds(-1, 1), FeatureSpec.Bounds(-1, 1)]
        $0.horizons.execution = 1
      } == "")
  }

  @Test func provenanceOfEachPartIsKept() throws {
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    #expect(writer.lastSeed == nil)
    try writer.append((0..<3).map(soundEpisode))
    try writer.finish()
    for (index, actor) in ["planner", "person", "expert"].enumerated() {
      var info = sampleInfo()
      info.provenance = ["actor": actor]
      var writer = try EpisodeStoreWriter(appendingTo: root, episodesOf: info)
      #expect(writer.lastSeed == SeedRanges.firstTraining + UInt64(2 + index))
      try writer.append([soundEpisode(3 + index)])
      #expect(writer.lastSeed == SeedRanges.firstTraining + UInt64(3 + index))
      try writer.finish()
    }
    let store = try EpisodeStore(reading: root)
    #expect(
      store.info.provenance == ["actor": "expert", "appended_1": "actor planner", "appended_2": "actor person"])
    #expect(store.info.episodeCount == 6)
    #expect(try DatasetCheck(of: root).problems.isEmpty)
  }

  @Test func theVariationOfAnEnvironmentIsKept() throws {
    var info = sampleInfo()
    info.variation = ["set.friction": "0.3", "robot": "gantry"]
    _ = try EpisodeStoreWriter(creating: root, info: info)
    let store = try EpisodeStore(reading: root)
    #expect(store.info.variation == info.variation)
    #expect(try DatasetSummary(of: store).variation == info.variation)
  }
}

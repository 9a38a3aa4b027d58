// Counts of a dataset against counts by hand.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct DatasetSummaryTests {
  @Test func countsByLanguageSplitAndGoal() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    let episodes = sampleEpisodes(0..<30)
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    try writer.append(episodes)
    try writer.finish()
    let summary = try DatasetSummary(of: EpisodeStore(reading: root)) { info in
      info.draws["friction"]! < 1 ? "train" : nil
    }
    #expect(summary.total.episodes == 30 && summary.total.successes == 10)
    #expect(summary.total.frames == episodes.reduce(0) { $0 + $1.frameCount })
    #expect(summary.total.labels == episodes.reduce(0) { $0 + $1.labels.count })
    #expect(summary.successRate == 1.0 / 3)
    #expect(summary.languages.mapValues(\.episodes) == ["ko": 15, "en": 15])
    #expect(summary.languages["ko"]?.successes == 5)
    // friction = 0.1 + index / 3 < 1 for the first three.
    #expect(summary.splits.mapValues(\.episodes) == ["train": 3])
    #expect(summary.goals["color"]?.mapValues(\.episodes) == ["빨간": 15, "blue \"quoted\"": 15])
    #expect(summary.commands == 2)
    #expect(summary.drivers.values.reduce(0, +) == summary.total.frames)
    #expect(summary.drivers["expert"] == episodes.reduce(0) { $0 + ($1.frameCount > 3 ? 1 : 0) })
    // Episode 0 pays 0, 1/3 … 4/3, and later ones less.
    let returns = try #require(summary.returns)
    #expect(abs(returns.max - 10.0 / 3) < 1e-6 && returns.episodes == 30)
    #expect(summary.draws["friction"]?.min == 0.1 && summary.draws["friction"]?.episodes == 30)
    let lengths = try #require(summary.lengths)
    #expect((lengths.min, lengths.median, lengths.max) == (5, 6, 7))
    #expect(lengths.bins.map(\.episodes) == [10, 10, 10] && lengths.bins.map(\.from) == [5, 6, 7])
    #expect(summary.statistics?["action"]?.count == summary.total.frames)
    #expect(summary.bytes == (try folderSize(root)))
  }

  private func folderSize(_ root: URL) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: root.path).reduce(0) {
      $0 + (try Data(contentsOf: root.appendingPathComponent($1)).count)
    }
  }

  @Test func anEmptyDatasetHasNoStatistics() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    _ = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    let summary = try DatasetSummary(of: EpisodeStore(reading: root))
    #expect(summary.statistics == nil && summary.lengths == nil && summary.seeds == nil)
    #expect(try DatasetCheck(of: root).problems.isEmpty)
  }

  @Test func longDistributionsHaveAtMostTenBins() throws {
    let lengths = try #require(LengthDistribution(Array(10...250)))
    #expect(lengths.bins.count <= 10)
    #expect(lengths.bins.reduce(0) { $0 + $1.episodes } == 241)
    #expect(lengths.bins.first?.from == 10 && lengths.bins.last!.to > 250)
    #expect((lengths.tenth, lengths.median, lengths.ninetieth) == (34, 130, 226))
  }
}

@Suite struct ExecutedActionLabelTests {
  @Test func labelsAreTheActionsThatFollow() {
    let episode = sampleEpisode(2, frames: 5, labelFrames: [1])
    let labelled = episode.labelled(byExecutedActions: 3, stride: 2)
    #expect(labelled.labelFrames == [0, 2, 4])
    let actions = episode.actions
    #expect(labelled.labels[0].values == actions[0] + actions[1] + actions[2])
    #expect(labelled.labels[2].values == actions[4] + actions[4] + actions[4])
    let still = episode.labelled(byExecutedActions: 3, stride: 2, hold: [0, 0.5])
    #expect(still.labels[1].values == actions[2] + actions[3] + actions[4])
    #expect(still.labels[2].values == actions[4] + [0, 0.5, 0, 0.5])
    #expect(labelled.labels.allSatisfy { $0.horizon == 3 && $0.dimension == 2 })
    #expect(labelled.observations == episode.observations && labelled.actions == actions)
    let empty = sampleEpisode(0, frames: 0, labelFrames: []).labelled(byExecutedActions: 3)
    #expect(empty.labels.isEmpty)
  }

  /// As teleoperation does it: an episode at a time, each on the disk before the next.
  @Test func episodesAreAppendedOneByOne() throws {
    let folder = TemporaryFolder()
    let root = folder.root.appendingPathComponent("data")
    let episodes = (0..<3).map { soundEpisode($0).labelled(byExecutedActions: 4) }
    var writer = try EpisodeStoreWriter(creating: root, info: sampleInfo())
    for (index, episode) in episodes.enumerated() {
      try writer.append([episode])
      try writer.finish()
      #expect(try EpisodeStore(reading: root).episodes() == Array(episodes[0...index]))
    }
    writer = try EpisodeStoreWriter(appendingTo: root)
    let another = soundEpisode(3).labelled(byExecutedActions: 4)
    try writer.append([another])
    try writer.finish()
    #expect(try EpisodeStore(reading: root).episodes() == episodes + [another])
    #expect(try DatasetCheck(of: root).problems.isEmpty)
  }
}

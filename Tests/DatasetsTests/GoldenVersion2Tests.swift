// A dataset as format version 2 was first written: it is read for ever, and written in the same bytes.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface
import Testing

@Suite struct GoldenVersion2Tests {
  private func golden() throws -> URL {
    try #require(Bundle.module.url(forResource: "Resources/version-2", withExtension: nil))
  }

  @Test func itIsReadWhole() throws {
    let root = try golden()
    let store = try EpisodeStore(reading: root)
    #expect(store.info.formatVersion == 2 && store.info.environment == "push")
    let episodes = try store.episodes()
    #expect(episodes.count == 2)
    for episode in episodes {
      #expect(episode.isComplete && episode.success && episode.terminated.last == true)
      #expect(Set(episode.drivers) == ["expert"] && !episode.truncated.contains(true))
      #expect(episode.rewards.contains { $0 != 0 } && episode.finalObservation?.command == episode.info.command)
    }
    let check = try DatasetCheck(of: root)
    #expect(check.problems.isEmpty && check.notes.isEmpty)
  }

  @Test func itIsWrittenInTheSameBytes() throws {
    let root = try golden()
    let store = try EpisodeStore(reading: root)
    let folder = TemporaryFolder()
    let copy = folder.root.appendingPathComponent("copy")
    var writer = try EpisodeStoreWriter(creating: copy, info: store.info)
    try writer.append(try store.episodes())
    try writer.finish()
    for file in ["episodes-00000.safetensors", "info.json", "stats.json"] {
      #expect(
        try Data(contentsOf: root.appendingPathComponent(file)) == Data(contentsOf: copy.appendingPathComponent(file)),
        "\(file)")
    }
  }
}

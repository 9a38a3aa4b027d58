// A training set that outgrows memory: the same numbers, from a file.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface
import Testing

@Suite struct LabelSetBeyondMemoryTests {
  private func set(_ episodes: [Episode], memoryLimit: Int) throws -> LabelSet {
    var set = LabelSet(features: sensingFeatures, horizons: sampleHorizons, memoryLimit: memoryLimit)
    try set.append(episodes)
    return set
  }

  private func numbers(_ set: LabelSet) throws -> [Float] {
    var batch = LabelBatch(rows: set.count, features: set.features, horizons: set.horizons)
    try set.fill(Array(0..<set.count), &batch)
    return batch.chunks + batch.observations.floats("observation.state")
      + batch.observations.bytes("observation.images.top").map(Float.init)
  }

  private func episodes(_ indices: Range<Int>) -> [Episode] {
    indices.map { sensingEpisode($0, frames: 12, labelFrames: [0, 3, 4, 11]) }
  }

  @Test(arguments: [0, 64, 1_000, 5_000])
  func theSameSetFromAFile(memoryLimit: Int) throws {
    let inMemory = try set(episodes(0..<20), memoryLimit: 1 << 24)
    let other = try set(episodes(0..<20), memoryLimit: memoryLimit)
    #expect(try numbers(other) == numbers(inMemory))
    #expect(try other.statistics() == inMemory.statistics())
    var visited: [Float] = []
    try other.forEachChunk(of: [79, 0, 40]) { visited += Array($0) + Array($1) }
    var expected: [Float] = []
    try inMemory.forEachChunk(of: [79, 0, 40]) { expected += Array($0) + Array($1) }
    #expect(visited == expected && !expected.isEmpty)
  }

  /// Two copies that go on differently do not see each other's rows.
  @Test func copiesAreIndependent() throws {
    let first = try set(episodes(0..<10), memoryLimit: 100)
    let before = try numbers(first)
    var second = first
    var third = first
    try second.append(episodes(10..<14))
    try third.append(episodes(14..<18))
    #expect(try numbers(first) == before)
    #expect(try numbers(second) == numbers(set(episodes(0..<14), memoryLimit: 1 << 24)))
    #expect(try numbers(third) == numbers(set(episodes(0..<10) + episodes(14..<18), memoryLimit: 1 << 24)))
  }
}

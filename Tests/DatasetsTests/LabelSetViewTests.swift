// Pictures of a window, and several robots in one set.

import PlanarDatasets
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct LabelSetViewTests {
  /// What `fill` gives beside the plain numbers.
  private func batch(_ set: LabelSet, _ indices: [Int]) throws -> (
    proprioception: [Float], images: [UInt8], robots: [Int32]
  ) {
    var batch = LabelBatch(
      rows: indices.count, features: set.features, horizons: set.horizons, pictures: set.pictures)
    try set.fill(indices, &batch)
    let observed = batch.observations
    return (
      Array(observed.floats("observation.state")), Array(observed.bytes("observation.images.top")), observed.robots
    )
  }

  @Test(arguments: [1, 2], [1 << 20, 0])
  func theNewestPicturesAreKept(pictures: Int, memoryLimit: Int) throws {
    let episodes = [
      sensingEpisode(0, frames: 5, labelFrames: [0, 1, 4]), sensingEpisode(1, frames: 3, labelFrames: [2]),
    ]
    var set = LabelSet(
      features: sensingFeatures, horizons: sampleHorizons, pictures: pictures, memoryLimit: memoryLimit)
    try set.append(episodes)
    let expected = episodes.flatMap { episode in
      episode.labelFrames.map {
        episode.history(at: $0, horizon: 2).observations.suffix(pictures).flatMap(\.image)
      }
    }
    #expect(try batch(set, [3, 0, 2, 1]).images == [3, 0, 2, 1].flatMap { expected[$0] })
  }

  private func features(_ robot: String, joints: Int) -> FeatureSet {
    let elements = (0..<joints).map { "joint\($0)" } + ["tip"]
    return FeatureSet(
      proprioception: FeatureSpec(name: "observation.state", shape: [elements.count], elements: elements),
      objects: sampleFeatures.objects, action: sampleFeatures.action, robots: [robot])
  }

  private func episode(_ features: FeatureSet) -> Episode {
    var episode = sampleEpisode(0, frames: 2, labelFrames: [1])
    for frame in episode.observations.indices {
      episode.observations[frame].proprioception = (1...features.proprioception.count).map { Float(10 * frame + $0) }
    }
    return episode
  }

  /// Elements go to their names' places; those that a robot has not are zero.
  @Test func severalRobotsShareASet() throws {
    let (one, two) = (features("one", joints: 1), features("two", joints: 2))
    var set = LabelSet(features: try FeatureSet.joining([one, two]), horizons: sampleHorizons)
    #expect(set.features.proprioception.elements == ["joint0", "tip", "joint1"])
    try set.append([episode(one)], of: one)
    try set.append([episode(two)], of: two)
    let batch = try batch(set, [0, 1])
    #expect(batch.robots == [0, 1])
    #expect(batch.proprioception == [1, 2, 0, 11, 12, 0, 1, 3, 2, 11, 13, 12])
    #expect(throws: UserError.self) {
      try set.append([episode(two)], of: features("three", joints: 2))
    }
  }
}

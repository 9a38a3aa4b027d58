// The table that training reads: right windows, honest splits, restorable order.

import PlanarDatasets
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct LabelSetTests {
  private func set(
    _ episodes: [Episode], horizons: Horizons = sampleHorizons, memoryLimit: Int = 1 << 20
  ) throws -> LabelSet {
    var set = LabelSet(features: sampleFeatures, horizons: horizons, memoryLimit: memoryLimit)
    try set.append(episodes)
    return set
  }

  /// The rows of a batch as arrays.
  private func batch(_ set: LabelSet, _ indices: [Int]) throws -> (
    proprioception: [Float], objects: [Float], chunks: [Float], commands: [Int32]
  ) {
    var batch = LabelBatch(rows: indices.count, features: set.features, horizons: set.horizons)
    try set.fill(indices, &batch)
    return (
      Array(batch.observations.floats("observation.state")),
      Array(batch.observations.floats("observation.environment_state")), batch.chunks, batch.commandIndices
    )
  }

  /// Every window is `Episode.history` at its label's frame, in any order of asking, and wherever the set is kept: in
  /// memory, in a file, or partly so.
  @Test(arguments: [1, 2, 4], [1 << 20, 700, 0])
  func windowsAreTheHistoriesOfTheirLabels(window: Int, memoryLimit: Int) throws {
    let episodes = sampleEpisodes(0..<9)
    let set = try set(
      episodes, horizons: Horizons(observation: window, prediction: 4, execution: 2), memoryLimit: memoryLimit)
    let expected = episodes.flatMap { episode in
      zip(episode.labelFrames, episode.labels).map { frame, label in
        (episode.history(at: frame, horizon: window), label)
      }
    }
    #expect(set.count == expected.count)
    let order = Array((0..<set.count).reversed()) + [3, 3]
    let batch = try batch(set, order)
    #expect(batch.proprioception == order.flatMap { expected[$0].0.observations.flatMap(\.proprioception) })
    #expect(batch.objects == order.flatMap { expected[$0].0.observations.flatMap(\.objects) })
    #expect(batch.chunks == order.flatMap { expected[$0].1.values })
    #expect(
      batch.commands.map { set.commands[Int($0)] } == order.map { expected[$0].0.latest.command })
    #expect(set.commands.count == 3)
  }

  /// With a delay a window lies earlier, and the chunk begins with what was executed meanwhile.
  @Test(arguments: [0, 1, 2, 3], [1 << 20, 100])
  func delayedWindowsGoOnFromWhatWasExecuted(delay: Int, memoryLimit: Int) throws {
    let episodes = sampleEpisodes(0..<9)
    var set = LabelSet(
      features: sampleFeatures, horizons: sampleHorizons, largestDelay: 3, memoryLimit: memoryLimit)
    try set.append(episodes)
    let window = sampleHorizons.observation
    let steps = sampleHorizons.prediction
    let labels = episodes.flatMap { episode in
      zip(episode.labelFrames, episode.labels).map { (episode, $0, $1) }
    }
    let count = labels.count
    var batch = LabelBatch(rows: count, features: set.features, horizons: set.horizons)
    batch.delays = Array(repeating: Int32(delay), count: count)
    try set.fill(Array(0..<count), &batch)
    let proprioception = Array(batch.observations.floats("observation.state"))
    for (row, (episode, frame, label)) in labels.enumerated() {
      let late = min(delay, frame)
      #expect(batch.delays[row] == Int32(late))
      let history = episode.history(at: frame - late, horizon: window)
      #expect(
        Array(proprioception[row * window * 2..<(row + 1) * window * 2])
          == history.observations.flatMap(\.proprioception))
      let executed = episode.actions[(frame - late)..<frame].flatMap { $0 }
      #expect(
        Array(batch.chunks[row * steps * 2..<(row + 1) * steps * 2])
          == Array((executed + label.values).prefix(steps * 2)))
    }
  }

  @Test func longerLabelsAreCutAndShorterOnesRefused() throws {
    let episodes = [sampleEpisode(1, frames: 3, labelFrames: [0, 2])]
    let cut = try set(episodes, horizons: Horizons(observation: 1, prediction: 3, execution: 1))
    #expect(try batch(cut, [1]).chunks == Array(episodes[0].labels[1].values.prefix(6)))
    #expect(throws: UserError.self) {
      try set(episodes, horizons: Horizons(observation: 1, prediction: 5, execution: 1))
    }
  }

  @Test func appendingKeepsWhatWasThere() throws {
    let episodes = sampleEpisodes(0..<12)
    let whole = try set(episodes)
    var grown = try set(Array(episodes[0..<5]))
    let before = try batch(grown, Array(0..<grown.count))
    let count = grown.count
    try grown.append(Array(episodes[5...]))
    #expect(try batch(grown, Array(0..<count)) == before)
    #expect(try batch(grown, Array(0..<grown.count)) == batch(whole, Array(0..<whole.count)))
    #expect(grown.episodeCount == 12)
  }

  @Test(arguments: [0.0, 0.1, 0.25, 0.5, 1.0])
  func splitsByEpisode(fraction: Double) throws {
    let episodes = (0..<40).map { sampleEpisode($0, frames: 5, labelFrames: [0, 2, 4]) }
    let set = try set(episodes)
    for seed in UInt64(0)..<5 {
      let (training, validation) = set.split(validationFraction: fraction, seed: seed)
      #expect((training + validation).sorted() == Array(0..<set.count))
      let held = Set(validation.map(set.episode))
      #expect(held.isDisjoint(with: training.map(set.episode)))
      #expect(abs(Double(held.count) - 40 * fraction) <= 1)
    }
  }

  @Test func labelsCanCountMoreThanOnceAndBeHeldIn() throws {
    var set = try set((0..<10).map { sampleEpisode($0, frames: 5, labelFrames: [0, 2]) })
    let frames = try set.statistics()
    try set.append([sampleEpisode(3, frames: 5, labelFrames: [0, 2])], times: 4, isHeldIn: true)
    #expect(set.count == 28 && set.episodeCount == 11 && set.episode(of: 20) == 10 && set.episode(of: 27) == 10)
    let (training, validation) = set.split(validationFraction: 1, seed: 1)
    #expect(training == Array(20..<28) && validation == Array(0..<20))
    #expect(try batch(set, [20]) == batch(set, [23]) && batch(set, [24]) == batch(set, [27]))
    #expect(try batch(set, [20]) == batch(set, [6]) && set.statistics() != frames)
  }

  @Test func aSplitIsSeededAndStableUnderAppending() throws {
    let episodes = (0..<40).map { sampleEpisode($0, frames: 5, labelFrames: [0, 2, 4]) }
    var set = try set(Array(episodes[0..<25]))
    let before = set.split(validationFraction: 0.2, seed: 3).validation
    #expect(Set((0..<9).map { set.split(validationFraction: 0.2, seed: $0).validation }).count > 1)
    try set.append(Array(episodes[25...]))
    let after = set.split(validationFraction: 0.2, seed: 3).validation
    #expect(Array(after.prefix(before.count)) == before)
  }

  /// Episode 2 with labels at frames 0 and 2, To = 2: frames 0, 1, 2 are in the table, once each.
  @Test func statisticsCountEachFrameOnce() throws {
    let episode = sampleEpisode(2, frames: 5, labelFrames: [0, 2])
    let statistics = try set([episode]).statistics()
    let state = try #require(statistics["observation.state"])
    #expect(state.map(\.count) == [3, 3])
    #expect(state.map(\.mean) == [2, 1])
    let objects = try #require(statistics["observation.environment_state"])
    #expect(objects.map(\.count) == [9, 9])
    #expect(objects[0].minimum == 200)
    let action = try #require(statistics["action"])
    #expect(action.map(\.count) == [8, 8])
    // Chunk elements f + k/16 for f = 0, 2 and k = 0 … 3: the mean is 1 + 1.5/16.
    #expect(action[0].mean == 1 + 1.5 / 16)
  }
}

@Suite struct SensingLabelSetTests {
  private let episodes = [
    sensingEpisode(3, frames: 6, labelFrames: [0, 2, 5]), sensingEpisode(4, frames: 4, labelFrames: [3]),
  ]

  private func set(_ features: FeatureSet) throws -> LabelSet {
    var set = LabelSet(features: features, horizons: sampleHorizons)
    try set.append(episodes)
    return set
  }

  @Test func windowsHoldTouchAndPictures() throws {
    let set = try set(sensingFeatures)
    let order = [3, 0, 2]
    var batch = LabelBatch(rows: 3, features: sensingFeatures, horizons: sampleHorizons)
    try set.fill(order, &batch)
    let histories = [(1, 3), (0, 0), (0, 5)].map { episodes[$0].history(at: $1, horizon: 2) }
    for feature in sensingFeatures.observations where feature.dtype == .float32 {
      #expect(
        batch.observations.floats(feature.name).elementsEqual(
          histories.flatMap { $0.observations.flatMap { $0.floats(feature.name) } }))
    }
    #expect(batch.observations.floats("observation.touch").count == 3 * 2)
    #expect(
      batch.observations.bytes("observation.images.top").elementsEqual(
        histories.flatMap { $0.observations.flatMap(\.image) }))
  }

  @Test func statisticsOfTouchAndPictures() throws {
    // Frames 0, 1, 2, 4, 5 of the first episode and 2, 3 of the second are in the table.
    let statistics = try set(sensingFeatures).statistics()
    let touch = try #require(statistics["observation.touch"])
    #expect(touch.map(\.count) == [7] && touch[0].maximum == 4.75)
    let red = try #require(statistics.histograms("observation.images.top")?[0])
    let pixels = [0, 1, 2, 4, 5, 2, 3].flatMap { frame in (0..<6).map { 10 * frame + 3 * $0 } }
    #expect(red.count == pixels.count)
    #expect(red.range == 0...65)
    #expect(red.mean == Double(pixels.reduce(0, +)) / Double(pixels.count))
    let variance = pixels.reduce(0) { $0 + (Double($1) - red.mean) * (Double($1) - red.mean) } / Double(pixels.count)
    #expect(abs(red.standardDeviation - variance.squareRoot()) < 1e-9)
  }

  /// A set for a policy without eyes takes episodes with pictures and keeps nothing of them.
  @Test func whatIsNotWantedIsIgnored() throws {
    let set = try set(sampleFeatures)
    #expect(set.count == 4)
    #expect(try set.statistics().histograms("observation.images.top") == nil)
    #expect(try set.statistics()["observation.touch"] == nil)
  }

  @Test func whatIsWantedMustBeThere() {
    var set = LabelSet(features: sensingFeatures, horizons: sampleHorizons)
    #expect(throws: UserError.self) {
      try set.append([sampleEpisode(0, frames: 3, labelFrames: [0])])
    }
  }
}

@Suite struct EpochSamplerTests {
  private func batches(_ sampler: inout EpochSampler, _ count: Int) -> [[Int]] {
    var batch: [Int] = []
    return (0..<count).map { _ in
      sampler.next(into: &batch)
      return batch
    }
  }

  @Test func everyLabelOncePerEpoch() throws {
    let labels = (0..<10).map { $0 * 7 }
    var sampler = try EpochSampler(indices: labels, batchSize: 4, seed: 1)
    let row = batches(&sampler, 5).flatMap { $0 }
    #expect(row[0..<10].sorted() == labels)
    #expect(row[10..<20].sorted() == labels)
    #expect(row[0..<10] != row[10..<20])
    #expect(sampler.epochs == 2)
  }

  @Test func batchesLargerThanTheSetStillFill() throws {
    var sampler = try EpochSampler(indices: [5, 6, 7], batchSize: 8, seed: 1)
    let row = batches(&sampler, 3).flatMap { $0 }
    #expect(row.count == 24)
    for label in [5, 6, 7] { #expect(row.count { $0 == label } == 8) }
  }

  @Test func aResumedRunContinuesIdentically() throws {
    let labels = Array(0..<100)
    var whole = try EpochSampler(indices: labels, batchSize: 16, seed: 9)
    let expected = batches(&whole, 40)
    for step in [1, 6, 7, 25] {
      var resumed = try EpochSampler(indices: labels, batchSize: 16, seed: 9, step: step)
      #expect(batches(&resumed, 40 - step) == Array(expected[step...]))
    }
    whole.step = 3
    #expect(batches(&whole, 2) == Array(expected[3..<5]))
    var other = try EpochSampler(indices: labels, batchSize: 16, seed: 10)
    #expect(batches(&other, 2) != Array(expected[0..<2]))
  }

  @Test func nothingToDrawIsAUserError() {
    #expect(
      throws: UserError("there is no label to train on; record episodes with labels first")
    ) { try EpochSampler(indices: [], batchSize: 4, seed: 0) }
  }
}

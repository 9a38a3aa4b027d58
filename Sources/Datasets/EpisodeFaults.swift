// What can be wrong with the numbers of an episode that was read well.

import PlanarCore
import PlanarPolicyInterface

/// Collects the faults of one shard's episodes: of each kind the first, told in full, and their number.
struct EpisodeFaults {
  private let features: FeatureSet
  private var found: [DatasetCheck.Kind: (first: String, count: Int)] = [:]

  init(_ features: FeatureSet) { self.features = features }

  /// One problem a kind that was found.
  func problems(of file: String) -> [DatasetCheck.Problem] {
    DatasetCheck.Kind.allCases.compactMap { kind in
      found[kind].map { first, count in
        let others = count > 1 ? " (the first of \(count) cases)" : ""
        return DatasetCheck.Problem(
          file: file, kind: kind, problem: UserError("\(file): \(first)\(others)").message, count: count)
      }
    }
  }

  /// - Parameters:
  ///   - index: the episode's number in the dataset.
  ///   - seeds: the episodes seen so far, by seed.
  mutating func check(_ episode: Episode, index: Int, seeds: inout [UInt64: Int]) {
    let seed = episode.info.seed
    let name = "episode \(index) (seed \(seed))"
    if seed < SeedRanges.firstTraining {
      let purpose = SeedRanges.evaluation.contains(seed) ? "evaluation" : "tuning"
      note(
        .reservedSeed,
        "\(name) has a seed reserved for \(purpose); a policy trained on it cannot be judged there")
    }
    if let other = seeds.updateValue(index, forKey: seed) {
      note(.duplicateSeed, "\(name) has the seed of episode \(other)")
    }
    for frame in 0..<episode.frameCount {
      check(episode.observations[frame], "\(name), frame \(frame)")
      check(episode.actions[frame], .actionRange, features.action, "\(name), frame \(frame): action")
    }
    if let final = episode.finalObservation { check(final, "\(name), final observation") }
    for (frame, reward) in episode.rewards.enumerated() where !reward.isFinite {
      note(.notFinite, "\(name), frame \(frame): next.reward is \(reward)")
    }
    for (frame, label) in zip(episode.labelFrames, episode.labels) {
      check(label.values, .labelRange, features.action, "\(name), label at frame \(frame):")
    }
  }

  private mutating func check(_ observation: Observation, _ location: String) {
    for feature in features.observations where feature.dtype == .float32 {
      check(observation.floats(feature.name), feature, location)
    }
  }

  /// Numbers of a feature with its bounds, if any.
  private mutating func check(_ values: [Float], _ feature: FeatureSpec, _ location: String) {
    for (index, value) in values.enumerated() {
      let element = index % feature.elements.count
      guard value.isFinite else {
        note(.notFinite, "\(location): \(feature.elements[element]) of \(feature.name) is \(value)")
        continue
      }
      guard let bounds = feature.bounds?[element] else { continue }
      // A bound may be off by a rounding.
      let slack = 1e-5 * max(1, abs(bounds.least), abs(bounds.greatest))
      if value < bounds.least - slack || value > bounds.greatest + slack {
        note(
          .bounds,
          "\(location): \(feature.elements[element]) of \(feature.name) is \(value), outside of its bounds [\(bounds.least), \(bounds.greatest)]"
        )
      }
    }
  }

  /// Numbers that lie in [−1, 1].
  private mutating func check(
    _ values: [Float], _ kind: DatasetCheck.Kind, _ feature: FeatureSpec, _ location: String
  ) {
    for (index, value) in values.enumerated() where !(abs(value) <= 1) {
      let element = feature.elements[index % feature.elements.count]
      if value.isFinite {
        note(kind, "\(location) \(element) is \(value), outside of [-1, 1]")
      } else {
        note(.notFinite, "\(location) \(element) is \(value)")
      }
    }
  }

  private mutating func note(_ kind: DatasetCheck.Kind, _ sentence: @autoclosure () -> String) {
    if found[kind] == nil { found[kind] = (sentence(), 0) }
    found[kind]!.count += 1
  }
}

// Episodes to be learned from hold numbers that are numbers; a dataset that was changed by hand may not.

import PlanarCore
import PlanarPolicyInterface

extension Episode {
  /// The first number that is not finite, or action beyond all measure, in words such as `frame 3: tip_x (m) of observation.state is nan`; nil where all
  /// are.
  public func firstNotFinite(of features: FeatureSet) -> String? {
    func fault(_ values: [Float], _ feature: FeatureSpec) -> String? {
      // Actions lie in [−1, 1]; a million is no slip of rounding.
      let most: Float = feature.name == features.action.name ? 1e6 : .greatestFiniteMagnitude
      guard let index = values.firstIndex(where: { !(abs($0) <= most) }) else { return nil }
      let element = feature.elements.isEmpty ? "" : feature.elements[index % feature.elements.count]
      return "\(element) of \(feature.name) is \(values[index])"
    }
    func fault(_ observation: Observation) -> String? {
      features.observations.lazy.filter { $0.dtype == .float32 }.compactMap { fault(observation.floats($0.name), $0) }
        .first
    }
    for frame in 0..<frameCount {
      if let fault = fault(observations[frame]) ?? fault(actions[frame], features.action) {
        return "frame \(frame): \(fault)"
      }
    }
    for (frame, label) in zip(labelFrames, labels) {
      if let fault = fault(label.values, features.action) { return "label at frame \(frame): \(fault)" }
    }
    return nil
  }
}

extension EpisodeStore {
  /// Refuses episodes of a shard that hold a number that is not finite.
  ///
  /// - Throws: `UserError` naming the file, the episode, the frame and the feature.
  public func requireFinite(_ episodes: [Episode], ofShard shard: Int) throws {
    for (offset, episode) in episodes.enumerated() {
      guard let fault = episode.firstNotFinite(of: info.features) else { continue }
      throw UserError(
        "\(folder.path)/\(info.shards[shard].file): episode \(firstEpisode(ofShard: shard) + offset) (seed \(episode.info.seed)), \(fault), and nothing is learned from that; 'planar dataset check' lists all such numbers: record these episodes again"
      )
    }
  }
}

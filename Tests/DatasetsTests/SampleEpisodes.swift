// Episodes with telling numbers, and a folder of its own for each test.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface

/// Made with the suite, removed with it.
final class TemporaryFolder: Sendable {
  let root: URL

  init() {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("planar-" + UUID().uuidString)
    try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }
}

let sampleFeatures = FeatureSet(
  proprioception: FeatureSpec(name: "observation.state", shape: [2], elements: ["x (m)", "y (m)"]),
  objects: FeatureSpec(
    name: "observation.environment_state", shape: [3, 2], elements: ["a", "b"]),
  action: FeatureSpec(name: "action", shape: [2], elements: ["dx", "dy"]))

/// The same with touch and a picture of 3 × 2 pixels.
let sensingFeatures = FeatureSet(
  observations: sampleFeatures.observations + [
    FeatureSpec(
      name: "observation.images.top", dtype: .uint8, shape: [2, 3, 3], elements: ["red", "green", "blue"],
      bounds: Array(repeating: FeatureSpec.Bounds(0, 255), count: 3)),
    FeatureSpec(name: "observation.touch", shape: [1], elements: ["force (N)"]),
  ], action: sampleFeatures.action)

let sampleHorizons = Horizons(observation: 2, prediction: 4, execution: 2)

func sampleInfo(_ features: FeatureSet = sampleFeatures) -> DatasetInfo {
  DatasetInfo(
    environment: "point", randomization: "train", controlPeriod: 0.1, features: features,
    horizons: sampleHorizons, provenance: ["actor": "expert"])
}

/// Episode `index`: frame f shows [index, f] and objects 100·index + f + …, pays f / 3 − index, and is the expert's where
/// f is 3, 7, …; labels start with [f, index].
func sampleEpisode(_ index: Int, frames: Int, labelFrames: [Int], horizon: Int = 4) -> Episode {
  let color = index.isMultiple(of: 2) ? "빨간" : "blue \"quoted\""
  let success = index.isMultiple(of: 3)
  func observation(_ frame: Int) -> Observation {
    Observation(
      proprioception: [Float(index), Float(frame)],
      objects: (0..<6).map { Float(100 * index + frame) + Float($0) / 8 },
      command: frame < 3 ? "push \(color)" : "now stop")
  }
  return Episode(
    info: EpisodeInfo(
      seed: UInt64.max - UInt64(index), command: "push \(color)", drawnCommand: "push",
      goal: ["color": color], draws: ["friction": 0.1 + Double(index) / 3]),
    success: success,
    observations: (0..<frames).map(observation),
    actions: (0..<frames).map { [Float($0) / 7, -Float(index) / 7] },
    labelFrames: labelFrames,
    labels: labelFrames.map { frame in
      ActionChunk(
        horizon: horizon, dimension: 2,
        values: (0..<horizon).flatMap { [Float(frame) + Float($0) / 16, Float(index)] })
    },
    rewards: (0..<frames).map { Float($0) / 3 - Float(index) },
    terminated: (0..<frames).map { $0 == frames - 1 && success },
    truncated: (0..<frames).map { $0 == frames - 1 && !success },
    successes: (0..<frames).map { $0 == frames - 1 && success },
    drivers: (0..<frames).map { $0 % 4 == 3 ? "expert" : "learner \(index % 2)" },
    finalObservation: frames > 0 ? observation(frames) : nil)
}

/// `sampleEpisode` with pictures whose bytes are 10·frame + place, and touch index + frame / 4.
func sensingEpisode(_ index: Int, frames: Int, labelFrames: [Int]) -> Episode {
  var episode = sampleEpisode(index, frames: frames, labelFrames: labelFrames)
  for frame in 0..<frames {
    episode.observations[frame].image = (0..<18).map { UInt8(truncatingIfNeeded: 10 * frame + $0) }
    episode.observations[frame].set("observation.touch", floats: [Float(index) + Float(frame) / 4])
  }
  episode.finalObservation?.image = (0..<18).map { UInt8(truncatingIfNeeded: 200 + $0) }
  episode.finalObservation?.set("observation.touch", floats: [-1])
  return episode
}

/// An episode in which nothing is wrong: `sampleEpisode` with a training seed and small actions.
func soundEpisode(_ index: Int) -> Episode {
  var episode = sampleEpisode(index, frames: 6, labelFrames: [0, 3])
  episode.info.seed = SeedRanges.firstTraining + UInt64(index)
  episode.actions = episode.actions.map { $0.map { max(-1, min(1, $0)) } }
  episode.labels = episode.labels.map {
    ActionChunk(horizon: 4, dimension: 2, values: $0.values.map { $0 / 10_000 })
  }
  return episode
}

func sampleEpisodes(_ range: Range<Int>) -> [Episode] {
  range.map { index in
    sampleEpisode(index, frames: 5 + index % 3, labelFrames: index % 4 == 3 ? [] : [0, 2, 4])
  }
}

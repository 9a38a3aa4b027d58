// Episodes with telling numbers, and a folder of its own for each test.

import Datasets
import Foundation
import PlanarCore
import PolicyInterface

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

let sampleHorizons = Horizons(observation: 2, prediction: 4, execution: 2)

func sampleInfo() -> DatasetInfo {
  DatasetInfo(
    environment: "point", randomization: "train", controlPeriod: 0.1, features: sampleFeatures,
    horizons: sampleHorizons, provenance: ["actor": "expert"])
}

/// Episode `index`: frame f shows [index, f] and objects 100·index + f + …; labels start with [f, index].
func sampleEpisode(_ index: Int, frames: Int, labelFrames: [Int], horizon: Int = 4) -> Episode {
  let color = index.isMultiple(of: 2) ? "빨간" : "blue \"quoted\""
  return Episode(
    info: EpisodeInfo(
      seed: UInt64.max - UInt64(index), command: "push \(color)", drawnCommand: "push",
      goal: ["color": color], draws: ["friction": 0.1 + Double(index) / 3]),
    success: index.isMultiple(of: 3),
    observations: (0..<frames).map { frame in
      Observation(
        proprioception: [Float(index), Float(frame)],
        objects: (0..<6).map { Float(100 * index + frame) + Float($0) / 8 },
        command: frame < 3 ? "push \(color)" : "now stop")
    },
    actions: (0..<frames).map { [Float($0) / 7, -Float(index) / 7] },
    labelFrames: labelFrames,
    labels: labelFrames.map { frame in
      ActionChunk(
        horizon: horizon, dimension: 2,
        values: (0..<horizon).flatMap { [Float(frame) + Float($0) / 16, Float(index)] })
    })
}

func sampleEpisodes(_ range: Range<Int>) -> [Episode] {
  range.map { index in
    sampleEpisode(index, frames: 5 + index % 3, labelFrames: index % 4 == 3 ? [] : [0, 2, 4])
  }
}

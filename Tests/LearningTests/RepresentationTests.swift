// Training on relative targets: with and without inference delays, a chunk is seen from the end of its row's window.

import PlanarCore
import PlanarDatasets
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import Testing

private let features = FeatureSet(
  proprioception: FeatureSpec(name: "observation.state", shape: [2], elements: ["x (m)", "y (m)"]),
  objects: FeatureSpec(name: "observation.environment_state", shape: [1, 2], elements: ["x (m)", "y (m)"]),
  action: FeatureSpec(
    name: "action", shape: [2], elements: ["x", "y"],
    anchors: [0, 1].map { ActionAnchor(element: $0, least: -1, greatest: 1) }))

/// An episode in which the robot is at frame / 100 and told to go to (frame + 1) / 100, along x.
private func episode(frames: Int, horizon: Int) -> Episode {
  func target(_ frame: Int) -> Action { [Float(frame + 1) / 100, 0.5] }
  let labelFrames = Array(stride(from: 0, to: frames, by: 2))
  return Episode(
    info: EpisodeInfo(seed: 1_000_000, command: "go", drawnCommand: "go", goal: [:], draws: [:]), success: true,
    observations: (0..<frames).map {
      Observation(proprioception: [Float($0) / 100, 0.5], objects: [0, 0], command: "go")
    },
    actions: (0..<frames).map(target), labelFrames: labelFrames,
    labels: labelFrames.map { frame in
      ActionChunk(horizon: horizon, dimension: 2, values: (0..<horizon).flatMap { target(frame + $0) })
    })
}

@Suite struct RepresentationTests {
  @Test(arguments: [0, 3]) func aChunkIsSeenFromTheEndOfItsWindow(_ delay: Int) throws {
    let horizons = Horizons(observation: 2, prediction: 8, execution: 4)
    var labels = LabelSet(features: features, horizons: horizons, largestDelay: delay)
    for _ in 0..<8 { try labels.append([episode(frames: 40, horizon: 8)]) }
    let policy = try makePolicy(
      head: HeadChoice(FlowOptions(largestDelay: delay)), size: .small, for: labels, environment: "line", seed: 1,
      representation: .relative)
    let representation = try #require(policy.configuration.representation)
    #expect(representation.kind == .relative)
    var configuration = TrainingConfiguration()
    configuration.batchSize = 32
    let windows = try LabelWindows(labels, for: policy, configuration)
    var batch = TrainingBatch(rows: 32, policy: policy)
    try windows.fill(&batch, step: 0)
    var delays: Set<Int32> = []
    for row in 0..<32 {
      delays.insert(batch.prefixLengths[row])
      let newest = batch.observations.floats(FeatureName.state)[(row * 2 + 1) * 2]
      for step in 0..<8 {
        // Targets go on evenly, executed or labelled, from where the window ends.
        let way = Float(step + 1) / 100
        let expected = min(1, way / representation.scale[step * 2])
        #expect(abs(batch.chunks[(row * 8 + step) * 2] - expected) < 1e-4, "row \(row), step \(step), at \(newest)")
      }
    }
    #expect(delay == 0 ? delays == [0] : delays.count > 1)
  }

  @Test func dataThatDoesNotSayWhatItsActionsMeanIsRefused() throws {
    var unknown = features
    unknown.action.anchors = nil
    var labels = LabelSet(features: unknown, horizons: Horizons(observation: 1, prediction: 8, execution: 4))
    try labels.append([episode(frames: 20, horizon: 8)])
    #expect(throws: UserError.self) {
      try makePolicy(
        head: HeadChoice(FlowOptions()), size: .small, for: labels, environment: "line", seed: 1,
        representation: .absolute)
    }
  }
}

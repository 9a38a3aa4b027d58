// Actions that are places: learned relative to where the robot is, answered as places.

import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct RelativeActionsTests {
  private let relative = RelativeActions(
    anchors: [
      ActionAnchor(element: 1, least: 0, greatest: 512), ActionAnchor(element: 0, least: -1, greatest: 1),
    ], reach: [0.5, 0.25, 0.5, 0.25, 0.1, 0.9])

  @Test func aPlaceIsSeenFromTheRobot() {
    // The robot is at 384 of 512, that is action 0.5, and at −0.1.
    var chunk: ArraySlice<Float> = [0.5, -0.1, 0.75, 0.025, 0.55, 0.9]
    relative.encode(&chunk, proprioception: [-0.1, 384])
    let expected: [Float] = [0, 0, 0.5, 0.5, 0.5, 1]
    #expect(zip(chunk, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func theReachIsWhatLabelsNeed() {
    let chunks: [Float] = [0.5, 0, 0.7, 0, 0.5, 0, 0.3, 0]
    let fitted = RelativeActions(
      anchors: relative.anchors, fittedTo: chunks, horizon: 2, proprioception: [[0, 384], [0, 384]])
    // Ways of 0 at the first step, of 0.2 and −0.2 at the second.
    #expect(fitted.reach.count == 4 && fitted.reach[0] == 0.01 && fitted.reach[1] == 0.01)
    #expect(abs(fitted.reach[2] - 3 * 0.2) < 0.1)
    #expect(fitted.reach[3] == 0.01)
  }

  @Test func theSameChunkElsewhereIsTheSamePlacesElsewhere() throws {
    var configuration = TinyTask.configuration(RegressionOptions())
    configuration.relativeActions = RelativeActions(
      anchors: [0, 1].map { ActionAnchor(element: $0, least: -1, greatest: 1) },
      reach: [Float](repeating: 0.5, count: 2 * configuration.horizons.prediction))
    // The network itself does not see where the robot is.
    configuration.normalization.proprioceptionDeviation = [1e9, 1e9]
    let trainable = try TrainablePolicy(configuration)
    let inference = trainable.policy(weights: trainable.parameters.values).makeInference(batch: 2)
    var stream = RandomStream(seed: 1)
    let here = TinyTask.scene(&stream).observation
    var there = here
    there.proprioception = [here.proprioception[0] + 0.2, here.proprioception[1] - 0.1]
    var requests = [here, there].map {
      PolicyRequest(history: ObservationHistory(first: $0, horizon: 2), noise: RandomStream(seed: 2))
    }
    let chunks = inference.predict(&requests)
    for i in chunks[0].values.indices {
      let way = chunks[1].values[i] - chunks[0].values[i]
      #expect(abs(way - (i % 2 == 0 ? 0.2 : -0.1)) < 1e-4)
    }
  }

  @Test func anAnchorThatIsNotThereIsRefused() {
    var configuration = TinyTask.configuration(RegressionOptions())
    configuration.relativeActions = RelativeActions(
      anchors: [0, 7].map { ActionAnchor(element: $0, least: -1, greatest: 1) },
      reach: [Float](repeating: 0.5, count: 2 * configuration.horizons.prediction))
    #expect(throws: UserError.self) { try configuration.validate() }
  }
}

// Receding horizon: which actions are executed, and what a policy is shown.

import PlanarPolicyInterface
import PlanarRollouts
import Testing

@Suite struct ChunkExecutorTests {
  private func observation(_ value: Float) -> Observation {
    Observation(proprioception: [value], objects: [], command: "go")
  }

  @Test func executesTheFirstStepsOfEachChunk() {
    var executor = ChunkExecutor(first: observation(0), observationHorizon: 1, executionHorizon: 2)
    #expect(executor.needsChunk)
    var executed: [Action] = []
    for start in [Float(0), 10, 20] {
      executor.begin(ActionChunk(horizon: 4, dimension: 1, values: [start, start + 1, start + 2, start + 3]))
      while !executor.needsChunk { executed.append(executor.nextAction()) }
    }
    #expect(executed == [[0], [1], [10], [11], [20], [21]])
  }

  @Test func historyRepeatsTheFirstObservationThenSlides() {
    var executor = ChunkExecutor(first: observation(1), observationHorizon: 3, executionHorizon: 1)
    #expect(executor.history.observations.map(\.proprioception) == [[1], [1], [1]])
    executor.observe(observation(2))
    #expect(executor.history.observations.map(\.proprioception) == [[1], [1], [2]])
    executor.observe(observation(3))
    executor.observe(observation(4))
    #expect(executor.history.observations.map(\.proprioception) == [[2], [3], [4]])
  }

  @Test func aNewChunkReplacesAnUnfinishedOne() {
    var executor = ChunkExecutor(first: observation(0), observationHorizon: 1, executionHorizon: 3)
    executor.begin(ActionChunk(horizon: 3, dimension: 1, values: [1, 2, 3]))
    #expect(executor.nextAction() == [1])
    executor.begin(ActionChunk(horizon: 3, dimension: 1, values: [7, 8, 9]))
    #expect(executor.nextAction() == [7])
    #expect(executor.executedSteps == 1)
  }
}

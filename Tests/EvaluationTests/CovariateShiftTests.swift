// Covariate-shift measures on data whose answer is known.

import PlanarEvaluation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct ChunkErrorTests {
  private func chunk(_ values: [Float]) -> ActionChunk {
    ActionChunk(horizon: values.count / 2, dimension: 2, values: values)
  }

  /// Step 0 is off by (3, 4)/√2-RMS 5/√2, step 1 is exact, step 2 off by (1, 1).
  @Test func rootMeanSquaresByHand() {
    let error = ChunkError(
      predicted: [chunk([3, 4, 0, 0, 1, 1]), chunk([0, 0, 0, 0, 0, 0])],
      labels: [chunk([0, 0, 0, 0, 0, 0]), chunk([0, 0, 0, 0, 0, 0])], executionHorizon: 2)
    #expect(near(error.executed[0], (12.5 / 2).squareRoot(), within: 1e-12))
    #expect(near(error.whole[0], (13.5 / 3).squareRoot(), within: 1e-12))
    #expect(error.executed[1] == 0 && error.whole[1] == 0)
    #expect(near(error.meanExecuted, (12.5 / 2).squareRoot() / 2, within: 1e-12))
    #expect(near(error.byStep[0], (12.5 / 2).squareRoot(), within: 1e-12))
    #expect(error.byStep[1] == 0 && near(error.byStep[2], 0.5.squareRoot(), within: 1e-12))
  }

  @Test func unequalHorizonsCompareWhatBothHave() {
    let error = ChunkError(
      predicted: [chunk([1, 1, 1, 1, 9, 9])], labels: [chunk([0, 0, 0, 0])], executionHorizon: 8)
    #expect(error.byStep.count == 2)
    #expect(error.whole == [1] && error.executed == [1])
  }
}

@Suite struct EnergyDistanceTests {
  /// {0, 2} and {1}: 2·1 − (0 + 2 + 2 + 0)/4 − 0 = 1; {0} and {1}: 2.
  @Test func byHand() {
    func distance(_ a: [[Float]], _ b: [[Float]]) -> Double {
      EnergyDistance(between: a, and: b, permutations: 0, seed: 0).distance
    }
    #expect(distance([[0], [2]], [[1]]) == 1)
    #expect(distance([[0, 0]], [[3, 4]]) == 10)
    #expect(distance([[0], [2]], [[0], [2]]) == 0)
  }

  private func cloud(_ count: Int, _ shift: Float, seed: UInt64) -> [[Float]] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in [Float(stream.normal()) + shift, Float(stream.normal())] }
  }

  @Test func alikeSamplesAreWithinChanceAndShiftedOnesAreNot() {
    var surprising = 0
    for trial in UInt64(0)..<20 {
      let alike = EnergyDistance(
        between: cloud(40, 0, seed: 2 * trial), and: cloud(40, 0, seed: 2 * trial + 1), seed: trial)
      surprising += alike.p <= 0.05 ? 1 : 0
    }
    // Binomial(20, 0.05) exceeds 5 in fewer than 1 of 3000 cases.
    #expect(surprising <= 5)
    let shifted = EnergyDistance(between: cloud(40, 0, seed: 1), and: cloud(40, 1.5, seed: 2), seed: 3)
    #expect(shifted.p == 0.01 && shifted.distance > 2 * shifted.chanceHigh)
    #expect(shifted.chanceHigh > shifted.chanceMean && shifted.chanceMean > 0)
  }
}

@Suite struct VisitationDivergenceTests {
  /// Positions under the expert, and under another driver.
  private func positions(_ driver: Driver<PointWorld>, _ seeds: Range<UInt64>) throws -> [[[Float]]] {
    let plan = RolloutPlan(
      world: PointWorld(), seeds: Array(seeds), driver: driver,
      recording: Recording(probe: { [Float($0.position.x), Float($0.position.y), 1] }))
    return try rollOut(plan).map(\.probes)
  }

  /// The expert and random actions begin in the same distribution and drift apart; the expert and
  /// itself on other seeds do not. The constant third feature changes nothing.
  @Test func growsWhereActorsDriftApart() throws {
    let expert = try positions(.expert(PointExpert()), 0..<60)
    let other = try positions(.expert(PointExpert()), 100..<160)
    let random = try positions(.random(.uniform), 100..<160)
    let apart = try VisitationDivergence(between: expert, and: random, frames: [0, 3, 20], seed: 1)
    #expect(apart.distances[0].p > 0.05)
    #expect(apart.distances[2].p == 0.01)
    #expect(apart.distances[2].distance > apart.distances[1].distance)
    let alike = try VisitationDivergence(between: expert, and: other, frames: [0, 3, 20], seed: 1)
    #expect(alike.distances.allSatisfy { $0.p > 0.02 })
  }

  @Test func seededAndEqualForAnyThreads() throws {
    let expert = try positions(.expert(PointExpert()), 0..<40)
    let random = try positions(.random(.uniform), 0..<40)
    func measure(_ seed: UInt64, _ threads: Int) throws -> VisitationDivergence {
      try VisitationDivergence(
        between: expert, and: random, frames: [0, 5, 10], most: 20, seed: seed, threads: threads)
    }
    #expect(try measure(1, 1) == measure(1, 3))
    #expect(try measure(1, 1) != measure(2, 1))
  }

  @Test func nothingToCompareIsAUserError() {
    #expect(throws: UserError.self) {
      try VisitationDivergence(between: [], and: [[[1]]], frames: [0], seed: 0)
    }
  }
}

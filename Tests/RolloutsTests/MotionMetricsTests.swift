// Jumps between chunks and changes of action, by hand.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct MotionMetricsTests {
  private func motion(_ execution: ChunkExecution, steps: Int) throws -> MotionMetrics {
    let plan = RolloutPlan(
      world: Clockwork(steps: steps), seeds: [7], driver: .policy(ChunkProbe()), execution: execution)
    return try #require(try rollOut(plan)[0].outcome.motion)
  }

  private func near(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) * 64 - b) < 1e-9 }

  /// A0 A1 A2 B0 B1 B2 C0, in units of 1/64: B0 = (2, 0) where A3 = (1, 3) would have been.
  @Test func recedingHorizonJumps() throws {
    let motion = try motion(.recedingHorizon, steps: 7)
    let jump = 10.0.squareRoot()
    #expect(near(motion.boundaryJump, jump) && near(motion.greatestBoundaryJump, jump))
    // Within a chunk (0, 1) a step, from A2 = (1, 2) to B0 = (2, 0) it is (1, −2).
    let change = 5.0.squareRoot()
    #expect(near(motion.actionChange, (4 + 2 * change) / 6))
    // (0, 0), (1, −3), (−1, 3), (0, 0), (1, −3)
    #expect(near(motion.actionSecondDifference, 3 * 10.0.squareRoot() / 5))
  }

  /// A0 … A4 B2 B3 B4 C2: B2 = (2, 2) where A5 = (1, 5) would have been.
  @Test func lateJumps() throws {
    let motion = try motion(ChunkExecution(delay: 2, switching: .naive), steps: 9)
    #expect(near(motion.boundaryJump, 10.0.squareRoot()))
    // Six even steps, and A4 = (1, 4) → B2 = (2, 2), B4 → C2.
    #expect(near(motion.actionChange, (6 + 2 * 5.0.squareRoot()) / 8))
  }

  /// Two steps of a chunk and a stop of one: the plan goes on where it was, so that C0 is compared with B2.
  @Test func waitingJumps() throws {
    let motion = try motion(ChunkExecution(horizon: 2, delay: 1), steps: 4)  // A0 A1 · B0
    #expect(near(motion.boundaryJump, 5.0.squareRoot()))  // (2, 0) and A2 = (1, 2)
    #expect(near(motion.actionChange, (1 + 2.0.squareRoot() + 2) / 3))
  }

  @Test func noJumpWhereTheOldChunkIsAtItsEnd() throws {
    let atEnd = try motion(ChunkExecution(horizon: 4, delay: 4, switching: .naive), steps: 20)
    #expect(atEnd.boundaryJump == nil && atEnd.greatestBoundaryJump == nil)
    #expect(atEnd.actionChange != nil)
    // The answer arrives after the last step.
    let early = try motion(ChunkExecution(delay: 2, switching: .naive), steps: 5)
    #expect(early.boundaryJump == nil)
    #expect(near(early.actionChange, 1) && near(early.actionSecondDifference, 0))
    #expect(try motion(.temporalEnsembling(), steps: 9).boundaryJump == nil)
    #expect(try motion(.recedingHorizon, steps: 1) == MotionMetrics())
  }

  /// Of a mixture, only boundaries between two chunks of the policy count.
  @Test func mixturesCountTheirOwnBoundaries() throws {
    func motions(_ share: Double) throws -> [MotionMetrics] {
      let plan = RolloutPlan(
        world: PointWorld(), seeds: Array(0..<8),
        driver: .mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: share))
      return try rollOut(plan).compactMap(\.outcome.motion)
    }
    #expect(try motions(0).allSatisfy { $0.boundaryJump != nil })
    #expect(try motions(1).allSatisfy { $0.boundaryJump == nil && $0.actionChange != nil })
  }

  @Test func meansAreOverTheEpisodesThatHaveThem() {
    let mean = MotionMetrics.mean(of: [
      MotionMetrics(boundaryJump: 1, greatestBoundaryJump: 2, actionChange: 0.5),
      MotionMetrics(actionChange: 1.5),
    ])
    #expect(mean == MotionMetrics(boundaryJump: 1, greatestBoundaryJump: 2, actionChange: 1))
    #expect(MotionMetrics.mean(of: []) == nil)
  }
}

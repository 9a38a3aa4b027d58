// Numbers that are none, from policies, experts and labels: an error that names them, and never an action of a robot.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct NotFiniteTests {
  /// Whoever gives a number that is none is named, with the step and the episode.
  @Test func numbersThatAreNoneAreErrors() throws {
    func refusal(_ driver: Driver<PointWorld>) -> String {
      do { _ = try rollOut(RolloutPlan(world: PointWorld(), seeds: [3, 4], driver: driver)) } catch {
        return "\(error)"
      }
      return "accepted"
    }
    #expect(
      refusal(.policy(LostPolicy())).hasPrefix(
        "the policy 'lost' answered with numbers that are not finite or beyond all measure, at control step 0 of the episode of seed "
      ))
    #expect(
      refusal(.expert(LostExpert())).hasPrefix(
        "'expert' chose the action [nan, 0.0], which is not finite, at control step 0"))
    let labelled = RolloutPlan(
      world: PointWorld(), seeds: [3], driver: .expert(PointExpert()),
      recording: Recording(keepsFrames: true, labeller: LostExpert(), labels: .everyFrames(1), labelHorizon: 4))
    #expect(throws: UserError.self) { try rollOut(labelled) }
  }

  /// Whatever is asked of it, a robot gets numbers.
  @Test func aRobotIsHeldStillWhereAnActionIsNone() throws {
    var world = PointWorld()
    let first = try world.reset(seed: 3, command: .drawn)
    var stepper = EpisodeStepper(world, first: first, keepsFrames: true)
    stepper.step([0.5, -0.25], by: "somebody")
    for action in [[Float.nan, 0], [0, .infinity], [-.infinity, .nan]] {
      stepper.step(action, by: "somebody")
      #expect(stepper.lastAction == [0, 0])
      #expect(stepper.latest.proprioception.allSatisfy { $0.isFinite })
    }
  }
}

private struct LostExpert: Expert {
  mutating func beginEpisode(seed: UInt64) {}
  mutating func action(in world: PointWorld) -> Action { [.nan, 0] }
}

private struct LostPolicy: Policy {
  let name = "lost"
  let features = PointWorld().features
  let horizons = Horizons(observation: 1, prediction: 4, execution: 2)
  func makeInference(batch: Int) -> any PolicyInference { LostInference(batch: batch) }
}

private final class LostInference: PolicyInference {
  let batch: Int
  init(batch: Int) { self.batch = batch }
  func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
    requests.map { _ in ActionChunk(horizon: 4, dimension: 2, values: [Float](repeating: .nan, count: 8)) }
  }
}

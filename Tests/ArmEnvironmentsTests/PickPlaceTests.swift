// What a user relies on in `pick-place`: what counts as done, what the expert can do from anywhere, what is measured.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing
import Testing

/// Runs the expert from where the environment is; the last transition.
private func finish(_ environment: inout ArmEnvironment, seed: UInt64) -> Transition {
  var expert = PickPlaceExpert()
  expert.beginEpisode(seed: seed)
  while true {
    let transition = environment.step(expert.action(in: environment))
    if transition.terminated || transition.truncated { return transition }
  }
}

@Test(arguments: ["none", "train", "wide"]) func thePickingExpertSolvesNearlyEveryStart(_ level: String) throws {
  let base = try ArmEnvironment(named: "pick-place", randomization: level)
  let outcomes = try parallelMap(count: 120, threads: 2) { i -> (Bool, [String: Double]) in
    var environment = base
    _ = try environment.reset(seed: UInt64(200_000 + i), command: .drawn)
    return (finish(&environment, seed: UInt64(i)).succeeded, environment.metrics)
  }
  #expect(outcomes.count { $0.0 } >= 116)
  // It carries, and leaves the others alone.
  let carried = outcomes.map { $0.1["carried_share"] ?? 0 }.sorted()
  #expect(carried[outcomes.count / 10] > 0.95)
  let shifts = outcomes.map { $0.1["distractor_shift"] ?? 1 }.sorted()
  #expect(shifts[outcomes.count * 8 / 10] < 0.02)
}

@Test func anObjectCountsOnlyOnceItIsReleased() throws {
  var environment = try ArmEnvironment(named: "pick-place", randomization: "none")
  _ = try environment.reset(seed: 4, command: .drawn)
  let object = try #require(environment.goalObject)
  let bin = try #require(environment.goalZone)
  var expert = PickPlaceExpert()
  expert.beginEpisode(seed: 4)
  while (environment.physics.states[object].position - bin.center).length > 0.4 * bin.radius {
    #expect(!environment.step(expert.action(in: environment)).terminated)
  }
  // Held at rest in the bin: not yet.
  for _ in 0..<20 { #expect(!environment.step([0, 0, -1]).succeeded) }
  #expect(environment.isHeld(object) && environment.holds(environment.goal))
  #expect(finish(&environment, seed: 4).succeeded)
  #expect(environment.isReleased(object))
}

@Test func theExpertGoesOnFromADropAndFromHalfClosedFingers() throws {
  var environment = try ArmEnvironment(named: "pick-place", randomization: "train")
  for seed in 300..<330 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let object = try #require(environment.goalObject)
    var expert = PickPlaceExpert()
    expert.beginEpisode(seed: seed)
    var held = 0
    while held < 8 {
      guard !environment.step(expert.action(in: environment)).terminated else { break }
      held += environment.isHeld(object) ? 1 : 0
    }
    // Dropped on the way, then the hand wanders off with its fingers half closed.
    for step in 0..<8 { _ = environment.step([seed % 2 == 0 ? 0.6 : -0.6, step < 4 ? -0.8 : 0, 0.2]) }
    #expect(finish(&environment, seed: seed).succeeded, "seed \(seed)")
  }
}

@Test func aGripperIsDrawnWithItsOpening() throws {
  var environment = try ArmEnvironment(named: "pick-place", randomization: "none")
  _ = try environment.reset(seed: 2, command: .drawn)
  func gapOfFingers() -> Double {
    let arm = environment.physics.arm
    return (arm.fingerAxis(0).end - arm.fingerAxis(1).end).length
  }
  let open = gapOfFingers()
  let before = environment.drawList
  for _ in 0..<10 { _ = environment.step([0, 0, -1]) }
  #expect(open > 0.1 && gapOfFingers() < 0.03)
  #expect(environment.drawList != before)
  let features = environment.features
  #expect(features.action.count == 3 && features.proprioception.elements.last == "gripper_opening (m)")
  // The grasp point is what actions lead: it lies between the fingers, and they point away from the robot.
  let arm = environment.physics.arm
  let middle = (arm.fingerAxis(0).root + arm.fingerAxis(1).end) * 0.5
  #expect((environment.tip - middle).length < 1e-9)
  #expect(arm.hand.direction.y > 0.98)
}

@Test func thePickingCostFallsAlongAnEpisode() throws {
  var environment = try ArmEnvironment(named: "pick-place", randomization: "none")
  for seed in 1..<11 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let start = environment.planningCost
    let object = try #require(environment.goalObject)
    var expert = PickPlaceExpert()
    expert.beginEpisode(seed: seed)
    while !environment.isHeld(object) { _ = environment.step(expert.action(in: environment)) }
    let held = environment.planningCost
    #expect(held < start)
    #expect(finish(&environment, seed: seed).succeeded)
    #expect(environment.planningCost == 0 && held > 0)
  }
}

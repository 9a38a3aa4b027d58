// What a user relies on in `tidy`: what is asked for, what counts, and that the expert mends what was disturbed.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

/// Runs the expert from where the environment is; the last transition.
private func finish(_ environment: inout ArmEnvironment, seed: UInt64) -> Transition {
  var expert = TidyExpert()
  expert.beginEpisode(seed: seed)
  while true {
    let transition = environment.step(expert.action(in: environment))
    if transition.terminated || transition.truncated { return transition }
  }
}

@Test(arguments: ["none", "wide"]) func theTidyingExpertSolvesNearlyEveryStart(_ level: String) throws {
  let base = try ArmEnvironment(named: "tidy", randomization: level)
  let solved = try parallelMap(count: 100, threads: 2) { i -> Bool in
    var environment = base
    _ = try environment.reset(seed: UInt64(200_000 + i), command: .drawn)
    return finish(&environment, seed: UInt64(i)).succeeded
  }
  #expect(solved.count(where: \.self) >= 95)
}

@Test func aTidyCommandAsksForEveryObjectOfTwoColors() throws {
  var environment = try ArmEnvironment(named: "tidy", randomization: "train")
  var counts: Set<Int> = []
  for seed in 0..<200 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    counts.insert(environment.scene.objects.count)
    let requests = environment.goal.instruction.requests
    #expect(requests.count == 2)
    let colors = requests.map { $0.subject?.color ?? "" }
    #expect(colors[0] != colors[1] && requests[0].target != requests[1].target)
    #expect(try environment.grammar.parse(environment.info.command) == environment.goal.instruction)
    // One condition for each object of the two colours.
    let named = environment.scene.objects.indices.filter { colors.contains(environment.scene.objects[$0].colorName) }
    #expect(environment.goal.conditions.count == named.count)
    #expect(!environment.holds(environment.goal))
    // Another command is another goal, not the same in another order.
    let goal = conditions(of: environment)
    _ = try environment.reset(seed: seed, command: .swapped)
    #expect(conditions(of: environment) != goal)
  }
  #expect(counts == [4, 5, 6])
}

/// In no order.
private func conditions(of environment: ArmEnvironment) -> Set<ObjectInZone> {
  Set(environment.goal.conditions.compactMap { $0 as? ObjectInZone })
}

@Test func theOrderOfRequestsDoesNotMatter() throws {
  var environment = try ArmEnvironment(named: "tidy", randomization: "none")
  _ = try environment.reset(seed: 3, command: .drawn)
  let first = environment.scene.objects[0].colorName
  let other = try #require(environment.scene.objects.first { $0.colorName != first }).colorName
  let one = "put every \(first) thing into the left zone and every \(other) thing into the right zone"
  let two = "put every \(other) thing into the right zone and every \(first) thing into the left zone"
  _ = try environment.reset(seed: 3, command: .text(one))
  let goal = conditions(of: environment)
  _ = try environment.reset(seed: 3, command: .text(two))
  #expect(conditions(of: environment) == goal)
}

@Test func theExpertPushesAgainWhatWasKnockedOut() throws {
  var environment = try ArmEnvironment(named: "tidy", randomization: "none")
  var disturbed = 0
  for seed in 400..<420 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    var expert = TidyExpert()
    expert.beginEpisode(seed: seed)
    let start = environment.metrics["objects_in_place"] ?? 0
    while (environment.metrics["objects_in_place"] ?? 0) <= start, environment.stepIndex < 300 {
      guard !environment.step(expert.action(in: environment)).terminated else { break }
    }
    // The tip ploughs across the zones' middle, from wherever it is.
    for step in 0..<40 { _ = environment.step([step < 20 ? 1 : -1, environment.tip.y > 0.25 ? -0.5 : 0.5]) }
    disturbed += 1
    #expect(finish(&environment, seed: seed).succeeded, "seed \(seed)")
  }
  #expect(disturbed == 20)
}

// What a user relies on in `belt`: objects ride on, two gates that are as good as each other, and time that counts.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

private func belt(_ level: String, rung: Int = 1) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: level)
  settings.rung = rung
  return try ArmEnvironment(named: "belt", settings: settings)
}

@Test(arguments: [1, 2, 3, 4]) func theBeltExpertObeysOnEveryRung(rung: Int) throws {
  let results = try trials(belt("train", rung: rung), count: 200)
  #expect(results.filter(\.succeeded).count >= 194)
}

@Test(arguments: ["none", "wide"]) func theBeltExpertObeysAtEveryLevel(level: String) throws {
  #expect(try trials(belt(level), count: 100).filter(\.succeeded).count >= 96)
}

@Test func whoWaitsLosesTheObject() throws {
  let results = try trials(belt("none"), count: 40) { _, _ in [0, 0] }
  #expect(results.filter(\.succeeded).isEmpty)
  let lost = results.filter { $0.metrics["lost"] == 1 }
  #expect(lost.count >= 38)
  #expect(lost.allSatisfy { $0.terminated && $0.reward == -1 })
}

@Test func objectsRideAtTheBeltsSpeedUntilTheyLeaveIt() throws {
  var environment = try belt("none", rung: 2)
  _ = try environment.reset(seed: 3, command: .drawn)
  let start = environment.physics.states.map(\.position)
  for _ in 0..<10 { _ = environment.step([0, 0]) }
  for object in environment.scene.objects.indices {
    let way = environment.physics.states[object].position - start[object]
    #expect(abs(way.x + 0.06) < 0.001 && abs(way.y) < 1e-6)
  }
}

@Test func bothGatesAreTakenWhereBothAreAhead() throws {
  let base = try belt("none")
  var both = 0
  for seed in 0..<20 as Range<UInt64> {
    var gates: Set<Double> = []
    for coin in 0..<6 as Range<UInt64> {
      var environment = base
      _ = try environment.reset(seed: seed, command: .drawn)
      var expert = BeltExpert()
      expert.beginEpisode(seed: coin)
      while environment.stepIndex < environment.maximumSteps {
        if environment.step(expert.action(in: environment)).terminated { break }
      }
      gates.insert(try #require(environment.metrics["first_gate_share"]))
    }
    if gates.isSuperset(of: [0, 1]) { both += 1 }
  }
  #expect(both >= 10)
}

@Test func theOtherBinDoesNotCount() throws {
  var environment = try belt("none")
  let results = try (0..<10 as Range<UInt64>).map { seed -> Bool in
    _ = try environment.reset(seed: seed, command: .drawn)
    var other = environment
    _ = try other.reset(seed: seed, command: .text(environment.info.command.replacingZone()))
    var expert = BeltExpert()
    expert.beginEpisode(seed: seed)
    while true {
      // The same world under both commands; the expert obeys the other one.
      let action = expert.action(in: other)
      let transition = environment.step(action)
      if other.step(action).terminated || transition.terminated {
        return transition.terminated && !transition.succeeded && transition.reward == -1
      }
    }
  }
  #expect(results.filter(\.self).count >= 9)
}

extension String {
  /// A command with the other bin.
  fileprivate func replacingZone() -> String {
    let pairs = ["far": "near", "near": "far", "upper": "lower", "lower": "upper"]
    return split(separator: " ").map { pairs[String($0)] ?? String($0) }.joined(separator: " ")
  }
}

@Test func theBeltExpertLabelsStatesAfterShoves() throws {
  let results = try trials(belt("train"), count: 100, shoves: 8)
  #expect(results.filter(\.succeeded).count >= 92)
}

@Test(arguments: [
  ("speed: 0.04", "speed: 0.3", "the tip needs about"),
  ("gate: 0.1 ", "gate: 0.05 ", "widen the gates"),
  ("edges: [0.135, 0.365]", "edges: [0.05, 0.365]", "make the belt narrower"),
  ("end: -0.3", "end: 0.1", "where the belt has passed all gates"),
  ("near: [0.0, 0.06]", "near: [0.0, 0.25]", "lies on the belt"),
]) func aBeltThatCannotBeWorkedAtIsRefused(old: String, new: String, words: String) throws {
  let copy = try EnvironmentCopy(of: "belt")
  try copy.edit(old, to: new)
  let refusal = try #require(copy.refusal())
  #expect(refusal.hasPrefix("environment.yaml:") && refusal.contains(words), "\(refusal)")
}

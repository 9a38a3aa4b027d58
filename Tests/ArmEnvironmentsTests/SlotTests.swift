// What a user relies on in `slot`: pegs that fit with what the file says to spare, and an expert that shows it can be done.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

private func slot(_ level: String, rung: Int = 1) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: level)
  settings.rung = rung
  return try ArmEnvironment(named: "slot", settings: settings)
}

@Test(arguments: [1, 2, 3, 4]) func theSlotExpertObeysOnEveryRung(rung: Int) throws {
  let results = try trials(slot("train", rung: rung), count: 120)
  #expect(results.filter(\.succeeded).count >= 117)
}

@Test(arguments: ["none", "wide"]) func theSlotExpertObeysAtEveryLevel(level: String) throws {
  #expect(try trials(slot(level), count: 60).filter(\.succeeded).count >= 57)
}

@Test func aRungChangesTheClearanceAlone() throws {
  var worlds = try (1...4).map { try slot("none", rung: $0) }
  let clearances = [0.008, 0.004, 0.002, 0.001]
  var first: Scene?
  for (index, clearance) in clearances.enumerated() {
    _ = try worlds[index].reset(seed: 5, command: .drawn)
    let scene = worlds[index].scene
    let wall = try #require(scene[SlotWall.self])
    #expect(abs(wall.width - 0.03 - clearance) < 1e-12)
    if let first {
      #expect(scene.objects == first.objects && scene[SlotWall.self]?.slots == first[SlotWall.self]?.slots)
    }
    first = first ?? scene
  }
}

@Test func aPegInTheOtherSlotDoesNotCount() throws {
  var environment = try slot("none")
  for seed in 0..<6 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    var other = environment
    let command = environment.info.command
    _ = try other.reset(
      seed: seed,
      command: .text(
        command.contains("left")
          ? command.replacingOccurrences(of: "left", with: "right")
          : command.replacingOccurrences(of: "right", with: "left")))
    var expert = SlotExpert()
    expert.beginEpisode(seed: seed)
    while true {
      let action = expert.action(in: other)
      let transition = environment.step(action)
      #expect(!transition.succeeded)
      if other.step(action).terminated || transition.truncated { break }
    }
    #expect(environment.metrics["depth_share"] == 0)
  }
}

@Test func theSlotExpertGoesOnFromADrop() throws {
  var environment = try slot("train")
  var succeeded = 0
  for seed in 0..<20 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let peg = try #require(environment.goalObject)
    var expert = SlotExpert()
    expert.beginEpisode(seed: seed)
    var held = 0
    while held < 8, !environment.step(expert.action(in: environment)).terminated {
      held += environment.isHeld(peg) ? 1 : 0
    }
    for _ in 0..<6 { _ = environment.step([0, -0.6, 1]) }
    while true {
      let transition = environment.step(expert.action(in: environment))
      if transition.succeeded { succeeded += 1 }
      if transition.terminated || transition.truncated { break }
    }
  }
  #expect(succeeded >= 18)
}

@Test(arguments: [
  ("clearance: 0.008", "clearance: -0.002", "no wider than the peg"),
  ("clearance: 0.008", "clearance: 0.0001", "less than the physics tells from none"),
  ("left: [-0.14, 0.45]", "left: [-0.34, 0.45]", "beside the table"),
  ("left: [-0.14, 0.45]", "left: [0.13, 0.45]", "into another"),
  ("square: 0.062", "square: 0.04", "too short"),
  ("base: [0.0, -0.3]", "base: [0.0, -0.4]", "out of reach"),
]) func aSlotThatCannotBeFilledIsRefused(old: String, new: String, words: String) throws {
  let copy = try EnvironmentCopy(of: "slot")
  try copy.edit(old, to: new)
  let refusal = try #require(copy.refusal())
  #expect(refusal.hasPrefix("environment.yaml:") && refusal.contains(words), "\(refusal)")
}

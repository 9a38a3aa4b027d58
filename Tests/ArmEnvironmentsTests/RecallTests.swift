// What a user relies on in `recall`: the goal is seen once, and nothing in the world keeps it through the dark.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

private func recall(_ level: String = "none", rung: Int = 1, robot: String? = nil) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: level)
  settings.rung = rung
  settings.robot = robot
  return try ArmEnvironment(named: "recall", settings: settings)
}

@Test(arguments: ["none", "train", "wide", "real"]) func theRecallExpertFindsTheLamp(level: String) throws {
  let results = try trials(recall(level), count: 200)
  #expect(results.filter(\.succeeded).count >= 198)
  #expect(results.allSatisfy { $0.metrics["wrong_zone"] == 0 })
}

@Test(arguments: [2, 3, 4]) func theRecallExpertWaitsThroughALongerDark(rung: Int) throws {
  let results = try trials(recall(rung: rung), count: 200)
  #expect(results.filter(\.succeeded).count >= 198)
  let held = [2: 50, 3: 70, 4: 90][rung]!
  #expect(results.allSatisfy { $0.steps > held })
}

@Test(arguments: ["arm2", "arm3-gripper", "gantry"]) func otherRobotsRecall(robot: String) throws {
  #expect(try trials(recall("train", robot: robot), count: 40).filter(\.succeeded).count >= 39)
}

@Test func afterTheLampNothingTellsWhereItWas() throws {
  // One start for all seeds, so that episodes differ in the lamp alone.
  let copy = try EnvironmentCopy(of: "recall")
  try copy.edit("start_x: [-0.02, 0.02]", to: "start_x: [0, 0]")
  try copy.edit("start_y: [0.23, 0.27]", to: "start_y: [0.25, 0.25]")
  let base = try ArmEnvironment(folder: copy.folder, settings: EnvironmentSettings(randomization: "none"))
  var episodes: [String: ArmEnvironment] = [:]
  for seed in 0..<40 as Range<UInt64> {
    var environment = base
    _ = try environment.reset(seed: seed, command: .text("go to where the lamp was"))
    episodes[try #require(environment.goalZone).name] = environment
  }
  #expect(Set(episodes.keys) == ["left", "right", "top", "bottom"])
  var worlds = episodes.sorted { $0.key < $1.key }.map(\.value)
  let towards = worlds.map { ($0.goalZone!.center - $0.tip) * 10 }
  var random = RandomStream(seed: 1, purpose: "actions")
  for step in 1...60 {
    // In the light, each is driven to its own lamp; in the dark and after it, all do the same.
    let common = [Float(random.normal()), Float(random.normal())]
    var seen: [Observation] = []
    for index in worlds.indices {
      let own = [Float(towards[index].x), Float(towards[index].y)]
      seen.append(worlds[index].step(step <= 10 ? own : common).observation)
    }
    for index in 1..<worlds.count {
      // The observation after ten steps is the first without light.
      #expect((seen[index] == seen[0]) == (step >= 10), "after \(step) steps")
    }
  }
}

@Test(arguments: ["none", "wide", "real"]) func whatIsCommandedBeforeTheSignalLeavesNoTrace(level: String) throws {
  var first = try recall(level)
  for seed in 0..<10 as Range<UInt64> {
    _ = try first.reset(seed: seed, command: .drawn)
    var second = first
    var random = RandomStream(seed: seed, purpose: "actions")
    for _ in 0..<26 {
      let a = first.step([0, 0]).observation
      let b = second.step([Float(random.normal()), Float(random.normal())]).observation
      #expect(a == b)
    }
  }
}

@Test func theRobotIsHeldUntilTheSignal() throws {
  var environment = try recall()
  let names = environment.features.proprioception.elements
  let signal = try #require(names.firstIndex(of: "may_go"))
  _ = try environment.reset(seed: 5, command: .drawn)
  let home = environment.tip
  for step in 1...26 {
    let observation = environment.step([1, 0.5]).observation
    #expect((environment.tip - home).length < 1e-3)
    #expect(observation.proprioception[signal] == (step < 26 ? 0 : 1))
  }
  for _ in 0..<3 { _ = environment.step([1, 0.5]) }
  #expect((environment.tip - home).length > 0.02)
}

@Test func aStopInAWrongZoneEndsTheEpisode() throws {
  // Whoever tries the zones in their order succeeds where the first one is the lamp's: once in as many as there are.
  let base = try recall()
  let results = try trials(base, count: 400) { environment, _ in
    environment.action(leadingTo: environment.scene.zones[0].center)
  }
  let right = results.filter(\.succeeded).count
  // Within four deviations of 100.
  #expect((65...135).contains(right))
  #expect(results.allSatisfy { $0.terminated && $0.reward == ($0.succeeded ? 1 : -1) })
  #expect(results.filter { $0.metrics["wrong_zone"] == 1 }.count == 400 - right)
}

@Test func theCommandOfRecallNamesNoZone() throws {
  let environment = try recall()
  for split in [CommandSplit.train, .paraphrase] {
    #expect(environment.grammar.instructions(in: split) == [.onlyGoal])
  }
}

@Test func aForkOfARecallRemembersTheSame() throws {
  var environment = try recall("train")
  _ = try environment.reset(seed: 2, command: .drawn)
  var other = environment
  _ = try other.reset(seed: 3, command: .drawn)
  var expert = try #require(environment.scriptedExpert)
  expert.beginEpisode(seed: 0)
  for _ in 0..<20 { _ = environment.step(expert.action(in: environment)) }
  environment.fork(into: &other)
  for _ in 0..<25 {
    let action = expert.action(in: environment)
    #expect(other.advance(action) == environment.advance(action))
    #expect(other.planningCost == environment.planningCost)
    #expect(other.memory(as: RecallTask.Progress.self) == environment.memory(as: RecallTask.Progress.self))
  }
}

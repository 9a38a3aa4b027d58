// What a user relies on in `push`: seeds, goals, randomization, the expert.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Test func theSameSeedGivesTheSameEpisode() throws {
  var a = try ArmEnvironment(randomization: "train")
  var b = try ArmEnvironment(randomization: "train")
  #expect(try a.reset(seed: 5, command: .drawn) == b.reset(seed: 5, command: .drawn))
  _ = try b.reset(seed: 6, command: .drawn)
  #expect(a.info.draws != b.info.draws)
  _ = try b.reset(seed: 5, command: .drawn)
  for i in 0..<30 {
    let action: Action = [Float(i % 3) - 1, 0.7]
    #expect(a.step(action).observation == b.step(action).observation)
  }
  #expect(a.physics.stateHash == b.physics.stateHash)
}

@Test func onlyTheTextTellsTheGoal() throws {
  var drawn = try ArmEnvironment(randomization: "train")
  var swapped = drawn
  for seed in 0..<50 as Range<UInt64> {
    let a = try drawn.reset(seed: seed, command: .drawn)
    let b = try swapped.reset(seed: seed, command: .swapped)
    #expect(a.proprioception == b.proprioception && a.objects == b.objects)
    #expect(a.command != b.command)
    #expect(swapped.info.drawnCommand == drawn.info.command)
    #expect(drawn.goalZone != swapped.goalZone)
  }
}

@Test func noEpisodeStartsSolvedAndEveryCommandMeansItsGoal() throws {
  for level in ["none", "train", "wide"] {
    var environment = try ArmEnvironment(randomization: level)
    for seed in 0..<300 as Range<UInt64> {
      _ = try environment.reset(seed: seed, command: .drawn)
      #expect(try !environment.achieves(command: environment.info.command))
      #expect(try environment.grammar.parse(environment.info.command) == environment.goal.instruction)
    }
  }
}

@Test func randomizationStaysInItsRangesAndIsRecorded() throws {
  var none = try ArmEnvironment(randomization: "none")
  var train = try ArmEnvironment(randomization: "train")
  var sizes = RunningStatistics()
  for seed in 0..<200 as Range<UInt64> {
    _ = try none.reset(seed: seed, command: .drawn)
    #expect(none.info.draws["motor_gain"] == 1 && none.info.draws["object0.size"] == 1)
    _ = try train.reset(seed: seed, command: .drawn)
    let draws = train.info.draws
    for i in 0..<3 {
      sizes.add(try #require(draws["object\(i).size"]))
      #expect((0.5...2).contains(draws["object\(i).mass"]!))
      #expect((0.5...1.5).contains(draws["object\(i).contact_friction"]!))
      #expect((0.5...1.5).contains(draws["object\(i).support_friction"]!))
    }
    #expect((0.7...1.3).contains(draws["motor_gain"]!))
  }
  #expect(sizes.minimum >= 0.7 && sizes.maximum <= 1.3)
  #expect(sizes.maximum - sizes.minimum > 0.5)
}

@Test func objectTokensComeInRandomOrder() throws {
  // With one layout per seed, the goal's object would always stand at the same place if order leaked it.
  var environment = try ArmEnvironment(randomization: "none")
  var places = [0, 0, 0]
  for seed in 0..<300 as Range<UInt64> {
    let observation = try environment.reset(seed: seed, command: .drawn)
    let goal = try #require(environment.goalObject)
    let position = environment.physics.states[goal].position
    let width = environment.features.objectFeatureCount
    let place = (0..<3).first { abs(observation.objects[$0 * width] - Float(position.x)) < 1e-6 }
    places[try #require(place)] += 1
  }
  #expect(places.allSatisfy { $0 > 70 })
}

@Test func anIdleArmNeverSolvesAndTheClockTruncates() throws {
  var environment = try ArmEnvironment(randomization: "none")
  _ = try environment.reset(seed: 1, command: .drawn)
  for step in 1...environment.maximumSteps {
    let transition = environment.step([0, 0])
    #expect(!transition.terminated)
    #expect(transition.truncated == (step == environment.maximumSteps))
  }
}

@Test func theExpertSolvesNearlyEveryStart() throws {
  let base = try ArmEnvironment(randomization: "train")
  let solved = try parallelMap(count: 200, threads: 2) { i -> Bool in
    var environment = base
    _ = try environment.reset(seed: UInt64(200_000 + i), command: .drawn)
    var expert = PushExpert()
    expert.beginEpisode(seed: UInt64(i))
    while true {
      let transition = environment.step(expert.action(in: environment))
      if transition.terminated || transition.truncated { return transition.terminated }
    }
  }
  #expect(solved.filter(\.self).count >= 194)
}

@Test func anExpertChunkIsWhatTheExpertThenDoes() throws {
  var environment = try ArmEnvironment(randomization: "train")
  _ = try environment.reset(seed: 11, command: .drawn)
  var expert = PushExpert()
  for _ in 0..<10 { _ = environment.step([0.5, -0.5]) }
  let chunk = expert.chunk(from: environment, horizon: 16)
  for step in 0..<16 {
    let action = expert.action(in: environment)
    #expect(chunk[step] == action)
    _ = environment.step(action)
  }
}

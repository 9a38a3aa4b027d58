// What a user relies on in `trace`: segments of one law, any number of them, a price for every step outside.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Test(arguments: ["none", "train", "wide"]) func theTraceExpertStaysInside(level: String) throws {
  let results = try trials(environment("trace", level), count: 100)
  let shares = results.map { $0.metrics["outside_share"]! }
  #expect(shares.reduce(0, +) / 100 < 0.01)
  #expect(results.filter(\.succeeded).count >= 99)
}

@Test(arguments: ["arm2", "arm3-gripper", "gantry"]) func otherRobotsTrace(robot: String) throws {
  let results = try trials(environment("trace", "train", robot: robot), count: 40)
  #expect(results.map { $0.metrics["outside_share"]! }.reduce(0, +) / 40 < 0.01)
}

@Test(arguments: [1, 10, 300]) func episodesLastAsLongAsTheirSegments(segments: Int) throws {
  let base = try environment("trace", "none", segments: segments)
  #expect(base.maximumSteps == 15 * segments)
  let idle = try trials(base, count: 2) { _, _ in [0, 0] }
  let expert = try trials(base, count: 2)
  for result in idle + expert {
    #expect(result.steps == 15 * segments)
    #expect(result.reward == -result.metrics["outside_steps"]!)
  }
  #expect(expert.allSatisfy { $0.succeeded && $0.metrics["progress"] == 1 })
}

@Test func aLongCorridorBeginsAsAShortOneDoes() throws {
  var short = try environment("trace", "train", segments: 10)
  var long = try environment("trace", "train", segments: 40)
  #expect(
    try short.reset(seed: 4, command: .text("follow the corridor"))
      == long.reset(seed: 4, command: .text("follow the corridor")))
  var expert = TraceExpert()
  expert.beginEpisode(seed: 4)
  for _ in 0..<150 {
    let action = expert.action(in: short)
    #expect(short.step(action).observation == long.step(action).observation)
  }
}

@Test func bendsHaveOneLawWhereverTheyAre() throws {
  var environment = try environment("trace", "none", segments: 100)
  var early = RunningStatistics()
  var late = RunningStatistics()
  var products = RunningStatistics()
  for seed in 0..<200 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let corridor = try #require(environment.scene[Corridor.self])
    let offsets = corridor.points.map { $0.y - environment.specification.table.center.y }
    for k in 10..<30 {
      early.add(offsets[k])
      late.add(offsets[k + 70])
      products.add(offsets[k] * offsets[k + 1])
    }
    #expect(offsets.allSatisfy { abs($0) <= 0.1 })
  }
  // 4000 uniform draws of ±0.1: mean 0 ± 0.0009, deviation 0.0577 ± 0.0005; neighbours are not correlated.
  for law in [early, late] {
    #expect(abs(law.mean) < 0.004)
    #expect(abs(law.variance.squareRoot() - 0.1 / 3.0.squareRoot()) < 0.002)
  }
  #expect(abs(products.mean) < 0.0003)
}

@Test func whoStandsStillPaysTheSameForEveryPartOfTheWay() throws {
  let base = try environment("trace", "none", segments: 40)
  let halves = try parallelMap(count: 150, threads: 2) { i -> (Double, Double) in
    var environment = base
    _ = try environment.reset(seed: UInt64(i), command: .drawn)
    // From the middle of the table, so that the beginning is like all the rest.
    var costs = (0.0, 0.0)
    while true {
      let home = environment.specification.table.center.y - environment.commandedTip.y
      let transition = environment.step([0, Float(home / 0.025)])
      if (75..<300).contains(environment.stepIndex) { costs.0 -= transition.reward / 225 }
      if (375..<600).contains(environment.stepIndex) { costs.1 -= transition.reward / 225 }
      if transition.terminated || transition.truncated { return costs }
    }
  }
  let first = halves.map(\.0).reduce(0, +) / 150
  let second = halves.map(\.1).reduce(0, +) / 150
  #expect(first > 0.5 && abs(first - second) < 0.04)
}

@Test func theTraceExpertComesBackFromOutside() throws {
  var environment = try environment("trace", "wide")
  for seed in 0..<20 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    for _ in 0..<20 { _ = environment.step([0.5, seed % 2 == 0 ? 1 : -1]) }
    var expert = TraceExpert()
    expert.beginEpisode(seed: seed)
    for _ in 0..<30 { _ = environment.step(expert.action(in: environment)) }
    #expect(environment.isTipInCorridor)
    // The price of having been away stays, and says where the tip first left.
    #expect(environment.metrics["outside_steps"]! > 0 && environment.metrics["progress"]! < 0.1)
    for _ in 0..<40 { _ = environment.step(expert.action(in: environment)) }
    #expect(abs(environment.tip.x - environment.scene.tipStart.x) < 0.01)
  }
}

@Test func theCorridorIsObservedFromTheTip() throws {
  var environment = try environment("trace", "none")
  let names = environment.features.proprioception.elements
  let first = try #require(names.firstIndex(of: "corridor_y_at_0.00 (m)"))
  #expect(names.last == "corridor_y_at_0.16 (m)")
  var observation = try environment.reset(seed: 8, command: .drawn)
  let corridor = try #require(environment.scene[Corridor.self])
  for _ in 0..<50 {
    let x = environment.tip.x + corridor.travel(in: environment)
    for k in 0...8 {
      let expected = corridor.height(at: x + 0.02 * Double(k)) - environment.tip.y
      #expect(abs(observation.proprioception[first + k] - Float(expected)) < 1e-6)
    }
    observation = environment.step([0.2, 0.3]).observation
  }
}

@Test func fromOutsideABlindCorridorIsNotSeen() throws {
  var blind = try environment("trace-blind", "none")
  var open = try environment("trace", "none")
  let first = try #require(blind.features.proprioception.elements.firstIndex(of: "corridor_y_at_0.00 (m)"))
  var shown = try blind.reset(seed: 8, command: .drawn).proprioception
  var seen = try open.reset(seed: 8, command: .drawn).proprioception
  var stepsOutside = 0
  for step in 0..<60 {
    #expect(Array(shown[..<first]) == Array(seen[..<first]))
    if blind.isTipInCorridor {
      #expect(shown == seen, "step \(step)")
    } else {
      stepsOutside += 1
      #expect(shown[first...].allSatisfy { $0 == 0 }, "step \(step)")
    }
    (shown, seen) = (
      blind.step([0.2, 0.3]).observation.proprioception, open.step([0.2, 0.3]).observation.proprioception
    )
  }
  #expect((1..<60).contains(stepsOutside))
}

@Test func aForkOfATraceGoesOnAlike() throws {
  var environment = try environment("trace", "train")
  _ = try environment.reset(seed: 2, command: .drawn)
  var other = environment
  _ = try other.reset(seed: 3, command: .drawn)
  var expert = TraceExpert()
  expert.beginEpisode(seed: 0)
  for _ in 0..<20 { _ = environment.step(expert.action(in: environment)) }
  environment.fork(into: &other)
  for _ in 0..<20 {
    let action = expert.action(in: environment)
    #expect(other.advance(action) == environment.advance(action))
    #expect(other.planningCost == environment.planningCost)
  }
}

@Test func segmentsBelongToCorridors() throws {
  #expect(throws: UserError.self) { try environment("push", "none", segments: 10) }
  #expect(throws: UserError.self) { try environment("trace", "none", segments: 0) }
  do { _ = try environment("reach", "none", segments: 10) } catch let error as UserError {
    #expect(error.message.contains("has no option 'segments'") && error.message.contains("trace"))
  }
}

@Test func fromOutsideAMirroredCorridorIsSeenUpsideDown() throws {
  var settings = EnvironmentSettings(randomization: "none")
  settings.options["mirrored_outside"] = 1
  var mirrored = try ArmEnvironment(named: "trace", settings: settings)
  var open = try environment("trace", "none")
  let first = try #require(mirrored.features.proprioception.elements.firstIndex(of: "corridor_y_at_0.00 (m)"))
  var shown = try mirrored.reset(seed: 8, command: .drawn).proprioception
  var seen = try open.reset(seed: 8, command: .drawn).proprioception
  var stepsOutside = 0
  for step in 0..<60 {
    #expect(Array(shown[..<first]) == Array(seen[..<first]))
    let isOutside = !mirrored.isTipInCorridor
    stepsOutside += isOutside ? 1 : 0
    #expect(Array(shown[first...]) == seen[first...].map { isOutside ? -$0 : $0 }, "step \(step)")
    (shown, seen) = (
      mirrored.step([0.2, 0.3]).observation.proprioception, open.step([0.2, 0.3]).observation.proprioception
    )
  }
  #expect((1..<60).contains(stepsOutside))
}

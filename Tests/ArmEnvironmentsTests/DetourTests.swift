// What a user relies on in `detour`: two ways of one length, chosen evenly, and whoever averages them hits the bar.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

@Test(arguments: ["none", "train", "wide"]) func theDetourExpertArrivesUntouched(level: String) throws {
  let results = try trials(environment("detour", level), count: 200)
  #expect(results.filter(\.succeeded).count >= 198)
  #expect(results.allSatisfy { $0.metrics["collisions"] == 0 })
  // Within four deviations of a fair coin's 100.
  let left = results.filter { $0.metrics["left_share"] == 1 }.count
  #expect((72...128).contains(left))
  #expect(results.allSatisfy { $0.metrics["left_share"] != 0.5 })
}

@Test(arguments: ["arm2", "gantry"]) func otherRobotsTakeTheDetour(robot: String) throws {
  let results = try trials(environment("detour", "train", robot: robot), count: 100)
  #expect(results.filter(\.succeeded).count >= 99)
}

@Test func neitherSideIsShorter() throws {
  var environment = try environment("detour", "wide")
  for seed in 0..<100 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let start = environment.scene.tipStart
    for (zone, bar) in zip(environment.scene.zones, environment.scene.obstacles) {
      let halfWidth = try #require(environment.info.draws["bar_half_width"])
      for x in [-0.015, 0.015] {
        let left = bar.pose.toWorld(Vec2(x, halfWidth))
        let right = bar.pose.toWorld(Vec2(x, -halfWidth))
        #expect(abs((left - start).length - (right - start).length) < 1e-9)
        #expect(abs((left - zone.center).length - (right - zone.center).length) < 1e-9)
        #expect(abs(bar.distance(to: left)) < 1e-9)
      }
      #expect(bar.distance(to: start) > environment.specification.robot.tipRadius + 0.05)
    }
  }
}

@Test func theCoinDecidesWhichWayAndBothTakeAsLong() throws {
  // The same starts, each with two coins: where they differ, so do the ways, and on average neither is quicker.
  let base = try environment("detour", "none")
  var ways = [RunningStatistics(), RunningStatistics()]
  var differing = 0
  for seed in 0..<60 as Range<UInt64> {
    var sides: Set<Double> = []
    for coin in 0..<8 as Range<UInt64> {
      var environment = base
      _ = try environment.reset(seed: seed, command: .drawn)
      var expert = DetourExpert()
      expert.beginEpisode(seed: coin)
      while environment.stepIndex < environment.maximumSteps {
        if environment.step(expert.action(in: environment)).terminated { break }
      }
      let side = try #require(environment.metrics["left_share"])
      sides.insert(side)
      ways[side == 1 ? 0 : 1].add(Double(environment.stepIndex))
    }
    if sides.count == 2 { differing += 1 }
  }
  #expect(differing == 60)
  #expect(abs(ways[0].mean - ways[1].mean) < 0.2)
}

@Test func averagingTheTwoWaysHitsTheBar() throws {
  // What least squares learn at the start: the mean of the two chunks that the expert may show there.
  let base = try environment("detour", "none")
  let horizon = 16
  let results = try parallelMap(count: 100, threads: 2) { i -> Trial in
    var environment = base
    _ = try environment.reset(seed: UInt64(1000 + i), command: .drawn)
    let axis = (environment.goalZone!.center - environment.tip).normalized()
    var chunks: [Double: ActionChunk] = [:]
    var coin: UInt64 = 0
    while chunks.count < 2, coin < 64 {
      var expert = DetourExpert()
      expert.beginEpisode(seed: coin)
      let chunk = expert.chunk(from: environment, horizon: horizon)
      let side = axis.cross(Vec2(Double(chunk[0][0]), Double(chunk[0][1])))
      chunks[side > 0 ? 1 : -1] = chunk
      coin += 1
    }
    let none = ActionChunk(horizon: horizon, dimension: 2, values: Array(repeating: 0, count: 2 * horizon))
    var reward = 0.0
    for step in 0..<horizon {
      let mean = zip(chunks[1, default: none][step], chunks[-1, default: none][step]).map { ($0 + $1) / 2 }
      let transition = environment.step(mean)
      reward += transition.reward
      if transition.terminated {
        return Trial(
          succeeded: transition.succeeded, terminated: true, steps: step, reward: reward,
          metrics: environment.metrics)
      }
    }
    return Trial(
      succeeded: false, terminated: false, steps: horizon, reward: reward, metrics: environment.metrics)
  }
  #expect(results.filter { $0.metrics["collisions"] == 1 }.count == 100)
  // A broken rule ends the episode, unlike the clock, and is no success.
  #expect(results.allSatisfy { $0.terminated && !$0.succeeded && $0.reward == -1 })
}

@Test func theDetourExpertLabelsStatesAfterShoves() throws {
  let results = try trials(environment("detour", "train"), count: 200, shoves: 3)
  let untouched = results.filter { $0.metrics["collisions"] == 0 }
  #expect(untouched.count > 150)
  #expect(untouched.filter(\.succeeded).count >= untouched.count - 2)
}

@Test func obstaclesAreObservedAndTheGoalIsNot() throws {
  var drawn = try environment("detour", "none")
  var swapped = drawn
  let elements = drawn.features.objects.elements
  let flag = try #require(elements.firstIndex(of: "is_obstacle"))
  #expect(drawn.features.objectCount == 3)
  for seed in 0..<50 as Range<UInt64> {
    let a = try drawn.reset(seed: seed, command: .drawn)
    let b = try swapped.reset(seed: seed, command: .swapped)
    #expect(a.proprioception == b.proprioception && a.objects == b.objects)
    #expect(drawn.goalZone != swapped.goalZone)
    for token in 0..<3 {
      #expect(a.objects[token * elements.count + flag] == 1)
      let bar = drawn.scene.obstacles[token]
      #expect(abs(a.objects[token * elements.count] - Float(bar.position.x)) < 1e-6)
    }
  }
}

@Test func costFallsAlongTheWayAndJumpsAtATouch() throws {
  var environment = try environment("detour", "none")
  _ = try environment.reset(seed: 3, command: .drawn)
  var expert = DetourExpert()
  expert.beginEpisode(seed: 3)
  var last = environment.planningCost
  #expect(last > 0.3)
  for _ in 0..<8 {
    _ = environment.step(expert.action(in: environment))
    #expect(environment.planningCost < last)
    last = environment.planningCost
  }
  _ = try environment.reset(seed: 3, command: .drawn)
  let axis = (try #require(environment.goalZone).center - environment.tip).normalized()
  for _ in 0..<20 where !environment.hasTouchedObstacle {
    _ = environment.advance([Float(axis.x), Float(axis.y)])
  }
  #expect(environment.hasTouchedObstacle && environment.planningCost > 5)
}

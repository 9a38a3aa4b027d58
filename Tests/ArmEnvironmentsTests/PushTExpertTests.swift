// The scripted expert of PushT: it arrives, it says what it would do, and it remembers nothing.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

/// Steps until the T covers the goal; nil where time is over before.
private func stepsToGoal(seed: UInt64, disturbance: Double = 0) throws -> Int? {
  var world = try PushTEnvironment()
  _ = try world.reset(seed: seed, command: .drawn)
  var expert = PushTExpert()
  var noise = RandomStream(seed: seed, purpose: "disturbance")
  for step in 1...world.maximumSteps {
    var action = expert.action(in: world)
    for i in action.indices { action[i] += Float(disturbance * noise.normal()) }
    if world.step(action).succeeded { return step }
  }
  return nil
}

@Suite struct PushTExpertTests {
  @Test func arrivesFromAlmostEverywhereSoon() throws {
    let steps = try parallelMap(count: 40, threads: 2) { try stepsToGoal(seed: UInt64(100_000 + $0)) }
    let arrived = steps.compactMap(\.self)
    #expect(arrived.count >= 39)
    // A person takes about 125.
    #expect(arrived.reduce(0, +) < 85 * arrived.count)
  }

  @Test func arrivesThoughItsHandTrembles() throws {
    let arrived = try parallelMap(count: 20, threads: 2) {
      try stepsToGoal(seed: UInt64(100_000 + $0), disturbance: 0.02)
    }
    #expect(arrived.count { $0 != nil } >= 19)
  }

  @Test func remembersNothing() throws {
    var world = try PushTEnvironment()
    _ = try world.reset(seed: 3, command: .drawn)
    var expert = PushTExpert()
    for _ in 0..<40 {
      var stranger = PushTExpert()
      stranger.beginEpisode(seed: 99)
      let action = expert.action(in: world)
      #expect(stranger.action(in: world) == action)
      let chunk = expert.chunk(from: world, horizon: 4)
      #expect(chunk[0] == action && chunk.horizon == 4)
      _ = world.step(action)
    }
  }

  @Test func goesAroundTheTWithoutTouchingIt() throws {
    // The pusher begins on the far side of a T that has to be turned by half a turn.
    for seed in 0..<20 as Range<UInt64> {
      var world = try PushTEnvironment()
      _ = try world.reset(seed: seed, command: .drawn)
      var expert = PushTExpert()
      // What a start overlaps is pushed apart first.
      for _ in 0..<3 { _ = world.step(expert.action(in: world)) }
      let before = world.blockPose
      var gapBefore = distance(world)
      while gapBefore > 40 {
        _ = world.step(expert.action(in: world))
        gapBefore = distance(world)
        #expect(world.blockPose == before, "seed \(seed)")
      }
    }
  }

  /// From the pusher's centre to the T's border, px.
  private func distance(_ world: PushTEnvironment) -> Double {
    let local = world.blockPose.toLocal(world.pusher)
    return [PushTConstants.bar, PushTConstants.stem].map {
      let nearest = Vec2(min(max(local.x, $0.min.x), $0.max.x), min(max(local.y, $0.min.y), $0.max.y))
      return (local - nearest).length
    }.min()!
  }
}

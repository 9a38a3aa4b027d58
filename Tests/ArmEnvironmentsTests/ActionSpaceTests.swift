// The same tip under every action space: encoding, decoding, and experts that are as good in any.

import PlanarArmEnvironments
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import Testing

private let names = [
  "push", "reach", "detour", "trace", "pick-place", "tidy", "push-crowd", "push-together", "recall", "slide", "belt",
  "slot",
]

private func world(_ name: String, _ space: ActionSpace.Kind) throws -> ArmEnvironment {
  var settings = EnvironmentSettings()
  settings.actionSpace = space.rawValue
  return try ArmEnvironment(named: name, settings: settings)
}

@Suite struct ActionSpaceTests {
  /// What an expert wants is the same, so the commanded tip takes the same way but for rounding; after some contacts
  /// rounding grows, and so only the beginning is compared.
  @Test(arguments: names)
  func anExpertLeadsTheTipTheSameWay(_ name: String) throws {
    var moves = try world(name, .tipMove)
    var targets = try world(name, .tipTarget)
    var expert = try #require(moves.scriptedExpert)
    for seed in UInt64(3)...6 {
      _ = try moves.reset(seed: seed, command: .drawn)
      _ = try targets.reset(seed: seed, command: .drawn)
      expert.beginEpisode(seed: seed)
      var other = expert
      for step in 0..<15 {
        _ = moves.step(expert.action(in: moves))
        _ = targets.step(other.action(in: targets))
        let gap = (moves.commandedTip - targets.commandedTip).length
        #expect(gap < 1e-4, "\(name), seed \(seed), step \(step): \(gap) m apart")
      }
    }
  }

  @Test(arguments: ["push", "reach", "pick-place", "detour"])
  func anExpertIsAsGoodWithTargets(_ name: String) throws {
    var successes: [ActionSpace.Kind: Int] = [:]
    for space in ActionSpace.Kind.allCases {
      var world = try world(name, space)
      var expert = try #require(world.scriptedExpert)
      for seed in UInt64(0)..<12 {
        _ = try world.reset(seed: seed, command: .drawn)
        expert.beginEpisode(seed: seed)
        while true {
          let step = world.step(expert.action(in: world))
          if step.succeeded { successes[space, default: 0] += 1 }
          if step.terminated || step.truncated { break }
        }
      }
    }
    #expect(try #require(successes[.tipMove]) >= 11)
    #expect(try #require(successes[.tipTarget]) >= 11)
  }

  @Test(arguments: ActionSpace.Kind.allCases)
  func holdingStaysWhereTheTipIsCommanded(_ kind: ActionSpace.Kind) throws {
    var world = try world("push", kind)
    _ = try world.reset(seed: 1, command: .drawn)
    let first = world.action(leadingTo: world.commandedTip + Vec2(0.01, -0.005))
    _ = world.step(first)
    let place = world.commandedTip
    _ = world.step(world.holdAction(after: first))
    #expect((world.commandedTip - place).length < 1e-7)
  }

  @Test(arguments: ActionSpace.Kind.allCases)
  func leadingToAPointIsDecodedToIt(_ kind: ActionSpace.Kind) throws {
    var world = try world("push", kind)
    _ = try world.reset(seed: 2, command: .drawn)
    let place = world.commandedTip + Vec2(-0.012, 0.015)
    let path = world.commandedPath(
      of: ActionChunk(horizon: 1, dimension: 2, values: world.action(leadingTo: place)))
    #expect((path[1] - place).length < 1e-7)
    // Farther than a step goes: as far as one goes, on the straight way.
    let far = world.commandedTip + Vec2(0.06, 0.08)
    let step = world.commandedPath(
      of: ActionChunk(horizon: 1, dimension: 2, values: world.action(leadingTo: far)))
    #expect((step[1] - world.commandedTip - Vec2(0.6, 0.8) * 0.025).length < 1e-6)
  }

  @Test func aFeatureTellsItsSpace() throws {
    for kind in ActionSpace.Kind.allCases {
      let world = try world("pick-place", kind)
      #expect(ActionSpace.Kind(of: world.features.action) == kind)
      let anchors = try #require(world.features.action.anchors)
      #expect(anchors.count == 3 && anchors[2].kind == .level)
      let elements = anchors.prefix(2).map { world.features.proprioception.elements[$0.element] }
      #expect(elements == ["commanded_tip_x (m)", "commanded_tip_y (m)"])
    }
    let pusher = try PushTEnvironment(named: "pusht", randomization: "train")
    #expect(ActionSpace.Kind(of: pusher.features.action) == nil)
  }

  @Test func anotherSpaceIsRecordedAsAVariation() throws {
    #expect(try world("push", .tipTarget).variation == ["action_space": "tip_target"])
    let settings = try EnvironmentSettings(randomization: "train", variation: ["action_space": "tip_target"])
    #expect(settings.actionSpace == "tip_target")
  }
}

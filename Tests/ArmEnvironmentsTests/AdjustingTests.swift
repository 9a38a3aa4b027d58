// Setting the world's factors in the middle of an episode.

import PlanarArmEnvironments
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import Testing

@Suite struct AdjustingTests {
  func world(pins: [String: Double] = [:], _ randomization: String = "train") throws -> ArmEnvironment {
    var settings = EnvironmentSettings(randomization: randomization)
    settings.pins = pins
    var world = try ArmEnvironment(named: "push", settings: settings)
    _ = try world.reset(seed: 31, command: .drawn)
    return world
  }

  func drive(_ world: inout ArmEnvironment, steps: Range<Int>) {
    for step in steps {
      _ = world.step([step % 7 < 4 ? 1 : -0.3, step % 5 < 3 ? 0.8 : -1])
    }
  }

  /// Before the first step it is the same as a setting of the environment.
  @Test(arguments: [
    ("mass", 2.5), ("support_friction", 0.4), ("motor_gain", 0.6), ("motor_lag", 0.05), ("position_noise", 0.01),
  ])
  func aSetFactorIsAPinnedOne(factor: String, value: Double) throws {
    var adjusted = try world()
    try adjusted.adjust(factor, to: value)
    var pinned = try world(pins: [factor: value])
    #expect(adjusted.info.draws == pinned.info.draws)
    for _ in 0..<20 {
      drive(&adjusted, steps: 0..<1)
      drive(&pinned, steps: 0..<1)
      #expect(adjusted.physics.states == pinned.physics.states && adjusted.physics.arm.q == pinned.physics.arm.q)
    }
    // The next episode has it too.
    _ = try adjusted.reset(seed: 32, command: .drawn)
    _ = try pinned.reset(seed: 32, command: .drawn)
    #expect(adjusted.info == pinned.info && adjusted.physics.states == pinned.physics.states)
  }

  /// Whatever is on its way (commands under delay, motors that lag, fingers, noise) goes on as it was.
  @Test(arguments: [
    ("push", nil), ("push", "gantry"), ("pick-place", nil), ("recall", nil), ("reach", "arm3"),
  ])
  func settingWhatIsSetChangesNothing(name: String, robot: String?) throws {
    var settings = EnvironmentSettings(randomization: "wide")
    settings.robot = robot
    settings.pins = ["motor_lag": 0.06, "command_delay": 0.1, "position_noise": 0.004]
    var world = try ArmEnvironment(named: name, settings: settings)
    _ = try world.reset(seed: 8, command: .drawn)
    func act(_ world: inout ArmEnvironment, _ step: Int) -> Transition {
      // Above all things, so that no contact's impulses are forgotten.
      var action = Action(repeating: 0, count: world.features.action.count)
      action[0] = step % 3 == 0 ? 0.2 : -0.1
      action[1] = 0.15
      if action.count > 2 { action[2] = step % 4 < 2 ? 1 : -1 }
      return world.step(action)
    }
    for step in 0..<5 { _ = act(&world, step) }
    var other = world
    let gain = try #require(world.adjustableFactors.first { $0.name == "motor_gain" })
    try other.adjust("motor_gain", to: gain.value)
    #expect(other.info.draws == world.info.draws)
    for step in 5..<12 {
      let (a, b) = (act(&world, step), act(&other, step))
      #expect(a.observation == b.observation && a.reward == b.reward && a.terminated == b.terminated, "step \(step)")
      #expect(world.physics.arm == other.physics.arm && world.physics.states == other.physics.states)
    }
  }

  /// A factor that was pinned for one object is every object's.
  @Test func whatWasSetForOneObjectGivesWay() throws {
    var world = try world(pins: ["object0.mass": 2])
    try world.adjust("mass", to: 0.5)
    #expect(world.adjustableFactors.first { $0.name == "mass" }?.value == 0.5)
  }

  @Test func everythingStaysWhereItIs() throws {
    var world = try world()
    drive(&world, steps: 0..<15)
    let before = world
    try world.adjust("motor_gain", to: 0.5)
    #expect(world.physics.states == before.physics.states && world.physics.arm.q == before.physics.arm.q)
    #expect(world.physics.arm.velocity == before.physics.arm.velocity && world.commandedTip == before.commandedTip)
    #expect(world.stepIndex == 15 && world.goal == before.goal && world.info.command == before.info.command)
    #expect(world.info.draws["motor_gain"] == 0.5)
    var (weak, strong) = (world, before)
    drive(&weak, steps: 15..<25)
    drive(&strong, steps: 15..<25)
    #expect(weak.tip != strong.tip)
  }

  @Test func everyFactorHasAScaleOfWhatTheLevelsSpan() throws {
    let world = try world()
    let factors = world.adjustableFactors
    let names = factors.map(\.name)
    #expect(names.contains("mass") && names.contains("support_friction") && !names.contains("size"))
    // Nobody looks through a camera here.
    #expect(!names.contains("brightness"))
    for factor in factors {
      #expect(factor.range.contains(factor.value), "\(factor.name)")
      #expect(
        factor.value(atShare: 0) == factor.range.lowerBound && factor.value(atShare: 1) == factor.range.upperBound)
      var other = world
      try other.adjust(factor.name, to: factor.value(atShare: 0.3))
      let set = try #require(other.adjustableFactors.first { $0.name == factor.name })
      #expect(abs(set.share - 0.3) < 0.01, "\(factor.name)")
      drive(&other, steps: 0..<3)
    }
  }

  @Test func whatIsOutOfItsLimitsIsRefused() throws {
    var world = try world()
    let before = world.physics.states
    #expect(throws: UserError.self) { try world.adjust("mass", to: 1e9) }
    #expect(throws: UserError.self) { try world.adjust("gravity", to: 1) }
    #expect(world.physics.states == before)
  }
}

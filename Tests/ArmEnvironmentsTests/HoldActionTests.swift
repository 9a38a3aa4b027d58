// Holding still: the action that leaves the robot where it was told to be.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct HoldActionTests {
  @Test(arguments: ["push", "pick-place"])
  func movesBecomeZerosAndFingersStay(name: String) throws {
    var world = try ArmEnvironment(named: name, randomization: "none")
    _ = try world.reset(seed: 3, command: .drawn)
    var last: Action = [0.5, -0.25, 0.125]
    last.removeLast(3 - world.features.action.count)
    _ = world.step(last)
    let (tip, fingers) = (world.commandedTip, world.physics.arm.jaw.target)
    let hold = world.holdAction(after: last)
    #expect(hold == [0, 0] + last.dropFirst(2))
    for _ in 0..<5 { _ = world.step(hold) }
    #expect((world.commandedTip - tip).length < 1e-9)
    #expect(world.physics.arm.jaw.target == fingers)
  }

  @Test func targetsStay() throws {
    for world: any LibraryEnvironment in [try PushTEnvironment(), try PushTArmEnvironment()] {
      #expect(world.holdAction(after: [0.3, -0.7]) == [0.3, -0.7])
    }
  }
}

// Commands that do not ask for the goal by which success is measured.

import PlanarArmEnvironments
import PlanarPolicyInterface
import Testing

@Suite struct UnsaidCommandTests {
  @Test(arguments: UnsaidCommand.allCases)
  func theGoalStaysAndTheTextDoesNot(kind: UnsaidCommand) throws {
    for name in ["push", "pusht"] {
      func begin<World: LibraryEnvironment>(_ world: World, _ command: CommandChoice) throws -> (
        EpisodeInfo, Observation
      ) {
        var world = world
        let observation = try world.reset(seed: 7, command: command)
        return (world.info, observation)
      }
      let world = try EnvironmentLibrary.environment(named: name, randomization: "none")
      let (drawn, seen) = try begin(world, .drawn)
      let (info, observation) = try begin(world, .unsaid(kind))
      #expect(info.goal == drawn.goal && info.drawnCommand == drawn.command && info.command != drawn.command)
      #expect(observation.command == info.command)
      #expect(observation.proprioception == seen.proprioception)
      switch kind {
      case .blank: #expect(info.command.isEmpty)
      case .negated: #expect(info.command == "do not do this: " + drawn.command)
      case .nonsense:
        let words = info.command.split(separator: " ")
        #expect(words.count == drawn.command.split(separator: " ").count)
        #expect(words.allSatisfy { !drawn.command.contains($0) })
        #expect(try begin(world, .unsaid(kind)).0.command == info.command)
      }
    }
  }

  @Test func koreanIsNegatedInKorean() {
    #expect(UnsaidCommand.negated.text(for: "빨간 원을 밀어", seed: 1) == "이건 하지 마: 빨간 원을 밀어")
  }
}

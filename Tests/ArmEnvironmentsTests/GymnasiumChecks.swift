// What Gymnasium's environment checker asks for, asked of every shipped environment, level and robot.
//
// gymnasium.utils.env_checker.check_env checks              here
//   action and observation spaces exist, are sane, finite   spacesAreDeclared
//   the action space is symmetric and normalised            spacesAreDeclared
//   reset returns (observation, info), observation inside   observationsLieWithinTheirSpaces, infoTellsTheEpisode
//   reset(seed) is deterministic, another seed differs      seedsReproduceEpisodes
//   reset takes options                                     the command is one; swappedCommandsKeepTheScene
//   step returns observation (inside), reward, terminated,
//   truncated, info, of the right types; reward is finite   observationsLieWithinTheirSpaces, by type
//   step is deterministic after the same seed               seedsReproduceEpisodes
//   step does not change the action it was given            by type: actions are values
//   render works in the declared modes                      drawListsAreDrawn (ArmEnvironment has one mode)
//   close may be called twice                               by type: environments are values
// and beyond it: truncation differs from termination, actions are clamped, forks are independent, resets forget.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

/// One way of loading a shipped environment.
struct LoadedEnvironment: Sendable, CustomTestStringConvertible {
  var name: String
  var level: String
  var robot: String?
  var testDescription: String { [name, level, robot].compactMap(\.self).joined(separator: " ") }

  func load() throws -> any LibraryEnvironment {
    var settings = EnvironmentSettings(randomization: level)
    settings.robot = robot
    return try EnvironmentLibrary.environment(named: name, settings: settings)
  }

  /// Every environment at every level, and at its harshest with every other robot that it can have.
  static let all: [LoadedEnvironment] = {
    let names = (try? EnvironmentLibrary.names()) ?? []
    let robots = RobotLibrary.names
    return names.flatMap { name -> [LoadedEnvironment] in
      guard let folder = try? EnvironmentLibrary.folder(of: name),
        let description = try? EnvironmentDescription(folder: folder)
      else { return [LoadedEnvironment(name: name, level: "none")] }
      let levels = description.levels.map { LoadedEnvironment(name: name, level: $0.name) }
      // A strike needs a commanded tip that may run far ahead, which only the file's own robot's may.
      guard !["pusht", "slide"].contains(description.task) else { return levels }
      let needsGripper = description.robot.hasSuffix("gripper")
      return levels
        + robots.filter { $0 != description.robot && $0.hasSuffix("gripper") == needsGripper }.map {
          LoadedEnvironment(name: name, level: description.levels.last!.name, robot: $0)
        }
    }
  }()
}

/// Smooth random actions, now and then out of range.
private struct RandomActions {
  var random = RandomStream(seed: 11, purpose: "checks")
  var last: [Float] = []

  mutating func next(_ dimension: Int) -> Action {
    if last.isEmpty { last = Array(repeating: 0, count: dimension) }
    for i in 0..<dimension { last[i] = 0.7 * last[i] + Float(random.uniform(in: -0.8...0.8)) }
    return last
  }
}

@Suite struct GymnasiumChecks {
  @Test func everyEnvironmentIsChecked() throws {
    #expect(Set(LoadedEnvironment.all.map(\.name)) == Set(try EnvironmentLibrary.names()))
  }

  @Test(arguments: LoadedEnvironment.all)
  func spacesAreDeclared(_ loaded: LoadedEnvironment) throws {
    let features = try loaded.load().features
    for spec in [features.proprioception, features.objects, features.action] {
      #expect(spec.shape.allSatisfy { $0 > 0 } && spec.shape.last == spec.elements.count)
      #expect(Set(spec.elements).count == spec.elements.count, "\(spec.name) names an element twice")
      for bounds in spec.bounds ?? [] {
        #expect(bounds.least.isFinite && bounds.greatest.isFinite && bounds.least < bounds.greatest)
      }
    }
    for bounds in features.action.bounds ?? [] { #expect(bounds.least == -1 && bounds.greatest == 1) }
  }

  @Test(arguments: LoadedEnvironment.all)
  func observationsLieWithinTheirSpaces(_ loaded: LoadedEnvironment) throws {
    try within(loaded.load())
  }

  private func within<World: LibraryEnvironment>(_ world: World) throws {
    var world = world
    let features = world.features
    for seed in 0..<3 as Range<UInt64> {
      for usesExpert in [false, true] {
        var expert = world.scriptedExpert
        if usesExpert, expert == nil { continue }
        expert?.beginEpisode(seed: seed)
        var actions = RandomActions()
        #expect(features.firstOutside(try world.reset(seed: seed, command: .drawn)) == nil)
        for _ in 0..<80 {
          let transition: Transition
          if usesExpert, var own = expert {
            transition = world.step(act(&own, world))
            expert = own
          } else {
            transition = world.step(actions.next(features.action.count))
          }
          #expect(features.firstOutside(transition.observation) == nil)
          #expect(transition.reward.isFinite)
          #expect(!(transition.terminated && transition.truncated))
          #expect(!transition.succeeded || transition.terminated)
          if transition.terminated || transition.truncated { break }
        }
      }
    }
  }

  private func act<World: Environment>(_ expert: inout any Expert<World>, _ world: World) -> Action {
    expert.action(in: world)
  }

  @Test(arguments: LoadedEnvironment.all)
  func seedsReproduceEpisodes(_ loaded: LoadedEnvironment) throws {
    try reproduces(loaded.load())
  }

  private func rollout<World: Environment>(_ world: inout World, seed: UInt64, steps: Int = 25) throws -> [Observation]
  {
    var actions = RandomActions()
    var seen = [try world.reset(seed: seed, command: .drawn)]
    for _ in 0..<steps { seen.append(world.step(actions.next(world.features.action.count)).observation) }
    return seen
  }

  private func reproduces<World: LibraryEnvironment>(_ world: World) throws {
    var a = world
    var b = world
    let first = try rollout(&a, seed: 123)
    let info = a.info
    // Another past, and only then the same seed.
    let other = try rollout(&b, seed: 456, steps: 40)
    #expect(first[0] != other[0])
    #expect(try rollout(&b, seed: 123) == first)
    #expect(b.info == info)
    // Again in the same value: reset after step works.
    #expect(try rollout(&a, seed: 123) == first)
  }

  @Test(arguments: LoadedEnvironment.all)
  func idleEpisodesAreTruncatedAndNeverTerminated(_ loaded: LoadedEnvironment) throws {
    try idles(loaded.load())
  }

  private func idles<World: LibraryEnvironment>(_ world: World) throws {
    var world = world
    // Where actions are places, standing still is to be told to stay.
    guard !(world.features.action.elements[0].contains("edge")) else { return }
    guard !(world is PushTEnvironment) else { return }
    // Who stands still at a belt loses what rides on it.
    guard world.name != "belt" else { return }
    let observation = try world.reset(seed: 3, command: .drawn)
    let idle = Action(repeating: 0, count: world.features.action.count)
    for step in 1...world.maximumSteps {
      let transition = world.step(idle)
      #expect(transition.truncated == (step == world.maximumSteps), "step \(step)")
      #expect(!transition.terminated && !transition.succeeded, "step \(step)")
    }
    // What is done after the end is defined: the world goes on and stays truncated, until a reset.
    let after = world.step(idle)
    #expect(after.truncated && !after.terminated)
    #expect(try world.reset(seed: 3, command: .drawn) == observation)
  }

  @Test(arguments: LoadedEnvironment.all)
  func solvedEpisodesTerminate(_ loaded: LoadedEnvironment) throws {
    try solves(loaded.load())
  }

  private func solves<World: LibraryEnvironment>(_ world: World) throws {
    guard let expert = world.scriptedExpert else { return }
    var world = world
    var solved = 0
    for seed in 0..<4 as Range<UInt64> {
      var own = expert
      own.beginEpisode(seed: seed)
      _ = try world.reset(seed: seed, command: .drawn)
      while true {
        let transition = world.step(act(&own, world))
        guard transition.terminated || transition.truncated else { continue }
        if transition.succeeded {
          solved += 1
          #expect(transition.terminated && !transition.truncated)
          // "The disc nearest to the red square" may be another one once things have moved.
          let requests = (world as? ArmEnvironment)?.goal.instruction.requests ?? []
          if requests.allSatisfy({ $0.subject?.relation == nil }) {
            #expect(try world.achieves(command: world.info.command))
          }
          // Stepping on is defined, and does not undo the judgement by itself.
          #expect(
            world.step(Action(repeating: 0, count: world.features.action.count)).observation.command
              == world.info.command)
        }
        break
      }
    }
    #expect(solved >= 2, "the expert solved \(solved) of 4")
  }

  @Test(arguments: LoadedEnvironment.all)
  func actionsAreClamped(_ loaded: LoadedEnvironment) throws {
    try clamps(loaded.load())
  }

  private func clamps<World: LibraryEnvironment>(_ world: World) throws {
    guard !(world is PushTEnvironment) else { return }
    var wild = world
    var tame = world
    _ = try wild.reset(seed: 8, command: .drawn)
    _ = try tame.reset(seed: 8, command: .drawn)
    let count = world.features.action.count
    for step in 0..<10 {
      let sign: Float = step % 2 == 0 ? 1 : -1
      let a = wild.step(Action(repeating: 37 * sign, count: count))
      let b = tame.step(Action(repeating: sign, count: count))
      #expect(a.observation == b.observation && a.reward == b.reward)
    }
  }

  @Test(arguments: LoadedEnvironment.all)
  func copiesAndForksAreIndependent(_ loaded: LoadedEnvironment) throws {
    try copies(loaded.load())
  }

  private func copies<World: LibraryEnvironment>(_ world: World) throws {
    var original = world
    _ = try original.reset(seed: 9, command: .drawn)
    var actions = RandomActions()
    let count = world.features.action.count
    for _ in 0..<5 { _ = original.step(actions.next(count)) }
    var copy = original
    let action = actions.next(count)
    for _ in 0..<20 { _ = copy.step(Action(repeating: 1, count: count)) }
    var second = original
    #expect(original.step(action).observation == second.step(action).observation)
    // A fork into a value that has been elsewhere.
    if var arm = original as? ArmEnvironment {
      var fork = arm
      _ = try fork.reset(seed: 31, command: .drawn)
      arm.fork(into: &fork)
      #expect(fork.info == arm.info && fork.goal == arm.goal)
      var other = fork
      for _ in 0..<20 { _ = other.step(Action(repeating: -1, count: count)) }
      #expect(fork.physics.stateHash == arm.physics.stateHash)
      for _ in 0..<5 {
        let action = actions.next(count)
        #expect(fork.step(action).observation == arm.step(action).observation)
      }
    }
  }

  @Test(arguments: LoadedEnvironment.all)
  func infoTellsTheEpisode(_ loaded: LoadedEnvironment) throws {
    var world = try loaded.load()
    for seed in 0..<5 as Range<UInt64> {
      let observation = try world.reset(seed: seed, command: .drawn)
      #expect(world.info.seed == seed && !world.info.command.isEmpty)
      #expect(observation.command == world.info.command && world.info.drawnCommand == world.info.command)
      #expect(world.info.draws.values.allSatisfy { $0.isFinite })
      try world.check(command: world.info.command)
      if let arm = world as? ArmEnvironment {
        #expect(!arm.info.draws.isEmpty)
        #expect(arm.goal.conditions.isEmpty || !arm.holds(arm.goal))
      }
    }
  }

  @Test(arguments: LoadedEnvironment.all)
  func swappedCommandsKeepTheScene(_ loaded: LoadedEnvironment) throws {
    try swaps(loaded.load())
  }

  private func swaps<World: LibraryEnvironment>(_ world: World) throws {
    var drawn = world
    var swapped = world
    for seed in 0..<5 as Range<UInt64> {
      let a = try drawn.reset(seed: seed, command: .drawn)
      let b = try swapped.reset(seed: seed, command: .swapped)
      #expect(a.proprioception == b.proprioception && a.objects == b.objects && a.image == b.image)
      #expect(swapped.info.drawnCommand == drawn.info.command && swapped.info.draws == drawn.info.draws)
    }
  }

  @Test(arguments: LoadedEnvironment.all)
  func drawListsAreDrawn(_ loaded: LoadedEnvironment) throws {
    guard var arm = try loaded.load() as? ArmEnvironment else { return }
    _ = try arm.reset(seed: 2, command: .drawn)
    #expect(arm.drawList.items.count > arm.scene.objects.count)
  }
}

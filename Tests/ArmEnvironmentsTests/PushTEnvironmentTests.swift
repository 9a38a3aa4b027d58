// PushT as policies meet it: starts, observations, reward, ends, commands, picture.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing
import Testing

private func action(to x: Double, _ y: Double) -> Action {
  [Float(x / 256 - 1), Float(y / 256 - 1)]
}

@Test func pushTStartsAsGymPushtDraws() throws {
  var environment = try PushTEnvironment()
  var angles = RunningStatistics()
  var pusher = RunningStatistics()
  var block = RunningStatistics()
  for seed in 0..<2000 as Range<UInt64> {
    let start = PushTStart(seed: seed)
    for value in [start.pusher.x, start.pusher.y] {
      #expect((50..<450).contains(value) && value == value.rounded())
      pusher.add(value)
    }
    for value in [start.block.x, start.block.y] {
      #expect((100..<400).contains(value) && value == value.rounded())
      block.add(value)
    }
    #expect((-Double.pi..<Double.pi).contains(start.angle))
    angles.add(start.angle)
  }
  // Uniform: means within four standard errors.
  #expect(abs(pusher.mean - 249.5) < 4 * 115.5 / 4000.0.squareRoot())
  #expect(abs(block.mean - 249.5) < 4 * 86.6 / 4000.0.squareRoot())
  #expect(abs(angles.mean) < 4 * 1.814 / 2000.0.squareRoot())

  // The T turns about its centre of gravity: origin = requested + cog − R cog.
  let start = PushTStart(pusher: Vec2(100, 100), block: Vec2(300, 250), angle: 0.7)
  let observation = environment.reset(to: start)
  let turned = Rotation(angle: 0.7).apply(PushTConstants.centerOfGravity)
  let origin = start.block + PushTConstants.centerOfGravity - turned
  #expect(abs(environment.simulation.blockPosition.x - origin.x) < 1e-9)
  let pose: [Float] = [Float(origin.x), Float(origin.y), Float(cos(0.7)), Float(sin(0.7))]
  #expect(Array(observation.objects.prefix(4)) == pose)
  // Pusher and goal as the T sees them.
  let place = Pose(position: origin, rotation: Rotation(angle: 0.7))
  let near = place.toLocal(environment.pusher)
  let far = place.toLocal(PushTConstants.goalPosition)
  let seen: [Float] = [Float(near.x), Float(near.y), Float(far.x), Float(far.y)]
  #expect(Array(observation.objects[4..<8]) == seen)
  #expect(observation.proprioception == [100, 100])
}

@Test func theLastCorrectionIsToldInTheTsFrameAndCutOff() throws {
  var environment = try PushTEnvironment()
  func told(way: Vec2, turn: Double) -> [Float] {
    // The T's centre of gravity `way` away from its goal, and turned by `turn` too far.
    let angle = PushTConstants.goalAngle + turn
    let goal = Pose(position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))
    let center = goal.toWorld(PushTConstants.centerOfGravity) + way
    let start = PushTStart(pusher: Vec2(60, 60), block: center - PushTConstants.centerOfGravity, angle: angle)
    return Array(environment.reset(to: start).objects.suffix(3))
  }
  let near = told(way: Vec2(5, -3), turn: 0.1)
  let expected = Rotation(angle: PushTConstants.goalAngle + 0.1).unapply(Vec2(-5, 3))
  #expect(abs(Double(near[0]) - expected.x) < 1e-4 && abs(Double(near[1]) - expected.y) < 1e-4)
  #expect(abs(near[2] + 0.1) < 1e-5)
  #expect(told(way: .zero, turn: 0).allSatisfy { abs($0) < 1e-4 })
  #expect(told(way: .zero, turn: 2)[2] == -0.25 && told(way: .zero, turn: -2)[2] == 0.25)
  #expect(told(way: Vec2(70, 70), turn: 0).prefix(2).contains { abs($0) == 24 })
}

@Test func theSameSeedGivesTheSamePushTEpisode() throws {
  var a = try PushTEnvironment(randomization: "wide")
  var b = try PushTEnvironment(randomization: "wide")
  #expect(try a.reset(seed: 5, command: .drawn) == b.reset(seed: 5, command: .drawn))
  for i in 0..<50 {
    let action: Action = [Float(i % 3) - 1, 0.3]
    #expect(a.step(action).observation == b.step(action).observation)
  }
  _ = try b.reset(seed: 6, command: .drawn)
  #expect(a.info.draws != b.info.draws)
}

@Test func observationsFitTheFeatures() throws {
  var environment = try PushTEnvironment()
  let observation = try environment.reset(seed: 1, command: .drawn)
  #expect(observation.proprioception.count == environment.features.proprioception.count)
  #expect(observation.objects.count == environment.features.objects.count)
  #expect(environment.features.action.count == 2)
  #expect(environment.controlPeriod == 0.1 && environment.maximumSteps == 300)
}

@Test func aHandPutsTheTElsewhereAndTurnsItAboutItsCentreOfGravity() throws {
  var environment = try PushTEnvironment()
  _ = environment.reset(to: PushTStart(pusher: Vec2(60, 60), block: Vec2(300, 250), angle: 0.4))
  let before = environment.position(ofBody: 0)
  environment.put(by: Vec2(-0.05, 0.03), turnedBy: 2)
  #expect((environment.position(ofBody: 0) - before - Vec2(-0.05, 0.03)).length < 1e-9)
  #expect(abs(environment.blockAngle - 2.4) < 1e-9)
  #expect(environment.pusher == Vec2(60, 60))
  environment.put(by: Vec2(9, 0), turnedBy: 0)
  #expect(environment.position(ofBody: 0).x < 0.512)
}

@Test func noiseIsOnWhatIsObservedOnly() throws {
  var clean = try PushTEnvironment(randomization: "none")
  var noisy = try PushTEnvironment(randomization: "wide")
  let truth = try clean.reset(seed: 3, command: .drawn)
  let seen = try noisy.reset(seed: 3, command: .drawn)
  #expect(truth.proprioception == seen.proprioception && truth.objects != seen.objects)
  #expect(zip(truth.objects, seen.objects).prefix(2).allSatisfy { abs($0 - $1) < 12 })
  #expect(clean.simulation.blockPosition == noisy.simulation.blockPosition)
}

/// A recorded docking, through the actions of the environment.
@Test func coverageAboveTheThresholdEndsTheEpisode() throws {
  let episode = try PushTReference.load().episode("ep04_dock")
  var environment = try PushTEnvironment()
  _ = environment.reset(to: episode.pushTStart)
  var succeeded = false
  for (target, row) in zip(episode.actions, episode.rows) {
    let transition = environment.step(action(to: target[0], target[1]))
    #expect(abs(environment.coverage - row[5]) < 1e-4)
    #expect(abs(transition.reward - min(row[5] / 0.95, 1)) < 1e-4)
    #expect(transition.terminated == (environment.coverage > 0.95))
    #expect(try environment.achieves(command: "Push the T onto the target!") == transition.terminated)
    if transition.terminated {
      #expect(transition.reward == 1 && !transition.truncated)
      succeeded = true
    }
  }
  #expect(succeeded)
}

@Test func anEpisodeIsTruncatedAfterThreeHundredActions() throws {
  var environment = try PushTEnvironment()
  _ = environment.reset(to: PushTStart(pusher: Vec2(60, 60), block: Vec2(300, 250), angle: 2))
  for step in 1...300 {
    let transition = environment.step(action(to: 60, 60))
    #expect(!transition.terminated && transition.truncated == (step == 300))
  }
}

@Test func actionsAreTargetsInTheWindowAndClamped() throws {
  var environment = try PushTEnvironment()
  for (action, target) in [
    ([-1, -1], Vec2(0, 0)), ([1, 1], Vec2(512, 512)), ([0, 0.5], Vec2(256, 384)),
    ([-3, 9], Vec2(0, 512)),
  ] as [(Action, Vec2)] {
    _ = environment.reset(to: PushTStart(pusher: Vec2(256, 480), block: Vec2(300, 150), angle: 0))
    _ = environment.step(action)
    #expect(environment.episode.target == target)
  }
  for _ in 0..<30 { _ = environment.step([0, 0.875]) }
  #expect((environment.simulation.pusher - Vec2(256, 480)).length < 0.5)
}

@Test func pushTUnderstandsItsWordings() throws {
  var environment = try PushTEnvironment()
  _ = try environment.reset(seed: 0, command: .text("t를 목표에 맞춰"))
  #expect(environment.info.command == "t를 목표에 맞춰")
  for template in environment.commands.templates { try environment.give(command: template) }
  for seed in 0..<20 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .swapped)
    #expect(try !environment.achieves(command: environment.info.command))
  }
  func message(_ text: String) -> String {
    do {
      try environment.commands.check(text)
      return ""
    } catch { return "\(error)" }
  }
  #expect(message("push the T onto the tarket").contains("did you mean 'push the T onto the target'?"))
  #expect(message("push the red disc to the left zone").contains("there is one T and one target here"))
  #expect(message(" ").contains("the command is empty"))
}

@Test func thePictureShowsTheTAndTheGoalTheRightWayUp() throws {
  var environment = try PushTEnvironment()
  _ = environment.reset(to: PushTStart(pusher: Vec2(100, 50), block: Vec2(300, 150), angle: 0))
  let list = environment.drawList
  #expect(list.bounds.width == 0.512 && list.items.count == 4 + 2 + 2 + 1 + 1)
  guard case .disc(let center, let radius, _, _, _) = list.items.last else {
    Issue.record("the pusher is not drawn last")
    return
  }
  #expect((center - Vec2(0.1, 0.462)).length < 1e-9 && radius == 0.015)
  guard case .polygon(let bar, _, _, _) = list.items[6] else {
    Issue.record("the bar is no polygon")
    return
  }
  // The bar lies above the stem on the screen.
  #expect(abs((bar.map(\.y).max() ?? 0) - 0.362) < 1e-9)
  let chunk = ActionChunk(horizon: 2, dimension: 2, values: [0, 0, 1, -1])
  let path = environment.commandedPath(of: chunk)
  #expect(path.count == 3 && path[2] == Vec2(0.512, 0.512))
}

@Test func aWrongPushTFileIsRefusedWithAReason() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  func message(_ text: String) -> String {
    let url = folder.appendingPathComponent("environment.yaml")
    do {
      try text.write(to: url, atomically: true, encoding: .utf8)
      _ = try PushTSpecification(contentsOf: url)
      return ""
    } catch { return "\(error)" }
  }
  let good = "name: pusht\ntime_limit: 30\npusher: point\nrandomization: {none: {}}\n"
  #expect(message(good) == "")
  #expect(
    message(good.replacingOccurrences(of: "point", with: "hand")).contains(
      "'pusher' is 'hand', but must be one of: point"))
  #expect(
    message(good.replacingOccurrences(of: "{none: {}}", with: "{none: {mass: [1, 2]}}")).contains(
      "unknown key 'randomization.none.mass'"))
  #expect(message(good + "gravity: 9\n").contains("unknown key 'gravity'"))
  #expect(throws: UserError.self) { try PushTEnvironment(randomization: "extreme") }
}

// PushT with an arm: reach, pushing, walls, chance, reward and ends.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import Testing

private func action(to point: Vec2) -> Action {
  [Float(point.x / 256 - 1), Float(point.y / 256 - 1)]
}

/// Where the tip is, px.
private func tip(_ environment: PushTArmEnvironment) -> Vec2 {
  Vec2(environment.tip.x * 1000, 512 - environment.tip.y * 1000)
}

/// Drives the tip to a point, px.
private func drive(_ environment: inout PushTArmEnvironment, to point: Vec2, steps: Int) {
  for _ in 0..<steps { _ = environment.step(action(to: point)) }
}

/// An episode whose tip starts above the line y = 120 px of the window.
private func startAtTheTop(randomization: String = "none") throws -> PushTArmEnvironment {
  var environment = try PushTArmEnvironment(randomization: randomization)
  var seed: UInt64 = 0
  repeat {
    _ = try environment.reset(seed: seed, command: .drawn)
    seed += 1
  } while tip(environment).y > 120
  return environment
}

/// The T's corners, px.
private func corners(_ environment: PushTArmEnvironment) -> [Vec2] {
  PushTConstants.outline.map(environment.blockPose.toWorld)
}

/// How far a point is outside of the walls' faces, px.
private func overhang(_ point: Vec2) -> Double {
  max(7 - point.x, 7 - point.y, point.x - 504, point.y - 504)
}

@Test func theArmReachesTheWholeSquare() throws {
  let specification = try PushTArmEnvironment().specification
  let arm = specification.arm
  for column in 0...16 {
    for row in 0...16 {
      let point = Vec2(0.022 + 0.467 * Double(column) / 16, 0.023 + 0.467 * Double(row) / 16)
      let q = arm.jointAngles(
        reaching: point, from: specification.posture, posture: specification.posture,
        iterations: 100)
      #expect((ArmKinematics(arm, at: q).tip - point).length < 1e-3, "\(point)")
    }
  }
  // The motors, too, bring the tip there: along the walls, round a T in the middle.
  var environment = try startAtTheTop()
  environment.placeBlock(origin: Vec2(256, 230), angle: 0)
  let untouched = environment.blockPose
  for corner in [Vec2(22, 22), Vec2(22, 489), Vec2(489, 489), Vec2(489, 22), Vec2(22, 22)] {
    drive(&environment, to: corner, steps: 30)
    #expect((tip(environment) - corner).length < 2, "\(corner)")
  }
  #expect((environment.blockPose.position - untouched.position).length < 1e-6)
  // Beyond the walls there is nothing to reach.
  drive(&environment, to: .zero, steps: 20)
  #expect((tip(environment) - Vec2(22, 22)).length < 2)
}

@Test func pushingMovesTheTAsFarAsTheTipGoes() throws {
  for level in ["none", "wide"] {
    var environment = try startAtTheTop(randomization: level)
    environment.placeBlock(origin: Vec2(256, 200), angle: 0)
    drive(&environment, to: Vec2(256, 100), steps: 20)
    #expect((environment.blockPose.position - Vec2(256, 200)).length < 1e-6)
    drive(&environment, to: Vec2(256, 250), steps: 20)
    // The bar's outer edge is where the tip's rim is, or a little beyond where the T slid on.
    let pushed = environment.blockPose
    let expected = tip(environment).y + 15
    #expect(pushed.position.y > expected - 2 && pushed.position.y < expected + 15, "\(level)")
    #expect(expected > 255 && pushed.rotation.cosine > 0.9)
    // Nothing pulls.
    drive(&environment, to: Vec2(256, 100), steps: 20)
    #expect((environment.blockPose.position - pushed.position).length < 5)
  }
}

@Test func aPushOnTheBarsEndTurnsTheT() throws {
  var environment = try startAtTheTop()
  environment.placeBlock(origin: Vec2(256, 250), angle: 0)
  drive(&environment, to: Vec2(306, 100), steps: 20)
  drive(&environment, to: Vec2(306, 270), steps: 20)
  // Clockwise on the screen, where y grows downwards: the angle grows.
  #expect(environment.blockPose.rotation.sine > 0.2)
}

@Test func nothingLeavesTheWalls() throws {
  var environment = try PushTArmEnvironment(randomization: "wide")
  var wallsTouched = 0
  for seed in 0..<12 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    // Towards the T and through it, now here, now there.
    var random = RandomStream(seed: seed)
    for step in 0..<300 {
      let ahead = environment.blockPose.toWorld(PushTConstants.centerOfGravity) - tip(environment)
      let around = Vec2(random.uniform(in: -150...150), random.uniform(in: -150...150))
      _ = environment.step(action(to: tip(environment) + ahead * 2 + (step % 20 < 5 ? around : .zero)))
      let farthest = (corners(environment) + [tip(environment)]).map(overhang).max()!
      // The tip's rim is 15 px nearer to the wall than its centre.
      #expect(farthest < 5 && overhang(tip(environment)) < -12, "seed \(seed), step \(step)")
      if farthest > -1 { wallsTouched += 1 }
    }
  }
  #expect(wallsTouched > 100)
}

@Test func theSameSeedGivesTheSameArmEpisode() throws {
  var a = try PushTArmEnvironment(randomization: "wide")
  var b = try PushTArmEnvironment(randomization: "wide")
  #expect(try a.reset(seed: 5, command: .drawn) == b.reset(seed: 5, command: .drawn))
  var fork = a
  func drive(_ environment: inout PushTArmEnvironment) -> [Observation] {
    (0..<60).map { environment.step([Float($0 % 3) - 1, Float($0 % 5) / 2 - 1]).observation }
  }
  let seen = drive(&a)
  #expect(seen == drive(&b) && seen == drive(&fork))
  #expect(a.physics.stateHash == b.physics.stateHash && a.physics.stateHash == fork.physics.stateHash)
  _ = try b.reset(seed: 6, command: .drawn)
  #expect(a.info.draws != b.info.draws)
}

@Test func coverageIsOneOnTheGoalAndSuccessEndsTheEpisode() throws {
  var environment = try startAtTheTop()
  let goal = PushTConstants.goalPosition
  environment.placeBlock(origin: goal, angle: PushTConstants.goalAngle)
  #expect(abs(environment.coverage - 1) < 1e-9)
  let transition = environment.step(action(to: tip(environment)))
  #expect(transition.terminated && !transition.truncated && transition.reward == 1)
  #expect(try environment.achieves(command: "push the T onto the target"))
  #expect(abs(environment.metrics["final_coverage"]! - 1) < 1e-6)

  // A little beside it, the task is not done and the reward is the coverage's.
  environment.placeBlock(origin: goal + Vec2(6, 0), angle: PushTConstants.goalAngle)
  let beside = environment.step(action(to: tip(environment)))
  #expect(!beside.terminated && environment.coverage < 0.95 && environment.coverage > 0.6)
  #expect(abs(beside.reward - environment.coverage / 0.95) < 1e-12)
  #expect(environment.metrics["max_coverage"]! > environment.metrics["final_coverage"]!)
  #expect(environment.metrics["max_reward"] == 1)
}

@Test func anArmEpisodeIsTruncatedAfterThreeHundredActions() throws {
  var environment = try startAtTheTop()
  environment.placeBlock(origin: Vec2(256, 300), angle: 1)
  for step in 1...300 {
    let transition = environment.step(action(to: Vec2(30, 30)))
    #expect(!transition.terminated && transition.truncated == (step == 300))
  }
}

/// The T begins where `pusht` puts it, but never in a wall; the tip never in the T.
@Test func armEpisodesStartLikePushT() throws {
  var environment = try PushTArmEnvironment(randomization: "none")
  var point = try PushTEnvironment()
  var alike = 0
  for seed in 0..<500 as Range<UInt64> {
    let seen = try environment.reset(seed: seed, command: .drawn)
    let original = try point.reset(seed: seed, command: .drawn)
    #expect(environment.info.command == point.info.command)
    #expect(corners(environment).allSatisfy { overhang($0) < 1e-9 })
    let local = environment.blockPose.toLocal(tip(environment))
    #expect(
      [PushTConstants.bar, PushTConstants.stem].allSatisfy {
        let nearest = Vec2(
          min(max(local.x, $0.min.x), $0.max.x), min(max(local.y, $0.min.y), $0.max.y))
        return (local - nearest).length > 16
      }, "seed \(seed)")
    let distance = zip(seen.objects, original.objects).prefix(4).map { abs($0 - $1) }.max()!
    if distance < 1e-3 { alike += 1 }
  }
  // Most starts have the T clear of walls.
  #expect(alike > 400)
}

@Test func levelsDrawPhysicsAndNoiseButNotTheLayout() throws {
  var none = try PushTArmEnvironment(randomization: "none")
  var train = try PushTArmEnvironment(randomization: "train")
  let factors = ["block.mass", "block.contact_friction", "block.support_friction", "motor_gain"]
  for seed in 0..<20 as Range<UInt64> {
    let clean = try none.reset(seed: seed, command: .drawn)
    let noisy = try train.reset(seed: seed, command: .drawn)
    #expect(factors.allSatisfy { none.info.draws[$0] == 1 && train.info.draws[$0] != 1 })
    #expect(none.blockPose == train.blockPose && none.tip == train.tip)
    #expect(clean.objects != noisy.objects && clean.proprioception != noisy.proprioception)
    #expect(zip(clean.objects, noisy.objects).prefix(4).allSatisfy { abs($0 - $1) < 6 })
    #expect(clean.proprioception.count == none.features.proprioception.count)
    #expect(clean.objects.count == none.features.objects.count)
    #expect(train.physics.models[0].mass == 0.4 * train.info.draws["block.mass"]!)
    #expect(train.physics.arm.motorGain == train.info.draws["motor_gain"]!)
  }
}

@Test func thePictureShowsTheArmOverTheT() throws {
  let environment = try PushTArmEnvironment(randomization: "none")
  let list = environment.drawList
  // Four walls, goal, T, outline; links, three joints, tip.
  #expect(list.bounds.width == 0.512 && list.items.count == 4 + 2 + 2 + 1 + 1 + 3 + 1)
  guard case .polygon(let bar, _, _, _) = list.items[6], case .disc(let center, let radius, _, _, _) = list.items.last
  else {
    Issue.record("no bar, or no tip on top")
    return
  }
  #expect(center == environment.tip && radius == 0.015)
  // The bar is drawn where the body is.
  let part = environment.physics.models[0].shape.outlines[0].map(environment.physics.pose(of: 0).toWorld)
  #expect(bar.allSatisfy { corner in part.contains { ($0 - corner).length < 1e-9 } })
  let path = environment.commandedPath(
    of: ActionChunk(horizon: 2, dimension: 2, values: [0, 0, 1, -1]))
  #expect(path.count == 3 && path[0] == environment.commandedTip)
  #expect((path[1] - Vec2(0.256, 0.256)).length < 1e-12 && (path[2] - Vec2(0.489, 0.49)).length < 1e-12)
}

@Test func aWrongArmFileIsRefusedWithAReason() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let good = try String(
    contentsOf: EnvironmentLibrary.folder(of: "pusht-arm").appendingPathComponent(
      "environment.yaml"), encoding: .utf8)
  func message(replacing old: String, by new: String) -> String {
    let url = folder.appendingPathComponent("environment.yaml")
    do {
      try good.replacingOccurrences(of: old, with: new).write(
        to: url, atomically: true, encoding: .utf8)
      _ = try PushTArmSpecification(contentsOf: url)
      return ""
    } catch { return "\(error)" }
  }
  #expect(message(replacing: "", by: "") == "")
  #expect(
    message(replacing: "base: [0.256, -0.15]", by: "base: [0.256, -0.5]").contains(
      "the arm is 0.860 m long, but the farthest corner of the square is 1.017 m from its base"))
  #expect(
    message(replacing: "pusher: arm", by: "pusher: point").contains(
      "'pusher' is 'point', but is read as an environment with pusher 'arm'"))
  #expect(
    message(replacing: "tip_lead", by: "tip_led").contains("did you mean 'tip_lead'?"))
}

@Test func theLibraryLoadsEveryEnvironmentAsItsTask() throws {
  #expect(try Set(["push", "pusht", "pusht-arm"]).isSubset(of: EnvironmentLibrary.names()))
  for name in try EnvironmentLibrary.names() {
    for level in ["none", "train", "wide"] {
      var world = try EnvironmentLibrary.environment(named: name, randomization: level)
      #expect(world.name == name && world.randomization == level)
      _ = try world.reset(seed: 3, command: .swapped)
      try world.check(command: world.info.command)
    }
  }
  #expect(try EnvironmentLibrary.environment(named: "pusht", randomization: "none") is PushTEnvironment)
}

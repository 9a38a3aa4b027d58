// PushT's physics and coverage against gym-pusht's own numbers.

import PlanarArmEnvironments
import PlanarCore
import Testing

@Test func pusherFollowsGymPushtsController() throws {
  for run in try PushTReference.load().freeSpace {
    var simulation = PushTSimulation(
      pusher: Vec2(run.start[0], run.start[1]), pusherVelocity: Vec2(run.start[2], run.start[3]),
      blockPosition: Vec2(-5000, -5000), blockAngle: 0)
    for (action, row) in zip(run.actions, run.rows) {
      simulation.act(target: Vec2(action[0], action[1]))
      let state = [
        simulation.pusher.x, simulation.pusher.y, simulation.pusherVelocity.x,
        simulation.pusherVelocity.y,
      ]
      #expect(largestDifference(state, row[...]) < 1e-9)
    }
  }
}

@Test func coverageIsTheExactAreaOfTheIntersection() throws {
  let rows = try PushTReference.load().coverage
  #expect(rows.count == 80)
  for row in rows {
    #expect(abs(PushTSimulation.coverage(x: row[0], y: row[1], angle: row[2]) - row[3]) < 1e-9)
  }
}

/// The coverage of a pose, by counting the goal's pixels.
private func countedCoverage(x: Double, y: Double, angle: Double, cell: Double) -> Double {
  func isInT(_ p: Vec2) -> Bool {
    [PushTConstants.bar, PushTConstants.stem].contains {
      p.x > $0.min.x && p.x < $0.max.x && p.y > $0.min.y && p.y < $0.max.y
    }
  }
  let goal = Pose(
    position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))
  let block = Pose(position: Vec2(x, y), rotation: Rotation(angle: angle))
  var inside = 0
  for column in 0..<Int(120 / cell) {
    for row in 0..<Int(120 / cell) {
      let p = Vec2(-60 + (Double(column) + 0.5) * cell, (Double(row) + 0.5) * cell)
      if isInT(p), isInT(block.toLocal(goal.toWorld(p))) { inside += 1 }
    }
  }
  return Double(inside) * cell * cell / PushTConstants.area
}

@Test func coverageAgreesWithCountingAlsoWhereEdgesAreParallel() {
  let angle = PushTConstants.goalAngle
  let poses: [(Double, Double, Double)] = [
    (256, 256, angle), (256, 256, angle + 1e-13), (270, 250, angle), (256, 256, angle + .pi / 2),
    (240, 260, angle + .pi), (300, 210, angle - .pi / 2 + 1e-12), (256, 300, 0.2), (0, 0, 1),
  ]
  for (x, y, angle) in poses {
    let counted = countedCoverage(x: x, y: y, angle: angle, cell: 0.25)
    #expect(abs(PushTSimulation.coverage(x: x, y: y, angle: angle) - counted) < 6e-3)
  }
  #expect(abs(PushTSimulation.coverage(x: 256, y: 256, angle: angle) - 1) < 1e-12)
  #expect(PushTSimulation.coverage(x: 0, y: 0, angle: 1) == 0)
}

/// Episodes 0 and 10 squeeze the T between pusher and walls, 3 pushes it about, 4 docks it; the last starts
/// with the pusher's centre inside the T.
@Test func episodesFollowGymPushtToTheEnd() throws {
  let reference = try PushTReference.load()
  #expect(reference.episodes.count == 5)
  for episode in reference.episodes {
    var simulation = PushTSimulation(start: episode.pushTStart)
    for (action, row) in zip(episode.actions, episode.rows) {
      simulation.act(target: Vec2(action[0], action[1]))
      let position = simulation.blockPosition
      #expect(
        largestDifference([simulation.pusher.x, simulation.pusher.y], row[0..<2]) < 1e-7)
      #expect(largestDifference([position.x, position.y], row[2..<4]) < 1e-6, "\(episode.name)")
      #expect(abs(simulation.blockAngle - row[4]) < 1e-8, "\(episode.name)")
      #expect(abs(simulation.coverage - row[5]) < 1e-7)
    }
  }
}

@Test func everySubstepOfAPushFollowsGymPusht() throws {
  let reference = try PushTReference.load()
  let episode = try reference.episode(reference.trace.episode)
  var simulation = PushTSimulation(start: episode.pushTStart)
  var touched = 0
  for (index, action) in episode.actions.prefix(reference.trace.firstAction + 20).enumerated() {
    for substep in 0..<PushTConstants.substepsPerAction {
      simulation.substep(target: Vec2(action[0], action[1]))
      guard index >= reference.trace.firstAction else { continue }
      let row = reference.trace.rows[10 * (index - reference.trace.firstAction) + substep]
      let position = simulation.blockPosition
      let velocity = simulation.blockVelocity
      let state = [
        position.x, position.y, simulation.blockAngle, velocity.x, velocity.y,
        simulation.blockSpin,
      ]
      #expect(largestDifference(state, row[...]) < 1e-6)
      if simulation.contactCount > 0 { touched += 1 }
    }
  }
  #expect(touched > 20)
}

@Test func aCopyIsAForkAndRepeatsTheSameBits() throws {
  let episode = try PushTReference.load().episode("ep10_random")
  var first = PushTSimulation(start: episode.pushTStart)
  for action in episode.actions.prefix(30) { first.act(target: Vec2(action[0], action[1])) }
  var second = first
  for action in episode.actions.suffix(70) { first.act(target: Vec2(action[0], action[1])) }
  #expect(first.stateHash != second.stateHash)
  for action in episode.actions.suffix(70) { second.act(target: Vec2(action[0], action[1])) }
  #expect(first.stateHash == second.stateHash)
}

/// The bits are promised for every build and processor: a change of this number is a change of the physics.
@Test func theBitsOfAnEpisodeAreThese() throws {
  let episode = try PushTReference.load().episode("ep00_random")
  var simulation = PushTSimulation(start: episode.pushTStart)
  var hashes: UInt64 = 0
  for action in episode.actions {
    simulation.act(target: Vec2(action[0], action[1]))
    hashes = hashes &* 31 &+ simulation.stateHash
  }
  #expect(hashes == 13_357_393_644_640_747_426)
}

@Test func aTouchingPusherLetsTheTRestWhenItLeaves() {
  var simulation = PushTSimulation(
    pusher: Vec2(256, 180), blockPosition: Vec2(256, 200), blockAngle: 0)
  for _ in 0..<10 { simulation.act(target: Vec2(256, 230)) }
  #expect(simulation.blockPosition.y > 230 + 10 && abs(simulation.blockAngle) < 1e-9)
  for _ in 0..<5 { simulation.act(target: Vec2(256, 100)) }
  let rest = simulation.blockPosition
  for _ in 0..<5 { simulation.act(target: Vec2(256, 100)) }
  #expect(simulation.blockPosition == rest && simulation.blockVelocity == .zero)
}

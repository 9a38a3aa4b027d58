// An episode in the mirror is an episode of the same task: the physics says so.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct PushTMirrorTests {
  @Test func theMirrorObeysTheSamePhysics() throws {
    var world = try PushTEnvironment()
    let start = PushTStart(pusher: Vec2(150, 260), block: Vec2(250, 200), angle: 0.4)
    let episode = drive(&world, from: start) { step in
      [Float(0.3 * sin(Double(step) / 7)), Float(0.2 - 0.02 * Double(step % 20))]
    }
    #expect(episode.observations[0].objects != episode.observations[39].objects, "the T was pushed")
    let mirrored = try #require(world.mirrored(episode))
    let center = start.block + PushTConstants.centerOfGravity
    let across = PushTStart(
      pusher: Vec2(512 - start.pusher.y, 512 - start.pusher.x),
      block: Vec2(512 - center.y, 512 - center.x) - PushTConstants.centerOfGravity,
      angle: Double.pi / 2 - start.angle)
    let driven = drive(&world, from: across) { mirrored.actions[$0] }
    for (seen, expected) in zip(driven.observations, mirrored.observations) {
      #expect(zip(seen.proprioception, expected.proprioception).allSatisfy { abs($0 - $1) < 1e-2 })
      #expect(zip(seen.objects, expected.objects).allSatisfy { abs($0 - $1) < 1e-2 })
    }
  }

  @Test func twiceMirroredIsAsBefore() throws {
    var world = try PushTEnvironment()
    var episode = drive(&world, from: PushTStart(seed: 4)) { _ in [0.25, -0.5] }
    episode.labelFrames = [3]
    episode.labels = [ActionChunk(horizon: 2, dimension: 2, values: [0.25, 0.5, -0.75, 0])]
    let mirrored = try #require(world.mirrored(episode))
    #expect(mirrored.labels[0].values == [-0.5, -0.25, 0, 0.75])
    let again = try #require(world.mirrored(mirrored))
    #expect(again.actions == episode.actions && again.labels == episode.labels)
    for (a, b) in zip(again.observations, episode.observations) {
      #expect(zip(a.objects, b.objects).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  @Test func otherTasksKnowLeftFromRight() throws {
    let push = try ArmEnvironment(named: "push", randomization: "none")
    var world = try PushTEnvironment()
    #expect(push.mirrored(drive(&world, from: PushTStart(seed: 4)) { _ in [0, 0] }) == nil)
  }

  private func drive(
    _ world: inout PushTEnvironment, from start: PushTStart, action: (Int) -> Action
  ) -> Episode {
    var observation = world.reset(to: start)
    var episode = Episode(
      info: world.info, success: false, observations: [], actions: [], labelFrames: [], labels: [])
    for step in 0..<40 {
      episode.observations.append(observation)
      episode.actions.append(action(step))
      observation = world.step(episode.actions[step]).observation
    }
    return episode
  }
}

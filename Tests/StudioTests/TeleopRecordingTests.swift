// What a person drives is what the dataset holds.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio
import Testing
import PlanarViewer

@Suite struct TeleopRecordingTests {
  @Test func threeEpisodesOfAPersonBecomeADataset() throws {
    let folder = DataFolder()
    let world = try ArmEnvironment(randomization: "train")
    var controls = try makeTeleop(world, in: folder)
    var person = Person(script: PushExpert())
    var driven: [[Action]] = []
    for count in 1...3 {
      driven.append(person.drive(&controls))
      #expect(controls.session.isSuccess)
      controls.press(.enter)
      // On disk before anything else happens.
      #expect(try EpisodeStore(reading: folder.url).info.episodeCount == count)
    }
    let store = try EpisodeStore(reading: folder.url)
    #expect(store.info.provenance["source"] == "teleop")
    #expect(store.info.environment == "push" && store.info.features == world.features)
    let episodes = try store.episodes()
    #expect(episodes.map(\.info.seed) == [1_000_000, 1_000_001, 1_000_002])
    for (episode, wanted) in zip(episodes, driven) {
      #expect(episode.success && episode.frameCount == wanted.count && episode.isComplete)
      #expect(Set(episode.drivers) == ["teleop"] && episode.terminated.last == true)
      for (done, wish) in zip(episode.actions, wanted) {
        // The pointer cannot leave the table, and float rounding comes between.
        #expect(abs(done[0] - wish[0]) < 1e-4 && abs(done[1] - wish[1]) < 1e-4)
      }
      try expectReplay(episode, in: world)
      expectLabels(episode, horizon: store.info.horizons.prediction)
    }
  }

  /// The recorded actions lead through the recorded observations to the recorded end.
  private func expectReplay(_ episode: Episode, in world: ArmEnvironment) throws {
    var world = world
    var observation = try world.reset(seed: episode.info.seed, command: .drawn)
    #expect(episode.info == world.info)
    var isDone = false
    for (seen, action) in zip(episode.observations, episode.actions) {
      #expect(!isDone && seen == observation)
      let transition = world.step(action)
      observation = transition.observation
      isDone = transition.succeeded
    }
    #expect(isDone)
  }

  private func expectLabels(_ episode: Episode, horizon: Int) {
    #expect(episode.labelFrames == Array(stride(from: 0, to: episode.frameCount, by: 2)))
    for (frame, label) in zip(episode.labelFrames, episode.labels) {
      #expect(label.horizon == horizon)
      for step in 0..<horizon {
        // Beyond the end the tip is held where it is.
        let expected = frame + step < episode.frameCount ? episode.actions[frame + step] : [0, 0]
        #expect(label[step] == expected)
      }
    }
  }

  @Test func aSessionGoesOnWithAFolder() throws {
    let folder = DataFolder()
    let world = try ArmEnvironment(randomization: "none")
    var first = try makeTeleop(world, in: folder)
    var person = Person(script: PushExpert())
    _ = person.drive(&first)
    first.press(.enter)
    var second = try makeTeleop(world, in: folder)
    #expect(second.session.world.info.seed == 1_000_001)
    #expect(second.session.dataset.info.episodeCount == 1 && second.session.counts.kept == 0)
    _ = person.drive(&second)
    second.press(.enter)
    #expect(try EpisodeStore(reading: folder.url).episodes().count == 2)
  }

  @Test func anotherWordForTheSourceIsRead() throws {
    let folder = DataFolder()
    let world = try ArmEnvironment(randomization: "none")
    _ = try makeTeleop(world, in: folder)
    let info = folder.url.appendingPathComponent("info.json")
    try String(contentsOf: info, encoding: .utf8).replacing("\"teleop\"", with: "\"teleoperation\"")
      .write(to: info, atomically: true, encoding: .utf8)
    #expect(try EpisodeStore(reading: folder.url).info.provenance["source"] == "teleoperation")
    _ = try makeTeleop(world, in: folder)
  }

  @Test func foldersWithOtherDataAreRefused() throws {
    let folder = DataFolder()
    let world = try ArmEnvironment(randomization: "none")
    _ = try makeTeleop(world, in: folder)
    #expect {
      try makeTeleop(try ArmEnvironment(randomization: "train"), in: folder)
    } throws: {
      "\($0)".contains("already holds episodes of 'push' at randomization 'none'")
    }
    let other = DataFolder()
    _ = try EpisodeStoreWriter(
      creating: other.url,
      info: DatasetInfo(of: world, horizons: Horizons(), provenance: ["source": "expert"]))
    #expect {
      try makeTeleop(world, in: other)
    } throws: {
      "\($0)".contains("already holds episodes that 'expert' recorded")
    }
  }

  @Test func quittingKeepsASuccessThatWaitsAndNothingElse() throws {
    let folder = DataFolder()
    let world = try ArmEnvironment(randomization: "none")
    var controls = try makeTeleop(world, in: folder)
    var person = Person(script: PushExpert())
    _ = person.drive(&controls)
    controls.press(.letter("q"))
    #expect(controls.wantsQuit)
    try controls.session.finish()
    try controls.session.finish()
    #expect(controls.session.counts.kept == 1)
    #expect(try EpisodeStore(reading: folder.url).info.episodeCount == 1)
    // In the middle of an episode nothing waits.
    var next = try makeTeleop(world, in: folder)
    next.press(.right)
    next.wait(5)
    next.handle(.closeRequested)
    try next.session.finish()
    #expect(try EpisodeStore(reading: folder.url).info.episodeCount == 1)
  }

  @Test func aRefusingDiskLosesNothing() throws {
    let folder = DataFolder()
    var controls = try makeTeleop(try ArmEnvironment(randomization: "none"), in: folder)
    var person = Person(script: PushExpert())
    _ = person.drive(&controls)
    try FileManager.default.removeItem(at: folder.url)
    controls.press(.enter)
    #expect(controls.message?.tone == .bad && controls.session.isSuccess)
    #expect(controls.session.counts.kept == 0)
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    controls.press(.enter)
    #expect(controls.session.counts.kept == 1 && controls.session.phase == .waiting)
    #expect(try EpisodeStore(reading: folder.url).episodes().count == 1)
  }
}

// Learning while somebody watches: cloned first, then labels of where the learner goes.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts
import Testing

@Suite struct LiveLearningTests {
  private func recipe(_ change: (inout String) -> Void = { _ in }) throws -> Recipe {
    var text = """
      name: tiny
      description: Nothing that could be used.
      environment: reach
      data: {episodes: 12, label_stride: 8, action_noise: 0, randomization: none}
      head: {name: regression}
      method: {name: dagger, options: {budgets: [40, 60, 100], beta: 0.5, beta_decay: 0.5, round_steps: 8}}
      policy: {trunk: {width: 16, layers: 1}, expert: {width: 16, blocks: 1, condition_width: 16}, text: {width: 8}}
      training: {steps: 16, batch_size: 16, validation_fraction: 0.2}
      evaluation: {conditions: []}
      """
    change(&text)
    return try Recipe(yaml: text, file: "tiny.yaml")
  }

  /// Runs on a thread of its own until `body` returns.
  private func watch(_ live: LiveLearning, _ body: () throws -> Void) rethrows {
    let stop = StopFlag()
    let thread = Thread { live.run(stop: stop) }
    thread.stackSize = 16 << 20
    thread.start()
    defer {
      stop.raise()
      while !live.snapshot.isOver { Thread.sleep(forTimeInterval: 0.005) }
    }
    try body()
  }

  private func wait(for isSo: () -> Bool) {
    while !isSo() { Thread.sleep(forTimeInterval: 0.005) }
  }

  @Test func itClonesAndThenWaitsToBeAsked() throws {
    let live = try LiveLearning(recipe(), threads: 2)
    #expect(try live.world().name == "reach")
    try watch(live) {
      wait { live.snapshot.isWaiting || live.snapshot.isOver }
      let cloned = live.snapshot
      #expect(cloned.failure == nil && cloned.points.map(\.step) == [4, 8, 12, 16])
      #expect(cloned.policy != nil && cloned.rounds.isEmpty && cloned.words.contains("ask the expert"))
      #expect(cloned.points.allSatisfy { $0.loss != nil && (0...LiveLearning.trials).contains($0.successes) })
      live.ask(true)
      wait { live.snapshot.areRoundsOver || live.snapshot.isOver }
      let mended = live.snapshot
      #expect(mended.failure == nil && mended.points.count == 12 && mended.points.last?.step == 32)
      #expect(mended.rounds == [16, 24] && mended.labels == cloned.labels + 60)
      let facts = try live.checkpoint()?.configuration.provenance
      #expect(facts?["labels"] == "\(mended.labels)" && facts?["dagger_rounds"] == "2" && facts?["recipe"] == "tiny")
    }
  }

  /// What a person did counts more than once, and is told once.
  @Test func itLearnsFromWhatAPersonDid() throws {
    let live = try LiveLearning(recipe(), threads: 1)
    guard let world = try live.world() as? ArmEnvironment else { preconditionFailure("'reach' is of the arm's kind") }
    let plan = RolloutPlan(
      world: world, seeds: [1_900_000], driver: .expert(world.scriptedExpert!), recording: Recording(keepsFrames: true))
    let shown = try #require(try rollOut(plan)[0].episode)
    let episode = shown.labelled(byExecutedActions: 16)
    try watch(live) {
      wait { live.snapshot.isWaiting || live.snapshot.isOver }
      let cloned = live.snapshot
      live.teach(episode)
      #expect(live.snapshot.labelsByHand == episode.labels.count)
      wait { live.snapshot.points.count > cloned.points.count && live.snapshot.isWaiting || live.snapshot.isOver }
      let taught = live.snapshot
      #expect(taught.failure == nil && taught.labels == cloned.labels + episode.labels.count)
      #expect(taught.rounds == [16] && taught.expertRounds == 0 && !taught.areRoundsOver)
      let facts = try live.checkpoint()?.configuration.provenance
      #expect(facts?["labels_by_hand"] == "\(episode.labels.count)" && facts?["dagger_rounds"] == "0")
      // An episode without labels teaches nothing.
      live.teach(shown)
      #expect(live.snapshot.labelsByHand == episode.labels.count)
    }
  }

  @Test func itEndsWhereItIsStopped() throws {
    let live = try LiveLearning(recipe(), threads: 1)
    watch(live) { wait { live.snapshot.isWaiting || live.snapshot.isOver } }
    #expect(live.snapshot.isOver && live.snapshot.failure == nil && live.snapshot.points.count == 4)
  }

  @Test func whatCannotBeLearnedIsSaid() throws {
    #expect(throws: UserError.self) {
      try LiveLearning(recipe { $0 = $0.replacing("episodes: 12, ", with: "source: runs/nowhere, ") }, threads: 1)
    }
    #expect(throws: UserError.self) {
      try LiveLearning(recipe { $0.replace(/method: .*\n/, with: "trunk_from: push-flow\n") }, threads: 1)
    }
    #expect(throws: UserError.self) {
      try LiveLearning(recipe { $0.replace(/method: .*\n/, with: "method: {name: gated-dagger}\n") }, threads: 1)
    }
    // A rate at which training breaks.
    let live = try LiveLearning(
      recipe {
        $0 = $0.replacing(
          "batch_size: 16,", with: "batch_size: 16, learning_rate: 10, weight_decay: 1000, warmup_steps: 1,")
      },
      threads: 1)
    watch(live) { wait { live.snapshot.isWaiting || live.snapshot.isOver } }
    #expect(live.snapshot.failure?.contains("diverged") == true)
  }
}

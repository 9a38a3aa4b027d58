// Who drives: names, mixtures by gate and budget, and the name that each frame bears.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization
import Testing
import PlanarToyWorld

@Suite struct DriverTests {
  /// The episodes of a driver, with their frames and what the learner predicted.
  private func episodes(_ driver: Driver<PointWorld>, threads: Int = 1) throws -> [RolloutEpisode] {
    try rollOut(
      RolloutPlan(
        world: PointWorld(), seeds: Array(0..<16), driver: driver,
        recording: Recording(keepsFrames: true, keepsPredictions: true), threads: threads, blockSize: 5))
  }

  private func mixture(_ takeover: ExpertTakeover) -> Driver<PointWorld> {
    .mixture(learner: PointPolicy(), expert: PointExpert(), takeover: takeover)
  }

  /// Who drove each chunk of three steps.
  private func chunks(_ episode: Episode) -> [String] {
    stride(from: 0, to: episode.frameCount, by: 3).map { episode.drivers[$0] }
  }

  @Test func wordsNameDriversAndOtherTextIsAFolder() throws {
    for (text, name) in [
      ("expert", DriverName.expert), ("planner", .planner), ("random", .random), ("teleop", .person),
    ] {
      #expect(DriverName(text) == name && name.description == text)
    }
    #expect(DriverName("teleoperation") == .person && DriverName("person") == .person)
    #expect(DriverName("runs/flow") == .checkpoint("runs/flow"))
    #expect(DriverName("runs/flow").description == "runs/flow")
    #expect(try DriverName("planner", among: [.expert, .planner]) == .planner)
    #expect(throws: UserError("'exprt' cannot drive here (did you mean 'expert'?); choose expert, planner")) {
      try DriverName("exprt", among: [.expert, .planner])
    }
    #expect(throws: UserError.self) { try DriverName("random", among: [.expert, .planner]) }
  }

  @Test func framesSayWhoDrove() throws {
    let drivers: [(Driver<PointWorld>, String)] = [
      (.expert(PointExpert()), "expert"), (.planner(PointExpert()), "planner"), (.random(), "random"),
      (.policy(PointPolicy()), "point"), (.policy(PointPolicy(), name: "mine"), "mine"),
    ]
    for (driver, name) in drivers {
      for result in try episodes(driver) {
        let episode = try #require(result.episode)
        #expect(episode.drivers == Array(repeating: name, count: episode.frameCount))
      }
    }
    for result in try episodes(mixture(.probability(0.5))) {
      // A chunk that the learner predicted is its own, any other the expert's.
      let learned = Set(result.predictions.map { $0.frame / 3 })
      let episode = try #require(result.episode)
      for frame in 0..<episode.frameCount {
        #expect(episode.drivers[frame] == (learned.contains(frame / 3) ? "point" : "expert"))
      }
    }
  }

  @Test func aGateThatIsAlwaysOpenOrClosedIsLearnerOrExpert() throws {
    let closed = try episodes(mixture(.gate { _, _, _ in false }))
    #expect(closed == (try episodes(mixture(.probability(0)))))
    let open = try episodes(mixture(.gate { _, _, _ in true })).map(\.episode)
    #expect(open == (try episodes(.expert(PointExpert())).map(\.episode)))
  }

  /// The gate sees what the learner is shown and what it would do, and its word holds for the chunk.
  @Test func aGateDecidesChunkByChunk() throws {
    let driver = mixture(.gate { observation, chunk, _ in observation.proprioception[0] > 0 && chunk.horizon == 6 })
    let results = try episodes(driver)
    for result in results {
      let episode = try #require(result.episode)
      for frame in 0..<episode.frameCount {
        let start = frame / 3 * 3
        let isOpen = episode.observations[start].proprioception[0] > 0
        #expect(episode.drivers[frame] == (isOpen ? "expert" : "point"))
      }
      // The learner was asked at every chunk's start.
      #expect(result.predictions.map(\.frame) == Array(stride(from: 0, to: episode.frameCount, by: 3)))
    }
    #expect(Set(results.flatMap { $0.episode!.drivers }) == ["expert", "point"])
    #expect(try episodes(driver, threads: 3) == results)
  }

  /// What a gate is told of the expert is what the expert then does, and asking changes nothing.
  @Test func aGateMayAskTheExpert() throws {
    let asked = mixture(.gate { _, chunk, expert in expert().horizon == chunk.horizon })
    #expect(try episodes(asked) == (try episodes(mixture(.gate { _, _, _ in true }))))
    let seen = Mutex<[[Float]]>([])
    let alone = mixture(
      .gate { _, _, expert in
        seen.withLock { $0.append(expert().values) }
        return true
      })
    let first = try #require(try episodes(alone, threads: 1).first?.episode)
    #expect(seen.withLock { $0[0][0] } == first.actions[0][0])
  }

  @Test func aBudgetEndsTheTakeovers() throws {
    for rule in [ExpertTakeover.probability(1), .gate { _, _, _ in true }] {
      for result in try episodes(mixture(.budget(2, rule))) {
        let chunks = chunks(try #require(result.episode))
        #expect(chunks == chunks.indices.map { $0 < 2 ? "expert" : "point" })
      }
    }
    // Until it is spent, the coin falls as without a budget.
    let free = try episodes(mixture(.probability(0.5)))
    for (result, other) in zip(try episodes(mixture(.budget(1, .probability(0.5)))), free) {
      let chunks = chunks(try #require(result.episode))
      let others = self.chunks(try #require(other.episode))
      #expect(chunks.count { $0 == "expert" } == (others.contains("expert") ? 1 : 0))
      #expect(chunks.firstIndex(of: "expert") == others.firstIndex(of: "expert"))
    }
    #expect(throws: UserError.self) { try episodes(mixture(.budget(-1, .probability(0.5)))) }
    #expect(throws: UserError.self) { try episodes(mixture(.budget(1, .probability(1.5)))) }
  }

  @Test func aPersonIsNotRolledOut() throws {
    #expect(throws: UserError("a person drives in a window, not in rollouts; see planar record --from teleop")) {
      try episodes(.person)
    }
  }
}

@Suite struct TransitionTests {
  /// Every recorded transition is what the world gives for that action in that state.
  @Test(arguments: [false, true])
  func recordedTransitionsAreWhole(isPolicy: Bool) throws {
    let plan = RolloutPlan(
      world: PointWorld(), seeds: Array(0..<12), driver: isPolicy ? .policy(PointPolicy()) : .random(),
      actionNoise: ActionNoise(deviation: 0.2), recording: Recording(keepsFrames: true))
    for result in try rollOut(plan) {
      let episode = try #require(result.episode)
      #expect(episode.isComplete)
      var world = PointWorld()
      _ = try world.reset(seed: episode.info.seed, command: .drawn)
      var total = 0.0
      for frame in 0..<episode.frameCount {
        let transition = world.step(episode.actions[frame])
        #expect(episode.observation(after: frame) == transition.observation)
        #expect(episode.rewards[frame] == Float(transition.reward))
        #expect(episode.terminated[frame] == transition.terminated)
        #expect(episode.truncated[frame] == transition.truncated)
        #expect(episode.successes[frame] == transition.succeeded)
        total += transition.reward
      }
      #expect(episode.finalObservation != nil && total == result.outcome.totalReward)
      #expect(episode.terminated.last! != episode.truncated.last!)
      #expect(episode.success == result.outcome.success)
    }
  }

  @Test func theStepperDisturbsPerturbsStepsAndRecords() throws {
    var world = PointWorld()
    let first = try world.reset(seed: 3, command: .drawn)
    var stepper = EpisodeStepper(
      world, first: first, keepsFrames: true, actionNoise: ActionNoise(deviation: 0.5),
      perturbation: { world, seed, frame in if frame == 1, seed == 3 { _ = world.advance([1, 1]) } })
    #expect(stepper.episode?.finalObservation == nil && stepper.lastAction == [0, 0])
    stepper.label(ActionChunk(horizon: 1, dimension: 2, values: [0.5, 0.5]))
    for frame in 0..<3 {
      if frame == 1 { _ = world.advance([1, 1]) }
      stepper.step([0.25, 0], by: "somebody")
      #expect(stepper.lastAction != [0.25, 0])
      let expected = world.step(stepper.lastAction).observation
      #expect(stepper.latest == expected)
    }
    let episode = try #require(stepper.episode)
    #expect(episode.frameCount == 3 && stepper.frame == 3 && episode.observations[0] == first)
    #expect(episode.drivers == ["somebody", "somebody", "somebody"] && episode.isComplete)
    #expect(episode.labelFrames == [0] && episode.labels[0].values == [0.5, 0.5])
    stepper.perturb { $0.maximumSteps = 4 }
    stepper.step([0, 0], by: "somebody")
    #expect(stepper.isFinished && stepper.episode?.truncated == [false, false, false, true])
  }
}

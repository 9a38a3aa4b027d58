// A demo session: episodes, commands, pilots, statistics, and that it runs what rollouts run.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing
import PlanarStudio
import Testing

@Suite struct SessionTests {
  @Test func expertSucceedsAndIsCounted() throws {
    var session = try makeSession()
    while session.status == .running { session.advance() }
    #expect(session.status == .succeeded)
    #expect(session.pilotStatistics.successes == 1 && session.pilotStatistics.attempts == 1)
    #expect(session.pilotStatistics.stepsToSuccess == session.step)
    let step = session.step
    session.advance()
    #expect(session.step == step)
    try session.nextEpisode()
    #expect(session.episode == 2 && session.step == 0 && session.status == .running)
    #expect(session.world.info.seed == 6)
  }

  @Test(arguments: [
    ChunkExecution.recedingHorizon, ChunkExecution(delay: 3), ChunkExecution(delay: 2, switching: .naive),
    .temporalEnsembling(delay: 1),
  ])
  func sessionAndRolloutTakeTheSameWay(execution: ChunkExecution) throws {
    let world = try ArmEnvironment(randomization: "none")
    let policy = NoisePolicy(features: world.features)
    var session = try DemoSession(
      world: world, pilots: [DemoPilot(name: "noise", driver: .policy(policy), execution: execution)],
      firstSeed: 11)
    let episodes = try rollOut(
      RolloutPlan(
        world: world, seeds: [11, 12], driver: .policy(policy), execution: execution,
        recording: Recording(probe: { [Float($0.commandedTip.x), Float($0.commandedTip.y)] })))
    for episode in episodes {
      for probe in episode.probes {
        let tip = session.world.commandedTip
        #expect(probe == [Float(tip.x), Float(tip.y)])
        session.advance()
      }
      #expect(session.status == (episode.outcome.success ? .succeeded : .outOfTime))
      try session.nextEpisode()
    }
  }

  /// A policy of targets in a world of moves goes the way that it goes in a world of targets, in rollouts and sessions; who
  /// drives after it finds the world's own actions.
  @Test func everyPolicyBringsItsActionSpace() throws {
    let moves = try ArmEnvironment(randomization: "none")
    var settings = EnvironmentSettings(randomization: "none")
    settings.actionSpace = "tip_target"
    let targets = try ArmEnvironment(settings: settings)
    let policy = NoisePolicy(features: targets.features)
    func tips(in world: ArmEnvironment) throws -> [[[Float]]] {
      let probe = Recording<ArmEnvironment>(probe: { [Float($0.commandedTip.x), Float($0.commandedTip.y)] })
      return try rollOut(RolloutPlan(world: world, seeds: [11, 12], driver: .policy(policy), recording: probe))
        .map(\.probes)
    }
    let ways = try tips(in: moves)
    #expect(try tips(in: targets) == ways)

    let pilots: [DemoPilot<ArmEnvironment>] = [
      DemoPilot(name: "targets", driver: .policy(policy)),
      DemoPilot(name: "expert", driver: .expert(PushExpert())),
      DemoPilot(
        name: "moves", driver: .policy(NoisePolicy(features: moves.features)), execution: ChunkExecution(delay: 3)),
    ]
    var session = try DemoSession(world: moves, pilots: pilots, firstSeed: 11)
    for tip in ways[0].prefix(12) {
      #expect(tip == [Float(session.world.commandedTip.x), Float(session.world.commandedTip.y)])
      session.advance()
    }
    session.selectPilot(1)
    #expect(session.world.features.action == moves.features.action)
    while session.status == .running { session.advance() }
    #expect(session.status == .succeeded)
    try session.restartEpisode()
    session.selectPilot(0)
    for _ in 0..<5 { session.advance() }
    session.selectPilot(2)
    let tip = session.world.commandedTip
    #expect(session.world.features.action == moves.features.action)
    session.selectPilot(0)
    #expect(session.world.commandedTip == tip)
  }

  /// What is recorded means what the world's features say.
  @Test func aRecordingKeepsTheWorldsActions() throws {
    let moves = try ArmEnvironment(randomization: "none")
    var settings = EnvironmentSettings(randomization: "none")
    settings.actionSpace = "tip_target"
    let policy = NoisePolicy(features: try ArmEnvironment(settings: settings).features)
    #expect(throws: UserError.self) {
      try rollOut(
        RolloutPlan(world: moves, seeds: [1], driver: .policy(policy), recording: Recording(keepsFrames: true)))
    }
  }

  @Test func chanceDrivesAsInARollout() throws {
    let world = try PushTArmEnvironment(randomization: "train")
    let actions = RandomActions.smooth(correlation: 0.8, deviation: 0.7)
    let episodes = try rollOut(
      RolloutPlan(
        world: world, seeds: [3, 4], driver: .random(actions),
        recording: Recording(probe: { [Float($0.tip.x), Float($0.tip.y)] })))
    var session = try DemoSession(
      world: world, pilots: [DemoPilot(name: "random", driver: .random(actions))], firstSeed: 3)
    for episode in episodes {
      for probe in episode.probes {
        #expect(probe == [Float(session.world.tip.x), Float(session.world.tip.y)])
        session.advance()
      }
      #expect(session.status == .outOfTime)
      try session.nextEpisode()
    }
  }

  @Test func commandInMidEpisodeReplansAndGetsItsOwnTime() throws {
    var session = try makeSession()
    for _ in 0..<10 { session.advance() }
    #expect(session.shownChunk != nil)
    let other = try commands(in: session).present
    try session.give(command: other)
    #expect(session.command == other && session.isTypedCommand && session.step == 10)
    #expect(session.shownChunk == nil && session.stepsLeft == session.world.maximumSteps)
    let prediction = session.advance()
    let report = try #require(prediction)
    #expect(report.command == other && report.step == 10)
    while session.status == .running { session.advance() }
    #expect(session.status == .succeeded)
    #expect(try session.world.achieves(command: other))
    #expect(session.pilotStatistics.attempts == 1)
  }

  @Test func commandAfterSuccessGoesOnInTheSameScene() throws {
    var session = try makeSession()
    while session.status == .running { session.advance() }
    let object = session.world.physics.states
    try session.give(command: try commands(in: session).present)
    #expect(session.status == .running && session.world.physics.states == object)
    while session.status == .running { session.advance() }
    #expect(session.status == .succeeded && session.pilotStatistics.attempts == 2)
  }

  @Test func impossibleCommandChangesNothing() throws {
    var session = try makeSession()
    for _ in 0..<3 { session.advance() }
    let before = session.command
    let chunk = session.shownChunk
    let absent = try commands(in: session).absent
    #expect(throws: UserError.self) { try session.give(command: absent) }
    #expect(throws: UserError.self) { try session.give(command: "dance") }
    #expect(session.command == before && session.shownChunk == chunk && !session.isTypedCommand)
  }

  @Test func scenesWithoutTheNamedObjectArePassedOver() throws {
    let text = "push the red disc to the left zone"
    var session = try makeSession(command: .text(text))
    var seeds: [UInt64] = []
    for _ in 0..<4 {
      #expect(session.world.objectIndex(color: "red", shape: "disc") != nil && session.command == text)
      seeds.append(session.world.info.seed)
      try session.nextEpisode()
    }
    #expect(seeds == seeds.sorted() && Set(seeds).count == 4 && seeds[3] > 8)
    #expect {
      try makeSession(command: .text("push the purple disc to the left zone"))
    } throws: {
      "\($0)".contains("no object is purple here")
    }
  }

  @Test func switchingPilotsReplansAndKeepsStatisticsApart() throws {
    var session = try makeSession()
    for _ in 0..<3 { session.advance() }
    session.selectPilot(1)
    #expect(session.shownChunk == nil && session.pilot.name == "noise")
    session.advance()
    #expect(session.shownChunk != nil)
    session.selectPilot(0)
    while session.status == .running { session.advance() }
    // Nobody drove it alone.
    #expect(session.statistics.allSatisfy { $0.attempts == 0 })
    try session.restartEpisode()
    #expect(session.world.info.seed == 5 && session.step == 0)
    while session.status == .running { session.advance() }
    #expect(session.statistics.map(\.attempts) == [1, 0])
  }

  @Test func policyForOtherFeaturesIsRefused() throws {
    let world = try ArmEnvironment(randomization: "none")
    var features = world.features
    features.action = FeatureSpec(name: "action", shape: [1], elements: ["force"])
    let policy = NoisePolicy(features: features)
    #expect {
      try DemoSession(
        world: world, pilots: [DemoPilot(name: "other", driver: .policy(policy))], firstSeed: 0)
    } throws: {
      "\($0)".contains("policy 'other' needs the feature action")
    }
  }

  @Test func executionHorizonIsCheckedAndUsed() throws {
    let world = try ArmEnvironment(randomization: "none")
    func session(_ executionHorizon: Int) throws -> PushSession {
      try DemoSession(
        world: world,
        pilots: [DemoPilot(driver: .expert(PushExpert()), execution: ChunkExecution(horizon: executionHorizon))],
        firstSeed: 0)
    }
    var often = try session(2)
    let reports = (0..<6).map { _ in often.advance() }
    #expect(reports.map { $0 != nil } == [true, false, true, false, true, false])
    #expect(throws: UserError.self) { try session(0) }
    #expect(throws: UserError.self) { try session(17) }
  }

  /// The path of a chunk that came late is drawn from where it takes over, at the step that is due by then.
  @Test func aLateChunkIsShownWhenItTakesOver() throws {
    let world = try ArmEnvironment(randomization: "none")
    let policy = NoisePolicy(features: world.features)
    let pilot = DemoPilot<ArmEnvironment>(
      name: "noise", driver: .policy(policy), execution: ChunkExecution(delay: 2, switching: .naive))
    var session = try DemoSession(world: world, pilots: [pilot], firstSeed: 0)
    for _ in 0..<5 { session.advance() }
    var chunk = try #require(session.shownChunk)
    #expect(chunk.path.count == 7 && chunk.executedSteps == 5 && chunk.executionHorizon == 6)
    session.advance()
    chunk = try #require(session.shownChunk)
    #expect(chunk.path.count == 5 && chunk.executedSteps == 0 && chunk.executionHorizon == 4)
    #expect(chunk.path[0] == session.world.commandedTip)
    session.advance()
    #expect((session.world.commandedTip - chunk.path[1]).length < 1e-9)
    #expect(session.shownChunk?.executedSteps == 1)
  }

  @Test func overlayStartsAtTheCommandedTipAndShrinksAsItIsExecuted() throws {
    var session = try makeSession()
    #expect(session.overlay.isEmpty)
    let start = session.world.commandedTip
    session.advance()
    let chunk = try #require(session.shownChunk)
    #expect(chunk.path.count == 17 && chunk.path[0] == start && chunk.executedSteps == 1)
    let first = session.overlay.count
    session.advance()
    #expect(session.overlay.count == first - 1)
    // The expert's plan is what happens: after the step the tip is commanded where a dot stood.
    #expect((session.world.commandedTip - chunk.path[2]).length < 1e-9)
  }
}

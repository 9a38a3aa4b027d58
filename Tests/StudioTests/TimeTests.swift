// Time in a session: moments are kept, shown again, and gone on from.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio
import Testing
import PlanarViewer

@Suite struct TimeTests {
  @Test func everyMomentIsShownAgainAsItWas() throws {
    var session = try makeSession()
    session.selectPilot(1)
    var states = [session.world.physics.states]
    var overlays = [session.overlay]
    for _ in 0..<12 {
      session.advance()
      states.append(session.world.physics.states)
      overlays.append(session.overlay)
    }
    for step in [3, 0, 7, 11] {
      session.seek(to: step)
      #expect(session.step == step && session.isInPast && session.keptSteps == 0...12)
      #expect(session.world.physics.states == states[step])
      // Above the known future lies what lay there.
      #expect(session.overlay.suffix(overlays[step].count) == overlays[step][...])
    }
    session.seek(to: 99)
    #expect(session.step == 12 && !session.isInPast && session.overlay == overlays[12])
    session.seek(to: -4)
    #expect(session.step == 0)
  }

  /// The driver's random streams are part of a moment.
  @Test(arguments: [ChunkExecution.recedingHorizon, ChunkExecution(delay: 2, switching: .naive)])
  func goingOnFromTheRecordedStateTakesTheSameWay(execution: ChunkExecution) throws {
    let world = try ArmEnvironment(randomization: "none")
    let pilot = DemoPilot<ArmEnvironment>(
      driver: .policy(NoisePolicy(features: world.features)), execution: execution)
    var session = try DemoSession(world: world, pilots: [pilot], firstSeed: 11)
    var tips: [Vec2] = []
    while session.status == .running {
      tips.append(session.world.tip)
      session.advance()
    }
    let attempts = session.pilotStatistics
    session.seek(to: 5)
    #expect(session.status == .running)
    while session.status == .running {
      #expect(session.world.tip == tips[session.step])
      session.advance()
    }
    #expect(session.step == tips.count)
    // It was counted when it ended first.
    #expect(session.pilotStatistics == attempts && attempts.attempts == 1)
  }

  @Test func anotherPilotLeavesTheOldFutureBeside() throws {
    var session = try makeSession()
    var tips: [Vec2] = [session.world.tip]
    for _ in 0..<20 {
      session.advance()
      tips.append(session.world.tip)
    }
    session.seek(to: 8)
    session.selectPilot(1)
    #expect(session.pilot.name == "noise" && session.step == 8 && !session.isInPast && session.keptSteps == 0...8)
    #expect(session.otherFutures == [Array(tips[8...])])
    let drawn = session.overlay.count
    for _ in 0..<5 { session.advance() }
    #expect(session.world.tip != tips[13] && session.overlay.count > drawn)
    session.seek(to: 3)
    #expect(session.pilot.name == "expert" && session.world.tip == tips[3])
    try session.nextEpisode()
    #expect(session.otherFutures.isEmpty && session.keptSteps == 0...0)
  }

  @Test func aCommandIsGivenInThePast() throws {
    var session = try makeSession()
    for _ in 0..<15 { session.advance() }
    let (present, absent) = try commands(in: session)
    session.seek(to: 4)
    #expect(throws: UserError.self) { try session.give(command: absent) }
    #expect(session.isInPast && session.keptSteps == 0...15)
    try session.give(command: present)
    #expect(session.command == present && session.step == 4 && !session.isInPast)
    while session.status == .running { session.advance() }
    #expect(session.status == .succeeded)
    #expect(try session.world.achieves(command: present))
    session.seek(to: 3)
    #expect(session.command != present)
  }

  @Test func whatIsShownIsFoundOutInThePastToo() throws {
    let world = try ArmEnvironment(randomization: "none")
    let pilot = DemoPilot<ArmEnvironment>(driver: .policy(NoisePolicy(features: world.features)))
    var session = try DemoSession(world: world, pilots: [pilot], firstSeed: 11, expert: world.scriptedExpert)
    for _ in 0..<10 { session.advance() }
    session.seek(to: 2)
    #expect(session.thought == Thought())
    session.showing = [.fan, .ghost]
    let (fan, ghost) = (try #require(session.thought.fan), try #require(session.thought.ghost))
    #expect(fan.count == 32 && fan[0] != fan[1])
    session.seek(to: 6)
    #expect(session.thought.fan?.count == 32 && session.thought.ghost != ghost)
    session.seek(to: 1)
    #expect(session.thought.fan == fan && session.thought.ghost == ghost, "steps 0 to 3 are of one question")
  }

  /// Also at the questions that were asked before anybody wanted to see the ghost.
  @Test func theErrorAgainstTheExpertIsKnownAlongTheEpisode() throws {
    var session = try makeSession()
    session.selectPilot(1)
    for _ in 0..<10 { session.advance() }
    #expect(session.errors.isEmpty)
    session.showing = [.ghost]
    #expect(session.errors.map(\.step) == [0, 4, 8] && session.errors.allSatisfy { $0.error > 0.005 })
    session.advance()
    session.advance()
    session.advance()
    #expect(session.errors.map(\.step) == [0, 4, 8, 12])
    let curves = try #require(DemoControls(session: session, view: DemoView(showing: [.ghost])).panel.timeline?.curves)
    #expect(curves.count == 1 && curves[0].label.contains(" mm"))
    #expect(curves[0].points.map(\.step) == [0, 4, 8, 12] && curves[0].points.contains { $0.value == 1 })
  }

  // MARK: Keys and the bar

  @Test func keysGoThroughTime() throws {
    var controls = DemoControls(session: try makeSession())
    for _ in 0..<15 { _ = controls.advance() }
    controls.handle(.key(.left, []))
    #expect(controls.session.step == 14 && controls.isPaused && controls.isSceneFresh)
    controls.handle(.key(.left, .shift))
    #expect(controls.session.step == 4)
    controls.handle(.key(.right, []))
    #expect(controls.session.step == 5)
    controls.handle(.key(.home, []))
    #expect(controls.session.step == 0)
    controls.handle(.key(.end, []))
    #expect(controls.session.step == 15 && !controls.session.isInPast)
    // Where nothing is known to come, a step is taken.
    controls.handle(.key(.right, []))
    _ = controls.advance()
    _ = controls.advance()
    #expect(controls.session.step == 16 && controls.isPaused)
    controls.handle(.scrubbed(2))
    #expect(controls.session.step == 2 && controls.panel.timeline?.position == 2)
    #expect(controls.panel.timeline?.steps == 0...16 && controls.panel.timeline?.marks == [0, 8])
    controls.handle(.key(.space, []))
    _ = controls.advance()
    #expect(controls.session.step == 3 && !controls.session.isInPast && controls.session.otherFutures.count == 1)
  }

  @Test func arrowsMoveTheCaretWhileSomebodyTypes() throws {
    var controls = DemoControls(session: try makeSession())
    for _ in 0..<5 { _ = controls.advance() }
    controls.handle(.character("p"))
    controls.handle(.character("-"))
    controls.handle(.key(.left, []))
    #expect(controls.session.step == 5 && controls.field.caret == 1 && controls.speed == 1 && !controls.isPaused)
  }

  @Test func speedIsHalvedAndDoubled() throws {
    var controls = DemoControls(session: try makeSession())
    for _ in 0..<5 { controls.handle(.character("-")) }
    #expect(controls.speed == 0.125 && controls.panel.timeline?.detail == "× 1/8")
    for _ in 0..<9 { controls.handle(.character("+")) }
    #expect(controls.speed == 8 && controls.panel.timeline?.detail == "× 8")
  }

  @Test func aFinishedSceneThatIsLookedAtStays() throws {
    var controls = DemoControls(session: try makeSession())
    while controls.session.status == .running { _ = controls.advance() }
    controls.handle(.key(.left, []))
    controls.handle(.key(.space, []))
    #expect(!controls.mayMoveOn)
  }

  @Test func viewsAreSwitchedByKeyAndClickAndKept() throws {
    var controls = DemoControls(session: try makeSession(), environments: ["push", "pusht"])
    controls.handle(.key(.letter("f"), .control))
    controls.handle(.switchClicked("ghost"))
    #expect(controls.session.showing == [.fan, .ghost])
    controls.handle(.key(.letter("b"), .control))
    controls.handle(.character("-"))
    controls.handle(.key(.letter("i"), .control))
    controls.handle(.key(.letter("e"), .control))
    let asked = controls.takeSessionRequest()
    let request = try #require(asked)
    let other = DemoControls(session: try makeSession(), view: request.view)
    #expect(other.session.showing == [.fan, .ghost] && other.speed == 0.5 && !other.showsInitials)
    #expect(other.sidePicture != nil)
    controls.handle(.key(.letter("f"), .control))
    #expect(controls.session.showing == [.ghost])
  }

  @Test func initialsAreForPeopleOnly() throws {
    var controls = DemoControls(session: try makeSession())
    let world = controls.session.world
    let letters = controls.scene.items.compactMap { item -> String? in
      if case .text(let text, _, _, _, _) = item, text.count == 1 { text } else { nil }
    }
    #expect(letters == world.scene.objects.map { $0.colorName.prefix(1).uppercased() })
    #expect(controls.scene.items.count == world.drawList.items.count + letters.count)
    controls.handle(.key(.letter("b"), .control))
    #expect(controls.scene == world.drawList)
  }
}

// Keys and pointer of a teleoperation, without the window.

import PlanarArmEnvironments
import PlanarDatasets
import PlanarCore
import PlanarPolicyInterface
import PlanarStudio
import Testing
import PlanarViewer

@Suite struct TeleopControlsTests {
  let folder = DataFolder()

  func makeControls(wantedEpisodes: Int? = nil) throws -> TeleopControls<GripperWorld> {
    try makeTeleop(GripperWorld(), in: folder, wantedEpisodes: wantedEpisodes)
  }

  /// Drives into the goal, gripper closed.
  func succeed(_ controls: inout TeleopControls<GripperWorld>) {
    controls.handle(.mousePressed(Vec2(0.5, 0.5), .left))
    controls.press(.letter("g"))
    controls.wait(10)
  }

  /// Waits until the time is over.
  func fail(_ controls: inout TeleopControls<GripperWorld>) {
    controls.press(.up)
    controls.handle(.keyReleased(.up))
    controls.wait(30)
  }

  // MARK: Leading

  @Test func theClockWaitsUntilThePersonTakesTheTip() throws {
    var controls = try makeControls()
    controls.handle(.mouseMoved(Vec2(0.3, 0)))
    controls.wait(5)
    #expect(controls.session.phase == .waiting && controls.session.step == 0)
    controls.handle(.mousePressed(Vec2(0.3, 0), .left))
    controls.wait(1)
    #expect(controls.session.phase == .driving && controls.session.step == 1)
  }

  @Test func thePointerLeadsNoFasterThanAnActionAllows() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(0.3, 0.4), .left))
    controls.wait(1)
    // One step of 0.1 m on the straight way, not 0.1 m along each axis.
    #expect((controls.session.world.tip - Vec2(0.06, 0.08)).length < 1e-6)
    controls.wait(4)
    #expect((controls.session.world.tip - Vec2(0.3, 0.4)).length < 1e-6)
    controls.wait(2)
    #expect((controls.session.world.tip - Vec2(0.3, 0.4)).length < 1e-6)
    // Let go by another click, the tip stays whatever the pointer does.
    controls.handle(.mousePressed(Vec2(0.3, 0.4), .left))
    controls.handle(.mouseMoved(Vec2(-0.5, 0)))
    controls.wait(2)
    #expect((controls.session.world.tip - Vec2(0.3, 0.4)).length < 1e-6)
    #expect(controls.lead.device == .none && controls.session.step == 9)
  }

  @Test func keysSpeedUpAndSlowDownSmoothly() throws {
    var controls = try makeControls()
    controls.press(.right)
    var path = [0.0]
    for _ in 0..<4 {
      controls.wait(1)
      path.append(controls.session.world.tip.x)
    }
    controls.handle(.keyReleased(.right))
    for _ in 0..<4 {
      controls.wait(1)
      path.append(controls.session.world.tip.x)
    }
    let moves = zip(path.dropFirst(), path).map { $0 - $1 }
    #expect(moves[..<4] == moves[..<4].sorted()[...] && moves[0] > 0.02 && moves[3] > 0.08)
    #expect(moves.allSatisfy { $0 <= 0.1 + 1e-9 })
    #expect(moves[3...] == moves[3...].sorted(by: >)[...] && moves[7] == 0)
  }

  @Test func aTapBetweenTwoStepsCounts() throws {
    var controls = try makeControls()
    controls.press(.letter("w"))
    controls.handle(.keyReleased(.letter("w")))
    controls.wait(3)
    #expect(controls.session.world.tip.y > 0.04 && controls.session.world.tip.x == 0)
  }

  @Test func keysTakeOverFromThePointerAndDiagonalsAreNoFaster() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(-0.5, 0), .left))
    controls.press(.up)
    controls.press(.right)
    #expect(controls.lead.device == .keys)
    controls.handle(.mouseMoved(Vec2(-0.9, 0)))
    controls.wait(8)
    let before = controls.session.world.tip
    controls.wait(1)
    let move = controls.session.world.tip - before
    #expect(move.length <= 0.1 + 1e-6 && move.length > 0.095 && abs(move.x - move.y) < 1e-6)
    // Shift is slow.
    controls.press(.up, .shift)
    controls.wait(9)
    let later = controls.session.world.tip
    controls.wait(1)
    #expect((controls.session.world.tip - later).length < 0.04)
  }

  @Test func theGripperToggles() throws {
    var controls = try makeControls()
    controls.press(.up)
    controls.wait(1)
    #expect(controls.session.world.isOpen && controls.session.isGripperOpen)
    controls.press(.letter("g"))
    controls.wait(1)
    #expect(!controls.session.world.isOpen)
    controls.handle(.mousePressed(.zero, .right))
    controls.wait(1)
    #expect(controls.session.world.isOpen)
    // A new scene begins open.
    controls.press(.letter("g"))
    controls.press(.letter("r"))
    #expect(controls.session.isGripperOpen)
    // Without a gripper there is nothing to toggle.
    var push = try makeTeleop(try ArmEnvironment(randomization: "none"), in: DataFolder())
    push.press(.letter("g"))
    #expect(push.session.isGripperOpen)
  }

  @Test func pauseAndHelpStopTheClock() throws {
    var controls = try makeControls()
    controls.press(.up)
    controls.wait(2)
    controls.press(.space)
    controls.wait(3)
    #expect(controls.isPaused && controls.session.step == 2)
    controls.press(.space)
    controls.press(.letter("h"))
    controls.wait(3)
    #expect(controls.session.step == 2 && controls.panel.card != nil)
    controls.press(.escape)
    controls.wait(1)
    #expect(controls.session.step == 3 && !controls.wantsQuit)
  }

  // MARK: Deciding

  @Test func successIsShownAndKept() throws {
    var controls = try makeControls()
    succeed(&controls)
    #expect(controls.session.phase == .ended(.succeeded) && controls.message?.tone == .good)
    #expect(controls.panel.banner?.tone == .good)
    let step = controls.session.step
    controls.wait(5)
    #expect(controls.session.step == step)
    controls.press(.letter("k"))
    #expect(controls.session.counts == .init(kept: 1, keptSuccesses: 1))
    #expect(controls.session.phase == .waiting && controls.session.world.info.seed == 1_000_001)
    let episode = try EpisodeStore(reading: folder.url).episodes()[0]
    #expect(episode.success && episode.actions.last?[2] == -1)
    // Beyond the end the label goes on holding, gripper closed.
    #expect(episode.labels.last?[15] == [0, 0, -1])
  }

  @Test func failuresCanBeDiscardedOrKept() throws {
    var controls = try makeControls()
    fail(&controls)
    #expect(controls.session.phase == .ended(.outOfTime))
    controls.press(.backspace)
    #expect(controls.session.counts == .init(discarded: 1))
    fail(&controls)
    controls.press(.enter)
    #expect(controls.session.counts == .init(kept: 1, discarded: 1))
    #expect(try EpisodeStore(reading: folder.url).episodes().map(\.success) == [false])
  }

  @Test func aBrokenRuleEndsTheEpisode() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(2, 0), .left))
    controls.wait(15)
    #expect(controls.session.phase == .ended(.ruleBroken) && controls.message?.tone == .bad)
  }

  @Test func dStillSteersJustAfterTheEnd() throws {
    var controls = try makeControls()
    succeed(&controls)
    let ended = controls.session.step
    #expect(ended < 10)
    var fresh = try makeControls()
    fresh.handle(.mousePressed(Vec2(0.5, 0.5), .left))
    fresh.press(.letter("g"))
    while fresh.session.phase == .driving { fresh.wait(1) }
    fresh.press(.letter("d"))
    #expect(fresh.session.isSuccess)
    fresh.wait(6)
    fresh.press(.letter("d"))
    #expect(fresh.session.counts.discarded == 1 && fresh.session.phase == .waiting)
  }

  @Test func retryIsTheSameSceneFromItsStart() throws {
    var controls = try makeControls()
    controls.press(.up)
    controls.wait(4)
    controls.press(.letter("r"))
    #expect(controls.session.phase == .waiting && controls.session.step == 0)
    #expect(controls.session.world.info.seed == 1_000_000 && controls.session.world.tip == .zero)
    // Nothing of the first try is recorded.
    controls.handle(.keyReleased(.up))
    succeed(&controls)
    let steps = controls.session.step
    controls.press(.enter)
    #expect(try EpisodeStore(reading: folder.url).episodes()[0].frameCount == steps)
    #expect(controls.session.counts == .init(kept: 1, keptSuccesses: 1))
  }

  @Test func skippingKeepsSuccessesOnly() throws {
    var controls = try makeControls()
    controls.press(.letter("n"))
    controls.press(.up)
    controls.wait(3)
    controls.press(.letter("n"))
    #expect(controls.session.counts == .init(skipped: 2))
    fail(&controls)
    controls.press(.letter("n"))
    succeed(&controls)
    controls.press(.letter("n"))
    #expect(
      controls.session.counts == .init(kept: 1, keptSuccesses: 1, discarded: 1, skipped: 2))
    #expect(controls.session.world.info.seed == 1_000_004)
  }

  @Test func theSessionEndsWithTheWantedEpisodes() throws {
    var controls = try makeControls(wantedEpisodes: 2)
    succeed(&controls)
    controls.press(.enter)
    #expect(!controls.wantsQuit)
    succeed(&controls)
    controls.press(.enter)
    #expect(controls.wantsQuit)
  }

  @Test func scenesInWhichTheCommandMakesNoSenseArePassedOver() throws {
    var controls = try makeTeleop(
      GripperWorld(), in: folder, firstSeed: 1_000_001, command: .text("take the even one"))
    #expect(controls.session.world.info.seed == 1_000_002)
    controls.press(.letter("n"))
    #expect(controls.session.world.info.seed == 1_000_004)
    #expect(controls.panel.banner?.text == "take the even one")
  }

  // MARK: Absolute actions

  @Test func pushTGoesWhereThePointerIs() throws {
    let target = Vec2(0.128, 0.384)
    let folder = DataFolder()
    var controls = try makeTeleop(try PushTEnvironment(), in: folder)
    controls.handle(.mousePressed(target, .left))
    controls.wait(1)
    // 512 px are 0.512 m, and y points upwards on the drawing.
    #expect((controls.session.world.episode.target - Vec2(128, 128)).length < 1e-3)
    controls.wait(40)
    #expect((controls.session.world.tip - target).length < 2e-3)
    // Held, it stays; outside of the window it goes to the edge.
    controls.handle(.mouseMoved(Vec2(2, -1)))
    let action = controls.session.world.action(leadingTipTo: Vec2(2, -1), gripperOpen: true)
    #expect(action == [1, 1])
  }

  @Test func pushWithAnArmHoldsWhenNobodyLeads() throws {
    var controls = try makeTeleop(try PushTArmEnvironment(), in: DataFolder())
    controls.press(.up)
    controls.handle(.keyReleased(.up))
    controls.wait(10)
    let tip = controls.session.world.tip
    controls.wait(10)
    #expect((controls.session.world.tip - tip).length < 2e-3)
  }
}

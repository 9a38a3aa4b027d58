// A gamepad in the hand of somebody who teleoperates, and a second look before an episode is kept.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct TeleopGamepadTests {
  private let folder = DataFolder()

  private func makeControls() throws -> TeleopControls<GripperWorld> { try makeTeleop(GripperWorld(), in: folder) }

  /// The gamepad as it is pressed, then as it is let go.
  private func press(_ button: GamepadButton, in controls: inout TeleopControls<GripperWorld>) {
    controls.handle(.gamepad(Gamepad(buttons: [button])))
    controls.handle(.gamepad(Gamepad()))
  }

  /// Drives into the goal with the stick, gripper closed by the trigger.
  private func succeed(_ controls: inout TeleopControls<GripperWorld>) {
    controls.handle(.gamepad(Gamepad(stick: Vec2(0.8, 0.8), rightTrigger: 1)))
    while controls.session.phase == .driving, (controls.session.world.tip - Vec2(0.5, 0.5)).length > 0.05 {
      controls.wait(1)
    }
    controls.wait(1)
  }

  @Test func theStickLeadsTheTipAndItsMiddleDoesNot() throws {
    var controls = try makeControls()
    // What a worn stick says while nobody touches it.
    controls.handle(.gamepad(Gamepad(stick: Vec2(0.1, -0.09))))
    controls.wait(3)
    #expect(controls.session.phase == .waiting && controls.lead.device == .none)
    controls.handle(.gamepad(Gamepad(stick: Vec2(1, 0))))
    controls.wait(6)
    let before = controls.session.world.tip
    controls.wait(1)
    let full = controls.session.world.tip - before
    #expect(controls.lead.device == .gamepad && full.x > 0.095 && full.x <= 0.1 + 1e-9 && full.y == 0)
    // Half of the way beyond the dead zone, half of the speed; to the corner no faster than along an axis.
    controls.handle(.gamepad(Gamepad(stick: Vec2(0, -0.575))))
    controls.wait(8)
    let (middle, later) = (controls.session.world.tip, controls.session.step)
    controls.wait(1)
    #expect(abs((middle - controls.session.world.tip).y - 0.05) < 0.002 && controls.session.step == later + 1)
    controls.handle(.gamepad(Gamepad(stick: Vec2(-1, 1))))
    controls.wait(8)
    let last = controls.session.world.tip
    controls.wait(1)
    #expect((controls.session.world.tip - last).length <= 0.1 + 1e-9)
  }

  @Test func keysTakeOverFromTheStickAndItFromThem() throws {
    var controls = try makeControls()
    controls.handle(.gamepad(Gamepad(stick: Vec2(0.5, 0))))
    controls.press(.up)
    #expect(controls.lead.device == .keys)
    controls.handle(.gamepad(Gamepad(stick: Vec2(0.6, 0))))
    #expect(controls.lead.device == .gamepad)
    // Unplugged, it holds the tip.
    controls.handle(.gamepad(nil))
    controls.wait(8)
    let before = controls.session.world.tip
    controls.wait(1)
    #expect(controls.session.world.tip == before)
  }

  @Test func triggersAndTheLowerButtonMoveTheGripper() throws {
    var controls = try makeControls()
    for (gamepad, isOpen) in [
      (Gamepad(rightTrigger: 0.4), true), (Gamepad(rightTrigger: 0.9), false), (Gamepad(rightTrigger: 1), false),
      (Gamepad(), false), (Gamepad(rightTrigger: 1), false), (Gamepad(leftTrigger: 0.8), true),
      (Gamepad(buttons: [.south]), false), (Gamepad(stick: Vec2(0.1, 0), buttons: [.south]), false), (Gamepad(), false),
      (Gamepad(buttons: [.south]), true),
    ] {
      controls.handle(.gamepad(gamepad))
      #expect(controls.session.isGripperOpen == isOpen)
    }
  }

  @Test func buttonsDecide() throws {
    var controls = try makeControls()
    succeed(&controls)
    #expect(controls.session.isSuccess)
    press(.north, in: &controls)
    #expect(controls.session.counts.kept == 1 && controls.session.phase == .waiting)
    succeed(&controls)
    press(.east, in: &controls)
    #expect(controls.session.counts.discarded == 1)
    let seed = controls.session.world.info.seed
    succeed(&controls)
    press(.west, in: &controls)
    #expect(controls.session.world.info.seed == seed && controls.session.step == 0)
    press(.start, in: &controls)
    #expect(controls.session.world.info.seed != seed && controls.session.counts.skipped == 1)
  }

  @Test func hintsTellOfItWhereItIs() throws {
    var controls = try makeControls()
    func tells(_ controls: TeleopControls<GripperWorld>) -> Bool { controls.panel.hints.contains { $0.key == "Stick" } }
    #expect(!tells(controls))
    controls.handle(.gamepad(Gamepad()))
    #expect(tells(controls))
    controls.press(.letter("h"))
    #expect(controls.panel.card?.lines.contains { $0.hasPrefix("Gamepad") } == true)
    controls.handle(.gamepad(nil))
    #expect(!tells(controls))
  }

  // MARK: Looking again

  @Test func anEndedEpisodeIsShownOnceMoreAndThenKept() throws {
    var controls = try makeControls()
    controls.press(.letter("l"))
    #expect(controls.replayedStep == nil && controls.message?.text.contains("once it has ended") == true)
    var driven = [controls.scene]
    controls.handle(.mousePressed(Vec2(0.5, 0.5), .left))
    controls.press(.letter("g"))
    while controls.session.phase == .driving || controls.session.phase == .waiting {
      controls.wait(1)
      driven.append(controls.scene)
    }
    for _ in 0..<2 {
      controls.press(.letter("l"))
      var seen: [DrawList] = []
      while controls.replayedStep != nil {
        seen.append(controls.scene)
        #expect(controls.panel.banner?.detail.hasPrefix("Once more") == true)
        controls.wait(1)
      }
      #expect(seen == driven)
    }
    // Nothing of the episode has changed by it; in the middle of it, too, the keys decide.
    controls.press(.letter("l"))
    controls.wait(2)
    #expect(controls.replayedStep == 2 && controls.session.counts.kept == 0)
    controls.press(.enter)
    #expect(controls.replayedStep == nil && controls.session.counts.kept == 1)
    #expect(controls.session.dataset.info.frameCount == driven.count - 1)
    #expect(controls.session.moments.count == 1)
  }

  @Test func theEpisodeCanBeSavedAsAPage() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(0.5, 0.5), .left))
    controls.wait(4)
    let episode = try #require(controls.episodes.first)
    #expect(episode.scenes.count == 5 && episode.ending == "under way" && episode.scenes.last == controls.scene)
  }
}

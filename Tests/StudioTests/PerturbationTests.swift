// A person's hand in the demo, other sessions by key, and closer looks.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing
import PlanarStudio
import Testing
import PlanarViewer

extension DemoSession {
  /// Whether a person's hand is on a body.
  fileprivate var isHandOn: Bool { handReach != nil }
}

@Suite struct PerturbationTests {
  func makeControls(environments: [String] = []) throws -> DemoControls<GripperWorld> {
    let pilot = DemoPilot<GripperWorld>(
      name: "random", driver: .random(.smooth(correlation: 0.8, deviation: 0.1)))
    return DemoControls(
      session: try DemoSession(world: GripperWorld(), pilots: [pilot], firstSeed: 7),
      environments: environments)
  }

  // MARK: Dragging

  @Test func aDraggedBodyComesToTheHand() throws {
    var controls = try makeControls()
    let grip = Vec2(0.04, -0.03)
    controls.handle(.mousePressed(Vec2(-0.5, -0.5) + grip, .left))
    #expect(controls.session.isHandOn)
    controls.handle(.mouseMoved(Vec2(-0.2, -0.4) + grip))
    var distances: [Double] = []
    for _ in 0..<8 {
      _ = controls.advance()
      distances.append((controls.session.world.block - Vec2(-0.2, -0.4)).length)
    }
    // No farther than 0.1 m a step, until the place where it was taken is under the pointer.
    let whole = Vec2(0.3, 0.1).length
    #expect(abs(distances[0] - (whole - 0.1)) < 1e-9 && distances.last! < 1e-9)
    controls.handle(.mouseReleased(Vec2(-0.2, -0.4), .left))
    controls.handle(.mouseMoved(Vec2(0.5, 0)))
    let rest = controls.session.world.block
    _ = controls.advance()
    #expect(!controls.session.isHandOn && (controls.session.world.block - rest).length < 0.01)
  }

  @Test func anObjectOfTheTableIsDragged() throws {
    var controls = DemoControls(session: try makeSession(firstSeed: 41))
    let start = controls.session.world.physics.states[1].position
    let goal = start + Vec2(start.x > 0 ? -0.04 : 0.04, 0)
    controls.handle(.mousePressed(start, .left))
    controls.handle(.mouseMoved(goal))
    for _ in 0..<8 { _ = controls.advance() }
    #expect((controls.session.world.physics.states[1].position - goal).length < 0.005)
    #expect(controls.session.world.bodies(at: Vec2(5, 5)).isEmpty)
  }

  @Test func theTIsDraggedWhoeverPushes() throws {
    /// How far from where a hand wanted it the T ends, while the pusher stays where it is.
    func drag<World: DrawableEnvironment>(_ world: World) throws -> Double {
      var world = world
      _ = try world.reset(seed: 7, command: .drawn)
      let start = world.position(ofBody: 0)
      #expect(world.bodies(at: start + Vec2(0.2, 0)).isEmpty)
      let isHeld = stride(from: 0, to: 6.3, by: 0.1).contains { angle in
        let spoke = Rotation(angle: angle).apply(Vec2(0.03, 0))
        return world.bodies(at: start + spoke) == [0]
      }
      #expect(isHeld)
      let away = (start - world.tip).clamped(toLength: 0.02)
      for _ in 0..<4 {
        world.drag(body: 0, by: start + away - world.position(ofBody: 0))
        _ = world.step(world.action(leadingTipTo: world.commandedTip, gripperOpen: true))
      }
      return (world.position(ofBody: 0) - start - away).length
    }
    #expect(try drag(try PushTEnvironment()) < 1e-9)
    #expect(try drag(try PushTArmEnvironment(randomization: "none")) < 0.002)
  }

  @Test func attemptsWithAHandInThemAreNotCounted() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(-0.5, -0.5), .left))
    _ = controls.advance()
    controls.handle(.mouseReleased(Vec2(-0.5, -0.5), .left))
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.session.pilotStatistics.attempts == 0)
    controls.moveOn()
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.session.pilotStatistics.attempts == 1)
  }

  @Test func aClickBesideEverythingHoldsNothing() throws {
    var controls = try makeControls()
    controls.handle(.mousePressed(Vec2(0.5, -0.5), .left))
    #expect(!controls.session.isHandOn)
    // A hand does not reach into the next scene.
    controls.handle(.mousePressed(Vec2(-0.5, -0.5), .left))
    #expect(controls.overlay.count == controls.session.overlay.count + 2)
    controls.handle(.key(.letter("n"), .control))
    #expect(!controls.session.isHandOn)
  }

  // MARK: Other sessions

  @Test func keysAskForOtherEnvironmentsAndLevels() throws {
    var controls = try makeControls(environments: ["detour", "gripper", "push"])
    #expect(controls.takeSessionRequest() == nil)
    controls.handle(.key(.letter("e"), .control))
    let next = DemoRequest(environment: "push", randomization: "none", seed: 7, pilots: ["random"])
    #expect(controls.takeSessionRequest() == next)
    #expect(controls.takeSessionRequest() == nil)
    controls.handle(.key(.letter("e"), [.control, .shift]))
    #expect(controls.takeSessionRequest()?.environment == "detour")
    controls.handle(.key(.letter("g"), .control))
    #expect(controls.takeSessionRequest() == nil && controls.message != nil)
    controls.handle(.key(.letter("l"), .control))
    #expect(controls.takeSessionRequest() == nil)

    var push = DemoControls(session: try makeSession(firstSeed: 40))
    push.handle(.key(.letter("g"), .control))
    var level = DemoRequest(environment: "push", randomization: "train", seed: 40, pilots: ["expert"])
    level.note = "Randomization: train."
    #expect(push.takeSessionRequest() == level)
    push.handle(.key(.letter("g"), [.control, .shift]))
    #expect(push.takeSessionRequest()?.randomization == push.session.world.randomizationLevels.last)
    push.handle(.key(.letter("l"), .control))
    #expect(push.takeSessionRequest()?.language == .korean)
    push.handle(.key(.letter("e"), .control))
    #expect(push.takeSessionRequest() == nil)
  }

  // MARK: Looks

  @Test func theCameraSeesTheSceneWithoutOverlays() throws {
    var controls = DemoControls(session: try makeSession(firstSeed: 41))
    #expect(controls.sidePicture == nil)
    _ = controls.advance()
    controls.handle(.key(.letter("i"), .control))
    let picture = try #require(controls.sidePicture)
    let list = controls.session.world.drawList
    let camera = Camera(
      bounds: list.bounds, width: picture.image.width, height: picture.image.height,
      letterbox: list.background.color)
    #expect(picture.image.width == 96 && picture.image == camera.render(list))
    #expect(!controls.overlay.isEmpty)
    controls.handle(.key(.letter("i"), .control))
    #expect(controls.sidePicture == nil)
  }

  @Test func theWheelLooksCloserAtThePointer() throws {
    var controls = try makeControls()
    let table = controls.scene.bounds
    let point = Vec2(0.4, 0.2)
    #expect(controls.visible == nil)
    controls.handle(.scrolled(point, 2))
    let near = try #require(controls.visible)
    #expect(near.width < 0.8 * table.width)
    #expect(abs(near.width / near.height - table.width / table.height) < 1e-9)
    // The point stands where it stood.
    #expect(abs((point.x - near.min.x) / near.width - (point.x - table.min.x) / table.width) < 1e-9)
    #expect(abs((point.y - near.min.y) / near.height - (point.y - table.min.y) / table.height) < 1e-9)
    controls.handle(.key(.letter("z"), .control))
    #expect(controls.visible == nil)
    for _ in 0..<40 { controls.handle(.scrolled(Vec2(1, 1), 4)) }
    let nearest = try #require(controls.visible)
    #expect(abs(nearest.width - table.width / 8) < 1e-9 && (nearest.max - table.max).length < 1e-9)
    controls.handle(.scrolled(point, -4))
    #expect(controls.visible!.width > nearest.width)
  }
}

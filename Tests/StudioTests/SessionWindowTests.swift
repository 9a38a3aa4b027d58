// The window loop of sessions, for a moment, on a real or virtual display.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import Testing
import PlanarViewer
import PlanarProgramTesting
import PlanarWindowTesting

@Suite(.onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct SessionWindowTests {
  @Test func runsInRealTimeUntilStopped() throws {
    try VirtualDisplay.use {
      let stop = StopFlag()
      var lines: [String] = []
      var controls = DemoControls(session: try makeSession())
      try SessionWindow().run(&controls, stop: stop) { line in
        lines.append(line)
        if lines.count == 2 { stop.raise() }
      }
      #expect(lines.count == 2 && lines[1].hasPrefix("episode 1  step   8"))
    }
  }

  @Test func goesOnWithAnotherSessionWhereOneIsAskedFor() throws {
    try VirtualDisplay.use {
      let stop = StopFlag()
      var requests: [DemoRequest] = []
      var controls = DemoControls(
        session: try makeSession(), environments: ["push", "pusht", "nowhere"])
      controls.handle(.key(.letter("e"), .control))
      var lines: [String] = []
      let window = SessionWindow { request in
        requests.append(request)
        let pilot = DemoPilot<PushTEnvironment>(
          name: "random", driver: .random())
        let session = try DemoSession(
          world: try PushTEnvironment(), pilots: [pilot], firstSeed: request.seed)
        return DemoControls(session: session)
      }
      try window.run(&controls, stop: stop) { line in
        lines.append(line)
        stop.raise()
      }
      #expect(requests.map(\.environment) == ["pusht"] && lines[0].contains("T"))
      // The first session is where it was left.
      #expect(controls.session.step == 0)
    }
  }

  @Test func anotherSessionThatCannotBeOpenedLeavesThisOneRunning() throws {
    try VirtualDisplay.use {
      let stop = StopFlag()
      var controls = DemoControls(session: try makeSession(), environments: ["push", "nowhere"])
      controls.handle(.key(.letter("e"), .control))
      let window = SessionWindow { request in
        throw UserError("there is no environment '\(request.environment)'")
      }
      try window.run(&controls, stop: stop) { _ in stop.raise() }
      #expect(controls.session.step == 1)
      #expect(controls.message?.text == "There is no environment 'nowhere'.")
    }
  }

  @Test func aTeleoperationIsShown() throws {
    try VirtualDisplay.use {
      let folder = DataFolder()
      var controls = try makeTeleop(GripperWorld(), in: folder)
      let window = try ViewerWindow(title: "Test", width: 900, height: 600)
      func picture() -> Image {
        _ = window.pollEvents()
        window.draw(
          scene: controls.scene, overlay: controls.overlay, panel: controls.panel,
          visible: controls.visible, picture: controls.sidePicture)
        return window.readPixels()
      }
      let waiting = picture()
      controls.handle(.mousePressed(Vec2(0.5, 0.5), .left))
      controls.press(.letter("g"))
      controls.wait(3)
      let driving = picture()
      // The tip is drawn where it is, under the thin way to the pointer, which is orange beside the pointer.
      let tip = window.project(controls.session.world.tip)
      #expect(driving[Int(tip.x), Int(tip.y)].red < 0.4)
      let pointer = window.project(Vec2(0.5, 0.5))
      let mark = driving[Int(pointer.x) - 2, Int(pointer.y) + 2]
      #expect(mark.red > mark.blue + 0.1)
      controls.wait(7)
      let ended = picture()
      #expect(waiting != driving && driving != ended)
    }
  }
}

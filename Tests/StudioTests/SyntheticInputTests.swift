// The real window under synthetic keys, text and mouse: what a person does, from the outside.

import PlanarArmEnvironments
import PlanarCore
import PlanarRollouts
import PlanarStudio
import PlanarViewer
import PlanarProgramTesting
import PlanarWindowTesting
import Testing

@Suite(
  .serialized, .onOwnThreads,
  .enabled(if: VirtualDisplay.isPossible && ScriptedScreen.program != nil, "needs a display or Xvfb, and xdotool"))
struct SyntheticInputTests {
  typealias Step = ScriptedScreen.Step

  /// Plays a script and returns the session as it is then.
  private func play(
    _ controls: DemoControls<ArmEnvironment>, width: Int = 1240, height: Int = 780,
    _ steps: [(PanelModel, ViewerWindow) -> Step], check: (ViewerWindow) -> Void = { _ in }
  ) throws -> DemoControls<ArmEnvironment> {
    var controls = controls
    try VirtualDisplay.use {
      let stop = StopFlag()
      let screen = try ScriptedScreen(width: width, height: height, stop: stop, steps: steps)
      SessionWindow().run(&controls, on: screen, stop: stop)
      #expect(screen.isPlayed || controls.wantsQuit, "waited for what comes of \(screen.waitsFor)")
      check(screen.window)
    }
    return controls
  }

  private func key(_ name: String, until words: String) -> (PanelModel, ViewerWindow) -> Step {
    { _, _ in Step(["key", name]) { panel, _ in panel.says(words) } }
  }

  private func pixels(_ point: Vec2) -> [String] { ["\(Int(point.x))", "\(Int(point.y))"] }

  @Test func aTypedCommandIsObeyed() throws {
    let session = try makeSession()
    let command = try commands(in: session).present
    let controls = try play(
      DemoControls(session: session),
      [
        { _, _ in Step(["type", command]) { panel, _ in panel.says(command) } },
        { _, _ in Step(["key", "Return"]) { panel, _ in panel.items.contains(.paragraph(command, lines: 2)) } },
        key("plus", until: "× 2"), key("plus", until: "× 4"), key("plus", until: "× 8"),
        { _, _ in Step([]) { panel, _ in panel.says("Done after") } },
      ])
    #expect(controls.session.command == command && controls.session.status == .succeeded)
  }

  @Test func theBarTurnsTimeBackAndAnotherFutureBegins() throws {
    let controls = try play(
      DemoControls(session: try makeSession()),
      [
        { _, _ in Step([]) { panel, _ in (panel.timeline?.position ?? 0) > 12 } },
        { _, window in Step(["mousemove"] + self.pixels(window.place(ofStep: 4)!)) },
        { _, _ in Step(["click", "1"]) { panel, _ in panel.says("in the past") && panel.timeline?.position == 4 } },
        key("2", until: "step 4 of 4"),
        { _, _ in Step(["key", "space"]) { panel, _ in (panel.timeline?.position ?? 0) > 6 } },
      ])
    #expect(controls.session.pilot.name == "noise" && controls.session.otherFutures.count == 1)
  }

  @Test func theMouseDragsAThing() throws {
    let session = try makeSession()
    let start = session.world.position(ofBody: 0)
    let controls = try play(
      DemoControls(session: session, view: DemoView(isPaused: true)),
      [
        { _, window in Step(["mousemove"] + self.pixels(window.project(start))) },
        { _, _ in Step(["mousedown", "1"]) },
        { _, window in Step(["mousemove"] + self.pixels(window.project(start + Vec2(0.06, 0.03)))) },
        { _, _ in Step(["key", "period"]) { panel, _ in panel.timeline?.position == 1 } },
        { _, _ in Step(["mouseup", "1"]) },
      ])
    let way = controls.session.world.position(ofBody: 0) - start
    #expect(way.x > 0.02 && controls.session.handReach == nil)
  }

  /// The tip follows the mouse while its button is held; then the policy goes on.
  @Test func theMouseOnTheTipDrives() throws {
    let session = try makeSession()
    let tip = session.world.tip
    let goal = tip + Vec2(tip.x > 0 ? -0.08 : 0.08, tip.y > 0 ? -0.05 : 0.05)
    let controls = try play(
      DemoControls(session: session, view: DemoView(isPaused: true)),
      [
        { _, window in Step(["mousemove"] + self.pixels(window.project(tip))) },
        { _, _ in Step(["mousedown", "1"]) },
        { _, window in Step(["mousemove"] + self.pixels(window.project(goal))) },
        { _, _ in Step([]) { panel, _ in (panel.timeline?.position ?? 0) > 12 } },
        { panel, _ in
          let step = panel.timeline?.position ?? 0
          return Step(["mouseup", "1"]) { panel, _ in
            panel.says("You led the tip for") && (panel.timeline?.position ?? 0) > step + 2
          }
        },
        { _, _ in Step(["key", "space"]) { panel, _ in panel.says("paused") } },
      ])
    #expect(!controls.session.isLedByHand && controls.session.questionSteps.first ?? 0 > 10)
    let places = (8...10).map { step in
      var session = controls.session
      session.seek(to: step)
      return (session.world.tip - goal).length
    }
    #expect(places.min()! < 0.02)
  }

  @Test func tabCompletes() throws {
    let controls = try play(
      DemoControls(session: try makeSession(), view: DemoView(isPaused: true)),
      [
        { _, _ in Step(["type", "pus"]) { panel, _ in panel.says("pus") } },
        key("Tab", until: "Tab goes through:"),
        { panel, _ in
          let before = panel.items
          return Step(["key", "Tab"]) { panel, _ in panel.says("push") && panel.items != before }
        },
        { _, _ in
          Step(["key", "Escape"]) { panel, _ in
            panel.items.contains { item in if case .field(let field, _) = item { field.text.isEmpty } else { false } }
          }
        },
      ])
    #expect(controls.field.text.isEmpty)
  }

  @Test func aSliderChangesTheWorld() throws {
    let session = try makeSession()
    let mass = session.world.physics.models[0].mass
    let controls = try play(
      DemoControls(session: session),
      [
        { _, _ in Step(["key", "ctrl+k"]) { panel, _ in panel.says("mass ×") } },
        { _, window in Step(["mousemove"] + self.pixels(window.place(ofSlider: "mass", share: 0.9)!)) },
        { panel, _ in
          let before = panel.items
          return Step(["click", "1"]) { panel, _ in panel.items != before && !panel.says("mass × 1 ") }
        },
        { _, _ in Step([]) { _, _ in true } },
      ])
    #expect(controls.session.adjusted == ["mass"] && controls.session.world.physics.models[0].mass > 1.2 * mass)
  }

  @Test func fourPoliciesStandSideBySideInASmallWindow() throws {
    let world = try ArmEnvironment(randomization: "none")
    let pilots = (1...4).map { number in
      DemoPilot<ArmEnvironment>(name: "policy \(number)", driver: number == 1 ? .expert(PushExpert()) : .random())
    }
    let session = try DemoSession(world: world, pilots: pilots, firstSeed: 5)
    let width = session.world.drawList.bounds.width
    let controls = try play(
      DemoControls(session: session),
      [
        { _, _ in Step(["key", "ctrl+o"]) { _, scene in scene.bounds.width > 2 * width } },
        { _, _ in Step(["key", "ctrl+o"]) { panel, _ in panel.says("policy 3") } },
        { _, _ in Step(["key", "ctrl+o"]) { panel, _ in panel.says("policy 4") } },
        { _, _ in Step(["windowsize", "700", "500"]) },
        { _, _ in Step([]) { panel, _ in (panel.timeline?.position ?? 0) > 5 } },
      ]
    ) { window in
      let picture = window.readPixels()
      #expect(picture.width == 700 && picture.height == 500)
    }
    #expect(controls.lanes.count == 4 && Set(controls.lanes.map(\.step)).count == 1)
  }

  /// On dense displays and in small windows everything is where it is drawn.
  @Test(arguments: [(1, 700, 500), (2, 640, 400)])
  func everythingHitsWhatItShows(scale: Int, width: Int, height: Int) throws {
    guard scale == 1 || VirtualDisplay.canScale else { return }
    let session = try makeSession()
    let command = try commands(in: session).present
    let stop = StopFlag()
    var controls = DemoControls(session: session)
    try VirtualDisplay.use(scale: scale) {
      let screen = try ScriptedScreen(
        width: width, height: height, stop: stop,
        steps: [
          { _, _ in Step([]) { panel, _ in (panel.timeline?.position ?? 0) > 6 } },
          { _, window in Step(["mousemove"] + self.pixels(window.place(ofStep: 3)!)) },
          { _, _ in Step(["click", "1"]) { panel, _ in panel.timeline?.position == 3 } },
          { _, window in Step(["mousemove"] + self.pixels(window.place(ofRow: "noise") ?? .zero)) },
          { _, _ in Step(["click", "1"]) { panel, _ in panel.says("step 3 of 3") } },
          { _, _ in Step(["type", command]) { panel, _ in panel.says(command) } },
          { _, _ in Step(["key", "Return"]) { panel, _ in panel.items.contains(.paragraph(command, lines: 2)) } },
          { _, _ in Step(["key", "ctrl+k"]) { panel, _ in panel.says("mass ×") } },
          { _, window in Step(["mousemove"] + self.pixels(window.place(ofRow: "noise") ?? .zero)) },
          { _, _ in Step(["click", "--repeat", "5", "5"]) { _, _ in true } },
          { _, _ in Step(["key", "space"]) { panel, _ in panel.says("paused") } },
          { _, window in Step(["mousemove"] + self.pixels(window.place(ofSlider: "mass", share: 0.5) ?? .zero)) },
          { _, _ in Step(["mousedown", "1"]) },
          { _, window in Step(["mousemove"] + self.pixels(window.place(ofSlider: "mass", share: 0.9) ?? .zero)) },
          { _, _ in Step(["mouseup", "1"]) { panel, _ in panel.items.slider("mass")?.share ?? 0 > 0.85 } },
        ])
      SessionWindow().run(&controls, on: screen, stop: stop)
      #expect(screen.isPlayed, "waited for what comes of \(screen.waitsFor)")
      let picture = screen.window.readPixels()
      #expect((picture.width, picture.height) == (width * scale, height * scale))
    }
    #expect(controls.session.pilot.name == "noise" && controls.session.command == command)
    #expect(controls.session.adjusted == ["mass"])
  }

  @Test func theWindowClosesInTheMiddleOfAnEpisode() throws {
    let controls = try play(
      DemoControls(session: try makeSession()),
      [
        { _, _ in Step([]) { panel, _ in (panel.timeline?.position ?? 0) > 2 } },
        { _, _ in Step(["key", "ctrl+q"]) { _, _ in false } },
      ])
    #expect(controls.wantsQuit && controls.session.status == .running)
  }
}

extension [PanelItem] {
  fileprivate func slider(_ id: String) -> Slider? {
    lazy.compactMap { item in if case .sliders(let sliders) = item { sliders.first { $0.id == id } } else { nil } }
      .first
  }
}

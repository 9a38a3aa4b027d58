// Sliders change the world and how chunks are executed.

import PlanarArmEnvironments
import PlanarCore
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct WorldSliderTests {
  func makeControls() throws -> DemoControls<ArmEnvironment> {
    let session = try makeSession()
    var controls = DemoControls(lanes: try [0, 1].map { try session.beside(drivenBy: $0) })
    controls.handle(.key(.letter("k"), .control))
    return controls
  }

  func slider(_ id: String, in controls: DemoControls<ArmEnvironment>) -> Slider? {
    controls.panel.items.lazy.compactMap { item in
      if case .sliders(let sliders) = item { sliders.first { $0.id == id } } else { nil }
    }.first
  }

  @Test func aSliderSetsAFactorInAllLanesFromNowOn() throws {
    var controls = try makeControls()
    for _ in 0..<6 { _ = controls.advance() }
    let states = controls.lanes.map(\.world.physics.states)
    let masses = controls.lanes.map { $0.world.physics.models[0].mass }
    let before = try #require(slider("mass", in: controls))
    #expect(!before.isSet)
    controls.handle(.slid("mass", 1))
    let after = try #require(slider("mass", in: controls))
    #expect(after.isSet && after.share == 1 && after.text != before.text)
    #expect(controls.lanes.map(\.world.physics.states) == states && controls.lanes.map(\.step) == [6, 6])
    for lane in 0..<2 { #expect(controls.lanes[lane].world.physics.models[0].mass > 1.5 * masses[lane]) }
    // The attempt does not count, and the next scene has the mass too.
    while controls.isRunning, !controls.isPaused { _ = controls.advance() }
    #expect(controls.tally.episodes == 0)
    controls.handle(.key(.letter("n"), .control))
    #expect(try #require(slider("mass", in: controls)).share == 1)
    controls.handle(.key(.letter("k"), [.control, .shift]))
    #expect(try !#require(slider("mass", in: controls)).isSet)
    #expect(controls.lanes[0].world.physics.models[0].mass == masses[0])
  }

  @Test func inThePastAnotherFutureBegins() throws {
    var controls = try makeControls()
    for _ in 0..<10 { _ = controls.advance() }
    controls.handle(.scrubbed(4))
    controls.handle(.slid("motor_lag", 1))
    #expect(!controls.session.isInPast && controls.session.step == 4 && controls.session.otherFutures.count == 1)
    #expect(slider("motor_lag", in: controls)?.share == 1 && controls.session.adjusted == ["motor_lag"])
    controls.handle(.scrubbed(2))
    #expect(slider("motor_lag", in: controls)?.share == 0)
  }

  @Test func chunksAreExecutedAsTheSliderSays() throws {
    var controls = try makeControls()
    let horizon = controls.session.pilot.horizons.execution
    controls.handle(.slid("execution horizon", 0))
    #expect(controls.session.pilot.horizons.execution == 1 && horizon > 1)
    // Only in the lane in focus.
    #expect(controls.lanes[1].pilot.horizons.execution == 4)
    _ = controls.advance()
    _ = controls.advance()
    #expect(controls.session.questionSteps == [0, 1])
    #expect(slider("execution horizon", in: controls)?.text == "1 step")
  }

  @Test func whatIsNotShownTakesNoRoom() throws {
    var controls = try makeControls()
    #expect(slider("mass", in: controls) != nil)
    controls.handle(.key(.letter("k"), .control))
    #expect(slider("mass", in: controls) == nil && !controls.view.showsWorld)
  }
}

// Policies side by side: the same scene in all lanes, each going the way that it goes by itself.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct LaneTests {
  /// The expert and noise, and the expert once more.
  func makeControls(lanes: [Int] = [0, 1]) throws -> DemoControls<ArmEnvironment> {
    let session = try makeSession()
    return DemoControls(lanes: try lanes.map { try session.beside(drivenBy: $0) })
  }

  func run(_ controls: inout DemoControls<ArmEnvironment>) {
    #expect(!controls.isPaused)
    while controls.isRunning, !controls.isPaused { _ = controls.advance() }
  }

  @Test func everyLaneGoesTheWayThatItGoesByItself() throws {
    var controls = try makeControls()
    #expect(controls.lanes.map(\.pilot.name) == ["expert", "noise"])
    #expect(Set(controls.lanes.map(\.world.info.seed)).count == 1)
    run(&controls)
    for (lane, pilot) in [0, 1].enumerated() {
      var alone = try makeSession()
      alone.selectPilot(pilot)
      try alone.restartEpisode()
      while alone.status == .running { alone.advance() }
      #expect(controls.lanes[lane].step == alone.step && controls.lanes[lane].status == alone.status)
      #expect(controls.lanes[lane].world.physics.states == alone.world.physics.states)
    }
  }

  @Test func outcomesOfTheSameScenesAreCounted() throws {
    var controls = try makeControls(lanes: [0, 1, 0])
    for _ in 0..<3 {
      run(&controls)
      controls.handle(.key(.letter("n"), .control))
    }
    #expect(controls.tally.episodes == 3 && controls.tally.successes == [3, 0, 3])
    #expect(controls.tally.onlyHere == [0, 0, 0] && controls.tally.onlyFirst == [0, 3, 0])
    let readings = controls.panel.items.flatMap { item in
      if case .readings(let readings) = item { readings } else { [Reading]() }
    }
    #expect(readings.contains(Reading("noise", "0 of 3, +0 −3")))
    // A scene that is driven again is the same scene.
    controls.handle(.key(.letter("r"), .control))
    run(&controls)
    controls.handle(.key(.letter("r"), .control))
    run(&controls)
    #expect(controls.tally.episodes == 4)
    controls.handle(.key(.letter("n"), .control))
    // A scene in which a hand took part counts for nobody, whatever command ends it.
    _ = controls.advance()
    let object = controls.lanes[1].world.physics.states[0].position
    controls.handle(.mousePressed(object + offset(of: 1, in: controls), .left))
    run(&controls)
    #expect(controls.tally.episodes == 4)
    controls.handle(.mouseReleased(object, .left))
    for character in try commands(in: controls.session).present { controls.handle(.character(character)) }
    controls.handle(.key(.enter, []))
    run(&controls)
    #expect(controls.tally.episodes == 4)
    // Another policy, or another world, begins another count.
    controls.handle(.key(.digit(1), []))
    #expect(controls.tally.episodes == 0)
  }

  /// How far a lane's table lies from the first.
  func offset(of lane: Int, in controls: DemoControls<ArmEnvironment>) -> Vec2 {
    let table = controls.lanes[0].world.drawList.bounds
    let (width, height) = (controls.scene.bounds.width - table.width, controls.scene.bounds.height - table.height)
    return Vec2(lane % 2 == 1 ? width : 0, lane / 2 == 1 ? -height : 0)
  }

  @Test func aClickChoosesTheLaneAndHoldsWhatIsThere() throws {
    var controls = try makeControls()
    let object = controls.lanes[1].world.physics.states[0].position
    #expect(controls.focus == 0)
    controls.handle(.mousePressed(object + offset(of: 1, in: controls), .left))
    #expect(controls.focus == 1 && controls.session.handReach != nil && controls.lanes[0].handReach == nil)
    let wanted = object + Vec2(0.02, 0.01)
    controls.handle(.mouseMoved(wanted + offset(of: 1, in: controls)))
    let reach = try #require(controls.session.handReach)
    #expect((reach.wanted - wanted).length < 1e-9)
    controls.handle(.mouseReleased(wanted, .left))
    #expect(controls.session.handReach == nil)
    // Keys choose the policy of that lane.
    controls.handle(.key(.digit(1), []))
    #expect(controls.lanes.map(\.pilot.name) == ["expert", "expert"])
  }

  @Test func aCommandIsGivenInAllLanesOrInNone() throws {
    var controls = try makeControls()
    let (present, absent) = try commands(in: controls.session)
    for character in present { controls.handle(.character(character)) }
    controls.handle(.key(.enter, []))
    #expect(controls.lanes.allSatisfy { $0.command == present })
    for character in absent { controls.handle(.character(character)) }
    controls.handle(.key(.enter, []))
    #expect(controls.lanes.allSatisfy { $0.command == present } && controls.message?.tone == .bad)
  }

  @Test func timeIsTheSameInAllLanes() throws {
    var controls = try makeControls()
    for _ in 0..<12 { _ = controls.advance() }
    controls.handle(.scrubbed(4))
    #expect(controls.lanes.map(\.step) == [4, 4] && controls.isPaused)
    controls.handle(.key(.space, []))
    _ = controls.advance()
    #expect(controls.lanes.map(\.step) == [5, 5] && controls.lanes.allSatisfy { !$0.isInPast })
    // Time was turned back, so that nobody is counted.
    run(&controls)
    #expect(controls.tally.episodes == 0)
  }

  @Test func aKeyPutsOneMoreBesideUntilThereIsNone() throws {
    var controls = DemoControls(session: try makeSession())
    for _ in 0..<5 { _ = controls.advance() }
    controls.handle(.key(.letter("o"), .control))
    #expect(controls.lanes.map(\.pilot.name) == ["expert", "noise"] && controls.lanes.map(\.step) == [0, 0])
    controls.handle(.key(.letter("o"), .control))
    #expect(controls.lanes.map(\.pilot.name) == ["expert"])
    controls.handle(.key(.letter("o"), [.control, .shift]))
    #expect(controls.lanes.count == 2)
  }

  /// Whatever sticks out of a table is not seen on another one.
  @Test func nothingIsDrawnBeyondItsTable() throws {
    let controls = try makeControls(lanes: [0, 1, 0, 1])
    let table = controls.lanes[0].world.drawList.bounds
    let scene = controls.scene
    #expect(scene.bounds.width > 2 * table.width && scene.bounds.height > 2 * table.height)
    let arms = scene.items.compactMap { item -> [Vec2]? in
      if case .polyline(let path, _, _, _) = item { path } else { nil }
    }
    #expect(!arms.isEmpty)
    for path in arms {
      let lane = (0..<4).first { lane in
        path.allSatisfy { point in
          let place = point - offset(of: lane, in: controls)
          return place.x > table.min.x - 1e-9 && place.x < table.max.x + 1e-9 && place.y > table.min.y - 0.06
            && place.y < table.max.y + 0.06
        }
      }
      #expect(lane != nil)
    }
  }

  @Test func aFilmShowsAllLanes() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    var controls = try makeControls()
    var lines: [String] = []
    try HeadlessDemo(episodes: 2, framesFolder: folder.path, frameWidth: 200).run(sideBySide: &controls) {
      lines.append($0)
    }
    #expect(lines.count == 4 && lines[0].contains("expert: Done") && lines[1].contains("noise: Out of time"))
    #expect(controls.tally.episodes == 2 && controls.tally.successes == [2, 0])
    let picture = try Image(contentsOfPNG: folder.appendingPathComponent("frame-00001.png").path)
    #expect(picture.width == 200 && picture.height < 100)
  }
}

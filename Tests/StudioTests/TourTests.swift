// A tour plays its acts one after the other, and does in each what its script says.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct TourTests {
  private func open(_ act: TourAct) throws -> DemoControls<ArmEnvironment> {
    DemoControls(
      session: try makeSession(firstSeed: act.seed), view: DemoView(showing: act.views), pauseAfterEpisode: .infinity)
  }

  private func tour(_ acts: [TourAct]) throws -> TourControls { try TourControls(acts) { try self.open(acts[$0]) } }

  @Test func actsFollowEachOther() throws {
    var tour = try tour([
      TourAct("First.", seed: 5, ticks: 3), TourAct("Second.", seed: 6, views: [.ghost], speed: 0.5, ticks: 4),
    ])
    #expect(tour.panel.banner?.text == "First." && tour.speed == 1 && tour.isSceneFresh)
    for _ in 0..<3 { _ = tour.takeStep() }
    #expect(tour.index == 1 && tour.panel.banner?.text == "Second." && tour.speed == 0.5)
    #expect(tour.outcomes == [["expert: Under way (step 3)"]])
    for _ in 0..<4 { _ = tour.takeStep() }
    #expect(tour.isOver && tour.panel.banner == nil && tour.speed == 1)
    // From here on it is a session like any other.
    let before = tour.scene
    _ = tour.takeStep()
    #expect(tour.scene != before && tour.outcomes.count == 2)
    tour.handle(.key(.letter("q"), .control))
    #expect(tour.wantsQuit)
  }

  @Test func aKeyGoesOnToTheNextAct() throws {
    var tour = try tour([TourAct("First.", seed: 5, ticks: 99), TourAct("Second.", seed: 6, ticks: 99)])
    tour.handle(.key(.letter("n"), .control))
    #expect(tour.index == 1)
  }

  @Test func anActThatCannotBeOpenedEndsTheTour() throws {
    var tour = try TourControls([TourAct("First.", seed: 5, ticks: 1), TourAct("Second.", seed: 6, ticks: 9)]) {
      index in
      guard index == 0 else { throw UserError("there is no second") }
      return try self.open(TourAct("First.", seed: 5, ticks: 1))
    }
    #expect(throws: UserError.self) { try HeadlessDemo(episodes: 1).run(&tour) { _ in } }
    #expect(tour.isOver && tour.outcomes.count == 1 && tour.panel.banner == nil)
  }

  @Test func aScriptTypesACommand() throws {
    let command = try commands(in: makeSession()).present
    let act = TourAct("Typing.", seed: 5, ticks: 40).typing(command, from: 2)
    var tour = try tour([act])
    for _ in 0..<10 { _ = tour.takeStep() }
    let typed = tour.panel.items.compactMap { item in
      if case .field(let field, _) = item { field.text } else { nil }
    }
    #expect(typed == [String(command.prefix(24))])
    while tour.panel.items.contains(.paragraph(command, lines: 2)) == false, !tour.isOver { _ = tour.takeStep() }
    #expect(!tour.isOver)
  }

  @Test func aScriptDragsABody() throws {
    let start = try makeSession().world.physics.states[0].position
    let act = TourAct("Dragging.", seed: 5, ticks: 12).dragging(body: 0, by: Vec2(0.05, 0), from: 1, ticks: 4)
    var tour = try tour([act])
    // The hand is drawn while it holds on: a line and a disc above what a session without it shows.
    var isHeld: [Bool] = []
    var alone = try open(act)
    #expect(alone.point(ofBody: 0) == start)
    for _ in 0..<11 {
      _ = tour.takeStep()
      _ = alone.takeStep()
      isHeld.append(
        tour.overlay.contains { if case .disc(_, _, let fill, _, _) = $0 { fill.alpha == 0.25 } else { false } })
    }
    #expect(isHeld == [false, true, true, true, true, true, false, false, false, false, false])
    #expect(tour.scene != alone.scene)
  }

  @Test func aFilmHasOnePictureSize() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".png").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = try makeSession()
    let acts = [TourAct("Alone.", seed: 5, ticks: 2), TourAct("Side by side.", seed: 5, ticks: 2)]
    var tour = try TourControls(acts) { index in
      DemoControls(lanes: try (0...index).map { try session.beside(drivenBy: $0) })
    }
    let film = try DemoFilm(to: path, width: 120)
    var lines: [String] = []
    try HeadlessDemo(episodes: 1, film: film).run(&tour) { lines.append($0) }
    try film.finish()
    #expect(
      lines == [
        "1. Alone.", "   expert: Under way (step 2)", "2. Side by side.", "   expert: Under way (step 2)",
        "   noise: Under way (step 2)",
      ])
  }
}

// planar demo --tour: what the window is for, in under a minute.

import PlanarArmEnvironments
import PlanarCore
import PlanarStudio

extension DemoCommand {
  /// An act with what is opened for it.
  private struct Part {
    var act: TourAct
    var lanes: [DemoPreset.Lane]
  }

  private static func lanes(ofPreset name: String) -> [DemoPreset.Lane] {
    DemoPreset.all.first { $0.name == name }!.lanes
  }

  private static var parts: [Part] {
    [
      Part(
        act: TourAct("A policy obeys what is typed.", seed: 2000, ticks: 100)
          .typing("push the red triangle to the top zone", from: 4),
        lanes: [DemoPreset.Lane(title: "Flow", policy: "push-flow")]),
      Part(
        act: TourAct("A hand takes the thing away; the policy looks again, and recovers.", seed: 2003, ticks: 110)
          .dragging(body: 1, by: Vec2(0.1, 0.1), from: 22, ticks: 6),
        lanes: [DemoPreset.Lane(title: "Flow", policy: "push-flow")]),
      Part(
        act: TourAct(
          "As many labels: cloning drifts off what it has seen, DAgger comes back.", seed: 2005, views: [.ghost],
          speed: 2, ticks: 120),
        lanes: lanes(ofPreset: "shift")),
      Part(
        act: TourAct(
          "Two ways around: regression goes between them, flow and diffusion choose.", seed: 2003, views: [.fan],
          speed: 0.5, ticks: 30),
        lanes: lanes(ofPreset: "modes")),
      Part(
        act: TourAct("Noise becomes an action chunk, step by step.", seed: 2001, views: [.denoising], ticks: 60)
          .at(1, .event(.key(.space, []))),
        lanes: [DemoPreset.Lane(title: "Diffusion", policy: "push-diffusion")]),
      Part(
        act: TourAct(
          "Answers come four steps late: wait, clash, or be told what goes on.", seed: 2002, views: [.delay], speed: 2,
          ticks: 110),
        lanes: lanes(ofPreset: "delay")),
    ]
  }

  /// Plays the tour in a window or, without one, into a film.
  func playTour(_ stop: StopFlag) throws {
    try requireNothing(
      besides: ["tour", "headless", "film", "frames", "overwrite", "web", "port", "randomization", "theme"],
      with: "--tour")
    var tour = try tourControls()
    guard !isShown else {
      return try present(tour, by: window(of: EnvironmentOptions.usualEnvironment), stop)
    }
    let film = try openFilm(width: 480)
    let claim = try claimFrames()
    defer { claim?.release() }
    try HeadlessDemo(episodes: 1, framesFolder: frames, film: film).run(&tour, stop: stop) { print($0) }
    try film?.finish()
  }

  /// The tour from its first act.
  func tourControls() throws -> TourControls {
    let parts = Self.parts
    return try TourControls(parts.map(\.act)) { index in
      let part = parts[index]
      var options = environment
      // Plain tables: what moves is what there is to see.
      options.givenRandomization = options.givenRandomization ?? "none"
      return try open(part, in: options.load(for: part.lanes.map(\.policy)))
    }
  }

  private func open<World: LibraryEnvironment & DrawableEnvironment>(
    _ part: Part, in world: World
  ) throws -> any TourStage {
    let session = try DemoSession(
      world: world, pilots: maker.pilots(of: part.lanes, in: world), firstSeed: part.act.seed,
      expert: world.scriptedExpert)
    return DemoControls(
      lanes: try part.lanes.indices.map { try session.beside(drivenBy: $0) }, view: DemoView(showing: part.act.views),
      environments: try EnvironmentLibrary.names(), pauseAfterEpisode: .infinity)
  }
}

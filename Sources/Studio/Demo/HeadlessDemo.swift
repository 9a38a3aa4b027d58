// The demo without a window: the same session, told in lines and, where wanted, in pictures.

import Foundation
import PlanarCore
import PlanarSceneDrawing

/// How a headless demo came out.
public struct DemoSummary: Equatable, Sendable {
  /// Who drove.
  public var pilot: String
  /// How many episodes.
  public var episodes: Int
  /// How many of them succeeded.
  public var successes: Int
  /// Control steps of the successful episodes, on average; nil without success.
  public var meanStepsToSuccess: Double?
  /// Microseconds of a prediction, in the middle.
  public var medianInference: Int

  /// One line for a log.
  public var line: String {
    let steps = meanStepsToSuccess.map { String(format: ", %.1f steps each", $0) } ?? ""
    return
      "\(pilot): \(successes) of \(episodes) episodes succeeded\(steps); median inference \(medianInference) µs"
  }
}

/// Runs a session to the end of a number of episodes.
public struct HeadlessDemo {
  /// Episodes to run.
  public var episodes: Int
  /// Where to write a PNG per control step, or nil for none.
  public var framesFolder: String?
  /// px of a frame's width; its height follows from the table.
  public var frameWidth: Int
  /// What the session shows is appended to this, or nil.
  public var film: DemoFilm?

  /// A demo without a window; it writes no pictures unless told where to.
  public init(episodes: Int, framesFolder: String? = nil, frameWidth: Int = 840, film: DemoFilm? = nil) {
    self.film = film
    self.episodes = episodes
    self.framesFolder = framesFolder
    self.frameWidth = frameWidth
  }

  /// Drives `session` with its present pilot; a line per chunk, a line per episode and a summary go to `log`.
  ///
  /// - Throws: `UserError` where no further scene suits the command or a frame cannot be written.
  public func run<World>(
    _ session: inout DemoSession<World>, stop: StopFlag = StopFlag(), log: (String) -> Void
  ) throws -> DemoSummary {
    var frames = try FrameWriter(
      folder: framesFolder, bounds: session.world.drawList.bounds, width: frameWidth)
    for view in ThinkingView.allCases where session.showing.contains(view) {
      if let reason = session.reasonForNothing(in: view) { log("Note: \(reason)") }
    }
    session.finishSurveys(stop)
    var times: [Int] = []
    let before = session.pilotStatistics
    for index in 0..<episodes where !stop.isRaised {
      if index > 0 { try session.nextEpisode() }
      if let cut = session.pilot.driver.policy?.cutOff(of: session.command) {
        log("Note: the command '\(session.command)' \(cut)")
      }
      try draw(session.picture(), in: &frames)
      while session.status == .running && !stop.isRaised {
        if let chunk = session.advance() {
          log(chunk.line)
          times.append(microseconds(chunk.inference))
          try showDenoising(of: &session, in: &frames)
        }
        try draw(session.picture(), in: &frames)
      }
      let outcome: String
      switch session.status {
      case .running: continue
      case .succeeded: outcome = "succeeded"
      case .outOfTime: outcome = "ran out of time"
      case .ruleBroken: outcome = "broke a rule"
      }
      log("episode \(session.episode)  \(outcome) after \(session.step) steps")
    }
    let successes = session.pilotStatistics.successes - before.successes
    let steps = session.pilotStatistics.stepsToSuccess - before.stepsToSuccess
    let summary = DemoSummary(
      pilot: session.pilot.name, episodes: session.pilotStatistics.attempts - before.attempts,
      successes: successes,
      meanStepsToSuccess: successes > 0 ? Double(steps) / Double(successes) : nil,
      medianInference: times.isEmpty ? 0 : times.sorted()[times.count / 2])
    log(summary.line)
    return summary
  }

  /// Drives all lanes of `controls` through the same scenes; a line per lane and episode goes to `log`.
  ///
  /// - Throws: `UserError` where no further scene suits the command or a frame cannot be written.
  public func run<World>(
    sideBySide controls: inout DemoControls<World>, stop: StopFlag = StopFlag(), log: (String) -> Void
  ) throws {
    var frames = try FrameWriter(folder: framesFolder, bounds: controls.layout.bounds, width: frameWidth)
    for lane in controls.lanes { lane.finishSurveys(stop) }
    for index in 0..<episodes where !stop.isRaised {
      if index > 0 { for lane in controls.lanes.indices { try controls.lanes[lane].nextEpisode() } }
      try draw(controls.picture, in: &frames)
      while controls.isRunning && !stop.isRaised {
        _ = controls.advance()
        try draw(controls.picture, in: &frames)
      }
      guard !controls.isRunning else { break }
      for lane in controls.lanes {
        log(
          "episode \(lane.episode)  seed \(lane.world.info.seed)  \(lane.pilot.name): \(lane.ending) (step \(lane.step))"
        )
      }
    }
  }

  /// Plays a tour to its end; a line per lane and act goes to `log`.
  ///
  /// - Throws: `UserError` where a picture cannot be written.
  package func run(_ tour: inout TourControls, stop: StopFlag = StopFlag(), log: (String) -> Void) throws {
    var frames = try FrameWriter(folder: framesFolder, bounds: tour.scene.bounds, width: frameWidth)
    var told = 0
    while !tour.isOver && !stop.isRaised {
      try draw(tour.picture, in: &frames)
      _ = tour.takeStep()
      while told < tour.outcomes.count {
        log("\(told + 1). \(tour.acts[told].words)")
        for line in tour.outcomes[told] { log("   \(line)") }
        told += 1
      }
    }
    if let failure = tour.failure { throw failure }
  }

  /// A picture, and one of the film.
  private func draw(_ picture: DemoPicture, in frames: inout FrameWriter) throws {
    try frames.write(picture)
    try film?.append(picture)
  }

  /// Time stands still while noise becomes the chunk that was asked for, where that is shown.
  private func showDenoising<World>(
    of session: inout DemoSession<World>, in frames: inout FrameWriter
  ) throws {
    guard let steps = session.denoisingSteps, let scene = session.askedScene else { return }
    for step in steps {
      session.denoisingStep = step
      try draw(session.picture(of: scene), in: &frames)
    }
    session.denoisingStep = nil
  }
}

/// Writes numbered pictures of a session, or none.
private struct FrameWriter {
  private let folder: String?
  private var image: Image
  private var count = 0

  init(folder: String?, bounds: WorldRectangle, width: Int) throws {
    self.folder = folder
    // Even sides, which video encoders ask for.
    let height = max(2, Int((Double(width) * bounds.height / bounds.width / 2).rounded()) * 2)
    image = Image(width: max(2, width / 2 * 2), height: height)
    guard let folder else { return }
    try makeFolder(URL(fileURLWithPath: folder, isDirectory: true))
  }

  mutating func write(_ picture: DemoPicture) throws {
    guard let folder else { return }
    let camera = Camera(bounds: picture.scene.bounds, width: image.width, height: image.height, letterbox: .white)
    camera.render(picture.scene, overlay: picture.overlay, into: &image)
    count += 1
    let name = String(format: "frame-%05d.png", count)
    try image.writePNG(to: URL(fileURLWithPath: folder).appendingPathComponent(name).path)
  }
}

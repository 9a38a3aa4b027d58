// A tour: one session after the other, each with its script, in the same window.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A session that a tour can play in.
package protocol TourStage: WindowControls {
  /// Where a body's middle is shown, m; nil where there is no such body.
  func point(ofBody body: Int) -> Vec2?
  /// How each lane stands, such as `DAgger: Done after 4.0 s`.
  var standing: [String] { get }
  /// For pictures without a panel.
  var picture: DemoPicture { get }
}

extension DemoControls: TourStage {
  /// In the lane in focus.
  package func point(ofBody body: Int) -> Vec2? {
    let world = session.world
    guard !world.bodies(at: world.position(ofBody: body)).isEmpty else { return nil }
    return world.position(ofBody: body) + layout.offset(of: focus)
  }

  /// One line per lane.
  package var standing: [String] { lanes.map { "\($0.pilot.name): \($0.ending) (step \($0.step))" } }
}

/// Plays acts one after the other. Keys and the mouse work as ever; Ctrl-N goes on to the next act. After the last one the
/// session goes on as any other.
package struct TourControls: WindowControls {
  /// In their order.
  public let acts: [TourAct]
  /// The one that is played; as many as there are acts once the tour is over.
  public private(set) var index = 0
  /// What has come of each act that is over, a line per lane.
  public private(set) var outcomes: [[String]] = []
  /// Why the tour has ended before its last act; nil where it has not.
  public private(set) var failure: (any Error)?
  private var stage: any TourStage
  private var tick = 0
  private var grabbed: Vec2?
  /// How many times as fast as it should be the tour is shown.
  package var haste = 1.0
  /// Whether the window closes once the tour is over.
  package var closesAtEnd = false
  private var theme = WindowTheme.light
  private let open: (_ act: Int) throws -> any TourStage

  /// Begins with the first act.
  ///
  /// - Parameters:
  ///   - acts: at least one.
  ///   - open: makes the session of the act at an index.
  /// - Throws: what `open` throws.
  public init(_ acts: [TourAct], open: @escaping (_ act: Int) throws -> any TourStage) throws {
    precondition(!acts.isEmpty, "a tour has an act")
    self.acts = acts
    self.open = open
    stage = try open(0)
  }

  /// Whether all acts are over.
  public var isOver: Bool { index >= acts.count }

  /// For a film: the scene with the act's sentence above it.
  var picture: DemoPicture {
    var picture = stage.picture
    picture.command = acts[min(index, acts.count - 1)].words
    picture.driver = ""
    picture.isOver = false
    picture.controlPeriod /= acts[min(index, acts.count - 1)].speed
    return picture
  }

  // MARK: Time

  /// Of the act's session.
  public var controlPeriod: Double { stage.controlPeriod }
  /// The act's, times what keys have made of it.
  public var speed: Double { stage.speed * (isOver ? 1 : acts[index].speed * haste) }

  /// Does what the script says, and takes a step.
  public mutating func takeStep() -> String? {
    guard !isOver else { return stage.takeStep() }
    for cue in acts[index].cues[tick] ?? [] { perform(cue) }
    let line = stage.takeStep()
    tick += 1
    if tick >= acts[index].ticks { goOn() }
    return line
  }

  private mutating func perform(_ cue: TourCue) {
    switch cue {
    case .event(let event): stage.handle(event)
    case .grab(let body):
      grabbed = stage.point(ofBody: body)
      if let grabbed { stage.handle(.mousePressed(grabbed, .left)) }
    case .drag(let way):
      if let grabbed { stage.handle(.mouseMoved(grabbed + way)) }
    }
  }

  private mutating func goOn() {
    outcomes.append(stage.standing)
    index += 1
    tick = 0
    grabbed = nil
    guard !isOver else {
      return stage.show("That was the tour. The session is yours: type a command, or press Ctrl-H.", tone: .good)
    }
    do {
      stage = try open(index)
      stage.use(theme)
    } catch {
      failure = error
      index = acts.count
      stage.show(sentence(of: error), tone: .bad)
    }
  }

  // MARK: What is shown

  /// Of the act's session.
  public var scene: DrawList { stage.scene }
  /// Of the act's session, and where an act begins.
  public var isSceneFresh: Bool { tick == 0 || stage.isSceneFresh }
  /// Of the act's session.
  public var overlay: [DrawItem] { stage.overlay }
  /// Of the act's session, under the act's sentence.
  public var panel: PanelModel {
    var panel = stage.panel
    guard !isOver else { return panel }
    panel.banner = Banner(
      text: acts[index].words, detail: "\(index + 1) of \(acts.count), Ctrl-N goes on",
      share: Double(tick) / Double(acts[index].ticks))
    return panel
  }
  /// Of the act's session.
  public var visible: WorldRectangle? { stage.visible }
  /// Of the act's session.
  public var sidePicture: SidePicture? { stage.sidePicture }
  /// Of the act's session.
  public var wantsQuit: Bool { stage.wantsQuit || closesAtEnd && isOver }

  /// Of the act's session.
  public var episodes: [ShownEpisode] { stage.episodes }

  /// Ctrl-N goes to the next act; everything else is for the session.
  public mutating func handle(_ event: Event) {
    if !isOver, event == .key(.letter("n"), .control) { return goOn() }
    stage.handle(event)
  }

  /// Of the act's session.
  public mutating func takeScreenshotRequest() -> Bool { stage.takeScreenshotRequest() }
  /// Only once the tour is over.
  public mutating func takeSessionRequest() -> DemoRequest? { isOver ? stage.takeSessionRequest() : nil }
  /// Of this act's session, and of those that follow.
  public mutating func use(_ theme: WindowTheme) {
    self.theme = theme
    stage.use(theme)
  }
  /// In the session's panel.
  public mutating func show(_ text: String, tone: Tone) { stage.show(text, tone: tone) }
}

// What keys, pointer and clicks do to a teleoperation, apart from any window.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A teleoperation with the hand that leads the tip, pause, messages and help.
///
/// A click on the table or a movement key starts a waiting scene. When the episode has ended, the tip is let go and
/// the keys decide what becomes of it.
public struct TeleopControls<World: DrawableEnvironment>: WindowControls {
  /// What is recorded.
  public var session: TeleopSession<World>
  /// Where the tip is led.
  public private(set) var lead = TipLead()
  /// Whether time stands still.
  public private(set) var isPaused = false
  /// Kept episodes after which the session ends by itself; nil goes on until the person quits.
  public let wantedEpisodes: Int?
  private var screen = ScreenState(modifier: [], pictureKey: .letter("v"))
  /// Control steps that were due since the episode ended.
  private var restingSteps = 0
  /// The gamepad as it stands; nil where there is none.
  public private(set) var gamepad: Gamepad?
  /// The control step that is shown of what was just driven; nil while it is not looked at again.
  public private(set) var replayedStep: Int?

  /// Seconds after an episode's end in which D, which also steers, decides nothing.
  private static var thinkingTime: Double { 0.6 }

  /// Controls of a recording.
  ///
  /// - Parameter wantedEpisodes: how many episodes to keep; nil for no limit.
  public init(session: TeleopSession<World>, wantedEpisodes: Int? = nil) {
    self.session = session
    self.wantedEpisodes = wantedEpisodes
  }

  // MARK: What the window shows

  /// Time between two actions, s.
  public var controlPeriod: Double { session.world.controlPeriod }
  /// The world that is shown: the present one, or one of what was just driven.
  var shownWorld: World { replayedStep.map { session.moments[$0] } ?? session.world }
  /// The picture of the world.
  public var scene: DrawList { shownWorld.drawList }
  /// Whether an episode has just begun, or is looked at again from its start.
  public var isSceneFresh: Bool { session.step == 0 || replayedStep == 0 }
  /// The episode so far.
  public var episodes: [ShownEpisode] {
    let ending: String
    if case .ended(let how) = session.phase { ending = how.words } else { ending = "under way" }
    let place = "\(session.world.name), randomization \(session.world.randomization), seed \(session.world.info.seed)."
    return [
      ShownEpisode(
        driver: "a person", command: session.command, ending: ending, place: place, period: controlPeriod,
        scenes: session.moments.map(\.drawList))
    ]
  }
  /// The part of the world that is shown; nil for all of it.
  public var visible: WorldRectangle? { screen.visible(of: session.world.drawList.bounds) }
  /// What the camera sees, where that is shown.
  public var sidePicture: SidePicture? {
    screen.showsPicture ? session.world.cameraPicture(of: session.latestObservation, isSeen: false) : nil
  }
  /// Whether the card of all keys is shown.
  public var isHelpShown: Bool { screen.isHelpShown }
  /// Whether the window should close.
  public var wantsQuit: Bool {
    screen.wantsQuit || wantedEpisodes.map { session.counts.kept >= $0 } ?? false
  }
  /// The sentence in the panel, if there is one.
  public var message: (text: String, tone: Tone)? { screen.message }

  /// Whether a screenshot was asked for since the last call.
  public mutating func takeScreenshotRequest() -> Bool { screen.takeScreenshotRequest() }
  /// Shows a sentence in the panel.
  public mutating func show(_ text: String, tone: Tone = .neutral) { screen.message = (text, tone) }

  // MARK: Time

  /// Leads the tip for one control step where the episode is under way.
  ///
  /// - Returns: a line for the log when the episode ends.
  public mutating func takeStep() -> String? {
    if case .ended = session.phase { restingSteps += 1 }
    if let step = replayedStep, !isPaused, !isHelpShown {
      replayedStep = step < session.moments.count - 1 ? step + 1 : nil
    }
    guard session.phase == .driving, !isPaused, !isHelpShown else { return nil }
    session.drive(
      to: lead.next(from: session.world.commandedTip, step: session.world.tipStep))
    guard case .ended(let ending) = session.phase else { return nil }
    lead.release()
    restingSteps = 0
    switch ending {
    case .succeeded: show("Done. Enter keeps it; Backspace discards it.", tone: .good)
    case .ruleBroken:
      show("A rule was broken. Backspace discards it; R tries again; Enter keeps it.", tone: .bad)
    case .outOfTime:
      show("Out of time. Backspace discards it; R tries again; Enter keeps it.", tone: .bad)
    }
    return "seed \(session.world.info.seed)  \"\(session.command)\"  \(ending.words) after \(session.step) steps"
  }

  // MARK: Input

  /// Reacts to a key or a click.
  public mutating func handle(_ event: Event) {
    if case .gamepad(let now) = event {
      let before = gamepad
      gamepad = now
      for event in (now ?? Gamepad()).presses(since: before ?? Gamepad()) { handle(event) }
      if session.world.hasGripper, !isHelpShown { moveGripper(since: before ?? Gamepad()) }
    }
    guard isHelpShown || !decides(event) else { return }
    if screen.handle(event, bounds: session.world.drawList.bounds) { return }
    steer(event)
  }

  /// Keys that decide about an ended episode.
  private mutating func decides(_ event: Event) -> Bool {
    guard case .ended = session.phase, case .key(let key, _) = event else { return false }
    switch key {
    case .enter, .letter("k"): keep()
    case .backspace, .delete: discard()
    case .letter("d") where Double(restingSteps) * controlPeriod >= Self.thinkingTime: discard()
    default: return false
    }
    return true
  }

  private mutating func steer(_ event: Event) {
    switch event {
    case .key(.letter("r"), _):
      perform { try $0.retry() }
    case .key(.letter("n"), _):
      let keeps = session.isSuccess
      if perform({ try $0.skip() }), keeps { tellKept() }
    case .key(.letter("g"), _), .mousePressed(_, .right):
      if session.world.hasGripper { session.toggleGripper() }
    case .key(.space, _): isPaused.toggle()
    case .key(.letter("l"), _): toggleReplay()
    default:
      let takesTip = lead.handle(event)
      guard takesTip else { return }
      if case .ended = session.phase { return lead.release() }
      isPaused = false
      if session.phase == .waiting { screen.message = nil }
      session.begin()
    }
  }

  /// Plays what was just driven once more, or stops doing so.
  private mutating func toggleReplay() {
    guard case .ended = session.phase else {
      return show("An episode can be looked at again once it has ended.")
    }
    isPaused = false
    replayedStep = replayedStep == nil ? 0 : nil
  }

  /// A press of the lower button turns the gripper about; the right trigger closes it, the left one opens it.
  private mutating func moveGripper(since earlier: Gamepad) {
    guard let gamepad else { return }
    let pull = 0.5
    if gamepad.buttons.contains(.south), !earlier.buttons.contains(.south) {
      session.toggleGripper()
    } else if gamepad.rightTrigger > pull, earlier.rightTrigger <= pull, session.isGripperOpen {
      session.toggleGripper()
    } else if gamepad.leftTrigger > pull, earlier.leftTrigger <= pull, !session.isGripperOpen {
      session.toggleGripper()
    }
  }

  private mutating func keep() {
    if perform({ try $0.keep() }) { tellKept() }
  }

  private mutating func tellKept() {
    show("Kept: \(session.dataset.info.episodeCount) in the dataset.", tone: .good)
  }

  private mutating func discard() {
    if perform({ try $0.discard() }) { show("Discarded.") }
  }

  /// - Returns: whether it was possible; if not, the message says why.
  @discardableResult
  private mutating func perform(_ action: (inout TeleopSession<World>) throws -> Void) -> Bool {
    do {
      try action(&session)
      screen.message = nil
      lead.release()
      isPaused = false
      replayedStep = nil
      return true
    } catch {
      show(sentence(of: error), tone: .bad)
      return false
    }
  }
}

extension Gamepad {
  /// The keys that mean what has been pressed since an earlier moment.
  fileprivate func presses(since earlier: Gamepad) -> [Event] {
    let keys: [(GamepadButton, Key)] = [
      (.north, .enter), (.east, .backspace), (.west, .letter("r")), (.start, .letter("n")), (.back, .letter("l")),
    ]
    let pressed = buttons.subtracting(earlier.buttons)
    return keys.filter { pressed.contains($0.0) }.map { .key($0.1, []) }
  }
}

extension TeleopSession.Ending {
  var words: String {
    switch self {
    case .succeeded: "succeeded"
    case .ruleBroken: "broke a rule"
    case .outOfTime: "ran out of time"
    }
  }
}

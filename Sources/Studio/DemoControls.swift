// What keys and clicks do to a session, apart from any window.
//
// Focus: keys are shortcuts until the text field has the focus ('/', Enter or a click gives it); then they
// type, Enter gives the command and Esc leaves. A command that cannot be obeyed stays in the field for
// mending, with the sentence that says why.

import PlanarCore
import SceneDrawing
import Viewer

/// A session with its text field, pause, messages and help.
public struct DemoControls<World: DrawableEnvironment> {
  public var session: DemoSession<World>
  public private(set) var field = TextField()
  public private(set) var isPaused: Bool
  public private(set) var isHelpShown = false
  public private(set) var wantsQuit = false
  /// The sentence under the field, if there is one.
  public private(set) var message: (text: String, tone: Tone)?
  private var wantsScreenshot = false
  private var wantsSingleStep = false

  public init(session: DemoSession<World>, isPaused: Bool = false) {
    self.session = session
    self.isPaused = isPaused
  }

  /// Whether a screenshot was asked for since the last call.
  public mutating func takeScreenshotRequest() -> Bool {
    defer { wantsScreenshot = false }
    return wantsScreenshot
  }

  public mutating func show(_ text: String, tone: Tone = .neutral) { message = (text, tone) }

  /// Takes one control step where the session runs, or a single step was asked for.
  ///
  /// - Returns: what was predicted, if anything was.
  public mutating func advance() -> ChunkReport? {
    guard !isPaused || wantsSingleStep, session.status == .running else {
      wantsSingleStep = false
      return nil
    }
    wantsSingleStep = false
    let report = session.advance()
    switch session.status {
    case .running: break
    case .succeeded:
      let seconds = Double(session.step) * session.world.controlPeriod
      let tenths = Double(Int(seconds * 10 + 0.5)) / 10
      show("Done after \(tenths) s. N brings another scene; / gives another command here.", tone: .good)
    case .outOfTime:
      show("Out of time. N brings another scene; R repeats this one.", tone: .bad)
    case .ruleBroken:
      show("A rule was broken. N brings another scene; R repeats this one.", tone: .bad)
    }
    return report
  }

  /// Whether a finished scene may give way to the next by itself: nobody is typing, paused, or has taken
  /// over with an own command.
  public var mayMoveOn: Bool {
    session.status != .running && !isPaused && !field.isFocused && !session.isTypedCommand
      && !isHelpShown
  }

  public mutating func moveOn() { perform { try $0.nextEpisode() } }

  // MARK: Input

  public mutating func handle(_ event: Event) {
    switch field.handle(event) {
    case .submitted(let text): submit(text)
    case .edited, .cancelled: break
    case .ignored: handleShortcut(event)
    }
  }

  private mutating func submit(_ text: String) {
    guard text.contains(where: { !$0.isWhitespace }) else { return field.setText("") }
    do {
      try session.give(command: text)
      field.setText("")
      message = nil
      isPaused = false
    } catch {
      field.isFocused = true
      show(sentence(of: error), tone: .bad)
    }
  }

  private mutating func handleShortcut(_ event: Event) {
    switch event {
    case .closeRequested: wantsQuit = true
    case .choiceClicked(let id):
      if let index = session.pilots.firstIndex(where: { $0.name == id }) { select(index) }
    // The key press of '/' comes before its character; the character alone must not be typed.
    case .character("/"), .key(.enter, _): field.isFocused = true
    case .character("?"): isHelpShown.toggle()
    case .key(let key, let modifiers): handleShortcut(key, modifiers)
    default: break
    }
  }

  private mutating func handleShortcut(_ key: Key, _ modifiers: Modifiers) {
    let count = session.pilots.count
    switch key {
    case .escape:
      if isHelpShown { isHelpShown = false } else { wantsQuit = true }
    case .letter("h"): isHelpShown.toggle()
    case .letter("n"): perform { try $0.nextEpisode() }
    case .letter("r"): perform { try $0.restartEpisode() }
    case .letter("p"): wantsScreenshot = true
    case .space: isPaused.toggle()
    case .letter("s"), .period:
      isPaused = true
      wantsSingleStep = true
    case .tab:
      let offset = modifiers.contains(.shift) ? count - 1 : 1
      select((session.pilotIndex + offset) % count)
    case .digit(let number) where (1...count).contains(number): select(number - 1)
    default: break
    }
  }

  private mutating func select(_ index: Int) { session.selectPilot(index) }

  private mutating func perform(_ action: (inout DemoSession<World>) throws -> Void) {
    do {
      try action(&session)
      message = nil
    } catch {
      show(sentence(of: error), tone: .bad)
    }
  }

  /// An error's message as a sentence: a capital first and a stop last.
  private func sentence(of error: any Error) -> String {
    let text = "\(error)"
    return text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
  }
}

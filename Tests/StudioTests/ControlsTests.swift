// Keys and clicks of the demo window, without the window.

import PlanarArmEnvironments
import PlanarCore
import PlanarStudio
import Testing
import PlanarViewer

@Suite struct ControlsTests {
  func makeControls() throws -> DemoControls<ArmEnvironment> {
    DemoControls(session: try makeSession())
  }

  func type(_ text: String, in controls: inout DemoControls<ArmEnvironment>) {
    for character in text { controls.handle(.character(character)) }
    controls.handle(.key(.enter, []))
  }

  @Test func typingTypesAndEnterGivesTheCommand() throws {
    var controls = try makeControls()
    let text = try commands(in: controls.session).present
    type(text, in: &controls)
    #expect(controls.session.command == text)
    #expect(!controls.field.isFocused && controls.field.text.isEmpty && controls.message == nil)
  }

  @Test func unparsableCommandStaysForMendingWithAReason() throws {
    var controls = try makeControls()
    let before = controls.session.command
    type("push the purple disc to the left zone", in: &controls)
    #expect(controls.session.command == before)
    #expect(controls.field.isFocused && controls.field.text.contains("purple"))
    let message = try #require(controls.message)
    #expect(message.tone == .bad && message.text.hasPrefix("No object is purple here"))
    #expect(controls.panel.items.contains(.message(message.text, tone: .bad, lines: 3)))
    controls.handle(.key(.escape, []))
    #expect(!controls.field.isFocused && !controls.wantsQuit)
  }

  /// Whatever letters a sentence begins with, in any language, nothing but the field changes.
  @Test(arguments: ["push", "next please", "zone", "빨간 사각형을"])
  func lettersAreNoShortcuts(text: String) throws {
    var controls = try makeControls()
    for character in text {
      controls.handle(character == " " ? .key(.space, []) : .key(.letter(character), []))
      controls.handle(.character(character))
    }
    #expect(controls.session.episode == 1 && controls.field.text == text)
    #expect(!controls.isPaused && !controls.wantsQuit && !controls.isHelpShown)
    let wantsScreenshot = controls.takeScreenshotRequest()
    #expect(!wantsScreenshot)
  }

  @Test func shortcutsWorkWithControlWhileTyping() throws {
    var controls = try makeControls()
    controls.handle(.key(.letter("n"), .control))
    #expect(controls.session.episode == 2 && controls.field.text.isEmpty && !controls.field.isFocused)
    controls.handle(.character("p"))
    controls.handle(.key(.letter("n"), .control))
    #expect(controls.session.episode == 3 && controls.field.text == "p")
  }

  @Test func whatIsPastedBeginsACommand() throws {
    var controls = try makeControls()
    controls.handle(.paste("push the red disc"))
    #expect(controls.field.isFocused && controls.field.text == "push the red disc")
  }

  @Test func pauseAndSingleStep() throws {
    var controls = try makeControls()
    _ = controls.advance()
    controls.handle(.key(.space, []))
    _ = controls.advance()
    #expect(controls.isPaused && controls.session.step == 1)
    controls.handle(.key(.period, []))
    _ = controls.advance()
    _ = controls.advance()
    #expect(controls.isPaused && controls.session.step == 2)
    controls.handle(.key(.space, []))
    _ = controls.advance()
    #expect(controls.session.step == 3)
  }

  @Test func policiesByTabDigitAndClick() throws {
    var controls = try makeControls()
    controls.handle(.key(.tab, []))
    #expect(controls.session.pilotIndex == 1)
    controls.handle(.key(.tab, []))
    #expect(controls.session.pilotIndex == 0)
    controls.handle(.key(.digit(2), []))
    #expect(controls.session.pilotIndex == 1)
    controls.handle(.key(.digit(3), []))
    #expect(controls.session.pilotIndex == 1)
    controls.handle(.choiceClicked("expert"))
    #expect(controls.session.pilotIndex == 0)
  }

  @Test func helpScreenshotAndQuit() throws {
    var controls = try makeControls()
    controls.handle(.key(.letter("h"), .control))
    #expect(controls.panel.card != nil)
    controls.handle(.key(.escape, []))
    #expect(controls.panel.card == nil && !controls.wantsQuit)
    controls.handle(.key(.letter("p"), .control))
    let requests = [controls.takeScreenshotRequest(), controls.takeScreenshotRequest()]
    #expect(requests == [true, false])
    controls.handle(.key(.escape, []))
    #expect(!controls.wantsQuit && controls.message?.text == "Ctrl-Q quits.")
    controls.handle(.key(.letter("q"), .control))
    #expect(controls.wantsQuit)
  }

  /// The rows that can be clicked stand where they stood, whatever is told above them.
  @Test func theListOfPoliciesStays() throws {
    var controls = try makeControls()
    func rows(_ items: [PanelItem]) -> [Int] {
      items.prefix { if case .choices = $0 { false } else { true } }.map {
        switch $0 {
        case .paragraph(_, let lines), .message(_, _, let lines): lines
        default: 0
        }
      }
    }
    let before = rows(controls.panel.items)
    controls.show("Something is wrong.", tone: .bad)
    #expect(rows(controls.panel.items) == before && before == [0, 2, 0, 3, 0])
  }

  @Test func theEndOfAnAttemptLeavesWhatIsWrongWithACommand() throws {
    var controls = try makeControls()
    type("push the purple disc to the left zone", in: &controls)
    let error = try #require(controls.message?.text)
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.message?.text == error)
  }

  /// The hint names what is on the table, and can be obeyed there.
  @Test func theHintCanBeObeyed() throws {
    var controls = try makeControls()
    for _ in 0..<5 {
      let note = controls.panel.items.compactMap { item -> String? in
        if case .message(let text, .neutral, _) = item { text } else { nil }
      }
      let hint = try #require(note.first?.dropFirst("You could say: ".count))
      #expect(String(hint) != controls.session.command)
      var other = controls.session
      try other.give(command: String(hint))
      controls.moveOn()
    }
  }

  /// Where time is turned back before a command, the hint is the one of that moment again.
  @Test func theHintGoesBackInTimeToo() throws {
    var controls = try makeControls()
    func hint() throws -> String {
      let notes = controls.panel.items.compactMap { item -> String? in
        if case .message(let text, .neutral, _) = item { text } else { nil }
      }
      return String(try #require(notes.first).dropFirst("You could say: ".count))
    }
    let first = try hint()
    _ = controls.advance()
    type(first, in: &controls)
    #expect(controls.session.command == first)
    #expect(try hint() != first)
    _ = controls.advance()
    controls.handle(.key(.home, []))
    #expect(controls.session.command != first)
    #expect(try hint() == first)
  }

  @Test func theCaptionSaysWhoLooks() throws {
    var controls = try makeControls()
    controls.handle(.key(.letter("i"), .control))
    let picture = try #require(controls.sidePicture)
    #expect(picture.caption.contains("policies read states"))
  }

  @Test func finishedScenesMoveOnUnlessAPersonTookOver() throws {
    var controls = try makeControls()
    #expect(!controls.mayMoveOn)
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.mayMoveOn && controls.message?.tone == .good)
    controls.handle(.fieldClicked)
    #expect(!controls.mayMoveOn)
    controls.handle(.key(.escape, []))
    controls.moveOn()
    #expect(controls.session.episode == 2 && controls.message == nil)
    type(try commands(in: controls.session).present, in: &controls)
    while controls.session.status == .running { _ = controls.advance() }
    #expect(!controls.mayMoveOn)
  }
}

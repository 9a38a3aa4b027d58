// Typing commands: history and completion.

import PlanarArmEnvironments
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct CommandLineTests {
  private func type(_ text: String, _ controls: inout DemoControls<ArmEnvironment>) {
    for character in text { controls.handle(.character(character)) }
  }

  private func press(_ key: Key, _ controls: inout DemoControls<ArmEnvironment>, _ modifiers: Modifiers = []) {
    controls.handle(.key(key, modifiers))
  }

  @Test func arrowsBringCommandsBack() throws {
    var controls = DemoControls(session: try makeSession())
    let command = try commands(in: controls.session).present
    press(.up, &controls)
    #expect(controls.field.text.isEmpty && !controls.field.isFocused)
    type(command, &controls)
    press(.enter, &controls)
    #expect(controls.session.command == command && controls.field.text.isEmpty)
    let other = try #require(controls.session.world.suggestedCommand)
    type(other, &controls)
    press(.enter, &controls)
    type("pu", &controls)
    press(.up, &controls)
    #expect(controls.field.text == other && controls.field.isFocused)
    press(.up, &controls)
    press(.up, &controls)
    #expect(controls.field.text == command)
    press(.down, &controls)
    press(.down, &controls)
    press(.down, &controls)
    #expect(controls.field.text == "pu")
    press(.up, &controls)
    press(.enter, &controls)
    #expect(controls.session.command == other)
  }

  /// Word by word with Tab alone, a command comes about that the scene can obey.
  @Test func tabCompletesToACommandThatCanBeObeyed() throws {
    var controls = DemoControls(session: try makeSession())
    let pilot = controls.session.pilotIndex
    type("pu", &controls)
    press(.tab, &controls)
    #expect(controls.field.text.hasPrefix("push"))
    for _ in 0..<12 where controls.message?.text != "Enter gives it." {
      press(.tab, &controls)
      type(" ", &controls)
      press(.tab, &controls)
    }
    let text = controls.field.text
    press(.enter, &controls)
    #expect(controls.session.command.trimmingPrefix(" ") == text && controls.message == nil)
    #expect(controls.session.pilotIndex == pilot)
  }

  @Test func tabGoesThroughTheWordsThatMayFollow() throws {
    var controls = DemoControls(session: try makeSession())
    type("push the ", &controls)
    var words: Set<String> = []
    for _ in 0..<20 {
      press(.tab, &controls)
      words.insert(controls.field.text)
    }
    let world = controls.session.world
    for object in world.scene.objects { #expect(words.contains("push the \(object.colorName)")) }
    #expect(!words.contains("push the sofa") && words.count < 20)
    let last = controls.field.text
    press(.tab, &controls)
    press(.tab, &controls, .shift)
    #expect(controls.field.text == last)
  }

  @Test func koreanIsCompletedInKorean() throws {
    var controls = DemoControls(session: try makeSession())
    let object = controls.session.world.scene.objects[0]
    let names = ["red": "빨간", "green": "초록", "blue": "파란", "yellow": "노란"]
    type(String(names[object.colorName]!.prefix(1)), &controls)
    press(.tab, &controls)
    #expect(controls.field.text.count > 1 && controls.field.text.hasPrefix(names[object.colorName]!.prefix(1)))
    #expect(!controls.session.world.commands(beginningWith: controls.field.text).isEmpty)
  }

  @Test func spacesDoNotMatter() throws {
    var controls = DemoControls(session: try makeSession())
    type("  push  the ", &controls)
    press(.tab, &controls)
    #expect(controls.field.text.hasPrefix("push the ") && controls.message?.text.contains("No command") == false)
  }

  @Test func afterEscHistoryBeginsAnew() throws {
    var controls = DemoControls(session: try makeSession())
    let command = try commands(in: controls.session).present
    type(command, &controls)
    press(.enter, &controls)
    press(.up, &controls)
    press(.escape, &controls)
    #expect(controls.field.text.isEmpty)
    press(.up, &controls)
    #expect(controls.field.text == command)
  }

  @Test func whatBeginsNoCommandStays() throws {
    var controls = DemoControls(session: try makeSession())
    type("xyzzy", &controls)
    press(.tab, &controls)
    #expect(controls.field.text == "xyzzy" && controls.message?.text.contains("No command") == true)
  }
}

// Typing, as a value: what each key does to the line and to the focus.

import Testing
import PlanarViewer

@Suite struct TextFieldTests {
  func typed(_ text: String) -> TextField {
    var field = TextField(isFocused: true)
    for character in text { #expect(field.handle(.character(character)) == .edited) }
    return field
  }

  @Test func withoutFocusOnlyAClickCounts() {
    var field = TextField()
    #expect(field.handle(.character("a")) == .ignored)
    #expect(field.handle(.key(.enter, [])) == .ignored)
    #expect(field.text.isEmpty)
    #expect(field.handle(.fieldClicked) == .edited)
    #expect(field.handle(.character("a")) == .edited)
    #expect(field.text == "a")
  }

  @Test func editsAtTheCaret() {
    var field = typed("red bx")
    _ = field.handle(.key(.left, []))
    _ = field.handle(.character("o"))
    #expect(field.text == "red box" && field.textBeforeCaret == "red bo")
    _ = field.handle(.key(.home, []))
    _ = field.handle(.key(.backspace, []))
    _ = field.handle(.key(.delete, []))
    #expect(field.text == "ed box" && field.caret == 0)
    _ = field.handle(.key(.end, []))
    _ = field.handle(.key(.right, []))
    _ = field.handle(.key(.backspace, []))
    #expect(field.text == "ed bo")
  }

  @Test func koreanIsWholeCharacters() {
    var field = typed("빨간 상자")
    _ = field.handle(.key(.backspace, []))
    #expect(field.text == "빨간 상")
    // Conjoining jamo that arrive one by one become one character.
    field = typed("\u{1112}\u{1161}\u{11ab}")
    #expect(field.text == "한" && field.caret == 1)
  }

  @Test func pasteBecomesOneLine() {
    var field = typed("ab")
    _ = field.handle(.key(.left, []))
    #expect(field.handle(.paste("1\n2\t3\u{7}")) == .edited)
    #expect(field.text == "a1 2 3b" && field.textBeforeCaret == "a1 2 3")
  }

  @Test func lengthIsLimited() {
    var field = typed("x")
    _ = field.handle(.paste(String(repeating: "y", count: 1000)))
    #expect(field.text.count == TextField.capacity)
    _ = field.handle(.character("z"))
    #expect(field.text.count == TextField.capacity)
  }

  @Test func enterSubmitsAndEscapeClears() {
    var field = typed("go")
    #expect(field.handle(.key(.enter, [])) == .submitted("go"))
    #expect(!field.isFocused && field.text == "go")
    field = typed("go")
    #expect(field.handle(.key(.escape, [])) == .cancelled)
    #expect(!field.isFocused && field.text.isEmpty)
  }

  @Test func aClickElsewhereGivesUpTheFocus() {
    var field = typed("go")
    #expect(field.handle(.mousePressed(.init(0, 0), .left)) == .ignored)
    #expect(!field.isFocused && field.text == "go")
  }

  @Test func allOfItIsReplacedWhereItIsSelected() {
    var field = typed("push the red disc")
    _ = field.handle(.key(.letter("a"), .control))
    #expect(field.isAllSelected && field.text == "push the red disc")
    // The key of a letter comes before the letter.
    _ = field.handle(.key(.letter("g"), []))
    _ = field.handle(.character("g"))
    #expect(field.text == "g" && field.caret == 1 && !field.isAllSelected)
    _ = field.handle(.key(.letter("a"), .control))
    _ = field.handle(.key(.backspace, []))
    #expect(field.text.isEmpty && !field.isAllSelected)
    field = typed("red")
    _ = field.handle(.key(.letter("a"), .control))
    _ = field.handle(.key(.left, []))
    _ = field.handle(.character("o"))
    #expect(field.text == "reod")
  }
}

// A one-line text editor as a value, so that typing can be tested without a window.

/// The text a person edits, its caret, and whether typing goes to it.
public struct TextField: Equatable, Sendable {
  /// What an event did to the field.
  public enum Outcome: Equatable, Sendable {
    /// The event is not for the field.
    case ignored
    /// The field took the event: its text, caret or focus may have changed.
    case edited
    /// Enter: the text to act on. The field keeps it and gives up the focus.
    case submitted(String)
    /// Escape: the text is gone and the focus given up.
    case cancelled
  }

  /// The longest text, in characters.
  public static let capacity = 200

  private var characters: [Character]
  /// How many characters stand before the caret.
  public private(set) var caret: Int
  /// Whether keys go to this field.
  public var isFocused: Bool
  /// Whether all of the text is selected: what is typed next takes its place.
  public private(set) var isAllSelected = false

  /// A field with a text, cut to `capacity`; the caret stands at its end.
  public init(text: String = "", isFocused: Bool = false) {
    characters = Array(text.prefix(Self.capacity))
    caret = characters.count
    self.isFocused = isFocused
  }

  /// The whole text.
  public var text: String { String(characters) }
  /// The text before the caret.
  public var textBeforeCaret: String { String(characters[..<caret]) }

  /// Replaces the text; the caret goes to its end.
  public mutating func setText(_ text: String) {
    self = TextField(text: text, isFocused: isFocused)
  }

  /// Edits by one event. Without the focus only a click on the field counts.
  public mutating func handle(_ event: Event) -> Outcome {
    if event == .fieldClicked {
      isFocused = true
      caret = characters.count
      return .edited
    }
    if event == .fieldLeft {
      isFocused = false
      return .edited
    }
    guard isFocused else { return .ignored }
    if case .key(.letter("a"), let modifiers) = event, modifiers.contains(.control) {
      isAllSelected = !characters.isEmpty
      caret = characters.count
      return .edited
    }
    if isAllSelected { replaceSelection(by: event) }
    switch event {
    case .character(let character):
      insert([character])
    case .paste(let text):
      insert(Array(text))
    case .key(.enter, _):
      isFocused = false
      return .submitted(text)
    case .key(.escape, _):
      self = TextField()
      return .cancelled
    case .key(let key, _):
      edit(by: key)
    case .mousePressed:
      isFocused = false
      return .ignored
    default:
      return .ignored
    }
    return .edited
  }

  /// The selected text makes room for what is typed; any other event but a moving pointer only ends the selection.
  private mutating func replaceSelection(by event: Event) {
    switch event {
    case .character, .paste, .key(.backspace, _), .key(.delete, _): setText("")
    case .mouseMoved, .keyReleased: return
    // A letter's key comes before the letter.
    case .key(.letter, _), .key(.digit, _), .key(.space, _), .key(.period, _), .key(.slash, _): return
    default: break
    }
    isAllSelected = false
  }

  private mutating func edit(by key: Key) {
    switch key {
    case .backspace where caret > 0:
      caret -= 1
      characters.remove(at: caret)
    case .delete where caret < characters.count: characters.remove(at: caret)
    case .left: caret = max(0, caret - 1)
    case .right: caret = min(characters.count, caret + 1)
    case .home: caret = 0
    case .end: caret = characters.count
    default: break
    }
  }

  /// Inserts at the caret; line breaks become spaces, other control characters are dropped.
  private mutating func insert(_ new: [Character]) {
    let clean = new.compactMap { character -> Character? in
      if character.isNewline || character == "\t" { return " " }
      return character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
        ? nil : character
    }.prefix(Self.capacity - characters.count)
    characters.insert(contentsOf: clean, at: caret)
    // Jamo or accents may have joined with their neighbour into one character.
    let tail = characters.count - caret - clean.count
    characters = Array(String(characters))
    caret = max(0, characters.count - tail)
  }
}

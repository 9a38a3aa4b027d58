// Keys of a page. Browsers keep letters with Ctrl for themselves (Ctrl-N, Ctrl-T and Ctrl-W cannot be had at all), and
// Tab to go from one control to the next: in a page Alt takes Ctrl's place, and Tab stays the browser's.

import PlanarViewer

/// What keys are called in a page and on the way from it.
enum PageKeys {
  /// A text about keys as a page has to say it. Ctrl-A in the field is the browser's own.
  static func words(_ text: String) -> String { text.replacing(/Ctrl-(?!A\b)/, with: "Alt-") }

  private static let named: [String: Key] = [
    "enter": .enter, "escape": .escape, "space": .space, "left": .left, "right": .right, "home": .home, "end": .end,
    "period": .period,
  ]

  /// The key of a name: a word, a small letter or a digit; nil for any other.
  static func key(_ name: String) -> Key? {
    if let key = named[name] { return key }
    guard name.count == 1, let character = name.first else { return nil }
    if "a"..."z" ~= character { return .letter(character) }
    return "0"..."9" ~= character ? character.wholeNumberValue.map { .digit($0) } : nil
  }

  /// The characters that mean something while nobody types.
  static let characters: Set<Character> = ["+", "-", "=", "[", "]", "?"]
}
